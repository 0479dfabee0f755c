//! What a typed line end asks for.

use super::inside::column_of_value;
use super::layout::{BOM, Layout};
use super::separators::Separators;
use super::{Indent, Options, put};
use crate::syntax::ends_escaped;
use crate::text::{Edit, Span};

/// How far the first line that continues a value is indented where nothing else says so.
const USUAL: usize = 4;

/// Indents the line that begins between the last line end and `offset`.
pub(super) fn indentation(layout: &Layout, options: &Options, offset: u32) -> Option<Edit> {
    let at = layout.lines.partition_point(|line| line.next <= offset && line.text.end < line.next);
    let above = layout.lines[..at].iter().rposition(|line| !line.comment)?;
    let line = layout.lines.get(at);
    let end = layout.file.text.len() as u32;
    let (leading, content) = match line {
        Some(line) => (layout.leading(line), layout.content(line)),
        None => (Span { start: end, end }, ""),
    };
    if offset > leading.end || content.starts_with(['#', ';', BOM]) {
        return None;
    }
    if !ends_escaped(&layout.file.text[layout.lines[above].text]) {
        return put(layout.file, leading, String::new());
    }
    let item = layout.items.iter().find(|item| item.lines.contains(&above))?;
    let directive = layout.directive(item)?;
    let value = &directive.value;
    let separators = Separators::of(layout.file, directive);
    let free = match separators {
        _ if value.text().is_empty() => true,
        None => false,
        Some(separators) if content.is_empty() || leading.start >= value.span().end => separators.go_on(),
        Some(separators) => separators.indent(value, leading.start),
    };
    let wanted = match options.indent {
        _ if !free => return None,
        _ if above > item.lines.start => layout.file.text[layout.leading(&layout.lines[above])].to_owned(),
        Indent::Keep => " ".repeat(USUAL),
        Indent::Spaces(count) => " ".repeat(usize::from(count).max(1)),
        Indent::Align => " ".repeat(column_of_value(directive)),
    };
    put(layout.file, leading, wanted)
}
