//! Specifiers: what `%i` means and what it becomes in this unit.

use std::borrow::Cow;

use super::super::{Context, specifier};
use super::Explanation;
use crate::schema::Manager;
use crate::text::Span;
use crate::text::markdown::code;

/// The specifier at `offset`, where a `%` means anything in the value.
pub(super) fn at(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let place = specifier::place(context.directive.value)?;
    let here = |span: &Span| span.start <= offset && offset < span.end;
    if let Some(span) = percent_signs(text).find(here) {
        return Some(Explanation { span, markdown: "`%%`: a single percent sign".to_owned() });
    }
    let (span, letter) = specifier::find(text).find(|(span, _)| here(span))?;
    let known = specifier::get(letter)?;
    let mut markdown = format!("**%{}**\n\n{}", known.text, known.doc);
    if place.names_only && known.scope != "name" {
        markdown += "\n\nIt can't be used in unit names.";
    } else if let Some(value) = value(letter, context) {
        markdown += &format!("\n\nHere: {}", code(&value));
    } else if context.unit.is_some_and(|unit| unit.is_template()) && specifier::is_of_instance(letter) {
        markdown += "\n\nThis is a template: each instance has its own.";
    }
    for (what, version) in [("since", known.since), ("deprecated since", known.deprecated)] {
        if version > 0 {
            markdown += &format!("\n- {what} systemd {version}");
        }
    }
    Some(Explanation { span, markdown })
}

/// Where `%%` stands.
fn percent_signs(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let percent = at + memchr::memchr(b'%', text.as_bytes().get(at..)?)?;
            at = percent + 2;
            if text.as_bytes().get(percent + 1) == Some(&b'%') {
                return Some(Span::new(percent, at));
            }
        }
    })
}

/// `text` with those specifiers resolved that the unit's name or its manager says.
pub(super) fn resolve<'t>(text: &'t str, context: &Context) -> Cow<'t, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices('%') {
        if at < done {
            continue;
        }
        let Some(&letter) = text.as_bytes().get(at + 1) else { break };
        let value = if letter == b'%' { Some("%".to_owned()) } else { value(letter, context) };
        out.push_str(&text[done..at]);
        done = at + if value.is_some() { 2 } else { 1 };
        out.push_str(value.as_deref().unwrap_or("%"));
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The specifiers of `text` that only the machine or the instance knows.
pub(super) fn unknown(text: &str, context: &Context) -> impl Iterator<Item = char> {
    specifier::find(text).map(|(_, letter)| letter).filter(|letter| value(*letter, context).is_none()).map(char::from)
}

/// What `%letter` becomes for sure.
fn value(letter: u8, context: &Context) -> Option<String> {
    let unit = context.unit;
    let said = match letter {
        b'd' => context.manager == Manager::System && unit.is_some_and(|unit| !unit.is_template()),
        b'C' | b'D' | b'E' | b'G' | b'L' | b'S' | b'T' | b'U' | b'V' | b'g' | b'h' | b't' | b'u' => {
            context.manager == Manager::System
        }
        letter => {
            let open = specifier::is_of_instance(letter) && unit.is_some_and(|unit| unit.is_template());
            unit.is_some() && specifier::is_of_name(letter) && !open
        }
    };
    if !said {
        return None;
    }
    let written = [b'%', letter];
    specifier::expand(std::str::from_utf8(&written).ok()?, context).map(Cow::into_owned)
}
