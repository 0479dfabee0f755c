//! `[Install]`: what `systemctl enable` takes (`src/shared/install.c`). The
//! service manager itself passes over the section.

use super::specifier::{self, Place};
use super::unit_name::{self, list};
use super::words::{Style, Word};
use super::{Context, Problem, shown, whole};
use crate::text::Span;
use crate::units::{UnitName, is_allowed};

/// The value of `Alias=`; whether the unit can have such a name isn't judged.
pub fn parse_alias<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    list(text, Style::TUPLES, context, problems, |name| match name.rsplit_once('/') {
        None => unit_name::valid(name).map(drop),
        Some((folder, link)) => dependency_link(name, folder, link, context.unit),
    })
}

/// Takes the old way to write `WantedBy=`: `multi-user.target.wants/NAME`,
/// where the name is the unit's own (`unit_file_verify_alias`).
fn dependency_link(name: &str, folder: &str, link: &str, unit: Option<&UnitName>) -> Result<(), Problem> {
    let Some(owner) = folder.strip_suffix(".wants").or_else(|| folder.strip_suffix(".requires")) else {
        return Err(Problem::refused(whole(name), "an alias is the name of a unit, not a path"));
    };
    unit_name::valid(owner)?;
    unit_name::valid(link).map_err(|problem| Problem { span: Span::of(link, name), ..problem })?;
    let own = |unit: &UnitName| {
        let instance = UnitName::parse(link).and_then(|link| link.template()).is_some_and(|template| template == *unit);
        unit.as_str() == link || instance
    };
    if unit.is_none_or(own) {
        return Ok(());
    }
    let message = format!("a link below \"{folder}\" must have the unit's own name");
    Err(Problem::refused(Span::of(link, name), message))
}

/// The value of `WantedBy=` and its like.
pub fn parse_units<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    list(text, Style::TUPLES, context, problems, |name| unit_name::valid(name).map(drop))
}

/// The value of `Also=`.
pub fn parse_also<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    list(text, Style::BARE, context, problems, |name| unit_name::valid(name).map(drop))
}

/// The value of `DefaultInstance=`.
pub fn parse_default_instance<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    match context.unit {
        Some(unit) if unit.is_instance() => return None,
        Some(unit) if !unit.is_template() => {
            let message = format!("only a template has a default instance, and {} is none", unit.as_str());
            problems.push(Problem::refused(whole(text), message));
            return None;
        }
        _ => {}
    }
    let word = Word::whole(text);
    specifier::resolve(&word, Place::UNIT, context, problems, |text| {
        match text.chars().find(|char| !is_allowed(*char)) {
            Some(char) => {
                let message = format!("{char:?} can't be in the instance of a unit: \"{}\"", shown(text));
                Err(Problem::refused(whole(text), message))
            }
            None => Ok(()),
        }
    })?;
    Some(word)
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn what_enable_refuses_is_refused() {
        for (directive, unit, text, expected) in [
            ("Alias", "a.service", "b.service %p-x.service", ""),
            ("Alias", "a.service", "multi-user.target.wants/a.service", ""),
            (
                "Alias",
                "a.service",
                "multi-user.target.wants/b.service",
                "refused 24-33 a link below \"multi-user.target.wants\" must have the unit's own name",
            ),
            ("Alias", "a@.service", "multi-user.target.wants/a@b.service", ""),
            ("Alias", "a.service", "/etc/x", "refused 0-6 an alias is the name of a unit, not a path"),
            ("WantedBy", "a.service", "multi-user.target", ""),
            (
                "WantedBy",
                "a.service",
                "multi-user",
                "refused 0-10 \"multi-user\" is no unit name: there is no suffix such as \".service\"",
            ),
            ("WantedBy", "a@.service", "%i.target b@.target", ""),
            ("Also", "a.service", "a.socket", ""),
            ("DefaultInstance", "a@.service", "tty1", ""),
            ("DefaultInstance", "a@.service", "a b", "refused 0-3 ' ' can't be in the instance of a unit: \"a b\""),
            (
                "DefaultInstance",
                "a.service",
                "x",
                "refused 0-1 only a template has a default instance, and a.service is none",
            ),
        ] {
            assert_eq!(check(directive, 262, unit, text), expected, "{directive}={text}");
        }
    }
}
