//! What a place of a unit file or supervisord.conf means: a section, a setting and its fates, a value or a word of it.

mod comment;
mod fates;
mod in_effect;
pub(super) mod manual;
mod section;
pub(super) mod setting;
mod supervisord;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_supervisord;
pub(super) mod unit_name;
mod value;
mod variable;

use super::{Document, Part};
use crate::schema::FileKind;
use crate::text::Span;
use crate::values::explain::Now;

/// An explanation of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What is explained.
    pub span: Span,
    /// The explanation, in Markdown.
    pub markdown: String,
}

/// Explains what stands at `offset`; with `now`, also when a calendar event comes next.
pub fn hover(document: &Document, offset: u32, now: Option<Now>) -> Option<Hover> {
    let place = document.place(offset);
    if document.kind == FileKind::Supervisord && !matches!(place.part, Part::Comment(_)) {
        return supervisord::hover(document, &place, offset, now);
    }
    match place.part {
        Part::Header => section::hover(document, place.section?),
        Part::Comment(comment) => comment::hover(document.file, comment, offset),
        Part::Key(directive) => setting::hover(document, place.section?, directive),
        Part::Value { directive, at } => {
            let section = place.section?;
            value::hover(document, section, directive, at, now).or_else(|| {
                let span = directive.value.span();
                setting::hover(document, section, directive).map(|hover| Hover { span, ..hover })
            })
        }
        Part::Other => None,
    }
}
