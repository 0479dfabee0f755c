//! Signals: which are blocked and ignored, waiting for them, dying by one.

use std::mem::MaybeUninit;

use libc::{c_int, sigset_t};

const NAMES: &[(&str, c_int)] = &[
    ("HUP", libc::SIGHUP),
    ("INT", libc::SIGINT),
    ("QUIT", libc::SIGQUIT),
    ("ILL", libc::SIGILL),
    ("ABRT", libc::SIGABRT),
    ("FPE", libc::SIGFPE),
    ("KILL", libc::SIGKILL),
    ("USR1", libc::SIGUSR1),
    ("SEGV", libc::SIGSEGV),
    ("USR2", libc::SIGUSR2),
    ("PIPE", libc::SIGPIPE),
    ("ALRM", libc::SIGALRM),
    ("TERM", libc::SIGTERM),
    ("CHLD", libc::SIGCHLD),
    ("CONT", libc::SIGCONT),
    ("WINCH", libc::SIGWINCH),
    ("TRAP", libc::SIGTRAP),
    ("BUS", libc::SIGBUS),
    ("XCPU", libc::SIGXCPU),
];

/// The signal mask that the process was started with.
pub(crate) struct Mask(sigset_t);

pub(crate) fn number(name: &[u8]) -> Option<c_int> {
    NAMES.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, number)| *number)
}

pub(crate) fn name(number: c_int) -> String {
    NAMES.iter().find(|(_, known)| *known == number).map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
}

/// Blocks every signal, so that none is lost or deadly before somebody asks for it.
pub(crate) fn block() -> Mask {
    let (mut all, mut old) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::sigprocmask(libc::SIG_SETMASK, all.as_ptr(), old.as_mut_ptr());
        Mask(old.assume_init())
    }
}

impl Mask {
    /// Makes it the mask again: what came in the meantime arrives now.
    pub(crate) fn restore(&self) {
        unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut()) };
    }
}

/// Waits for the next signal, all of which must be blocked. A child's end is not told.
pub(crate) fn next() -> c_int {
    let mut all = MaybeUninit::uninit();
    let mut signal = 0;
    loop {
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            libc::sigdelset(all.as_mut_ptr(), libc::SIGCHLD);
            if libc::sigwait(all.as_ptr(), &raw mut signal) == 0 {
                return signal;
            }
        }
    }
}

/// Ends the process by `signal` as if nobody had handled it, without a core dump.
pub(crate) fn die(signal: c_int) -> ! {
    unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
        libc::signal(signal, libc::SIG_DFL);
        let mut none = MaybeUninit::uninit();
        libc::sigemptyset(none.as_mut_ptr());
        libc::raise(signal);
        libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
        libc::_exit(99)
    }
}

/// Does nothing but what signals do by default, for `milliseconds` or for ever.
pub(crate) fn pause(milliseconds: Option<u64>) {
    match milliseconds {
        Some(milliseconds) => std::thread::sleep(std::time::Duration::from_millis(milliseconds)),
        None => loop {
            unsafe { libc::pause() };
        },
    }
}
