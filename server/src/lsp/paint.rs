//! The parts of a file as semantic tokens: what they are called, and their places as differences.

use svlsp_core::features::{Token, TokenKind};
use svlsp_core::values::pieces::PieceKind;
use tower_lsp::ls_types::{SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend};

use super::position::Encoding;

/// The types; all but `path` are the protocol's own. See docs/editors.md.
const TYPES: [&str; 13] = [
    "namespace",
    "property",
    "comment",
    "string",
    "keyword",
    "enumMember",
    "number",
    "path",
    "class",
    "function",
    "variable",
    "macro",
    "operator",
];

/// The one modifier.
const DEPRECATED: u32 = 1;

/// What the numbers of types and modifiers stand for.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.into_iter().map(SemanticTokenType::new).collect(),
        token_modifiers: vec![SemanticTokenModifier::DEPRECATED],
    }
}

fn type_of(kind: TokenKind) -> u32 {
    let name = match kind {
        TokenKind::Section => "namespace",
        TokenKind::Key => "property",
        TokenKind::Comment => "comment",
        TokenKind::Value(piece) => match piece {
            PieceKind::Text => "string",
            PieceKind::Boolean => "keyword",
            PieceKind::Word => "enumMember",
            PieceKind::Number => "number",
            PieceKind::Path => "path",
            PieceKind::Unit => "class",
            PieceKind::Program => "function",
            PieceKind::VariableName | PieceKind::Variable => "variable",
            PieceKind::Specifier => "macro",
            PieceKind::Operator => "operator",
        },
    };
    TYPES.iter().position(|known| *known == name).unwrap_or_default() as u32
}

/// `tokens` of `text`, in order and apart from each other, one for each line that they go over,
/// without the blanks around it.
pub(super) fn paint(tokens: &[Token], text: &str, encoding: Encoding) -> Vec<SemanticToken> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut here = Cursor { text, encoding, at: 0, line: 0, column: 0 };
    let (mut line, mut column) = (0, 0);
    for token in tokens {
        let mut start = token.span.start as usize;
        for part in text[token.span].split_inclusive(['\n', '\r']) {
            let shown = part.trim();
            let first = start + (part.len() - part.trim_start().len());
            let end = first + shown.len();
            here.go(first);
            let (at_line, at_column) = (here.line, here.column);
            if !shown.is_empty() {
                here.go(end);
                out.push(SemanticToken {
                    delta_line: at_line - line,
                    delta_start: if at_line == line { at_column - column } else { at_column },
                    length: here.column - at_column,
                    token_type: type_of(token.kind),
                    token_modifiers_bitset: if token.deprecated { DEPRECATED } else { 0 },
                });
                (line, column) = (at_line, at_column);
            }
            start += part.len();
        }
    }
    out
}

/// A place that only moves on.
struct Cursor<'t> {
    text: &'t str,
    encoding: Encoding,
    at: usize,
    line: u32,
    column: u32,
}

impl Cursor<'_> {
    fn go(&mut self, to: usize) {
        let bytes = self.text.as_bytes();
        for end in memchr::memchr2_iter(b'\n', b'\r', &bytes[self.at..to]) {
            let end = self.at + end;
            if bytes[end] == b'\n' || bytes.get(end + 1) != Some(&b'\n') {
                self.line += 1;
            }
        }
        let start = memchr::memrchr2(b'\n', b'\r', &bytes[self.at..to]).map(|end| self.at + end + 1);
        let passed = &self.text[start.unwrap_or(self.at)..to];
        self.column = self.encoding.width(passed) + if start.is_some() { 0 } else { self.column };
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use svlsp_core::text::Span;

    #[test]
    fn a_token_of_several_lines_is_one_for_each() {
        let text = "𝄞a\r\nb\n\nc d";
        let token = |start, end| Token { span: Span::new(start, end), kind: TokenKind::Comment, deprecated: false };
        let tokens = [token(4, 11), token(12, 13)];
        let show = |encoding| {
            let shown = paint(&tokens, text, encoding);
            shown.iter().map(|one| (one.delta_line, one.delta_start, one.length)).collect::<Vec<_>>()
        };
        assert_eq!(show(Encoding::Utf16), [(0, 2, 1), (1, 0, 1), (2, 0, 1), (0, 2, 1)]);
        assert_eq!(show(Encoding::Utf8), [(0, 4, 1), (1, 0, 1), (2, 0, 1), (0, 2, 1)]);
    }
}
