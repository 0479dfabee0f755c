//! What can be done about a place of a file, beside the fixes of rules: silence a finding, write a
//! line in another way, change it in a drop-in.

mod command;
mod drop_in;
mod ignore;
mod install;
#[cfg(test)]
mod tests;

pub use drop_in::{DropIn, drop_in};
pub use ignore::ignore;

use super::{Document, Part};
use crate::text::{Edit, Span};

/// A change of the open file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// How.
    pub edits: Vec<Edit>,
}

impl Action {
    fn new(title: &str, edits: Vec<Edit>) -> Self {
        Action { title: title.to_owned(), edits }
    }
}

/// The ways to write what stands at `span` differently, and what the file lacks.
pub fn refactorings(document: &Document, span: Span) -> Vec<Action> {
    let place = document.place(span.start);
    let mut actions = Vec::new();
    if let (Some(section), Part::Key(directive) | Part::Value { directive, .. }) = (place.section, place.part) {
        actions.extend(command::wrap(document, section, directive, span));
        actions.extend(command::split(document, section, directive));
    }
    actions.extend(install::add(document));
    actions
}

/// What ends a line in `text`.
fn line_end(text: &str) -> &'static str {
    match text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) {
        true => "\r\n",
        false => "\n",
    }
}

/// `more` as it is put at the end of `text`, behind an empty line.
pub fn appendix(text: &str, more: &str) -> String {
    let end = line_end(text);
    let gap = match text {
        "" => String::new(),
        _ if text.ends_with(['\n', '\r']) => end.to_owned(),
        _ => end.repeat(2),
    };
    gap + &more.replace('\n', end)
}
