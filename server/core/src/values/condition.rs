//! `Condition…=` and `Assert…=`: what systemd reads of them when it loads a
//! unit. What they test for it only looks at when the unit is started.

use super::path::{self, Want};
use super::specifier::{self, Place};
use super::words::{BLANKS, Word};
use super::{Context, Problem};

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition<'t> {
    /// `|`: one of all such conditions is enough.
    pub trigger: bool,
    /// `!`: it must not hold.
    pub negate: bool,
    /// What is tested, specifiers not resolved.
    pub parameter: Word<'t>,
}

/// A condition on any text (`config_parse_unit_condition_string`).
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Condition<'t>> {
    let blanks = |from: usize| text.as_bytes()[from..].iter().take_while(|byte| BLANKS.contains(byte)).count();
    let condition = read(text, blanks);
    specifier::resolve(&condition.parameter, Place::TEXT, context, problems, |_| Ok(()))?;
    Some(condition)
}

/// A condition on a path (`config_parse_unit_condition_path`).
pub fn parse_path<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Condition<'t>> {
    let condition = read(text, |_| 0);
    path::resolve(&condition.parameter, Want::Absolute, context, problems)?;
    Some(condition)
}

/// Takes the prefixes off; `blanks` says how many bytes to skip behind one.
fn read<'t>(text: &'t str, blanks: impl Fn(usize) -> usize) -> Condition<'t> {
    let mut at = 0;
    let mut prefix = |sign: u8| {
        let there = text.as_bytes().get(at) == Some(&sign);
        if there {
            at += 1;
            at += blanks(at);
        }
        there
    };
    let trigger = prefix(b'|');
    let negate = prefix(b'!');
    Condition { trigger, negate, parameter: Word::whole(text).into_tail(at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context};

    #[test]
    fn prefixes_are_taken_off() {
        for (text, trigger, negate, parameter) in [
            ("x", false, false, "x"),
            ("|x", true, false, "x"),
            ("!x", false, true, "x"),
            ("|!x", true, true, "x"),
            ("| ! x", true, true, "x"),
            ("!|x", false, true, "|x"),
            ("!", false, true, ""),
        ] {
            let context = context("ConditionVirtualization", 262, "a.service");
            let condition = parse(text, &context, &mut Vec::new()).unwrap();
            let found = (condition.trigger, condition.negate, &*condition.parameter.text);
            assert_eq!(found, (trigger, negate, parameter), "{text}");
        }
    }

    #[test]
    fn paths_must_be_absolute_and_follow_at_once() {
        for (text, expected) in [
            ("|!/x", ""),
            ("! /x", "refused 1-4 \" /x\" is not an absolute path"),
            ("x", "refused 0-1 \"x\" is not an absolute path"),
            ("!", "refused 1-1 a path is missing"),
        ] {
            assert_eq!(check("ConditionPathExists", 262, "a.service", text), expected, "{text}");
        }
    }
}
