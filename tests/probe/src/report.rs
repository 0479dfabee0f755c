//! What is told to the test: one datagram an event, one line a field.

use std::fmt::Write;
use std::os::unix::net::UnixDatagram;

/// Where the test listens. A socket can be written to on a read-only file system too.
const SOCKET: &str = "/srv/observe/socket";

/// Who reports: the case and the role within it.
#[derive(Clone)]
pub(crate) struct Reporter {
    case: Vec<u8>,
    role: Vec<u8>,
}

impl Reporter {
    pub(crate) fn new(case: &[u8], role: &[u8]) -> Self {
        Self { case: case.to_vec(), role: role.to_vec() }
    }

    /// Who it is, as a name for a file.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", escaped(&self.case), escaped(&self.role)).replace('/', "_")
    }

    /// Sends `event` with `fields`. Nobody listening is no reason to behave differently.
    pub(crate) fn send(&self, event: &str, fields: &[(String, String)]) {
        let mut text = String::new();
        let (case, role) = (escaped(&self.case), escaped(&self.role));
        let _ = writeln!(text, "case={case}\nrole={role}\nevent={event}\ntime={}", now());
        let _ = writeln!(text, "pid={}", std::process::id());
        for (key, value) in fields {
            let _ = writeln!(text, "{key}={value}");
        }
        if let Ok(socket) = UnixDatagram::unbound() {
            let _ = socket.send_to(text.as_bytes(), SOCKET);
        }
    }
}

/// Microseconds of the monotonic clock, the same in all processes of the machine.
fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

/// `bytes` as printable ASCII, with `\xHH` for all else.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b' '..=b'~' if byte != b'\\' => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text
}
