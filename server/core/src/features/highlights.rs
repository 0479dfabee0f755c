//! Where else in the file the same thing stands.

use super::supervisord::{name_at, names};
use super::{Document, Part};
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::values::pieces::{Piece, PieceKind, pieces};

/// A place where the thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Highlight {
    /// Where.
    pub span: Span,
    /// Whether it is set there, and not only used.
    pub sets: bool,
}

/// Where the section, key, unit, variable or specifier at `offset` stands, in order.
pub fn highlights(document: &Document, offset: u32) -> Vec<Highlight> {
    let file = document.file;
    let place = document.place(offset);
    let Some(section) = place.section else { return Vec::new() };
    if let (Some(configured), Some(name)) = (document.configured, name_at(document, offset)) {
        let own = names(configured.config.files).filter(|other| other.file == configured.at);
        let same = own.filter(|other| (other.kind, other.name) == (name.kind, name.name));
        return same.map(|other| Highlight { span: other.span, sets: other.sets }).collect();
    }
    match place.part {
        Part::Header => {
            let same = file.sections.iter().filter(|other| other.name == section.name);
            same.map(|other| Highlight { span: other.name_span, sets: false }).collect()
        }
        Part::Key(directive) => {
            let sections = file.sections.iter().filter(|other| other.name == section.name);
            let all = sections.flat_map(|section| file.directives_of(section));
            let same = all.filter(|other| other.key == directive.key);
            same.map(|other| Highlight { span: other.key_span, sets: true }).collect()
        }
        Part::Value { directive, at } => {
            let found = parts(document, section, directive);
            let here = found.iter().rfind(|(piece, _)| piece.span.start <= at && at <= piece.span.end);
            match here.and_then(|(piece, text)| Thing::of(piece, text)) {
                Some(thing) => everywhere(document, thing),
                None => Vec::new(),
            }
        }
        Part::Comment(_) | Part::Other => Vec::new(),
    }
}

/// Something that may stand at several places of values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thing<'t> {
    Unit(&'t str),
    Variable(&'t str),
    Specifier(&'t str),
}

impl<'t> Thing<'t> {
    fn of(piece: &Piece, text: &'t str) -> Option<Self> {
        match piece.kind {
            PieceKind::Unit => Some(Thing::Unit(text.trim_matches(['"', '\'']))),
            PieceKind::VariableName => Some(Thing::Variable(text.trim_matches(['"', '\'']))),
            PieceKind::Variable => Some(Thing::Variable(text.trim_matches(['$', '{', '}']))),
            PieceKind::Specifier => Some(Thing::Specifier(text)),
            _ => None,
        }
    }
}

fn everywhere(document: &Document, thing: Thing) -> Vec<Highlight> {
    let mut out = Vec::new();
    for section in &document.file.sections {
        for directive in document.file.directives_of(section) {
            for (piece, text) in parts(document, section, directive) {
                if Thing::of(&piece, text) == Some(thing) {
                    let sets = piece.kind == PieceKind::VariableName;
                    out.push(Highlight { span: directive.value.source(piece.span), sets });
                }
            }
        }
    }
    out
}

/// The parts of a value with their texts.
fn parts<'d>(document: &Document, section: &Section, directive: &'d Directive) -> Vec<(Piece, &'d str)> {
    let Some(entry) = document.entry(section, directive) else { return Vec::new() };
    let text = directive.value.text();
    pieces(text, &document.context(entry)).into_iter().map(|piece| (piece, &text[piece.span])).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::{Open, cursor};
    use super::*;

    /// The lines in which each place stands, with the place in angle brackets.
    fn check(text: &str, expect: Expect) {
        let (text, offset) = cursor(text);
        let (text, mut out) = (text.as_str(), String::new());
        Open::new("a.service", text).with(|document| {
            for Highlight { span, sets } in highlights(document, offset) {
                let line = document.file.line(span.start);
                let before = &text[Span { start: line.start, end: span.start }];
                let after = &text[Span { start: span.end, end: line.end }];
                out.push_str(&format!("{before}<{}>{after}{}\n", &text[span], if sets { " sets" } else { "" }));
            }
        });
        expect.assert_eq(&out);
    }

    #[test]
    fn the_same_thing() {
        check(
            "[Unit]\nAfter=b.service a$0.service\nWants=\"a.service\" aa.service\n",
            expect![[r#"
            After=b.service <a.service>
            Wants=<"a.service"> aa.service
        "#]],
        );
        check(
            "[Service]\nEnvironment=A=1 B=2\nExecStart=/a $B ${$0A} $A x$A\nExecStart=:/b $A\n",
            expect![[r#"
                Environment=<A>=1 B=2 sets
                ExecStart=/a $B <${A}> $A x$A
                ExecStart=/a $B ${A} <$A> x$A
            "#]],
        );
        check(
            "[Service]\nUser=%i\nExecStart=/a %n %$0i%i\n",
            expect![[r#"
            User=<%i>
            ExecStart=/a %n <%i>%i
            ExecStart=/a %n %i<%i>
        "#]],
        );
        check(
            "[Unit]\nAfter=a\n[X]\nAfter=\n[Unit]\nAf$0ter=b\n",
            expect![[r#"
            <After>=a sets
            <After>=b sets
        "#]],
        );
        check(
            "[U$0nit]\n[X]\n[Unit]\n",
            expect![[r#"
            [<Unit>]
            [<Unit>]
        "#]],
        );
        check("[Service]\nExecStart=/a b$0\n", expect![[""]]);
    }
}
