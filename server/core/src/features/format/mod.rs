//! Formatting: how a file is laid out, and nothing else.
//!
//! What a file means stays as it is: the same sections, the same keys, the
//! same values as [`syntax::scan`](crate::syntax::scan) reads them, and every
//! comment byte for byte; so it is with supervisord.conf. Only [`Indent`] other than [`Indent::Keep`] changes
//! values, and there only how many blanks stand between two words. What
//! systemd could not read is left as it is.

mod blanks;
mod enter;
mod inside;
mod layout;
mod looks;
mod separators;
mod supervisord;
#[cfg(test)]
mod tests;

use crate::syntax::{Dialect, File};
use crate::text::{Edit, Span};
use layout::Layout;

/// How a unit file is laid out. Other kinds of files get their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many blank lines stand between two sections.
    pub section_blank_lines: u8,
    /// How many blank lines may stand together anywhere else.
    pub max_blank_lines: u8,
    /// How a key, its `=` and its value are written.
    pub equals: Equals,
    /// How far the lines that continue a value are indented.
    pub indent: Indent,
}

/// How a key, its `=` and its value are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equals {
    /// `Key=value`
    Tight,
    /// `Key  = value`, the `=` of directives that stand together below each other.
    Aligned,
}

/// How far the lines that continue a value are indented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// As they are: these blanks are a part of the value.
    Keep,
    /// By this many spaces, at least one, where they do no more than separate words.
    Spaces(u8),
    /// To where the value begins, where they do no more than separate words.
    Align,
}

impl Default for Options {
    fn default() -> Self {
        Options { section_blank_lines: 1, max_blank_lines: 1, equals: Equals::Tight, indent: Indent::Keep }
    }
}

/// What to change in `file`: small edits in the order of the text, none of
/// which overlap. None if it is laid out well already.
pub fn format(file: &File, options: &Options) -> Vec<Edit> {
    if file.dialect == Dialect::Supervisord {
        return supervisord::kept(file, supervisord::format(file, options));
    }
    let layout = Layout::of(file);
    let mut edits = Vec::new();
    blanks::between(&layout, options, &mut edits);
    inside::lines(&layout, options, &mut edits);
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// Those of the edits of [`format()`] that lie in the lines of `range`; a line
/// at whose very start a range ends isn't one of them.
pub fn format_range(file: &File, options: &Options, range: Span) -> Vec<Edit> {
    let end = if range.is_empty() { range.end } else { range.end - 1 };
    let lines = file.lines(Span { start: range.start, end });
    let mut edits = format(file, options);
    edits.retain(|Edit { span, .. }| {
        let next_line = span.is_empty() && span.start == lines.end && (lines.end as usize) < file.text.len();
        lines.start <= span.start && span.end <= lines.end && !next_line
    });
    match file.dialect {
        Dialect::Systemd => edits,
        Dialect::Supervisord => supervisord::kept(file, edits),
    }
}

/// What to change when a line end has just been typed in front of `offset`:
/// the blanks at the start of that line alone. A line that continues a value
/// is indented, any other one is not.
///
/// In supervisord.conf it is the blanks that say whether it does, so they stay as they are.
pub fn format_after_newline(file: &File, options: &Options, offset: u32) -> Vec<Edit> {
    if file.dialect == Dialect::Supervisord {
        return Vec::new();
    }
    enter::indentation(&Layout::of(file), options, offset).into_iter().collect()
}

/// Puts `text` at `span`, if something else stands there.
fn put(file: &File, span: Span, text: String) -> Option<Edit> {
    (file.text[span] != text).then_some(Edit { span, text })
}
