use std::borrow::Cow;

use super::Span;

/// Bytes read as UTF-8.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text; each byte that isn't UTF-8 is a `?` here, so that offsets into
    /// it are offsets into the bytes.
    pub text: Cow<'a, str>,
    /// Where the bytes weren't UTF-8.
    pub invalid: Vec<Span>,
}

/// Reads `bytes` as UTF-8, whatever they are.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), invalid: Vec::new() };
    }
    let mut text = String::with_capacity(bytes.len());
    let mut invalid = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let bad = chunk.invalid().len();
        if bad > 0 {
            invalid.push(Span::new(text.len(), text.len() + bad));
            text.extend(std::iter::repeat_n('?', bad));
        }
    }
    Decoded { text: Cow::Owned(text), invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_stay_where_they_were() {
        let decoded = decode(b"a\xff\xfeb\xc3(c");
        assert_eq!(decoded.text, "a??b?(c");
        assert_eq!(decoded.invalid, [Span::new(1, 2), Span::new(2, 3), Span::new(4, 5)]);
    }
}
