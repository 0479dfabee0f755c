//! Questions that several rules ask about the file they look at.

use super::FileContext;
use crate::schema::{self, FileKind};
use crate::syntax::{ProblemKind, Section};
use crate::text::Span;

impl FileContext<'_> {
    /// Where the reader met a problem of this kind in lines that systemd looks at.
    ///
    /// It skips lines of unknown sections and of those that begin with `X-`,
    /// but no headers and no spoilt text.
    pub(super) fn problems(&self, kind: ProblemKind) -> impl Iterator<Item = Span> {
        let skipped = matches!(kind, ProblemKind::MissingEquals | ProblemKind::MissingKey);
        self.file
            .problems
            .iter()
            .filter(move |problem| problem.kind == kind)
            .map(|problem| problem.span)
            .filter(move |&span| !skipped || self.file.section_at(span).is_some_and(|section| self.reads(section)))
    }

    /// Whether systemd looks at the lines of `section`.
    pub(super) fn reads(&self, section: &Section) -> bool {
        match self.kind {
            FileKind::Unit(kind) => schema::section(&section.name).is_some_and(|known| known.belongs_to(kind)),
            FileKind::Other(_) => !section.name.starts_with("X-"),
        }
    }

    /// Whether the file assigns to `key` in a section called `section`.
    pub(super) fn assigns(&self, section: &str, key: &str) -> bool {
        let mut named = self.file.sections.iter().filter(|other| other.name == section);
        named.any(|section| self.file.directives_of(section).iter().any(|directive| directive.key == key))
    }

    /// What systemd does about a file that it cannot read to the end.
    pub(super) fn refusal(&self) -> &'static str {
        match self.kind {
            FileKind::Unit(_) if self.drop_in => "systemd stops reading the drop-in here",
            FileKind::Unit(_) => "systemd refuses the whole unit",
            FileKind::Other(_) => "the file is not read any further",
        }
    }

    /// The lines that `span` is in, with the end of the last one.
    pub(super) fn lines(&self, span: Span) -> Span {
        let mut lines = self.line(span.start).cover(self.line(span.end));
        lines.end += match self.file.text.as_bytes()[lines.end as usize..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        lines
    }

    /// The line that `offset` is in, its end not included.
    pub(super) fn line(&self, offset: u32) -> Span {
        let (before, after) = self.file.text.split_at(offset as usize);
        let ends = ['\n', '\r', '\0'];
        let start = before.rfind(ends).map_or(0, |at| at + 1);
        Span::new(start, after.find(ends).map_or(self.file.text.len(), |at| before.len() + at))
    }
}
