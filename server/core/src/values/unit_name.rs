//! Names of units: dependencies and what else refers to other units.

use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown, whole};
use crate::schema::UnitKind;
use crate::text::Span;
use crate::units::{NameProblem, UnitName};

/// The units of `After=` and its like (`config_parse_unit_deps`), specifiers
/// not resolved; bad ones are dropped.
pub fn parse_list<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    list(text, Style::PLAIN, context, problems, |name| loadable(name).map(drop))
}

/// The sockets of `Sockets=`.
pub fn parse_sockets<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    list(text, Style::BARE, context, problems, |name| of_kind(name, UnitKind::Socket))
}

/// The unit that a timer, a path or an automount starts.
pub fn parse_trigger<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let own = context.unit.filter(|unit| !unit.is_template());
    one(text, context, problems, |name| {
        loadable(name)?;
        if own.is_some_and(|own| own.as_str() == name) {
            return Err(Problem::refused(whole(name), "a unit can't start itself"));
        }
        Ok(())
    })
}

/// The service that a socket starts.
pub fn parse_service<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    one(text, context, problems, |name| {
        of_kind(name, UnitKind::Service)?;
        complete(name)
    })
}

/// The value of `Slice=`.
pub fn parse_slice<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    if context.unit.is_some_and(|unit| unit.kind() == UnitKind::Slice) {
        problems.push(Problem::refused(whole(text), "the parent of a slice follows from its name and can't be set"));
        return None;
    }
    one(text, context, problems, |name| {
        of_kind(name, UnitKind::Slice)?;
        complete(name)
    })
}

/// The kind of unit that `name` names, valid or else explained.
pub(super) fn valid(name: &str) -> Result<UnitKind, Problem> {
    UnitName::check(name).map_err(|problem| explain(name, problem))
}

/// The same, for a name that systemd shall load: not every kind has instances.
fn loadable(name: &str) -> Result<UnitKind, Problem> {
    let kind = valid(name)?;
    match name.find('@') {
        Some(at) if !kind.may_be_template() => {
            let message = format!("there are no instances of .{} units", kind.suffix());
            Err(Problem::refused(Span::new(at, name.len()), message))
        }
        _ => Ok(kind),
    }
}

fn explain(name: &str, problem: NameProblem) -> Problem {
    let message = match problem {
        NameProblem::BadCharacter { character: separator @ (',' | ';'), .. } => {
            format!("units are separated by blanks, not by \"{separator}\"")
        }
        _ => format!("\"{}\" is no unit name: {problem}", shown(name)),
    };
    match problem {
        NameProblem::BadCharacter { character, at } => {
            Problem::refused(Span::new(at, at + character.len_utf8()), message)
        }
        NameProblem::BadSuffix { near: Some(near) } => {
            let suffix = name.rfind('.').map_or(0, |dot| dot + 1);
            Problem::refused(Span::new(suffix, name.len()), message).or(near.suffix(), false)
        }
        _ => Problem::refused(whole(name), message),
    }
}

/// Refuses names of units of another kind.
fn of_kind(name: &str, kind: UnitKind) -> Result<(), Problem> {
    let found = loadable(name)?;
    if found == kind {
        return Ok(());
    }
    let dot = name.rfind('.').unwrap_or(0);
    let message = format!("this must be a .{} unit, not a .{}", kind.suffix(), found.suffix());
    Err(Problem::refused(Span::new(dot, name.len()), message))
}

/// Refuses templates.
fn complete(name: &str) -> Result<(), Problem> {
    let (prefix, rest) = name.split_once('@').unwrap_or((name, ""));
    if rest.rfind('.') != Some(0) {
        return Ok(());
    }
    let message = format!("\"{}\" is a template; its instance must stand behind the \"@\"", shown(name));
    Err(Problem::refused(Span::at(prefix.len() + 1), message))
}

fn one<'t>(
    text: &'t str,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: impl Fn(&str) -> Result<(), Problem>,
) -> Option<Word<'t>> {
    let word = Word::whole(text);
    specifier::resolve(&word, Place::UNIT, context, problems, judge)?;
    Some(word)
}

/// The names of a list that `judge` takes; bad ones are dropped.
pub(super) fn list<'t>(
    text: &'t str,
    style: Style,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: impl Fn(&str) -> Result<(), Problem>,
) -> Vec<Word<'t>> {
    let mut units = Vec::new();
    let mut words = Words::new(text, style);
    while let Some(word) = words.next_word(problems) {
        if specifier::resolve(&word, Place::UNIT, context, problems, &judge).is_some() {
            units.push(word);
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names_are_judged() {
        for (directive, unit, text, expected) in [
            ("After", "a.service", "b.service  c@%i.socket\td@.target -.mount", ""),
            (
                "After",
                "a.service",
                "network b.sevice",
                "refused 0-7 \"network\" is no unit name: there is no suffix such as \".service\"\n\
                 refused 10-16 \"b.sevice\" is no unit name: the suffix is no kind of unit; did you mean \".service\"? (perhaps: service)",
            ),
            ("After", "a.service", "a.service,b.service", "refused 9-10 units are separated by blanks, not by \",\""),
            ("After", "a@.service", "%i b@%I.service", "refused 5-7 the specifier \"%I\" can't be used in unit names"),
            ("Sockets", "a.service", "b.socket c.service", "refused 10-18 this must be a .socket unit, not a .service"),
            ("Slice", "a.service", "b.slice", ""),
            ("Slice", "a.service", "b@c.slice", "refused 1-9 there are no instances of .slice units"),
            ("Slice", "a.slice", "b.slice", "refused 0-7 the parent of a slice follows from its name and can't be set"),
            (
                "Service",
                "a.socket",
                "b@.service",
                "refused 2-2 \"b@.service\" is a template; its instance must stand behind the \"@\"",
            ),
            ("Unit", "a.timer", "a.timer", "refused 0-7 a unit can't start itself"),
        ] {
            assert_eq!(check(directive, 262, unit, text), expected, "{directive}={text}");
        }
    }
}
