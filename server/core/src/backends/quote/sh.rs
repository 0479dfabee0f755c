//! POSIX sh: dash, busybox ash.

/// Appends `word` so that the shell reads it as one word of these bytes.
///
/// It must be an argument, not the first word of a command: there `a=b` would
/// be an assignment and `if` or `exit` not a program. (`exec` and `env` take
/// what follows them as arguments.)
///
/// What stands before the first `=` stays bare where it can: `NAME='a b'`.
pub fn word(word: &[u8], out: &mut Vec<u8>) {
    let value = word.iter().position(|&byte| byte == b'=').map_or(0, |equals| equals + 1);
    let (name, value) = match word.split_at(value) {
        (name, value) if !name.is_empty() && name.iter().all(is_plain) => (name, value),
        _ => (&[][..], word),
    };
    out.extend_from_slice(name);
    if name.is_empty() && value.is_empty() {
        out.extend_from_slice(b"''");
    } else if value.iter().all(is_plain) {
        out.extend_from_slice(value);
    } else {
        quoted(value, out);
    }
}

/// Appends `word` in quotes.
fn quoted(word: &[u8], out: &mut Vec<u8>) {
    if word.contains(&b'\'') && !word.iter().any(|byte| b"\"$\\`!".contains(byte)) {
        out.push(b'"');
        out.extend_from_slice(word);
        out.push(b'"');
        return;
    }
    out.push(b'\'');
    for &byte in word {
        match byte {
            b'\'' => out.extend_from_slice(br"'\''"),
            byte => out.push(byte),
        }
    }
    out.push(b'\'');
}

/// Whether it means nothing to the shell, wherever in an argument it stands.
fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::word;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        check(
            word,
            &[
                (b"/usr/bin/web", b"/usr/bin/web"),
                (b"--port=80,443", b"--port=80,443"),
                (b"", b"''"),
                (b"a b", b"'a b'"),
                (b"NAME=a b", b"NAME='a b'"),
                (b"NAME=", b"NAME="),
                (b"NAME=a=$b", b"NAME='a=$b'"),
                (b"NA ME=x", b"'NA ME=x'"),
                (b"=", b"="),
                (b"it's", b"\"it's\""),
                (b"it's $5", br"'it'\''s $5'"),
                (b"'", b"\"'\""),
                (b"\\", br"'\'"),
                (b"~", b"'~'"),
                (b"HOME=~", b"HOME='~'"),
                (b"*", b"'*'"),
                (b"#", b"'#'"),
                (b"{", b"'{'"),
                (b"a\nb", b"'a\nb'"),
                ("ä".as_bytes(), "'ä'".as_bytes()),
                (b"\xff", b"'\xff'"),
            ],
        );
    }
}
