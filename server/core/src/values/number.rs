//! Whole numbers, as `safe_atoi` and its kin read them (`src/basic/parse-util.c`).
//!
//! Blanks and a sign may lead. `0x`, `0o` and `0b` prefixes give the base, a
//! bare `0` in front means octal, as in C. Nothing may follow the digits.

use std::ops::RangeInclusive;

use super::{Context, Problem, whole};

/// Why a text isn't a number of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// It isn't a number at all.
    Syntax,
    /// It is one, but too large or too small.
    Range,
}

/// The number a text begins with, as C's `strtoull` finds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leading {
    pub(super) negative: bool,
    /// `None` if it is more than 64 bits hold.
    pub(super) magnitude: Option<u64>,
    /// How many bytes blanks, sign and digits take.
    pub(super) length: usize,
}

/// Reads a directive's signed integer, which must be in `range`.
pub fn parse_signed(
    text: &str,
    range: RangeInclusive<i64>,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<i64> {
    match signed(text) {
        Ok(number) if range.contains(&number) => Some(number),
        _ => {
            let expected = format!("an integer from {} to {}", range.start(), range.end());
            problems.push(context.takes(&expected, text, whole(text)));
            None
        }
    }
}

/// Reads a directive's unsigned integer, which must be in `range`.
pub fn parse_unsigned(
    text: &str,
    range: RangeInclusive<u64>,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<u64> {
    match unsigned(text) {
        Ok(number) if range.contains(&number) => Some(number),
        _ => {
            let expected = format!("an integer from {} to {}", range.start(), range.end());
            problems.push(context.takes(&expected, text, whole(text)));
            None
        }
    }
}

/// Reads a signed number of 64 bits (`safe_atolli`).
pub fn signed(text: &str) -> Result<i64, NumberError> {
    let (digits, base) = prefix(text);
    let number = leading(digits, base).ok_or(NumberError::Syntax)?;
    let magnitude = number.magnitude.ok_or(NumberError::Range)?;
    let value = if number.negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() };
    let value = value.ok_or(NumberError::Range)?;
    if number.length == digits.len() { Ok(value) } else { Err(NumberError::Syntax) }
}

/// Reads an unsigned number of 64 bits (`safe_atollu`).
pub fn unsigned(text: &str) -> Result<u64, NumberError> {
    let (digits, base) = prefix(text);
    let number = leading(digits, base).ok_or(NumberError::Syntax)?;
    let magnitude = number.magnitude.ok_or(NumberError::Range)?;
    if number.length != digits.len() {
        Err(NumberError::Syntax)
    } else if number.negative && magnitude != 0 {
        Err(NumberError::Range)
    } else {
        Ok(magnitude)
    }
}

/// Reads an unsigned number of 32 bits (`safe_atou`).
pub fn unsigned32(text: &str) -> Result<u32, NumberError> {
    u32::try_from(unsigned(text)?).map_err(|_| NumberError::Range)
}

/// Takes off the prefixes that C doesn't know (`mangle_base`).
fn prefix(text: &str) -> (&str, u32) {
    let text = text.trim_start_matches(super::BLANKS);
    match text.as_bytes() {
        [b'0', b'b' | b'B', ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', ..] => (&text[2..], 8),
        _ => (text, 0),
    }
}

/// The number that `text` begins with; `None` if there are no digits.
///
/// Base 0 takes it from the prefix: `0x` 16, `0` 8, else 10.
pub(super) fn leading(text: &str, base: u32) -> Option<Leading> {
    let bytes = text.as_bytes();
    let mut at = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
    let negative = bytes.get(at) == Some(&b'-');
    if negative || bytes.get(at) == Some(&b'+') {
        at += 1;
    }
    let base = match (base, &bytes[at..]) {
        (0 | 16, [b'0', b'x' | b'X', digit, ..]) if digit.is_ascii_hexdigit() => {
            at += 2;
            16
        }
        (0, [b'0', ..]) => 8,
        (0, _) => 10,
        (base, _) => base,
    };
    let first = at;
    let mut magnitude = Some(0u64);
    while let Some(digit) = bytes.get(at).and_then(|byte| char::from(*byte).to_digit(base)) {
        magnitude = magnitude.and_then(|value| value.checked_mul(base.into())?.checked_add(digit.into()));
        at += 1;
    }
    (at > first).then_some(Leading { negative, magnitude, length: at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_signs_and_limits() {
        use NumberError::{Range, Syntax};
        for (text, expected) in [
            ("0", Ok(0)),
            (" 12", Ok(12)),
            ("+12", Ok(12)),
            ("-12", Ok(-12)),
            ("017", Ok(15)),
            ("0x1F", Ok(31)),
            ("-0x10", Ok(-16)),
            ("0b101", Ok(5)),
            ("0b-101", Ok(-5)),
            ("0O17", Ok(15)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err(Range)),
            ("99999999999999999999x", Err(Range)),
            ("", Err(Syntax)),
            ("08", Err(Syntax)),
            ("0x", Err(Syntax)),
            ("0b", Err(Syntax)),
            ("-0b1", Err(Syntax)),
            ("1 ", Err(Syntax)),
            ("1.0", Err(Syntax)),
            ("- 1", Err(Syntax)),
            ("one", Err(Syntax)),
        ] {
            assert_eq!(signed(text), expected, "{text}");
        }
    }

    #[test]
    fn unsigned_ones_have_no_minus() {
        use NumberError::{Range, Syntax};
        for (text, expected) in [
            ("+0x10", Ok(16)),
            ("-0", Ok(0)),
            ("18446744073709551615", Ok(u64::MAX)),
            ("18446744073709551616", Err(Range)),
            ("-1", Err(Range)),
            ("-1x", Err(Syntax)),
        ] {
            assert_eq!(unsigned(text), expected, "{text}");
        }
    }
}
