//! Prints what it was started with: the number of arguments, that of
//! variables, then all of them, each ended by a NUL.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::{env, io};

fn main() {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let variables: Vec<_> = env::vars_os().collect();
    let mut out = format!("{}\0{}\0", arguments.len(), variables.len()).into_bytes();
    for argument in &arguments {
        out.extend_from_slice(argument.as_bytes());
        out.push(0);
    }
    for (name, value) in &variables {
        out.extend_from_slice(name.as_bytes());
        out.push(b'=');
        out.extend_from_slice(value.as_bytes());
        out.push(0);
    }
    io::stdout().write_all(&out).expect("stdout can be written");
}
