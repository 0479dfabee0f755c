//! The program that the services of the equivalence test run.
//!
//! `PROBE CASE ROLE WORD…` reports all it can see of itself to the datagram
//! socket of the test, and then does what the words say, one after the other:
//!
//! | word | what it does |
//! |---|---|
//! | `late MS` | as the first word: reports only after that many milliseconds |
//! | `exit N` | ends with that status |
//! | `die SIGNAL` | ends by that signal, without a core dump |
//! | `sleep MS` | does nothing for a while; signals do what they do by default |
//! | `wait` | does nothing for ever; signals do what they do by default |
//! | `serve [SIGNAL\|never]` | reports each signal, goes on with the next word at this one (TERM if not said) |
//! | `child group\|session\|daemon` | leaves a child in its process group, in a session of its own, or one forked twice that ignores all it can |
//! | `daemon PIDFILE` | goes on in a child in a session of its own, whose number it writes; the parent ends well |
//! | `notify TEXT` | tells the service manager, at `$NOTIFY_SOCKET` |
//! | `listen` | reports the sockets passed to it |
//! | `out TEXT`, `err TEXT` | prints a line |
//! | `lines N MS` | prints so many numbered lines, and waits that many milliseconds after each |
//! | `accept` | takes a connection at its standard input, and reports the line that comes |
//! | `in` | reads its standard input to the end and reports it |
//! | `look PATH`, `list PATH`, `read PATH` | reports what that is, what is in it, what it holds |
//! | `write PATH` | reports whether it can write a file there |
//! | `has PATH` | ends with status 1 if that doesn't exist |
//! | `then` | the end for this start: the next start goes on behind it, the last part is repeated |
//! | `--` | the words end here, and so does the process, well |
//!
//! It has no `main` of Rust's, which would ignore SIGPIPE before anybody could look.

#![no_main]

use std::ffi::{CStr, c_char, c_int};

mod children;
mod files;
mod observe;
mod report;
mod signals;
mod words;

/// What the C library calls.
///
/// # Safety
/// `argv` must be as the kernel made it: `argc` strings and a null pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(argc: c_int, argv: *const *const c_char) -> c_int {
    let count = usize::try_from(argc).unwrap_or(0);
    let arguments: Vec<Vec<u8>> =
        (0..count).map(|at| unsafe { CStr::from_ptr(*argv.add(at)) }.to_bytes().to_vec()).collect();
    words::run(&arguments)
}
