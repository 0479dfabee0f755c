//! Names of units.

use std::fmt::Write;

use super::super::Context;
use super::super::words::{Style, Words};
use super::{Explanation, specifier};
use crate::schema::{UnitKind, sets};
use crate::text::Span;
use crate::text::markdown::code;
use crate::units::{UnitName, unescape, unescape_path};

/// The unit that a value names at `offset`, specifiers resolved as far as they are known, and where.
pub fn unit_at(text: &str, context: &Context, offset: u32) -> Option<(UnitName, Span)> {
    if !context.directive.value.names_units() {
        return None;
    }
    let mut words = Words::new(text, Style::TUPLES).map_while(Result::ok);
    let word = words.find(|word| word.span.start <= offset && offset <= word.span.end)?;
    Some((UnitName::parse(&specifier::resolve(&word.text, context))?, word.span))
}

pub(super) fn at(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let (name, span) = unit_at(text, context, offset)?;
    Some(Explanation { span, markdown: about(&name) })
}

/// What the name alone says of a unit.
pub fn about(name: &UnitName) -> String {
    let text = name.as_str();
    let mut out = format!("**{}**", code(text));
    // Writing to a String can't fail.
    if let Some(special) = special(name) {
        let _ = write!(out, "\n\n{}\n\n```ini\n{}\n```", special.doc, special.example);
    }
    let path = path(name).filter(|_| special(name).is_none());
    let _ = match (name.template(), name.instance(), path) {
        (Some(template), Some(instance), _) => {
            let _ = write!(out, "\n\nThe instance {} of {}.", code(instance), code(template.as_str()));
            match unescape(instance).filter(|plain| plain != instance) {
                Some(plain) => write!(out, " Unescaped: {}.", code(&plain)),
                None => Ok(()),
            }
        }
        (None, Some(_), _) => {
            let example = format!("{}@NAME.{}", name.prefix(), name.kind().suffix());
            write!(out, "\n\nA template: its instances are called {}.", code(&example))
        }
        (_, _, Some(path)) => write!(out, "\n\n{} {}.", noun(name.kind()), code(&path)),
        _ => match unescape(name.stem()).filter(|_| text.contains("\\x")) {
            Some(plain) => write!(out, "\n\nUnescaped: {}.", code(&plain)),
            None => Ok(()),
        },
    };
    out
}

/// What systemd.special(7) says of it, or of its template.
pub(super) fn special(name: &UnitName) -> Option<&'static crate::schema::Word> {
    let find = |name: &UnitName| sets::SPECIAL_UNIT.get(name.as_str());
    find(name).or_else(|| find(&name.template()?))
}

/// The path that the name of such a unit stands for.
fn path(name: &UnitName) -> Option<String> {
    let of_path = matches!(name.kind(), UnitKind::Device | UnitKind::Mount | UnitKind::Automount | UnitKind::Swap);
    if of_path { unescape_path(name.stem()) } else { None }
}

fn noun(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Device => "The device",
        UnitKind::Swap => "The swap space",
        _ => "The mount point",
    }
}
