//! `yes`, `no` and their other spellings (`parse_boolean`, `src/basic/parse-util.c`).

use super::{Context, Problem, whole};

const YES: [&str; 6] = ["1", "yes", "y", "true", "t", "on"];
const NO: [&str; 6] = ["0", "no", "n", "false", "f", "off"];

/// Reads a directive's boolean.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<bool> {
    let value = read(text);
    if value.is_none() {
        let problem = context.takes("a boolean (\"yes\" or \"no\")", text, whole(text));
        problems.push(problem.or_nearest(text, ["yes", "no", "true", "false", "on", "off"]));
    }
    value
}

/// Reads a boolean, in whatever case it is spelt.
pub fn read(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&YES) {
        Some(true)
    } else if is(&NO) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, expected) in [
            ("yes", Some(true)),
            ("YES", Some(true)),
            ("T", Some(true)),
            ("1", Some(true)),
            ("on", Some(true)),
            ("off", Some(false)),
            ("n", Some(false)),
            ("0", Some(false)),
            ("", None),
            ("2", None),
            ("yes ", None),
            ("enabled", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
