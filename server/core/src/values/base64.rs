//! Base64 and hexadecimal data (`src/basic/hexdecoct.c`).

use super::Problem;
use super::words::BLANKS;
use crate::text::Span;

/// Refuses what isn't Base64, from byte `from` of `text` on; blanks are passed over (`unbase64mem`).
pub(super) fn check(text: &str, from: usize) -> Result<(), Problem> {
    let refused = |span, message: String| Err(Problem::refused(span, message));
    let (mut digits, mut padding, mut last) = (0, 0, 0);
    for (at, char) in text[from..].char_indices() {
        let span = Span::new(from + at, from + at + char.len_utf8());
        match char {
            _ if char.is_ascii() && BLANKS.contains(&(char as u8)) => {}
            '=' => padding += 1,
            _ if value(char).is_none() => return refused(span, format!("{char:?} is no character of Base64")),
            _ if padding > 0 => return refused(span, "nothing may follow the padding of Base64".to_owned()),
            _ => {
                digits += 1;
                last = value(char).unwrap_or(0);
            }
        }
    }
    let all = Span::new(from, text.len());
    if (digits + padding) % 4 != 0 {
        let message = format!("Base64 has a multiple of four characters, this has {}", digits + padding);
        return refused(all, message);
    }
    let spare = match padding {
        0 => 0,
        1 => last & 3,
        2 => last & 15,
        _ => return refused(all, "Base64 is padded by one or two \"=\"".to_owned()),
    };
    if spare != 0 { refused(all, "the last character of this Base64 says too much".to_owned()) } else { Ok(()) }
}

/// What Base64 that [`check`] takes stands for; other characters are passed over.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for digit in text.chars().filter_map(value) {
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

/// How many bytes hexadecimal digits stand for; blanks are passed over (`unhexmem`).
pub(super) fn hex_length(text: &str) -> Result<usize, Problem> {
    let mut digits = 0;
    for (at, char) in text.char_indices() {
        if char.is_ascii_hexdigit() {
            digits += 1;
        } else if !char.is_ascii() || !BLANKS.contains(&(char as u8)) {
            let message = format!("{char:?} is no hexadecimal digit");
            return Err(Problem::refused(Span::new(at, at + char.len_utf8()), message));
        }
    }
    if digits % 2 != 0 {
        let message = format!("there must be an even number of hexadecimal digits, not {digits}");
        return Err(Problem::refused(Span::new(0, text.len()), message));
    }
    Ok(digits / 2)
}

fn value(char: char) -> Option<u8> {
    let byte = u8::try_from(char).ok()?;
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
