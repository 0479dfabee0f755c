//! What goes into a core dump: names of mapping types and hexadecimal masks (`src/shared/coredump-util.c`).

use super::number::leading;
use super::words::{Style, Words};
use super::{Context, Problem};
use crate::schema::sets;

/// A bit for each type of mapping, as in `/proc/PID/coredump_filter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoredumpFilter(pub u64);

/// What the kernel writes unless told otherwise: anonymous ones, ELF headers and private huge pages.
const DEFAULT: u64 = 0x33;

/// Reads a directive's types of mapping; one bad word spoils all.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<CoredumpFilter> {
    let mut bits = 0;
    for word in Words::new(text, Style::BARE) {
        let read = word.and_then(|word| {
            mask(&word.text).ok_or_else(|| {
                let expected = "types of mapping, all, default and hexadecimal masks";
                let names = sets::COREDUMP_FILTER.words.iter().map(|word| word.text);
                context.takes(expected, &word.text, word.span).or_nearest(&word.text, names)
            })
        });
        match read {
            Ok(mask) => bits |= mask,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        }
    }
    Some(CoredumpFilter(bits))
}

fn mask(word: &str) -> Option<u64> {
    match (word, sets::COREDUMP_FILTER.get(word).and_then(|kind| kind.number)) {
        (_, Some(bit)) => 1u64.checked_shl(bit),
        ("all", _) => Some(u64::MAX),
        ("default", _) => Some(DEFAULT),
        _ => {
            let digits = word.trim_start_matches(super::BLANKS);
            let number = leading(digits, 16)?;
            let whole = number.length == digits.len() && !(number.negative && number.magnitude != Some(0));
            number.magnitude.filter(|_| whole)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::context;

    #[test]
    fn names_and_masks() {
        for (text, expected) in [
            ("default", Some(0x33)),
            ("all", Some(u64::MAX)),
            ("shared-anonymous elf-headers", Some(0x12)),
            ("0x7f", Some(0x7f)),
            ("7f default", Some(0x7f)),
            ("all bogus", None),
            ("0xg", None),
            ("-1", None),
        ] {
            let filter = parse(text, &context("CoredumpFilter", 262, ""), &mut Vec::new());
            assert_eq!(filter, expected.map(CoredumpFilter), "{text}");
        }
    }
}
