//! Words of a script, as `nosh` splits it.

/// The words; an error says what has no end.
pub(super) fn words(text: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' => words.extend(word.take()),
            b'#' if word.is_none() => {
                bytes.by_ref().find(|byte| *byte == b'\n');
            }
            b'"' | b'\'' => quoted(byte, &mut bytes, word.get_or_insert_default())?,
            b'\\' => match bytes.next() {
                Some(b'\n') => {}
                Some(byte) => word.get_or_insert_default().push(byte),
                None => return Err("a backslash stands at the end".to_owned()),
            },
            byte => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(quote: u8, bytes: &mut impl Iterator<Item = u8>, word: &mut Vec<u8>) -> Result<(), String> {
    let unclosed = || "a quotation mark is never closed".to_owned();
    loop {
        match bytes.next().ok_or_else(unclosed)? {
            byte if byte == quote => return Ok(()),
            b'\\' if quote == b'"' => match bytes.next().ok_or_else(unclosed)? {
                b'\n' => {}
                byte => word.push(byte),
            },
            byte => word.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the manual page nosh(1), and quotes in the middle of words.
    #[test]
    fn words_end_where_nosh_ends_them() {
        let read = |text: &str| -> Vec<String> {
            words(text.as_bytes()).unwrap().into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
        };
        assert_eq!(read("This\"is\"all'one'argument."), ["Thisisalloneargument."]);
        assert_eq!(read("This\\\n\"is\\\nall\"\\\none"), ["Thisisallone"]);
        assert_eq!(read("'\\' \"\\\\\" '#' # a comment\nb"), ["\\", "\\", "#", "b"]);
        assert_eq!(read("''#a"), ["#a"]);
        assert_eq!(read("\"\" a\\ b"), ["", "a b"]);
    }
}
