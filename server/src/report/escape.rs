//! Text from files and file names, made safe to show.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

/// Control characters as `\x1b`, so that nothing breaks a line or drives a terminal.
pub fn controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_control(c) {
            let _ = if u32::from(c) < 0x100 {
                write!(out, "\\x{:02x}", u32::from(c))
            } else {
                write!(out, "\\u{{{:x}}}", u32::from(c))
            };
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A path on one line: control characters and bytes that aren't UTF-8 as `\x0a`.
pub fn path(path: &Path) -> Cow<'_, str> {
    match path.to_str() {
        Some(text) => controls(text),
        None => {
            let mut out = String::new();
            for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
                out.push_str(&controls(chunk.valid()));
                for byte in chunk.invalid() {
                    let _ = write!(out, "\\x{byte:02x}");
                }
            }
            Cow::Owned(out)
        }
    }
}

/// Bytes as they may stand in a URI: all but letters, digits and `-._~` as `%0A`.
pub fn percent(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Control characters, and those that turn the direction of writing.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_finding_stays_one_line() {
        assert_eq!(controls("a\n\u{1b}[31mb\u{202e}ä\t"), "a\\x0a\\x1b[31mb\\u{202e}ä\\x09");
        assert_eq!(path(Path::new("a\\x2db.service")), "a\\x2db.service");
    }

    #[cfg(unix)]
    #[test]
    fn any_path_can_be_shown() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"a\xff\nb");
        assert_eq!(path(Path::new(name)), "a\\xff\\x0ab");
    }
}
