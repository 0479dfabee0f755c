//! Words of closed sets (systemd's string tables, `src/basic/string-table.h`).

use super::{Context, Problem, boolean, number, shown, whole};
use crate::schema::{Manager, Set, Word};

/// What was chosen of a closed set.
#[derive(Clone, Copy, Debug)]
pub enum Choice {
    /// One of its words.
    Word(&'static Word),
    /// A number, where the set takes those too: the word's place in systemd's table.
    Number(u32),
}

/// Reads a directive's one word of `set`.
///
/// Letter case counts, except in booleans where the set takes those too.
pub fn parse(text: &str, set: &'static Set, context: &Context, problems: &mut Vec<Problem>) -> Option<Choice> {
    let Some(word) = set.get(text) else {
        let choice = boolean_word(text, set).or_else(|| number(text, set));
        if choice.is_none() {
            problems.push(unknown(text, set, context));
        }
        return choice;
    };
    let name = context.directive.name;
    if !word.known_to(context.version) {
        problems.push(other_version(word, context));
        return None;
    }
    if set.name == "emergency-action"
        && context.manager == Manager::User
        && !["none", "exit", "exit-force"].contains(&text)
    {
        let expected = "\"none\", \"exit\" or \"exit-force\" in units of a user";
        problems.push(context.takes(expected, text, whole(text)));
        return None;
    }
    if word.deprecated != 0 && word.deprecated <= context.version.0 {
        problems.push(succeeded(word, Problem::deprecated(whole(text), format!("{name}={text} is deprecated"))));
    }
    Some(Choice::Word(word))
}

/// The word of `set` that `text` stands for as a boolean.
fn boolean_word(text: &str, set: &'static Set) -> Option<Choice> {
    let [no, yes] = set.booleans?;
    let value = boolean::read(text)?;
    set.get(if value { yes } else { no }).map(Choice::Word)
}

/// The place in `set` that `text` stands for as a number.
fn number(text: &str, set: &Set) -> Option<Choice> {
    let max = set.numbers?;
    number::unsigned32(text).ok().filter(|number| *number <= max).map(Choice::Number)
}

/// The problem of a word that isn't in `set`.
fn unknown(text: &str, set: &Set, context: &Context) -> Problem {
    let is_boolean = |word: &str| set.booleans.is_some() && boolean::read(word).is_some();
    let known = set.known_to(context.version).map(|word| word.text);
    let mut words: Vec<String> =
        known.clone().filter(|word| !is_boolean(word)).map(|word| format!("\"{word}\"")).collect();
    if set.booleans.is_some() {
        words.insert(0, "a boolean".to_owned());
    }
    let problem = match words.as_slice() {
        [first @ .., last] if (1..8).contains(&first.len()) => {
            context.takes(format_args!("{} or {last}", first.join(", ")), text, whole(text))
        }
        [one] => context.takes(one, text, whole(text)),
        _ => {
            let message = format!("\"{}\" is no {}, as {}= takes one", shown(text), set.noun, context.directive.name);
            Problem::refused(whole(text), message)
        }
    };
    problem.or_nearest(text, known)
}

/// The problem of a word that only other versions of systemd take.
fn other_version(word: &Word, context: &Context) -> Problem {
    let Word { text, since, removed, .. } = word;
    let name = context.directive.name;
    let version = context.version.0;
    if *since > version {
        Problem::refused(whole(text), format!("{name}={text} needs systemd {since}, the target is {version}"))
    } else {
        succeeded(word, Problem::refused(whole(text), format!("{name}={text} is gone since systemd {removed}")))
    }
}

/// The problem with the word's successor for a replacement, if it has one.
fn succeeded(word: &Word, problem: Problem) -> Problem {
    if word.successor.is_empty() { problem } else { problem.or(word.successor, false) }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn words_booleans_and_numbers() {
        for (directive, version, text, expected) in [
            ("Restart", 252, "on-failure", ""),
            (
                "Restart",
                252,
                "On-Failure",
                "refused 0-10 Restart= takes \"always\", \"no\", \"on-abnormal\", \"on-abort\", \"on-failure\", \
                 \"on-success\" or \"on-watchdog\", not \"On-Failure\" (fix: on-failure)",
            ),
            (
                "FailureAction",
                252,
                "rebot",
                "refused 0-5 \"rebot\" is no emergency action, as FailureAction= takes one (perhaps: reboot)",
            ),
            ("ProtectSystem", 252, "TRUE", ""),
            ("SyslogLevel", 252, "0x7", ""),
            (
                "IOSchedulingClass",
                252,
                "9",
                "refused 0-1 IOSchedulingClass= takes \"best-effort\", \"idle\", \"none\" or \"realtime\", not \"9\"",
            ),
            (
                "PrivateUsers",
                257,
                "maybe",
                "refused 0-5 PrivateUsers= takes a boolean, \"identity\" or \"self\", not \"maybe\"",
            ),
        ] {
            assert_eq!(check(directive, version, "a.service", text), expected);
        }
    }

    #[test]
    fn words_come_and_go() {
        for (directive, version, text, expected) in [
            ("Type", 253, "notify-reload", ""),
            (
                "PrivateTmp",
                252,
                "disconnected",
                "refused 0-12 PrivateTmp=disconnected needs systemd 257, the target is 252",
            ),
            ("PrivateTmp", 252, "yes", ""),
            ("KillMode", 252, "none", "deprecated 0-4 KillMode=none is deprecated (perhaps: mixed)"),
        ] {
            assert_eq!(check(directive, version, "a.service", text), expected);
        }
    }
}
