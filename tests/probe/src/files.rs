//! What a path is to this process.

use std::ffi::{CString, OsStr};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::fd::FromRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use crate::report::escaped;

/// Longer content is cut off.
const LONGEST: u64 = 20_000;

/// Kind, owner, mode, what may be done with it, and how it is mounted: `directory 0:0 755 rwx ro,nosuid`.
pub(crate) fn look(path: &[u8]) -> String {
    let path = Path::new(OsStr::from_bytes(path));
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        Err(error) => return format!("missing: {}", reason(&error)),
    };
    let kind = about.file_type();
    let kind = if kind.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        return format!("link to {}", escaped(target.as_os_str().as_bytes()));
    } else if kind.is_dir() {
        "directory"
    } else if kind.is_file() {
        "file"
    } else if kind.is_socket() {
        "socket"
    } else if kind.is_fifo() {
        "pipe"
    } else {
        "device"
    };
    let (uid, gid, mode) = (about.uid(), about.gid(), about.mode() & 0o7777);
    format!("{kind} {uid}:{gid} {mode:o} {} {}", access(path), mount(path))
}

/// The names in a directory, sorted.
pub(crate) fn list(path: &[u8]) -> String {
    match fs::read_dir(OsStr::from_bytes(path)) {
        Ok(entries) => {
            let mut names: Vec<String> = entries.flatten().map(|entry| escaped(entry.file_name().as_bytes())).collect();
            names.sort();
            names.join(" ")
        }
        Err(error) => format!("cannot: {}", reason(&error)),
    }
}

/// What a file holds.
pub(crate) fn read(path: &[u8]) -> String {
    match File::open(OsStr::from_bytes(path)) {
        Ok(file) => read_from(file),
        Err(error) => format!("cannot: {}", reason(&error)),
    }
}

pub(crate) fn read_from(from: impl Read) -> String {
    let mut bytes = Vec::new();
    match from.take(LONGEST).read_to_end(&mut bytes) {
        Ok(_) => escaped(&bytes),
        Err(error) => format!("cannot: {}", reason(&error)),
    }
}

/// The first line that comes over a connection to the socket that is the standard input.
pub(crate) fn accept() -> String {
    let connection = unsafe { libc::accept(0, std::ptr::null_mut(), std::ptr::null_mut()) };
    if connection < 0 {
        return format!("cannot: {}", reason(&std::io::Error::last_os_error()));
    }
    let mut line = Vec::new();
    let connection = unsafe { File::from_raw_fd(connection) };
    match BufReader::new(connection).read_until(b'\n', &mut line) {
        Ok(_) => escaped(line.trim_ascii_end()),
        Err(error) => format!("cannot: {}", reason(&error)),
    }
}

/// Whether a file can be written there; an existing one is opened only.
pub(crate) fn write(path: &[u8]) -> String {
    match fs::OpenOptions::new().create(true).append(true).open(OsStr::from_bytes(path)) {
        Ok(_) => "can".to_owned(),
        Err(error) => format!("cannot: {}", reason(&error)),
    }
}

fn access(path: &Path) -> String {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else { return String::new() };
    let may = |mode| unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), mode, libc::AT_EACCESS) } == 0;
    [(libc::R_OK, 'r'), (libc::W_OK, 'w'), (libc::X_OK, 'x')]
        .map(|(mode, letter)| if may(mode) { letter } else { '-' })
        .iter()
        .collect()
}

fn mount(path: &Path) -> String {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else { return String::new() };
    let mut about = std::mem::MaybeUninit::<libc::statvfs>::zeroed();
    let flags = unsafe {
        libc::statvfs(path.as_ptr(), about.as_mut_ptr());
        about.assume_init().f_flag
    };
    let named =
        [(libc::ST_RDONLY, "ro"), (libc::ST_NOSUID, "nosuid"), (libc::ST_NODEV, "nodev"), (libc::ST_NOEXEC, "noexec")];
    let named: Vec<&str> = named.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, name)| *name).collect();
    if named.is_empty() { "-".to_owned() } else { named.join(",") }
}

/// The number of the error: its text depends on the language.
fn reason(error: &std::io::Error) -> String {
    error.raw_os_error().map_or_else(|| error.kind().to_string(), |number| format!("errno {number}"))
}
