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
    use proptest::prelude::*;

    use super::super::tests::check;
    use super::word;

    proptest! {
        #[test]
        fn nosh_reads_what_was_written(words in prop::collection::vec(prop::collection::vec(1u8..=255, 0..8), 0..5)) {
            let mut script = Vec::new();
            for bytes in &words {
                word(bytes, &mut script);
                script.push(b' ');
            }
            prop_assert_eq!(read(&script), Some(words), "{}", script.escape_ascii());
        }
    }

    /// The words of a script by the rules of `read_file.cpp`; `None` if it is refused.
    fn read(script: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut words = Vec::new();
        let mut current: Option<Vec<u8>> = None;
        let mut quote = None;
        let mut bytes = script.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match (quote, byte) {
                (None, b'#') if current.is_none() => while bytes.next_if(|byte| *byte != b'\n').is_some() {},
                (None, b' ' | b'\t'..=b'\r') => words.extend(current.take()),
                (None | Some(b'"'), b'\\') => match bytes.next()? {
                    b'\n' => {}
                    byte => current.get_or_insert_default().push(byte),
                },
                (None, b'"' | b'\'') => {
                    quote = Some(byte);
                    current.get_or_insert_default();
                }
                (Some(end), byte) if byte == end => quote = None,
                _ => current.get_or_insert_default().push(byte),
            }
        }
        words.extend(current);
        quote.is_none().then_some(words)
    }

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
