//! Blank lines.

use super::Options;
use super::layout::{Item, Kind, Layout};
use super::looks;
use crate::text::{Edit, Span};

/// Puts as many blank lines between items as there should be.
pub(super) fn between(layout: &Layout, options: &Options, edits: &mut Vec<Edit>) {
    let items = &layout.items;
    let mut borders = borders(layout, options).into_iter().peekable();
    let mut first = 0;
    for (at, item) in items.iter().enumerate() {
        if item.kind == Kind::Blank {
            continue;
        }
        let run = &items[first..at];
        let border = borders.next_if_eq(&at).is_some();
        let above = first.checked_sub(1).map(|above| &items[above]);
        let wanted = match above {
            None => 0,
            Some(above) if border => {
                let sections = options.section_blank_lines;
                kept(above, run.len(), sections).max(sections.into())
            }
            Some(above) => kept(above, run.len(), options.max_blank_lines),
        };
        resize(layout, run, wanted, edits);
        if let (true, Some(missing)) = (border, wanted.checked_sub(run.len())) {
            insert(layout, item, missing, edits);
        }
        first = at + 1;
    }
    // A file of nothing at all would mask the unit, one of blank lines doesn't.
    if first > 0 {
        resize(layout, &items[first..], 0, edits);
    }
}

/// How many of `count` blank lines stay below `above`, `most` at the most.
///
/// One stays below a comment: without it the comment would be about, or for
/// the sake of, the line that follows.
fn kept(above: &Item, count: usize, most: u8) -> usize {
    let least = usize::from(above.kind == Kind::Comment);
    count.min(usize::from(most).max(least))
}

/// Whether directives above and below the blank line `at` stand together.
pub(super) fn joins(layout: &Layout, at: usize, options: &Options) -> bool {
    let above = at.checked_sub(1).and_then(|above| layout.items.get(above));
    above.is_none_or(|above| kept(above, 1, options.max_blank_lines) == 0)
}

/// Empties the first `wanted` of some blank lines and takes the others away.
fn resize(layout: &Layout, run: &[Item], wanted: usize, edits: &mut Vec<Edit>) {
    let lines = run.iter().map(|item| item.lines.start);
    for at in lines.clone().take(wanted) {
        let text = layout.lines[at].text;
        if !text.is_empty() && layout.may_be_empty(at) {
            edits.push(Edit::delete(text));
        }
    }
    let mut rest = lines.skip(wanted).map(|at| layout.lines[at].whole());
    if let Some(next) = rest.next() {
        edits.push(Edit::delete(rest.next_back().map_or(next, |last| next.cover(last))));
    }
}

/// Puts `count` blank lines in front of `item`, their ends those of the line above.
fn insert(layout: &Layout, item: &Item, count: usize, edits: &mut Vec<Edit>) {
    let Some(above) = item.lines.start.checked_sub(1).map(|above| &layout.lines[above]) else { return };
    let end = layout.line_end(above);
    if count > 0 && !end.contains('\0') {
        edits.push(Edit { span: Span { start: above.next, end: above.next }, text: end.repeat(count) });
    }
}

/// The items that the blank lines between two sections stand in front of: a
/// header, or the comments right above it.
fn borders(layout: &Layout, options: &Options) -> Vec<usize> {
    let items = &layout.items;
    let headers = (0..items.len()).filter(|&at| items[at].kind == Kind::Header { first: false });
    let border = |header: usize| {
        let comments = items[..header].iter().rev().take_while(|item| item.kind == Kind::Comment).count();
        let text = |item: &Item| layout.content(&layout.lines[item.lines.start]);
        let above = &items[header - comments..header];
        let disabled = above.last().is_some_and(|last| looks::is_disabled_directive(text(last)))
            && !above.iter().any(|comment| text(comment).contains("svlsp:"));
        if disabled || options.section_blank_lines == 0 { header } else { header - comments }
    };
    headers.map(border).collect()
}
