//! What lines look like to people.

use std::ops::Range;

use super::layout::{BLANKS, Layout};
use crate::schema::{self, SECTIONS};
use crate::syntax::Directive;

/// Whether a directive is written as one expects: `Key=` on its first line,
/// and no line below that looks like the next directive.
///
/// Such a line, swallowed by a backslash, would be hidden if it were indented.
pub(super) fn plain(layout: &Layout, directive: &Directive, lines: &Range<usize>) -> bool {
    let all = &layout.lines[lines.clone()];
    let Some((first, rest)) = all.split_first() else { return false };
    let indent = layout.leading(first).len();
    let key = directive.key_span;
    let behind = layout.file.text.get(key.end as usize..first.text.end as usize).unwrap_or_default();
    let swallowed = |content: &str| content.starts_with('[') && is_header(content) || is_assignment(content);
    key.start == layout.leading(first).end
        && behind.trim_start_matches(BLANKS).starts_with('=')
        && rest
            .iter()
            .all(|line| line.comment || layout.leading(line).len() > indent || !swallowed(layout.content(line)))
}

/// Whether a comment is a directive that somebody has disabled.
pub(super) fn is_disabled_directive(comment: &str) -> bool {
    let text = comment.trim_start_matches(['#', ';']).trim_start_matches(BLANKS);
    text.split_once('=').is_some_and(|(key, _)| {
        let key = key.trim_end_matches(BLANKS);
        key.starts_with(|c: char| c.is_ascii_uppercase()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_header(content: &str) -> bool {
    content[1..].split_once(']').is_some_and(|(name, _)| schema::section(name).is_some())
}

fn is_assignment(content: &str) -> bool {
    let Some((key, _)) = content.split_once('=') else { return false };
    let key = key.trim_end_matches(BLANKS);
    SECTIONS.iter().any(|section| section.get(key).is_some())
}
