//! What may be written at a place: section headers, keys, and values by their type.

mod calendar;
mod command;
mod condition;
mod doc;
mod header;
mod key;
mod mixed;
mod offers;
mod parts;
mod path;
mod quantity;
mod slot;
mod specifier;
mod supervisord;
#[cfg(test)]
mod tests;
mod unit;
mod value;
mod variable;
mod words;

pub use doc::{Doc, resolve, resolve_unit};

use std::borrow::Cow;

use super::Document;
use crate::schema::FileKind;
use crate::text::Span;
use slot::Slot;

/// What an editor offers at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions<'a> {
    /// What an item takes the place of; it is on one line, and the cursor in it.
    pub replace: Span,
    /// The same where what follows the cursor shall stay: it ends at the cursor, unless a key is completed,
    /// which is replaced as a whole.
    pub insert: Span,
    /// What may stand there, the likeliest first.
    pub items: Vec<Item<'a>>,
    /// Whether there may be others once more is typed: ask again then.
    pub incomplete: bool,
    /// Whether the path of any file may stand there: those that exist may be offered too.
    pub paths: bool,
}

/// One of the things that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// What is shown, and compared with what is typed.
    pub label: Cow<'a, str>,
    /// What it is.
    pub kind: Kind,
    /// How it is sorted.
    pub rank: Rank,
    /// What is put in, where that isn't the label.
    pub text: Option<Cow<'a, str>>,
    /// The same with placeholders, `${1|a,b|}`, if there are any.
    pub snippet: Option<String>,
    /// A few words on it; may be empty.
    pub detail: Cow<'a, str>,
    /// Whether it shouldn't be used any more.
    pub deprecated: bool,
    /// Where there is more to say.
    pub doc: Option<Doc>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Section,
    Directive,
    /// A word of a value, or a value.
    Value,
    /// A sign in front of a value.
    Prefix,
    Specifier,
    Variable,
    Unit,
    /// A user or group.
    Account,
    /// The beginning of a path or URI.
    Path,
}

/// How items of one quality are sorted; those of one rank by their labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Almost surely what is meant.
    First,
    /// As likely as others.
    Usual,
    /// Less likely: it is there already.
    Later,
    /// Not to be used any more.
    Last,
}

/// How an editor asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The character that was typed last, where that made the editor ask by itself.
    pub trigger: Option<char>,
}

/// What may be written at `offset`; nothing in comments and where nobody knows.
pub fn completion<'a>(document: &Document<'a>, offset: u32, options: Options) -> Completions<'a> {
    at(document, offset, options).unwrap_or_default()
}

fn at<'a>(document: &Document<'a>, offset: u32, options: Options) -> Option<Completions<'a>> {
    let file = document.file;
    if !file.text.is_char_boundary(offset as usize) {
        return None;
    }
    let comment = file.comments[..file.comments.partition_point(|comment| comment.start <= offset)].last();
    if comment.is_some_and(|comment| offset <= comment.end) {
        return None;
    }
    let kind = match document.kind {
        FileKind::Unit(kind) => kind,
        FileKind::Supervisord => return supervisord::complete(document, offset, options),
        FileKind::Other(_) => return None,
    };
    if let Some(slot) = Slot::at(document, offset) {
        return value::complete(&slot?, options);
    }
    if options.trigger == Some(' ') {
        return None;
    }
    header::complete(document, kind, offset).or_else(|| key::complete(document, kind, offset))
}

impl<'a> Item<'a> {
    /// An item with nothing but a label.
    pub fn new(kind: Kind, label: impl Into<Cow<'a, str>>) -> Self {
        Item {
            label: label.into(),
            kind,
            rank: Rank::Usual,
            text: None,
            snippet: None,
            detail: Cow::Borrowed(""),
            deprecated: false,
            doc: None,
        }
    }

    fn ranked(self, rank: Rank) -> Self {
        Item { rank, ..self }
    }

    fn detail(self, detail: impl Into<Cow<'a, str>>) -> Self {
        Item { detail: detail.into(), ..self }
    }
}

/// `text` so that a snippet puts it in as it is; also inside of a choice.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '}' | ',' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
