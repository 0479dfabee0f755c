//! Escaping of arbitrary texts and paths as parts of unit names
//! (`src/basic/unit-name.c`, systemd-escape(1)).

/// Escapes `text` so that it may be part of a unit name: `/` becomes `-`,
/// what names can't have, `-`, `\` and a leading dot become `\xHH`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'/' => out.push('-'),
            b'.' if at > 0 => out.push('.'),
            b':' | b'_' => out.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => out.push(byte.into()),
            _ => {
                let digit = |four_bits: u8| char::from(b"0123456789abcdef"[usize::from(four_bits)]);
                out.extend(['\\', 'x', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

/// What [`escape`] made `name` from; `None` if it has a bad escape or isn't
/// UTF-8 in the end.
pub fn unescape(name: &str) -> Option<String> {
    let mut out = Vec::with_capacity(name.len());
    unescape_to(name, &mut out)?;
    String::from_utf8(out).ok()
}

/// Appends the bytes that [`escape`] made `name` from; `None` if it has a bad escape.
pub(crate) fn unescape_to(name: &str, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'-' => out.push(b'/'),
            b'\\' => {
                let [b'x', high, low, tail @ ..] = rest else { return None };
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                out.push((digit(high)? * 16 + digit(low)?) as u8);
                rest = tail;
            }
            byte => out.push(*byte),
        }
    }
    Some(())
}

/// Escapes a path: `.` parts and doubled slashes go, so do the slashes at
/// both ends, and the root becomes `-`. `None` for a path with `..` in it.
pub fn escape_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return None;
    }
    Some(if parts.is_empty() { "-".to_owned() } else { escape(&parts.join("/")) })
}

/// The absolute path that [`escape_path`] made `name` from; `None` if it made
/// that from no path at all.
pub fn unescape_path(name: &str) -> Option<String> {
    let mut out = Vec::with_capacity(name.len() + 1);
    unescape_path_to(name, &mut out)?;
    String::from_utf8(out).ok()
}

/// The same, appended as bytes.
pub(crate) fn unescape_path_to(name: &str, out: &mut Vec<u8>) -> Option<()> {
    out.push(b'/');
    if name == "-" {
        return Some(());
    }
    let start = out.len();
    unescape_to(name, out)?;
    let normal = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    out[start..].split(|byte| *byte == b'/').all(normal).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As `systemd-escape TEXT` and `systemd-escape --path TEXT` answer.
    const TABLE: &[(&str, &str, Option<&str>)] = &[
        ("", "", Some("-")),
        ("/", "-", Some("-")),
        ("//", "--", Some("-")),
        ("/dev/sda1", "-dev-sda1", Some("dev-sda1")),
        ("/dev//sda1/", "-dev--sda1-", Some("dev-sda1")),
        ("/a-b", "-a\\x2db", Some("a\\x2db")),
        ("/.hidden", "-.hidden", Some("\\x2ehidden")),
        (".hidden", "\\x2ehidden", Some("\\x2ehidden")),
        ("/a/.hidden", "-a-.hidden", Some("a-.hidden")),
        ("/a/./b", "-a-.-b", Some("a-b")),
        ("/a/../b", "-a-..-b", None),
        ("/.", "-.", Some("-")),
        ("a b\\c:d_e@f", "a\\x20b\\x5cc:d_e\\x40f", Some("a\\x20b\\x5cc:d_e\\x40f")),
        ("ä", "\\xc3\\xa4", Some("\\xc3\\xa4")),
        ("...", "\\x2e..", Some("\\x2e..")),
    ];

    #[test]
    fn escapes_as_systemd_escape_does() {
        for (text, escaped, path) in TABLE {
            assert_eq!(escape(text), *escaped, "{text}");
            assert_eq!(escape_path(text).as_deref(), *path, "path {text}");
        }
    }

    #[test]
    fn bad_escapes_are_nothing() {
        for name in ["\\", "\\x", "\\x2", "\\xzz", "\\n", "\\xff", "a\\"] {
            assert_eq!(unescape(name), None, "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "a-..-b", "\\x2e"] {
            assert_eq!(unescape_path(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn unescape_turns_escape_back(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(escaped.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-_.\\".contains(&byte)));
            prop_assert_eq!(unescape(&escaped), Some(text));
        }

        #[test]
        fn unescape_path_turns_escape_path_back(parts in prop::collection::vec("[^/\0]{1,8}", 0..4)) {
            let path = format!("/{}", parts.join("/"));
            if !parts.iter().any(|part| part == "." || part == "..") {
                prop_assert_eq!(unescape_path(&escape_path(&path).unwrap()), Some(path));
            }
        }
    }
}
