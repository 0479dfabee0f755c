//! The command line of svlsp.

use std::process::ExitCode;

fn main() -> ExitCode {
    svlsp::cli::run(std::env::args_os())
}
