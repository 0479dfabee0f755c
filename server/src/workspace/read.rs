//! Reading one file, whatever it turns out to be.

use std::fs::{File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Fills `buffer` with at most `limit` bytes of a regular file.
///
/// # Errors
///
/// When the file can't be opened or read. The caller has made sure that it is
/// a regular file: to open a FIFO would wait for a writer.
pub(super) fn read_into(path: &Path, size: u64, limit: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    buffer.reserve(size.min(limit) as usize + 1);
    File::open(path)?.take(limit).read_to_end(buffer)?;
    Ok(())
}

/// What a file is that isn't a regular one, for people.
pub(super) fn what(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a FIFO";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a directory" } else { "not a regular file" }
}

/// The permission bits; those of an ordinary file where there are none.
pub(super) fn mode(metadata: &Metadata) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.permissions().mode()
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        0o644
    }
}
