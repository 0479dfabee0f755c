//! What each part of a file is, for its colours.

use super::Document;
use crate::schema::Version;
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::values::pieces::{PieceKind, pieces};

/// A part of a file. It may go over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it shouldn't be used any more.
    pub deprecated: bool,
}

/// What a part of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A section's name.
    Section,
    /// What stands in front of a `=`.
    Key,
    /// A comment.
    Comment,
    /// A part of a value.
    Value(PieceKind),
}

/// The parts of the file that touch `within`, in order and apart from each other.
pub fn tokens(document: &Document, within: Span) -> Vec<Token> {
    let file = document.file;
    let mut out = Vec::new();
    let first = file.sections.partition_point(|section| section.header.start < within.start).saturating_sub(1);
    for section in &file.sections[first..] {
        if section.header.start > within.end {
            break;
        }
        out.push(Token { span: section.name_span, kind: TokenKind::Section, deprecated: false });
        for directive in file.directives_of(section) {
            if directive.span.end >= within.start && directive.span.start <= within.end {
                of_directive(document, section, directive, &mut out);
            }
        }
    }
    let comments = file.comments.iter().map(|&span| Token { span, kind: TokenKind::Comment, deprecated: false });
    out.extend(comments);
    out.retain(|token| !token.span.is_empty() && token.span.end >= within.start && token.span.start <= within.end);
    out.sort_by_key(|token| token.span);
    // A key may go over several lines and have comments inside.
    let mut end = 0;
    out.retain(|token| {
        let apart = token.span.start >= end;
        end = end.max(token.span.end);
        apart
    });
    out
}

fn of_directive(document: &Document, section: &Section, directive: &Directive, out: &mut Vec<Token>) {
    let entry = document.entry(section, directive);
    let version = document.target.version;
    let over = entry.is_some_and(|entry| {
        entry.deprecated.iter().chain(&entry.removed).any(|ending| Version(ending.since) <= version)
    });
    out.push(Token { span: directive.key_span, kind: TokenKind::Key, deprecated: over });
    let value = &directive.value;
    let mut push = |inner: Span, kind: PieceKind| {
        let spans = value.sources(inner).map(|span| Token { span, kind: TokenKind::Value(kind), deprecated: false });
        out.extend(spans);
    };
    match entry {
        Some(entry) => {
            pieces(value.text(), &document.context(entry)).iter().for_each(|piece| push(piece.span, piece.kind));
        }
        None => push(Span::new(0, value.text().len()), PieceKind::Text),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::Open;
    use super::*;

    fn check(text: &str, within: Span, expect: Expect) {
        let mut out = String::new();
        Open::new("a.service", text).with(|document| {
            for token in tokens(document, within) {
                let over = if token.deprecated { " deprecated" } else { "" };
                let kind = match token.kind {
                    TokenKind::Value(kind) => format!("{kind:?}"),
                    kind => format!("{kind:?}"),
                };
                out.push_str(&format!("{:?} {kind}{over}\n", &text[token.span]));
            }
        });
        expect.assert_eq(&out);
    }

    #[test]
    fn of_a_file() {
        let text = "# 𝄞\n[Unit]\nAfter = a.service \\\n; within\n  b.service\nX-A=b\n[Service]\nMemoryLimit=1G\n[";
        check(
            text,
            Span::new(0, text.len()),
            expect![[r##"
            "# 𝄞" Comment
            "Unit" Section
            "After" Key
            "a.service" Unit
            "; within" Comment
            "b.service" Unit
            "X-A" Key
            "b" Text
            "Service" Section
            "MemoryLimit" Key deprecated
            "1G" Text
        "##]],
        );
    }

    #[test]
    fn of_a_key_in_two_lines() {
        let text = "[Unit]\nAf\\\n# c\nter=b\n";
        check(
            text,
            Span::new(0, text.len()),
            expect![[r#"
            "Unit" Section
            "Af\\\n# c\nter" Key
            "b" Text
        "#]],
        );
    }

    #[test]
    fn of_a_part() {
        let text = "[Unit]\nA=b\n# c\n[Service]\nNice=1\nRestart=no\n# d\n";
        let at = text.find("Nice").unwrap();
        check(
            text,
            Span::new(at, at + 2),
            expect![[r#"
            "Nice" Key
        "#]],
        );
    }
}
