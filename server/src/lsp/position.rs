//! Lines and columns as the protocol counts them, and offsets in bytes.

use ropey::Rope;
use svlsp_core::text::Span;
use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// What every client can do: code units of two bytes.
    #[default]
    Utf16,
}

impl Encoding {
    /// Bytes, if the client can count these.
    pub(super) fn choose(offered: Option<&[PositionEncodingKind]>) -> Self {
        match offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8)) {
            true => Encoding::Utf8,
            false => Encoding::Utf16,
        }
    }

    /// Its name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// How wide a text is that has no end of a line in it.
    pub(super) fn width(self, text: &str) -> u32 {
        let width = match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        };
        width as u32
    }

    /// The offset in bytes of a position. A column behind the end of its line
    /// counts as that end, a line behind the last one as the end of the text,
    /// and one inside of a character as the beginning of that.
    pub(super) fn offset(self, text: &Rope, position: Position) -> usize {
        let line = position.line as usize;
        if line >= text.len_lines() {
            return text.len_bytes();
        }
        let start = text.line_to_char(line);
        let end = start + width(text, line);
        let column = position.character as usize;
        match self {
            Encoding::Utf8 => {
                let start = text.line_to_byte(line);
                let end = text.char_to_byte(end);
                let at = start.saturating_add(column).min(end);
                text.char_to_byte(text.byte_to_char(at))
            }
            Encoding::Utf16 => {
                let units = text.char_to_utf16_cu(start).saturating_add(column);
                let at = units.min(text.char_to_utf16_cu(end));
                text.char_to_byte(text.utf16_cu_to_char(at))
            }
        }
    }

    /// The position of an offset in bytes; one behind the end counts as the end.
    pub(super) fn position(self, text: &Rope, offset: usize) -> Position {
        let offset = offset.min(text.len_bytes());
        let line = text.byte_to_line(offset);
        let column = match self {
            Encoding::Utf8 => offset - text.line_to_byte(line),
            Encoding::Utf16 => {
                text.char_to_utf16_cu(text.byte_to_char(offset)) - text.char_to_utf16_cu(text.line_to_char(line))
            }
        };
        Position { line: line as u32, character: column as u32 }
    }

    /// The range of a span.
    pub(super) fn range(self, text: &Rope, span: Span) -> Range {
        let Span { start, end } = span;
        Range { start: self.position(text, start as usize), end: self.position(text, end as usize) }
    }

    /// The span of a range; one that ends before it begins is empty.
    pub(super) fn span(self, text: &Rope, range: Range) -> Span {
        Span::new(self.offset(text, range.start), self.offset(text, range.end))
    }
}

/// How many characters a line has, its end not counted.
fn width(text: &Rope, line: usize) -> usize {
    let line = text.line(line);
    let mut width = line.len_chars();
    for end in ['\n', '\r'] {
        if width > 0 && line.char(width - 1) == end {
            width -= 1;
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\r\nä€𝄞b\rc\u{2028}d\n";

    #[test]
    fn there_and_back() {
        let rope = Rope::from_str(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, c) in TEXT.char_indices().filter(|(at, _)| *at != 2) {
                let position = encoding.position(&rope, at);
                assert_eq!(encoding.offset(&rope, position), at, "{c:?} {position:?}");
            }
        }
    }

    #[test]
    fn columns() {
        let rope = Rope::from_str(TEXT);
        let of = |encoding: Encoding, c| encoding.position(&rope, TEXT.find(c).unwrap());
        assert_eq!(of(Encoding::Utf16, 'b'), Position::new(1, 4));
        assert_eq!(of(Encoding::Utf8, 'b'), Position::new(1, 9));
        assert_eq!(of(Encoding::Utf16, 'd'), Position::new(2, 2));
    }

    #[test]
    fn what_is_beyond_or_inside() {
        let rope = Rope::from_str(TEXT);
        let offset = |encoding: Encoding, line, column| encoding.offset(&rope, Position::new(line, column));
        assert_eq!(offset(Encoding::Utf16, 0, 99), 1);
        assert_eq!(offset(Encoding::Utf8, 0, 99), 1);
        assert_eq!(offset(Encoding::Utf16, 99, 0), TEXT.len());
        assert_eq!(offset(Encoding::Utf16, 1, 3), TEXT.find('𝄞').unwrap());
        assert_eq!(offset(Encoding::Utf8, 1, 1), TEXT.find('ä').unwrap());
        assert_eq!(offset(Encoding::Utf16, u32::MAX, u32::MAX), TEXT.len());
    }
}
