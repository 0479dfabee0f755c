//! `BPFProgram=` (`config_parse_bpf_foreign_program`).

use super::path::{self, Want};
use super::words::{Escapes, Style, Word, Words};
use super::{Context, Problem, member, whole};
use crate::schema::sets;

/// A BPF program and where it is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BpfProgram<'t> {
    /// The attach type.
    pub attach: Word<'t>,
    /// Where the program is pinned.
    pub path: Word<'t>,
}

/// Reads an attach type, a colon and a path.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<BpfProgram<'t>> {
    let style = Style { separators: b":", quotes: false, escapes: Escapes::Literal, coalesce: true };
    let mut words = Words::new(text, style);
    let attach = words.next_word(problems);
    let (Some(attach), Some(path)) = (attach, words.remainder()) else {
        if problems.is_empty() {
            problems
                .push(Problem::refused(whole(text), "a BPF program is written as its attach type, \":\" and its path"));
        }
        return None;
    };
    if let Err(problem) = member::find(&attach.text, attach.span, &sets::BPF_ATTACH_TYPE, context) {
        problems.push(problem);
        return None;
    }
    path::resolve(&path, Want::Absolute, context, problems)?;
    Some(BpfProgram { attach, path })
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn attach_types_and_paths() {
        for (text, expected) in [
            ("egress:/sys/fs/bpf/x", ""),
            ("egres:/x", "refused 0-5 there is no BPF attach type \"egres\" (perhaps: egress)"),
            ("egress:x", "refused 7-8 \"x\" is not an absolute path"),
            ("egress", "refused 0-6 a BPF program is written as its attach type, \":\" and its path"),
        ] {
            assert_eq!(check("BPFProgram", 262, "a.service", text), expected, "{text}");
        }
    }
}
