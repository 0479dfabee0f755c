//! Children that a service leaves behind, and going on as a daemon.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::report::Reporter;
use crate::signals;

/// Leaves a child of that kind, which reports itself and the signals it gets.
pub(crate) fn leave(kind: &[u8], reporter: &Reporter) {
    let daemon = kind == b"daemon";
    match unsafe { libc::fork() } {
        0 => {}
        child => {
            if daemon {
                unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
            }
            return;
        }
    }
    if kind != b"group" {
        unsafe { libc::setsid() };
    }
    if daemon && unsafe { libc::fork() } != 0 {
        unsafe { libc::_exit(0) };
    }
    let kind = String::from_utf8_lossy(kind).into_owned();
    reporter.send("child", &[("kind".to_owned(), kind.clone())]);
    loop {
        let signal = signals::next();
        let name = signals::name(signal);
        reporter.send("child-signal", &[("kind".to_owned(), kind.clone()), ("signal".to_owned(), name)]);
        if !daemon && signal == libc::SIGTERM {
            unsafe { libc::_exit(0) };
        }
    }
}

/// Goes on in a child in a session of its own. The parent ends well once the child's number is in `pid_file`.
pub(crate) fn daemonise(pid_file: &[u8]) {
    match unsafe { libc::fork() } {
        0 => {
            unsafe { libc::setsid() };
        }
        child => {
            let path = Path::new(std::ffi::OsStr::from_bytes(pid_file));
            let written = pid_file == b"-" || fs::write(path, format!("{child}\n")).is_ok();
            unsafe { libc::_exit(i32::from(!written)) };
        }
    }
}
