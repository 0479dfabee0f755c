//! From byte offsets to what people read: lines, columns, excerpts.

use std::ops::Range;

use svlsp_core::diagnostic::Diagnostic;
use svlsp_core::text::{LineIndex, Span};

use crate::report::{Change, Excerpt, Finding, Fix, Related, Spot};

/// The most lines of a span that an excerpt shows.
const MAX_LINES: usize = 8;

/// The most bytes of a line that an excerpt shows.
const MAX_WIDTH: usize = 240;

/// How many bytes of a long line are shown before the span.
const LEAD: usize = 40;

/// The most bytes of a message.
const MAX_MESSAGE: usize = 500;

/// A text whose places are asked for.
pub(super) struct Placer<'t> {
    text: &'t str,
    index: LineIndex,
    excerpts: bool,
}

/// A finding about the file `file` as a whole.
pub fn about_file(file: u32, diagnostic: Diagnostic) -> Finding {
    Placer::new("", false).finding(file, diagnostic, Vec::new())
}

impl<'t> Placer<'t> {
    /// For `text`; excerpts are made only if somebody shows them.
    pub(super) fn new(text: &'t str, excerpts: bool) -> Self {
        Placer { text, index: LineIndex::new(text), excerpts }
    }

    /// Where a span lies in the file `file` of the plan.
    pub(super) fn spot(&self, file: u32, span: Span) -> Spot {
        let start = self.index.position(span.start as usize, self.text);
        let end = self.index.position(span.end as usize, self.text);
        Spot { file, span, start, end, excerpt: self.excerpts.then(|| self.excerpt(span)) }
    }

    /// A finding as reports take it, but for the other places it speaks of.
    pub(super) fn finding(&self, file: u32, diagnostic: Diagnostic, related: Vec<Related>) -> Finding {
        let fixes = diagnostic.fixes.into_iter().map(|fix| Fix {
            title: fix.title,
            certain: fix.certain,
            changes: fix
                .edits
                .into_iter()
                .map(|edit| Change {
                    start: self.index.position(edit.span.start as usize, self.text),
                    end: self.index.position(edit.span.end as usize, self.text),
                    edit,
                })
                .collect(),
        });
        Finding {
            spot: self.spot(file, diagnostic.span),
            severity: diagnostic.severity,
            rule: diagnostic.rule,
            message: shorten(diagnostic.message),
            help: diagnostic.help,
            related,
            fixes: fixes.collect(),
            tag: diagnostic.tag,
        }
    }

    fn excerpt(&self, span: Span) -> Excerpt {
        let first = self.index.line(span.start as usize);
        let last =
            self.index.line((span.end as usize).max(span.start as usize + 1) - 1).clamp(first, first + MAX_LINES - 1);
        let lines = self.index.line_span(first, self.text).cover(self.index.line_span(last, self.text));
        let mut window = self.trim_line_end(lines.range());
        if window.start == 0 && self.text.starts_with('\u{feff}') {
            window.start = '\u{feff}'.len_utf8().min(window.end);
        }
        let mut cut = (false, false);
        if window.len() > MAX_WIDTH * (last - first + 1) {
            let start = (span.start as usize).saturating_sub(LEAD).max(window.start);
            let end = (start + MAX_WIDTH).min(window.end);
            cut = (start > window.start, end < window.end);
            window = floor(self.text, start)..floor(self.text, end);
            window = self.first_line(window, span);
        }
        let mut text = String::with_capacity(window.len() + 8);
        if cut.0 {
            text.push('…');
        }
        let shift = text.len();
        text.push_str(&self.text[window.clone()]);
        let within = |offset: u32| (offset as usize).clamp(window.start, window.end) - window.start + shift;
        let marked = within(span.start)..within(span.end);
        if cut.1 {
            text.push('…');
        }
        Excerpt { line: first as u32 + 1, text, marked }
    }

    fn trim_line_end(&self, range: Range<usize>) -> Range<usize> {
        range.start..range.start + self.text[range.clone()].trim_end_matches(['\n', '\r']).len()
    }

    /// The line of `window` on which `span` begins.
    fn first_line(&self, window: Range<usize>, span: Span) -> Range<usize> {
        let at = (span.start as usize).clamp(window.start, window.end);
        let end = self.text[at..window.end].find(['\n', '\r']).map_or(window.end, |length| at + length);
        let start =
            self.text[window.start..at].rfind(['\n', '\r']).map_or(window.start, |before| window.start + before + 1);
        start..end
    }
}

/// The last place between characters that isn't behind `offset`.
fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Takes the middle out of a message that quotes too much of a file.
fn shorten(message: String) -> String {
    match message.len() {
        0..=MAX_MESSAGE => message,
        length => {
            let (start, end) = (floor(&message, MAX_MESSAGE / 2), floor(&message, length - MAX_MESSAGE / 4));
            format!("{}…{}", &message[..start], &message[end..])
        }
    }
}
