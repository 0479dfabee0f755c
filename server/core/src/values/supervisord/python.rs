//! What Python does with a text, as far as supervisor leaves it to Python.

use crate::text::Span;

/// Whether `str.strip` takes it away.
pub(in crate::values) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// `str.strip`
pub(in crate::values) fn strip(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// `int(text, base)`: a sign, digits with single underscores between them, blanks around;
/// to base 8 also a `0o` in front. What doesn't fit is as much as fits.
pub(in crate::values) fn int(text: &str, base: u32) -> Option<i64> {
    // The separators of ASCII, which `str.strip` takes away, `int` doesn't.
    let text = text.trim();
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefixed = (base == 8).then(|| unsigned.strip_prefix("0o").or_else(|| unsigned.strip_prefix("0O"))).flatten();
    let digits = prefixed.map_or(unsigned, |digits| digits.strip_prefix('_').unwrap_or(digits));
    if digits.split('_').any(str::is_empty) {
        return None;
    }
    let mut number = 0i64;
    for digit in digits.chars().filter(|c| *c != '_') {
        let digit = i64::from(digit.to_digit(base)?);
        let signed = if negative { -digit } else { digit };
        number = number.saturating_mul(base.into()).saturating_add(signed);
    }
    Some(number)
}

/// `text.split(',')`, each part stripped, with where it stands; nothing if `text` is empty.
pub(in crate::values) fn split_commas(text: &str) -> impl Iterator<Item = (&str, Span)> {
    let mut start = 0;
    text.split(',').filter(|_| !text.is_empty()).map(move |part| {
        let from = start + (part.len() - part.trim_start_matches(is_blank).len());
        start += part.len() + 1;
        let stripped = strip(part);
        (stripped, Span::new(from, from + stripped.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("10", Some(10)),
            (" -1\n", Some(-1)),
            ("+07", Some(7)),
            ("1_000", Some(1000)),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("", None),
            ("-", None),
            ("0x10", None),
            ("0o7", None),
            ("1.5", None),
            ("- 1", None),
            ("\u{1c}1", None),
            ("\u{85}1\u{a0}", Some(1)),
            ("99999999999999999999", Some(i64::MAX)),
            ("-99999999999999999999", Some(i64::MIN)),
        ] {
            assert_eq!(int(text, 10), expected, "{text}");
        }
        for (text, expected) in
            [("0700", Some(0o700)), ("0o22", Some(0o22)), ("-0o_7", Some(-7)), ("8", None), ("0o", None)]
        {
            assert_eq!(int(text, 8), expected, "{text}");
        }
    }

    #[test]
    fn lists() {
        let parts: Vec<_> = split_commas("a, b ,,c").map(|(part, span)| (part, span.start, span.end)).collect();
        assert_eq!(parts, [("a", 0, 1), ("b", 3, 4), ("", 6, 6), ("c", 7, 8)]);
        assert_eq!(split_commas("").count(), 0);
    }
}
