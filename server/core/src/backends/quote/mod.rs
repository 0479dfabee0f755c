//! Writing words so that an interpreter reads exactly these bytes again.
//!
//! Words are bytes because an argument need not be UTF-8. None holds a NUL:
//! no argument and no environment variable can.

pub mod execline;
pub mod nosh;
pub mod sh;
pub mod systemd;

/// Appends `text` as comment lines, which all three interpreters read alike:
/// from `#` to the end of the line.
///
/// A line of `text` becomes a line of the comment; other control characters
/// are written as `\xHH`.
pub fn comment(text: &[u8], out: &mut Vec<u8>) {
    for line in text.split(|&byte| byte == b'\n') {
        out.push(b'#');
        if !line.is_empty() {
            out.push(b' ');
        }
        for &byte in line {
            match byte {
                b'\t' => out.push(b'\t'),
                byte if byte.is_ascii_control() => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
                byte => out.push(byte),
            }
        }
        out.push(b'\n');
    }
}

/// Appends `word` in double quotes, a backslash before each `"` and `\`.
fn double_quoted(word: &[u8], out: &mut Vec<u8>, escape: impl Fn(u8) -> Option<u8>) {
    out.push(b'"');
    for &byte in word {
        match escape(byte) {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stay_comments() {
        let table: [(&[u8], &[u8]); 6] = [
            (b"a web server", b"# a web server\n"),
            (b"", b"#\n"),
            (b"two\nlines", b"# two\n# lines\n"),
            (b"ends in a backslash \\\n\nrm -rf /", b"# ends in a backslash \\\n#\n# rm -rf /\n"),
            (b"\r\0\x1b[2J\x7f\ttab", b"# \\x0d\\x00\\x1b[2J\\x7f\ttab\n"),
            (b"\xff \xc3\xa4", b"# \xff \xc3\xa4\n"),
        ];
        for (text, comment_lines) in table {
            let mut out = Vec::new();
            comment(text, &mut out);
            assert_eq!(out.escape_ascii().to_string(), comment_lines.escape_ascii().to_string());
        }
    }

    /// Checks `word` against pairs of a word and how it is written.
    pub(super) fn check(word: impl Fn(&[u8], &mut Vec<u8>), table: &[(&[u8], &[u8])]) {
        for (bytes, written) in table {
            let mut out = Vec::new();
            word(bytes, &mut out);
            assert_eq!(out.escape_ascii().to_string(), written.escape_ascii().to_string(), "{}", bytes.escape_ascii());
        }
    }
}
