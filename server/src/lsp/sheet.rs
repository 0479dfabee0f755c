//! A document and the places in it.

use std::cell::OnceCell;

use svlsp_core::features;
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Position, Range, Uri};

use super::document::Document;
use super::position::Encoding;
use super::state::State;

/// One version of a document, with places as the client counts them.
#[derive(Debug)]
pub(super) struct Sheet {
    document: Document,
    encoding: Encoding,
    /// Where its lines begin; found when a range is asked for.
    starts: OnceCell<Vec<usize>>,
}

/// The places in a text that may not be open.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Those of `text`.
    pub(super) fn of(text: &'t str, encoding: Encoding) -> Self {
        Lines { text, encoding, starts: line_starts(text) }
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        let position = |offset: u32| position(self.text, &self.starts, offset as usize, self.encoding);
        Range { start: position(span.start), end: position(span.end) }
    }
}

impl Sheet {
    fn new(document: Document, encoding: Encoding) -> Self {
        Sheet { document, encoding, starts: OnceCell::new() }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.document.text
    }

    /// How columns are counted.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The offset of a position.
    pub(super) fn offset(&self, position: Position) -> u32 {
        self.encoding.offset(&self.document.rope, position) as u32
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start as usize), end: self.position(span.end as usize) }
    }

    /// As [`Encoding::position`] of the rope, many times faster: there may be thousands to place.
    fn position(&self, offset: usize) -> Position {
        let starts = self.starts.get_or_init(|| line_starts(self.text()));
        position(self.text(), starts, offset, self.encoding)
    }

    /// The span of a range.
    pub(super) fn span(&self, range: Range) -> Span {
        self.encoding.span(&self.document.rope, range)
    }
}

impl State {
    /// Looks at an open document; `None` for a file that only has the name of a unit file, and for
    /// one that is too large.
    ///
    /// # Errors
    ///
    /// When it isn't open.
    pub(super) fn read<T>(&self, uri: &Uri, show: impl FnOnce(&features::Document, &Sheet) -> T) -> Result<Option<T>> {
        let sheet = Sheet::new(self.document(uri)?, self.client().encoding);
        self.look(uri, |view| show(&view.unit, &sheet))
    }
}

fn position(text: &str, starts: &[usize], offset: usize, encoding: Encoding) -> Position {
    let line = starts.partition_point(|start| *start <= offset).saturating_sub(1);
    let before = text.get(starts[line]..offset).unwrap_or_default();
    Position::new(line as u32, encoding.width(before))
}

/// LF, CR LF and a lone CR end a line.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let ends = ends.filter(|&end| bytes[end] == b'\n' || bytes.get(end + 1) != Some(&b'\n'));
    std::iter::once(0).chain(ends.map(|end| end + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::document::Language;

    #[test]
    fn places_are_those_of_the_rope() {
        let text = "a\r\nä€𝄞b\rc\u{2028}d\n\r\r\n";
        let uri: Uri = "file:///a.service".parse().unwrap();
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let sheet = Sheet::new(Document::new(uri.clone(), Language::Systemd, 1, text), encoding);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let span = Span::at(at);
                assert_eq!(sheet.range(span), encoding.range(&sheet.document.rope, span), "{at} in {encoding:?}");
            }
        }
    }
}
