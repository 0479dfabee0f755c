use std::borrow::Cow;

use crate::text::Span;

/// The right-hand side of a directive, continuation lines joined.
#[derive(Debug)]
pub struct Value<'t> {
    text: Cow<'t, str>,
    span: Span,
    /// Where runs of source text begin, in `text` and in the source, when the
    /// value goes over several lines; empty otherwise.
    joints: Vec<Joint>,
}

/// From `inner` on, the text of a value lies at `source` in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) inner: u32,
    pub(super) source: u32,
}

impl<'t> Value<'t> {
    pub(super) fn new(text: Cow<'t, str>, span: Span, joints: Vec<Joint>) -> Self {
        Value { text, span, joints }
    }

    /// What the service manager reads: blanks stripped, each backslash that
    /// continues a line a space, line ends and comments in between gone.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value in the source, from its first to its last byte.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether it goes over several lines.
    pub fn is_continued(&self) -> bool {
        self.joints.get(1).is_some_and(|joint| (joint.inner as usize) < self.text.len())
    }

    /// Where a part of [`Value::text`] lies in the source.
    pub fn source(&self, inner: Span) -> Span {
        let start = self.offset(inner.start);
        if inner.is_empty() { Span { start, end: start } } else { Span { start, end: self.offset(inner.end - 1) + 1 } }
    }

    /// The same, one span for each line of the source that the part goes over: comments in
    /// between aren't covered.
    pub fn sources(&self, inner: Span) -> impl Iterator<Item = Span> {
        let first = self.joints.partition_point(|joint| joint.inner <= inner.start).saturating_sub(1);
        let mut at = first;
        let mut start = inner.start;
        std::iter::from_fn(move || {
            while start < inner.end {
                let next = self.joints.get(at + 1).map_or(u32::MAX, |next| next.inner);
                let part = Span { start, end: inner.end.min(next) };
                at += 1;
                if part.start < part.end {
                    start = part.end;
                    return Some(self.source(part));
                }
            }
            None
        })
    }

    /// The offset in [`Value::text`] of what lies at `source`, or of what comes next
    /// where that is part of a line end or a comment in between.
    pub fn inner(&self, source: u32) -> u32 {
        let inner = match self.joints.partition_point(|joint| joint.source <= source).checked_sub(1) {
            Some(at) => {
                let end = self.joints.get(at + 1).map_or(u32::MAX, |next| next.inner);
                (self.joints[at].inner + (source - self.joints[at].source)).min(end)
            }
            None => source.saturating_sub(self.span.start),
        };
        inner.min(self.text.len() as u32)
    }

    fn offset(&self, inner: u32) -> u32 {
        match self.joints.partition_point(|joint| joint.inner <= inner).checked_sub(1) {
            Some(at) => self.joints[at].source + (inner - self.joints[at].inner),
            None => self.span.start + inner,
        }
    }
}
