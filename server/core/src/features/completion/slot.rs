use std::borrow::Cow;
use std::collections::HashSet;

use super::super::Document;
use super::offers::Offers;
use crate::schema;
use crate::syntax::{Dialect, Directive, File};
use crate::text::Span;

/// The place in the value of a directive that the cursor is at.
#[derive(Clone, Debug)]
pub(super) struct Slot<'t, 'a> {
    /// The file it is in.
    pub(super) document: &'t Document<'a>,
    /// The directive, as known.
    pub(super) entry: &'static schema::Directive,
    /// The directive, as written.
    pub(super) directive: &'a Directive<'a>,
    /// The value up to the cursor, continuation lines joined.
    pub(super) head: Cow<'a, str>,
    /// The value as far as it stands on the line of the cursor, without blanks around it.
    line: Span,
    /// The cursor.
    offset: u32,
    /// Whether the value begins on an earlier line.
    continued: bool,
}

/// What separates the words of lists.
pub(super) const BLANKS: &[char] = &[' ', '\t'];

impl<'t, 'a> Slot<'t, 'a> {
    /// The place at `offset`: `None` if that is in no value, `Some(None)` if it is in one of
    /// which nothing is known, or behind a backslash.
    pub(super) fn at(document: &'t Document<'a>, offset: u32) -> Option<Option<Self>> {
        let file = document.file;
        let next = file.directives.partition_point(|directive| directive.span.start <= offset);
        let directive = &file.directives[next.checked_sub(1)?];
        if offset <= directive.key_span.end || !reaches(file, directive, offset) {
            return None;
        }
        Some(Self::of(document, directive, offset))
    }

    fn of(document: &'t Document<'a>, directive: &'a Directive<'a>, offset: u32) -> Option<Self> {
        let file = document.file;
        let text = file.text;
        let section = file.section_at(directive.key_span)?;
        let entry = document.entry(section, directive)?;
        let from = directive.key_span.end as usize;
        let (signs, continued_by): (&[char], _) = match file.dialect {
            Dialect::Systemd => (&['='], Some('\\')),
            Dialect::Supervisord => (&['=', ':'], None),
        };
        let equals = from + text[from..].find(signs)? + 1;
        if offset < equals as u32 || continued_by.is_some_and(|sign| text[..offset as usize].ends_with(sign)) {
            return None;
        }
        let mut line = file.line(offset);
        let next = file.comments.partition_point(|comment| comment.start < offset);
        line.end = file.comments.get(next).map_or(line.end, |comment| line.end.min(comment.start));
        let start = line.start.max(equals as u32);
        let before = &text[start as usize..offset as usize];
        let blanks = before.len() - before.trim_start_matches(BLANKS).len();
        let mut after = &text[offset as usize..line.end as usize];
        if file.dialect == Dialect::Systemd && ends_escaped(after) {
            after = &after[..after.len() - 1];
        }
        let end = offset + after.trim_end_matches(BLANKS).len() as u32;
        let value = &directive.value;
        let head = if offset <= value.span().end {
            Cow::Borrowed(value.text().get(..value.inner(offset) as usize)?)
        } else {
            Cow::Owned(format!("{} ", value.text()))
        };
        let continued = head.trim_start().len() > before.len() - blanks;
        let line = Span { start: start + blanks as u32, end };
        Some(Slot { document, entry, directive, head, line, offset, continued })
    }

    /// What stands on the line in front of the cursor.
    pub(super) fn before(&self) -> &'a str {
        let text: &'a str = self.document.file.text;
        &text[self.line.start as usize..self.offset as usize]
    }

    /// What follows the cursor on its line.
    pub(super) fn after(&self) -> &'a str {
        let text: &'a str = self.document.file.text;
        &text[self.offset as usize..self.line.end as usize]
    }

    /// Whether the value begins on an earlier line.
    pub(super) fn is_continued(&self) -> bool {
        self.continued
    }

    /// The same place with so many bytes of the line's value passed over.
    pub(super) fn behind(mut self, count: usize) -> Self {
        self.line.start += count as u32;
        self
    }

    /// The word around the cursor, up to one of these characters on either side.
    pub(super) fn word(&self, separators: &[char]) -> Offers<'a, 'a> {
        let (before, after) = (self.before(), self.after());
        let start = before.rfind(separators).map_or(0, |at| at + 1);
        let end = after.find(separators).unwrap_or(after.len());
        self.offers(start, end)
    }

    /// The separator that follows the word around the cursor.
    pub(super) fn next(&self, separators: &[char]) -> Option<char> {
        self.after().chars().find(|c| separators.contains(c))
    }

    /// All of the value, or none of it if it goes over several lines.
    pub(super) fn whole(&self) -> Option<Offers<'a, 'a>> {
        (!self.is_continued()).then(|| self.offers(0, self.after().len()))
    }

    /// What stands from `start` of what is before the cursor to `end` of what is behind it.
    pub(super) fn offers(&self, start: usize, end: usize) -> Offers<'a, 'a> {
        let replace = Span { start: self.line.start + start as u32, end: self.offset + end as u32 };
        Offers::new(replace, &self.before()[start..])
    }

    /// The other words of the list that the value is.
    pub(super) fn others(&self, separators: &[char]) -> HashSet<&'a str> {
        let (before, after) = (self.before(), self.after());
        let start = before.rfind(separators).map_or(0, |at| at + 1);
        let end = after.find(separators).unwrap_or(after.len());
        let text: &'a str = self.document.file.text;
        let own = &text[self.line.start as usize + start..self.offset as usize + end];
        let words = self.directive.value.text().split(separators);
        words.map(|word| word.trim_start_matches('~')).filter(|word| *word != own).collect()
    }
}

/// Whether `offset`, which is behind the key of `directive`, is on one of its lines.
fn reaches(file: &File, directive: &Directive, offset: u32) -> bool {
    let mut line = file.line(directive.span.end);
    if file.dialect == Dialect::Supervisord {
        // An indented line goes on with it.
        let below = file.line(file.lines(line).end);
        let blanks = &file.text[Span { start: below.start, end: offset.clamp(below.start, below.end) }];
        let goes_on = offset <= below.end && !blanks.is_empty() && blanks.chars().all(|c| BLANKS.contains(&c));
        return offset <= line.end || goes_on;
    }
    let mut first = true;
    while line.end < offset {
        let text = &file.text[line.range()];
        let comment = !first && text.trim_start_matches(BLANKS).starts_with(['#', ';']);
        if !comment && !ends_escaped(text) {
            return false;
        }
        first = false;
        line = file.line(file.lines(line).end);
    }
    true
}

/// Whether a line ends in a backslash that no other one escapes.
fn ends_escaped(line: &str) -> bool {
    line.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}
