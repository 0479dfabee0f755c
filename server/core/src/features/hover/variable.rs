use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::Document;
use super::in_effect::place;
use super::manual;
use crate::schema::{Key, key::exec as of, sets};
use crate::text::markdown::code;
use crate::units::Setting;
use crate::values::Context;
use crate::values::environment::{parse_names, parse_unset};
use crate::values::explain::{Variable, variables};

/// Where a variable of a command line gets its value from.
pub(super) fn about(document: &Document, name: &str, context: &Context) -> String {
    let mut out = format!("**`${name}`**");
    // Writing to a String can't fail.
    for line in of_unit(document, name, context) {
        let _ = write!(out, "\n\n{line}");
    }
    match sets::ENVIRONMENT_VARIABLE.get(name) {
        Some(word) => {
            let _ = write!(out, "\n\nSet by systemd: {}\n\n{}", word.doc, manual::of_environment());
        }
        None if out.ends_with("**") => {
            out.push_str(
                "\n\nNothing here sets it: unless the environment of the service manager has it, it is empty.",
            );
        }
        None => {}
    }
    out
}

/// The variables whose values are in the unit for sure, by name.
pub(super) fn known(document: &Document, context: &Context) -> Vec<Variable> {
    let Some(whole) = document.whole.filter(|whole| !whole.unit.has(of::EnvironmentFile)) else { return Vec::new() };
    let assigned = whole.unit.all(of::Environment).flat_map(|it| variables(it.value(), &within(context, it)));
    let mut all: BTreeMap<String, String> = assigned.map(|Variable { name, value }| (name, value)).collect();
    for setting in whole.unit.all(of::UnsetEnvironment) {
        for unset in parse_unset(setting.value(), &within(context, setting), &mut Vec::new()) {
            all.remove(unset.name());
        }
    }
    all.into_iter().map(|(name, value)| Variable { name, value }).collect()
}

/// What the unit says of a variable, a line each.
fn of_unit(document: &Document, name: &str, context: &Context) -> Vec<String> {
    let Some(whole) = document.whole else { return Vec::new() };
    let from = |setting: &Setting| place(&whole, setting.file, setting.directive.key_span);
    let settings = |key: Key| whole.unit.all(key).map(|setting| (*setting, within(context, setting)));
    let mut lines = Vec::new();
    let mut assigned = settings(of::Environment).filter_map(|(setting, context)| {
        let value = variables(setting.value(), &context).into_iter().rfind(|variable| variable.name == name)?.value;
        Some((setting, value))
    });
    if let Some((setting, value)) = assigned.next_back() {
        lines.push(format!("Set to {} in {}.", code(&value), from(&setting)));
    }
    let passes = |(setting, context): &(Setting, Context)| {
        parse_names(setting.value(), context, &mut Vec::new()).iter().any(|word| word.text == name)
    };
    let passed = settings(of::PassEnvironment).find(passes).filter(|_| lines.is_empty());
    if let Some((setting, _)) = passed {
        lines.push(format!("Handed on from the service manager by `PassEnvironment=` in {}.", from(&setting)));
    }
    for setting in whole.unit.all(of::EnvironmentFile) {
        let path = setting.value().trim_start_matches('-');
        let what = if lines.is_empty() { "may set it" } else { "may set it to something else" };
        lines.push(format!("{}, by `EnvironmentFile=` in {}, {what}.", code(path), from(setting)));
    }
    let unset = |(setting, context): &(Setting, Context)| {
        parse_unset(setting.value(), context, &mut Vec::new()).iter().any(|unset| unset.name() == name)
    };
    if let Some((setting, _)) = settings(of::UnsetEnvironment).find(unset) {
        lines.push(format!("Taken away by `UnsetEnvironment=` in {}.", from(&setting)));
    }
    lines
}

/// The same unit, another directive.
fn within<'a>(context: &Context<'a>, setting: &Setting) -> Context<'a> {
    Context { directive: setting.entry, ..*context }
}
