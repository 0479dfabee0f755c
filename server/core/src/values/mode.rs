//! File modes: up to four octal digits' worth of bits (`parse_mode`, `src/basic/parse-util.c`).

use super::number::leading;
use super::{BLANKS, Context, Problem, whole};

/// The access mode of a file or directory: permission, set-ID and sticky bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode(pub u16);

/// Reads a directive's mode.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Mode> {
    let mode = read(text);
    if mode.is_none() {
        problems.push(context.takes("an octal mode from 0 to 7777", text, whole(text)));
    }
    mode
}

fn read(text: &str) -> Option<Mode> {
    let digits = text.trim_start_matches(BLANKS);
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let number = leading(digits, 8)?;
    let bits = u16::try_from(number.magnitude?).ok()?;
    (number.length == digits.len() && !number.negative && bits <= 0o7777).then_some(Mode(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_and_nothing_else() {
        for (text, expected) in [
            ("0755", Some(0o755)),
            ("755", Some(0o755)),
            ("7777", Some(0o7777)),
            ("0", Some(0)),
            ("00000755", Some(0o755)),
            ("10000", None),
            ("0o755", None),
            ("0x1", None),
            ("+755", None),
            ("-1", None),
            ("788", None),
            ("u=rwx", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected.map(Mode), "{text}");
        }
    }
}
