//! Users and groups, by name or number (`valid_user_group_name` of
//! `src/basic/user-util.c`, in its relaxed form).

use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown, whole};
use crate::text::Span;

/// A user or a group.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let word = Word::whole(text);
    specifier::resolve(&word, Place::TEXT, context, problems, judge)?;
    Some(word)
}

/// The groups of `SupplementaryGroups=`; a bad one makes systemd refuse the unit.
pub fn parse_list<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut users = Vec::new();
    let mut words = Words::new(text, Style::BARE);
    while let Some(word) = words.next_word(problems) {
        if specifier::resolve(&word, Place::TEXT, context, problems, judge).is_none() {
            break;
        }
        users.push(word);
    }
    users
}

/// The number that a text is as the number of a user (`parse_uid`).
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|number| plain && *number != u32::MAX && *number != 0xffff)
}

fn judge(text: &str) -> Result<(), Problem> {
    if number(text).is_some() {
        return Ok(());
    }
    let problem = |span, message: String| Err(Problem::refused(span, message));
    let digits = text.strip_prefix('-').unwrap_or(text);
    if text.is_empty() {
        return problem(whole(text), "the name is missing".to_owned());
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return problem(whole(text), format!("\"{}\" is no number of a user or group", shown(text)));
    }
    if text == "." || text == ".." || text.starts_with(' ') || text.ends_with(' ') {
        return problem(whole(text), format!("\"{text}\" is no name of a user or group"));
    }
    match text.char_indices().find(|(_, char)| char.is_ascii_control() || matches!(char, ':' | '/')) {
        Some((at, char)) => {
            let message = format!("{char:?} can't be in the name of a user or group");
            problem(Span::new(at, at + char.len_utf8()), message)
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names_and_numbers() {
        for (text, expected) in [
            ("root", ""),
            ("0", ""),
            ("%i", "refused 0-2 the name is missing"),
            ("www.data@x", ""),
            ("a b", ""),
            ("01", "refused 0-2 \"01\" is no number of a user or group"),
            ("65535", "refused 0-5 \"65535\" is no number of a user or group"),
            ("-1", "refused 0-2 \"-1\" is no number of a user or group"),
            ("a:b", "refused 1-2 ':' can't be in the name of a user or group"),
            ("..", "refused 0-2 \"..\" is no name of a user or group"),
        ] {
            assert_eq!(check("User", 262, "a.service", text), expected, "{text}");
        }
        assert_eq!(
            check("SupplementaryGroups", 262, "a.service", "a b:c"),
            "refused 3-4 ':' can't be in the name of a user or group"
        );
    }
}
