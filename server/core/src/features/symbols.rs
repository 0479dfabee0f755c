//! The outline of a file: its sections and what stands in them.

use super::Document;
use crate::text::Span;

/// A section, or a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The section's name or the key.
    pub name: String,
    /// What is assigned, cut where it is long; empty for a section.
    pub detail: String,
    /// All of it.
    pub span: Span,
    /// Where its name stands, within `span`.
    pub name_span: Span,
    /// The directives of a section.
    pub children: Vec<Symbol>,
}

/// The most characters of a value that are shown.
const MOST: usize = 80;

/// The sections of the file with their directives.
pub fn symbols(document: &Document) -> Vec<Symbol> {
    let file = document.file;
    let section = |section: &crate::syntax::Section| {
        let directives = file.directives_of(section);
        let directive = |directive: &crate::syntax::Directive| {
            Symbol::new(&directive.key, directive.value.text(), directive.span, directive.key_span)
        };
        let end = directives.last().map_or(section.header, |last| last.span);
        Symbol {
            children: directives.iter().map(directive).collect(),
            ..Symbol::new(&section.name, "", section.header.cover(end), section.name_span)
        }
    };
    file.sections.iter().map(section).collect()
}

impl Symbol {
    /// Something without children. Editors refuse names without a visible character.
    pub fn new(name: &str, value: &str, span: Span, name_span: Span) -> Self {
        let name = if name.trim().is_empty() { "(empty)" } else { name };
        let lines: Vec<&str> = value.lines().collect();
        let value = lines.join(" ");
        let mut detail: String = value.chars().take(MOST).collect();
        if detail.len() < value.len() {
            detail.push('…');
        }
        Symbol { name: name.to_owned(), detail, span, name_span, children: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::Open;
    use super::*;

    #[test]
    fn an_outline() {
        let text = format!("A=b\n[Unit]\nAfter=a \\\n  b\n\n# c\n[]\n[Install]\nX={}\n", "ä".repeat(99));
        let mut out = String::new();
        let mut show = |symbol: &Symbol, depth: &str| {
            let Symbol { name, detail, span, .. } = symbol;
            out.push_str(&format!("{depth}{name} | {detail} | {:?}\n", &text.as_str()[*span]));
        };
        Open::new("a.service", &text).with(|document| {
            for section in symbols(document) {
                show(&section, "");
                section.children.iter().for_each(|directive| show(directive, "  "));
            }
        });
        expect![[r#"
            Unit |  | "[Unit]\nAfter=a \\\n  b"
              After | a    b | "After=a \\\n  b"
            (empty) |  | "[]"
            Install |  | "[Install]\nX=äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
              X | ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää… | "X=äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
        "#]].assert_eq(&out);
    }
}
