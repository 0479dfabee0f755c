//! Capability sets (`capability_set_from_string` of `src/basic/capability-util.c`).

use super::words::{Style, Word, Words};
use super::{Context, Problem, ProblemKind, member, number};
use crate::schema::sets;

/// The value of `CapabilityBoundingSet=` or `AmbientCapabilities=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities<'t> {
    /// `~`: those that are named are taken away.
    pub inverted: bool,
    /// The capabilities, by name or number, unknown ones left out.
    pub words: Vec<Word<'t>>,
}

/// Reads a set of capabilities; systemd passes over those it doesn't know without a word.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Capabilities<'t> {
    let inverted = text.starts_with('~');
    let mut capabilities = Capabilities { inverted, words: Vec::new() };
    for word in Words::behind(text, usize::from(inverted), Style::QUOTED) {
        let read = word.and_then(|word| match number::signed(&word.text) {
            Ok(0..=62) => Ok(word),
            _ => member::find(&word.text, word.span, &sets::CAPABILITY, context).map(|_| word),
        });
        match read {
            Ok(word) => capabilities.words.push(word),
            Err(problem) => problems.push(Problem { kind: ProblemKind::Doubtful, ..problem }),
        }
    }
    capabilities
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn unknown_ones_are_doubtful() {
        for (text, expected) in [
            ("CAP_CHOWN cap_kill 5", ""),
            ("~CAP_SYS_ADMIN", ""),
            ("~", ""),
            ("CAP_SYS_ADMN", "doubtful 0-12 there is no capability \"CAP_SYS_ADMN\" (perhaps: CAP_SYS_ADMIN)"),
            ("CAP_CHOWN,CAP_KILL", "doubtful 0-18 there is no capability \"CAP_CHOWN,CAP_KILL\""),
            ("~ CAP_CHOWN 63", "doubtful 12-14 there is no capability \"63\""),
            ("'CAP_CHOWN", "doubtful 0-1 this quote is never closed"),
        ] {
            assert_eq!(check("CapabilityBoundingSet", 262, "a.service", text), expected, "{text}");
        }
    }
}
