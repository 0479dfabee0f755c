//! Blanks inside lines.

use super::layout::{BLANKS, BOM, Item, Kind, Layout, Line};
use super::separators::Separators;
use super::{Equals, Indent, Options, blanks, put};
use crate::syntax::{Directive, MAX_LINE, ProblemKind, ends_escaped};
use crate::text::{Edit, Span};

/// Longer keys, in characters, are aligned with nothing.
const MAX_ALIGNED: usize = 64;

/// Lays out every line for itself.
pub(super) fn lines(layout: &Layout, options: &Options, edits: &mut Vec<Edit>) {
    let columns = columns(layout, options);
    for (at, item) in layout.items.iter().enumerate() {
        let first = &layout.lines[item.lines.start];
        match item.kind {
            Kind::Blank | Kind::Other => {}
            Kind::Comment => edits.extend(put(layout.file, layout.leading(first), String::new())),
            Kind::Header { .. } => {
                edits.extend(put(layout.file, layout.leading(first), String::new()));
                edits.extend(trailing(layout, item, first.text.start));
            }
            Kind::Directive(_) => {
                let Some(directive) = layout.directive(item) else { continue };
                let column = columns.get(at).copied().unwrap_or(0);
                let mut own = Vec::new();
                Setting { layout, item, directive, column }.edits(options, &mut own);
                // systemd refuses a file that has too long a line.
                let inserted: usize = own.iter().map(|edit| edit.text.len()).sum();
                let all = first.whole().cover(layout.lines[item.lines.end - 1].whole());
                if inserted == 0 || all.len() + inserted < MAX_LINE {
                    edits.append(&mut own);
                }
            }
        }
    }
    edits.extend(last_line_end(layout));
}

/// Where the value of `directive` begins behind `Key=`, in characters.
pub(super) fn column_of_value(directive: &Directive) -> usize {
    directive.key.chars().count().min(MAX_ALIGNED) + 1
}

/// A directive and where it stands.
struct Setting<'l, 'f> {
    layout: &'l Layout<'f>,
    item: &'l Item,
    directive: &'f Directive<'f>,
    /// How wide the key shall be, in characters; 0 if it isn't aligned.
    column: usize,
}

impl Setting<'_, '_> {
    fn edits(&self, options: &Options, edits: &mut Vec<Edit>) {
        let Setting { layout, item, .. } = *self;
        let first = &layout.lines[item.lines.start];
        edits.extend(put(layout.file, layout.leading(first), String::new()));
        let value = self.equals(first, edits);
        self.continuations(options, edits);
        edits.extend(trailing(layout, item, value));
    }

    /// Lays out the `=`; where what follows its blanks begins.
    fn equals(&self, first: &Line, edits: &mut Vec<Edit>) -> u32 {
        let text = self.layout.file.text;
        let key_end = self.directive.key_span.end;
        let rest = &text[key_end as usize..first.text.end as usize];
        let Some((_, behind)) = rest.split_once('=') else { return first.text.end };
        let value = behind.trim_start_matches(BLANKS);
        let start = first.text.end - value.len() as u32;
        let written = match self.column.checked_sub(self.directive.key.chars().count()) {
            Some(missing) if value.is_empty() => format!("{:missing$} =", ""),
            Some(missing) => format!("{:missing$} = ", ""),
            None => "=".to_owned(),
        };
        edits.extend(put(self.layout.file, Span { start: key_end, end: start }, written));
        start
    }

    /// Indents the lines below the first one.
    fn continuations(&self, options: &Options, edits: &mut Vec<Edit>) {
        let Setting { layout, item, directive, column } = *self;
        let wanted = match options.indent {
            Indent::Keep => return,
            Indent::Spaces(count) => usize::from(count).max(1),
            Indent::Align if column > 0 => column + 3,
            Indent::Align => column_of_value(directive),
        };
        let Some(separators) = Separators::of(layout.file, directive) else { return };
        for line in &layout.lines[item.lines.start + 1..item.lines.end] {
            let content = layout.content(line);
            if !content.is_empty()
                && !content.starts_with(BOM)
                && (line.comment || separators.indent(&directive.value, line.text.start))
            {
                edits.extend(put(layout.file, layout.leading(line), " ".repeat(wanted)));
            }
        }
    }
}

/// Takes away the blanks at the end of an item, from `from` on.
fn trailing(layout: &Layout, item: &Item, from: u32) -> Option<Edit> {
    let at = item.lines.end - 1;
    let line = &layout.lines[at];
    let kept = layout.file.text[line.text].trim_end_matches(BLANKS);
    let kept_to = (line.text.start + kept.len() as u32).max(from);
    // Without the blanks behind it, a backslash would continue the line.
    if line.comment || ends_escaped(kept) || kept.is_empty() && !layout.may_be_empty(at) || kept_to >= line.text.end {
        return None;
    }
    Some(Edit::delete(Span { start: kept_to, end: line.text.end }))
}

/// Ends the last line of the text.
fn last_line_end(layout: &Layout) -> Option<Edit> {
    let at = layout.lines.len().checked_sub(1)?;
    let kind = layout.items.last()?.kind;
    let read = layout.file.problems.iter().all(|problem| problem.kind != ProblemKind::LineTooLong);
    let ended = !layout.line_end(&layout.lines[at]).is_empty();
    (read && !ended && kind != Kind::Blank).then(|| Edit::insert(layout.file.text.len(), layout.line_end_after(at)))
}

/// How wide the key of each item shall be, in characters; 0 if it isn't aligned.
fn columns(layout: &Layout, options: &Options) -> Vec<usize> {
    let mut columns = Vec::new();
    if options.equals == Equals::Tight {
        return columns;
    }
    columns.resize(layout.items.len(), 0);
    let (mut first, mut widest) = (0, 0);
    for (at, item) in layout.items.iter().enumerate() {
        let width = layout.directive(item).map_or(0, |directive| directive.key.chars().count());
        let ends = match item.kind {
            Kind::Directive(_) if width <= MAX_ALIGNED => {
                columns[at] = width;
                widest = widest.max(width);
                false
            }
            Kind::Header { .. } => true,
            Kind::Blank => !blanks::joins(layout, at, options),
            Kind::Comment | Kind::Directive(_) | Kind::Other => false,
        };
        if ends {
            widen(&mut columns[first..at], widest);
            (first, widest) = (at + 1, 0);
        }
    }
    widen(&mut columns[first..], widest);
    columns
}

/// Makes the widths of a group, those that aren't 0, the widest of them.
fn widen(columns: &mut [usize], widest: usize) {
    columns.iter_mut().filter(|column| **column > 0).for_each(|column| *column = widest);
}
