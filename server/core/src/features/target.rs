//! What a place refers to.

use super::{Document, Part, supervisord};
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::units::UnitName;
use crate::values::ValueType;
use crate::values::explain;
use crate::values::pieces::{PieceKind, words};

/// What something in the file refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A unit.
    Unit(UnitName),
    /// A file that the unit uses, as the unit sees it.
    File(String),
    /// A place in the unit file that this drop-in adds to.
    Base(Span),
    /// A place in a file of the configuration of supervisord.
    Place {
        /// Which of its files.
        file: usize,
        /// Where.
        span: Span,
    },
}

/// What stands at `offset` refers to, and where it stands.
pub fn target(document: &Document, offset: u32) -> Option<(Span, Target)> {
    if document.configured.is_some() {
        return supervisord::target(document, offset);
    }
    let place = document.place(offset);
    match place.part {
        Part::Value { directive, at } => {
            let section = place.section?;
            match unit_in(document, section, directive, at) {
                Some((name, span)) => Some((span, Target::Unit(name))),
                None => file_in(document, section, directive, at),
            }
        }
        Part::Key(directive) => base(document, place.section, Some(directive)).map(|to| (directive.key_span, to)),
        Part::Header => {
            base(document, place.section, None).map(|to| (place.section.map_or(Span::at(0), |s| s.header), to))
        }
        Part::Comment(span) if span.start == 0 => base(document, None, None).map(|to| (span, to)),
        Part::Comment(_) | Part::Other => None,
    }
}

/// The unit that is named at `offset`, or the one that the file is of where that is the header of a
/// section; and where.
pub fn unit_at(document: &Document, offset: u32) -> Option<(UnitName, Span)> {
    let place = document.place(offset);
    match place.part {
        Part::Value { directive, at } => unit_in(document, place.section?, directive, at),
        Part::Header => Some((document.name?.clone(), place.section?.name_span)),
        _ => None,
    }
}

fn unit_in(document: &Document, section: &Section, directive: &Directive, at: u32) -> Option<(UnitName, Span)> {
    let context = document.context(document.entry(section, directive)?);
    let (name, span) = explain::unit_at(directive.value.text(), &context, at)?;
    Some((name, directive.value.source(span)))
}

/// The program of a command, or the file with variables.
fn file_in(document: &Document, section: &Section, directive: &Directive, at: u32) -> Option<(Span, Target)> {
    let entry = document.entry(section, directive)?;
    if !matches!(entry.value, ValueType::Exec | ValueType::EnvironmentFile) {
        return None;
    }
    let text = directive.value.text();
    let parts = words(text, &document.context(entry));
    let here = parts.iter().rfind(|part| part.span.start <= at && at <= part.span.end)?;
    let path = text[here.span].trim_matches(['"', '\'']);
    let plain = path.starts_with('/') && !path.contains(['%', '\\', '$']) && !path.split('/').any(|part| part == "..");
    let wanted = matches!(here.kind, PieceKind::Program | PieceKind::Path) && plain;
    wanted.then(|| (directive.value.source(here.span), Target::File(path.to_owned())))
}

/// Where the unit file sets what a drop-in sets, or has the same section; else its beginning.
fn base(document: &Document, section: Option<&Section>, directive: Option<&Directive>) -> Option<Target> {
    let whole = document.whole.filter(|whole| document.drop_in && whole.unit.has_fragment && whole.at > 0)?;
    let file = whole.unit.files.first()?;
    let sections = || file.sections.iter().filter(|other| section.is_some_and(|section| section.name == other.name));
    let same = directive.and_then(|directive| {
        let mut settings = sections().flat_map(|section| file.directives_of(section));
        settings.rfind(|other| other.key == directive.key).map(|other| other.key_span)
    });
    let header = || sections().next().map(|section| section.name_span);
    Some(Target::Base(same.or_else(header).unwrap_or(Span::at(0))))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Open, cursor};
    use super::*;

    fn check(text: &str, expected: &str) {
        let (text, offset) = cursor(text);
        let shown = Open::new("a@b.service", &text).with(|document| match target(document, offset) {
            Some((span, Target::Unit(name))) => format!("{} → unit {}", &text.as_str()[span], name.as_str()),
            Some((span, Target::File(path))) => format!("{} → file {path}", &text.as_str()[span]),
            Some((span, Target::Base(_) | Target::Place { .. })) => format!("{} → base", &text.as_str()[span]),
            None => "nothing".to_owned(),
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_referred_to() {
        check("[Unit]\nAfter=x.service $0c@%i.service\n", "c@%i.service → unit c@b.service");
        check("[Service]\nExecStart=-/bi$0n/a /etc/b\n", "/bin/a → file /bin/a");
        check("[Service]\nExecStart=/bin/a /etc/$0b\n", "/etc/b → file /etc/b");
        check("[Service]\nEnvironmentFile=-/etc/$0b\n", "/etc/b → file /etc/b");
        check("[Service]\nExecStart=/bin/../$0a\n", "nothing");
        check("[Service]\nExecStart=/bin/%$0i\n", "nothing");
        check("[Service]\nUser=%$0i\n", "nothing");
        check("[Uni$0t]\nAf$0ter=a\n".replacen("Af$0ter", "After", 1).as_str(), "nothing");
        check("[Unit]\nAf$0ter=a\n", "nothing");
    }
}
