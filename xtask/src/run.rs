//! Running other programs, and where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program that runs in the repository, without standard input.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Runs `command` and waits for it; what it was and how it ended if that wasn't well.
pub(crate) fn done(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// Runs the cargo that runs us.
pub(crate) fn cargo(arguments: &[&str], more: &[&str]) -> Result<(), String> {
    done(command(env!("CARGO")).args(arguments).args(more))
}

/// Whether `command` can be run and ends well; what it prints is lost.
pub(crate) fn works(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Tries `task` up to five times, with a pause in between: mirrors and locks have bad moments.
pub(crate) fn stubbornly(task: impl Fn() -> Result<(), String>) -> Result<(), String> {
    for seconds in [2, 5, 15, 30] {
        match task() {
            Ok(()) => return Ok(()),
            Err(message) => eprintln!("xtask: {message}; trying again in {seconds} s"),
        }
        std::thread::sleep(std::time::Duration::from_secs(seconds));
    }
    task()
}
