//! Sizes with unit suffixes: `16M`, `1G 512M`, `1.5K` (`parse_size`, `src/basic/parse-util.c`).

use super::number::leading;
use super::{BLANKS, Context, NumberError, Problem, shown, whole, word_at};

/// What one step of suffix, from `K` to `M` and so on, multiplies by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// 1000, as for bandwidths.
    Decimal,
    /// 1024, as for memory and files.
    Binary,
}

/// The suffixes, largest first, and how many steps each stands for.
const SUFFIXES: [(&str, u32); 8] = [("E", 6), ("P", 5), ("T", 4), ("G", 3), ("M", 2), ("K", 1), ("B", 0), ("", 0)];

/// Reads a directive's size in bytes, of base 1024, which may be at most `max`.
pub fn parse(text: &str, max: u64, context: &Context, problems: &mut Vec<Problem>) -> Option<u64> {
    match read(text, Base::Binary) {
        Ok(bytes) if bytes <= max => Some(bytes),
        Ok(_) | Err(NumberError::Range) => {
            problems.push(context.takes(format_args!("at most {max} bytes"), text, whole(text)));
            None
        }
        Err(NumberError::Syntax) => {
            problems.push(explain(text, context));
            None
        }
    }
}

/// Reads a size: terms of falling suffixes that are added up, fractions
/// allowed. The result is in units of one byte, or whatever is counted.
pub fn read(text: &str, base: Base) -> Result<u64, NumberError> {
    use NumberError::{Range, Syntax};
    let step: u64 = if base == Base::Binary { 1024 } else { 1000 };
    let mut suffixes = &SUFFIXES[..];
    let mut rest = text;
    let mut sum = 0u64;
    loop {
        rest = rest.trim_start_matches(BLANKS);
        let number = leading(rest, 10).ok_or(Syntax)?;
        let count = number.magnitude.ok_or(Range)?;
        if number.negative {
            return Err(Range);
        }
        rest = &rest[number.length..];
        let mut fraction = 0.0;
        if let Some(behind) = rest.strip_prefix('.') {
            rest = behind;
            if rest.starts_with(|digit: char| digit.is_ascii_digit()) {
                let digits = leading(rest, 10).ok_or(Syntax)?;
                fraction = digits.magnitude.ok_or(Range)? as f64;
                for _ in 0..digits.length {
                    fraction /= 10.0;
                }
                rest = &rest[digits.length..];
            }
        }
        rest = rest.trim_start_matches(BLANKS);
        let at = suffixes.iter().position(|(suffix, _)| rest.starts_with(suffix)).ok_or(Syntax)?;
        let (suffix, steps) = suffixes[at];
        let factor = step.pow(steps);
        if count.checked_add(u64::from(fraction > 0.0)).is_none_or(|count| count > u64::MAX / factor) {
            return Err(Range);
        }
        sum = sum.checked_add(count * factor + (fraction * factor as f64) as u64).ok_or(Range)?;
        rest = &rest[suffix.len()..];
        suffixes = &suffixes[at + 1..];
        if rest.is_empty() {
            return Ok(sum);
        }
    }
}

/// Says what keeps `text` from being a size.
pub(super) fn explain(text: &str, context: &Context) -> Problem {
    let known = |word: &str| SUFFIXES.iter().any(|(suffix, _)| *suffix == word);
    let mut from = 0;
    while let Some(span) = word_at(text, from) {
        let word = &text[span];
        if !known(word) && span.start > 0 {
            let message = format!("\"{}\" is no unit of size: write K, M, G, T, P or E", shown(word));
            let problem = Problem::refused(span, message);
            let mut letters = word.chars();
            let letter = letters.next().map_or(' ', |letter| letter.to_ascii_uppercase());
            let tail = letters.as_str();
            let meant = known(letter.encode_utf8(&mut [0; 4]))
                && ["i", "ib", "b", ""].iter().any(|usual| usual.eq_ignore_ascii_case(tail));
            return if meant { problem.or(letter, false) } else { problem };
        }
        from = span.end;
    }
    context.takes("a size such as 512M or 1G 512M, larger units first", text, whole(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_fractions() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1", Some(1)),
            ("1B", Some(1)),
            ("4K", Some(4096)),
            ("1G 512M", Some(1536 << 20)),
            ("1G512M3", Some((1536 << 20) + 3)),
            ("1B 1", Some(2)),
            ("1.5K", Some(1536)),
            ("1.M", Some(1 << 20)),
            ("1 K", Some(1024)),
            ("010", Some(10)),
            ("15E", Some(15 << 60)),
            ("16E", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("1M 1M", None),
            ("1K 1M", None),
            ("1 1", None),
            ("1Ki", None),
            ("1KB", None),
            ("1k", None),
            ("0x10", None),
            ("-1", None),
            (".5K", None),
            ("", None),
            ("K", None),
        ] {
            assert_eq!(read(text, Base::Binary).ok(), expected, "{text}");
        }
        assert_eq!(read("1.5K", Base::Decimal), Ok(1500));
    }
}
