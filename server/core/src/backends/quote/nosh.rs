//! nosh's own interpreter (`read_file.cpp`): a backslash keeps the next byte,
//! but takes a newline away; bytes in quotes, newlines too, stand for themselves.

use super::double_quoted;

/// Appends `word` so that `nosh` reads it as one word of these bytes.
pub fn word(word: &[u8], out: &mut Vec<u8>) {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(byte);
    if !word.is_empty() && word.iter().all(is_plain) {
        out.extend_from_slice(word);
    } else {
        double_quoted(word, out, |byte| b"\"\\".contains(&byte).then_some(byte));
    }
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
                (b"", b"\"\""),
                (b"a b", b"\"a b\""),
                (b"#", b"\"#\""),
                (b"it's", b"\"it's\""),
                (b"\\\n", b"\"\\\\\n\""),
                (b"\"", br#""\"""#),
                (b";", b"\";\""),
                (b"\xff", b"\"\xff\""),
            ],
        );
    }
}
