//! `RestrictFileSystems=` (`src/core/bpf-restrict-fs.c`).

use super::words::{Style, Word, Words};
use super::{Context, Problem, ProblemKind, member};
use crate::schema::sets;

/// The filesystems of a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter<'t> {
    /// `~`: those that are named are forbidden, not allowed.
    pub inverted: bool,
    /// The filesystems and `@groups`.
    pub words: Vec<Word<'t>>,
}

/// Reads a filter; systemd refuses unknown groups, and takes unknown
/// filesystems, which it then can't filter.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Filter<'t> {
    let inverted = text.starts_with('~');
    let mut filter = Filter { inverted, words: Vec::new() };
    let mut words = Words::behind(text, usize::from(inverted), Style::QUOTED);
    while let Some(word) = words.next_word(problems) {
        let group = word.text.starts_with('@');
        let set = if group { &sets::FILESYSTEM_GROUP } else { &sets::FILESYSTEM };
        match member::find(&word.text, word.span, set, context) {
            Err(problem) if group => problems.push(problem),
            Err(problem) => problems.push(Problem { kind: ProblemKind::Doubtful, ..problem }),
            Ok(_) => filter.words.push(word),
        }
    }
    filter
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn groups_must_be_known_filesystems_should() {
        for (text, expected) in [
            ("ext4 @network tmpfs", ""),
            ("~@privileged-api", ""),
            ("@networks", "refused 0-9 there is no filesystem group \"@networks\" (perhaps: @network)"),
            ("ext5", "doubtful 0-4 there is no filesystem \"ext5\" (perhaps: ext2)"),
        ] {
            assert_eq!(check("RestrictFileSystems", 262, "a.service", text), expected, "{text}");
        }
    }
}
