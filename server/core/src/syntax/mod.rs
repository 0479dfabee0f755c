//! One file, typed: sections, directives and comments with their places.
//!
//! The reader of unit files follows systemd's own (`src/shared/conf-parser.c`,
//! `config_parse` and `parse_line`) byte for byte, so a file means here what
//! it means to the service manager; [`supervisord`] does the same for
//! supervisord.conf.

mod scan;
pub mod supervisord;
#[cfg(test)]
mod tests;
mod value;

pub use scan::{MAX_LINE, scan, scan_decoded};
pub(crate) use scan::{comment_of, ends_escaped, is_text, raw_lines};
pub use value::Value;

use std::borrow::Cow;

use crate::text::{Decoded, Span};

/// Who reads a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// systemd.
    #[default]
    Systemd,
    /// supervisord.
    Supervisord,
}

/// A unit file, drop-in or supervisord.conf as it was written.
#[derive(Debug, Default)]
pub struct File<'t> {
    /// Who reads it.
    pub dialect: Dialect,
    /// The whole text.
    pub text: &'t str,
    /// In the order of the file; a name may come more than once.
    pub sections: Vec<Section<'t>>,
    /// All directives of all sections, in the order of the file.
    pub directives: Vec<Directive<'t>>,
    /// Comment lines, from the `#` or `;` to the end of the line, also those
    /// that stand inside a continued line.
    pub comments: Vec<Span>,
    /// What the reader could not use.
    pub problems: Vec<Problem>,
}

/// A section header and what stands below it.
#[derive(Debug)]
pub struct Section<'t> {
    /// Without the brackets.
    pub name: Cow<'t, str>,
    /// The name in the source.
    pub name_span: Span,
    /// From bracket to bracket.
    pub header: Span,
    /// Which of [`File::directives`] belong to it.
    pub directives: std::ops::Range<usize>,
}

/// `Key=value`.
#[derive(Debug)]
pub struct Directive<'t> {
    /// As written, blanks stripped; of supervisord.conf in small letters.
    pub key: Cow<'t, str>,
    /// The key in the source.
    pub key_span: Span,
    /// What is assigned.
    pub value: Value<'t>,
    /// The whole logical line in the source, from the key to the value's end.
    pub span: Span,
}

/// A line that the reader could not use, and what systemd does then; supervisord
/// refuses the whole file, but for [`ProblemKind::AfterHeader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Where it stands.
    pub span: Span,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A directive before the first section header; the line is dropped.
    OutsideSection,
    /// Neither header nor comment nor assignment; the line is dropped.
    MissingEquals,
    /// Nothing in front of the `=`; the line is dropped.
    MissingKey,
    /// A line that begins with `[` and does not end with `]`; the file is
    /// refused. What it was meant to open goes on as a section here.
    UnclosedHeader,
    /// A quote, backslash or control character in a section name; the file is refused.
    UnsafeHeader,
    /// A line of [`MAX_LINE`] bytes, or one joined to more; the file is refused.
    LineTooLong,
    /// Bytes that aren't UTF-8, or a code point that systemd doesn't count as
    /// text, outside of comments; the file is refused.
    InvalidText,
    /// The last line ends in a backslash: nothing is left to continue with.
    DanglingBackslash,
    /// Behind the header of a section of supervisord.conf: nobody reads it.
    AfterHeader,
}

/// Reads the bytes of one file of `dialect`.
pub fn read<'t>(decoded: &'t Decoded<'_>, dialect: Dialect) -> File<'t> {
    match dialect {
        Dialect::Systemd => scan_decoded(decoded),
        Dialect::Supervisord => supervisord::scan_decoded(decoded),
    }
}

impl<'t> File<'t> {
    /// Whether `span` begins inside a comment.
    pub fn in_comment(&self, span: Span) -> bool {
        let next = self.comments.partition_point(|comment| comment.start <= span.start);
        next.checked_sub(1).is_some_and(|at| span.start < self.comments[at].end)
    }

    /// The section that the line at `span` stands in, header line included.
    pub fn section_at(&self, span: Span) -> Option<&Section<'t>> {
        let next = self.sections.partition_point(|section| section.header.start <= span.start);
        next.checked_sub(1).map(|at| &self.sections[at])
    }

    /// The directives of `section`.
    pub fn directives_of(&self, section: &Section<'_>) -> &[Directive<'t>] {
        self.directives.get(section.directives.clone()).unwrap_or_default()
    }

    /// The line of the source that `offset` is in, its end not included; LF,
    /// CR and NUL end one.
    pub fn line(&self, offset: u32) -> Span {
        Span { start: self.line_start(offset), end: self.line_end(offset) }
    }

    /// The lines of the source that `span` is in, with the end of the last one.
    pub fn lines(&self, span: Span) -> Span {
        let mut lines = Span { start: self.line_start(span.start), end: self.line_end(span.end) };
        lines.end += match self.text.as_bytes()[lines.end as usize..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        lines
    }

    fn line_start(&self, offset: u32) -> u32 {
        let before = &self.text.as_bytes()[..offset as usize];
        memchr::memrchr3(b'\n', b'\r', 0, before).map_or(0, |at| at as u32 + 1)
    }

    fn line_end(&self, offset: u32) -> u32 {
        let after = &self.text.as_bytes()[offset as usize..];
        offset + memchr::memchr3(b'\n', b'\r', 0, after).unwrap_or(after.len()) as u32
    }
}
