use std::ops::Range;

use super::looks;
use crate::syntax::{Directive, File, ProblemKind, comment_of, ends_escaped, raw_lines};
use crate::text::Span;

/// The blanks that may stand around everything.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// The byte-order mark, which goes away where it is the first one that begins a line.
pub(super) const BOM: char = '\u{feff}';

/// The lines of a file, and which of them belong together.
pub(super) struct Layout<'f> {
    pub(super) file: &'f File<'f>,
    pub(super) lines: Vec<Line>,
    /// In the order of the file, all lines of it.
    pub(super) items: Vec<Item>,
}

/// A line as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Without its end.
    pub(super) text: Span,
    /// Where the next one begins.
    pub(super) next: u32,
    /// Whether it is a comment, which may stand between continued lines too.
    pub(super) comment: bool,
}

/// What is laid out as one.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Which of [`Layout::lines`].
    pub(super) lines: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An empty line, if it doesn't end a continued one and no NUL ends it.
    Blank,
    /// A comment that stands in no continued line.
    Comment,
    /// The header of a section, on one line.
    Header { first: bool },
    /// Which of [`File::directives`]; its key and `=` stand on its first line.
    Directive(usize),
    /// Anything that is better left alone.
    Other,
}

impl<'f> Layout<'f> {
    /// Reads `file` once more, for its lines.
    pub(super) fn of(file: &'f File<'f>) -> Self {
        let starts: Vec<Span> = raw_lines(file.text).collect();
        let ends = starts.iter().skip(1).map(|next| next.start).chain([file.text.len() as u32]);
        let line = |(text, next): (Span, u32)| Line { text, next, comment: comment_of(&file.text[text]).is_some() };
        let lines = starts.iter().copied().zip(ends).map(line).collect();
        let mut layout = Layout { file, lines, items: Vec::new() };
        layout.items = layout.join();
        layout
    }

    /// The directive that an item is.
    pub(super) fn directive(&self, item: &Item) -> Option<&'f Directive<'f>> {
        match item.kind {
            Kind::Directive(at) => self.file.directives.get(at),
            _ => None,
        }
    }

    /// The end of a line: LF, CR LF and the like; nothing at the end of the text.
    pub(super) fn line_end(&self, line: &Line) -> &'f str {
        &self.file.text[Span { start: line.text.end, end: line.next }]
    }

    /// What ends the line `at` once it is formatted: the last line gets the end of the one above.
    pub(super) fn line_end_after(&self, at: usize) -> &'f str {
        let end = self.line_end(&self.lines[at]);
        if !end.is_empty() {
            return end;
        }
        let above = at.checked_sub(1).map_or("\n", |above| self.line_end(&self.lines[above]));
        if above.contains('\0') { "\n" } else { above }
    }

    /// Whether the line `at` would still be one if nothing stood in it:
    /// several kinds of line ends together are only one.
    pub(super) fn may_be_empty(&self, at: usize) -> bool {
        let Some(above) = at.checked_sub(1).map(|above| self.line_end(&self.lines[above])) else { return true };
        above.contains('\0') || self.line_end_after(at).starts_with(|end| above.contains(end))
    }

    /// The blanks that a line begins with.
    pub(super) fn leading(&self, line: &Line) -> Span {
        let text = &self.file.text[line.text];
        let blanks = text.len() - text.trim_start_matches(BLANKS).len();
        Span { end: line.text.start + blanks as u32, ..line.text }
    }

    /// What a line holds behind its leading blanks.
    pub(super) fn content(&self, line: &Line) -> &'f str {
        self.file.text[line.text].trim_start_matches(BLANKS)
    }

    /// Puts lines together as the reader does.
    fn join(&self) -> Vec<Item> {
        let mut sorter = Sorter::new(self);
        let mut items = Vec::with_capacity(self.lines.len());
        let mut open: Option<usize> = None;
        for (at, line) in self.lines.iter().enumerate() {
            if sorter.unread.is_some_and(|unread| unread < line.next) {
                items.push(Item { kind: Kind::Other, lines: open.take().unwrap_or(at)..self.lines.len() });
                return items;
            }
            let first = open.unwrap_or(at);
            if line.comment {
                if open.is_none() {
                    items.push(Item { kind: Kind::Comment, lines: at..at + 1 });
                }
            } else if ends_escaped(&self.file.text[line.text]) {
                open = Some(first);
            } else {
                open = None;
                items.push(sorter.item(first..at + 1));
            }
        }
        if let Some(first) = open {
            items.push(sorter.item(first..self.lines.len()));
        }
        items
    }
}

impl Line {
    /// With its end.
    pub(super) fn whole(&self) -> Span {
        Span { start: self.text.start, end: self.next }
    }
}

/// Says of lines, first to last, what they are.
struct Sorter<'l, 'f> {
    layout: &'l Layout<'f>,
    /// The next directive, section and bad spot.
    directive: usize,
    section: usize,
    spot: usize,
    /// What keeps an item from being touched, in the order of the file.
    spots: Vec<Span>,
    /// Where reading stopped.
    unread: Option<u32>,
}

impl<'l, 'f> Sorter<'l, 'f> {
    fn new(layout: &'l Layout<'f>) -> Self {
        let problems = &layout.file.problems;
        let bad = problems.iter().filter(|problem| match problem.kind {
            ProblemKind::InvalidText | ProblemKind::UnsafeHeader | ProblemKind::UnclosedHeader => true,
            ProblemKind::OutsideSection
            | ProblemKind::MissingEquals
            | ProblemKind::MissingKey
            | ProblemKind::LineTooLong
            | ProblemKind::DanglingBackslash
            | ProblemKind::AfterHeader => false,
        });
        let mut spots: Vec<Span> = bad.map(|problem| problem.span).collect();
        spots.sort_unstable();
        let unread = problems.iter().find(|problem| problem.kind == ProblemKind::LineTooLong);
        let unread = unread.map(|problem| problem.span.start);
        Sorter { layout, directive: 0, section: 0, spot: 0, spots, unread }
    }

    fn item(&mut self, lines: Range<usize>) -> Item {
        let kind = self.kind(lines.clone());
        Item { kind, lines }
    }

    fn kind(&mut self, lines: Range<usize>) -> Kind {
        let Layout { file, lines: all, .. } = self.layout;
        let (first, last) = (&all[lines.start], &all[lines.end - 1]);
        let directive = file.directives.get(self.directive).filter(|next| next.key_span.start < last.next);
        let section = file.sections.get(self.section).filter(|next| next.header.start < last.next);
        let before = (self.directive, self.section, self.spot);
        self.directive += usize::from(directive.is_some());
        self.section += usize::from(section.is_some());
        self.spot += self.spots[self.spot..].iter().take_while(|spot| spot.start < last.next).count();
        let content = self.layout.content(first);
        let ended_by_nul = self.layout.line_end(first).contains('\0');
        if self.spot > before.2 || content.starts_with(BOM) {
            return Kind::Other;
        }
        match (directive, section) {
            (Some(directive), _) if looks::plain(self.layout, directive, &lines) => Kind::Directive(before.0),
            (None, Some(_)) if lines.len() == 1 => Kind::Header { first: before.1 == 0 },
            (None, None) if lines.len() == 1 && content.is_empty() && !ended_by_nul => Kind::Blank,
            _ => Kind::Other,
        }
    }
}
