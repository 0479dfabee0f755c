//! Conditions and asserts.

use super::super::condition::{self, Condition};
use super::super::{Context, ValueType};
use super::{Explanation, specifier, word};
use crate::schema::{Set, sets};
use crate::text::Span;
use crate::text::markdown::code;

/// A condition: what its prefixes mean, and what is tested.
pub(super) fn at(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let problems = &mut Vec::new();
    let condition = match context.directive.value {
        ValueType::ConditionPath => condition::parse_path(text, context, problems)?,
        _ => condition::parse(text, context, problems)?,
    };
    let Condition { trigger, negate, parameter } = condition;
    let name = context.directive.name;
    let assert = name.starts_with("Assert");
    let prefixes = [(trigger, "`|`: one of all those with a `|` is enough"), (negate, "`!`: it must not hold")];
    let mut lines: Vec<String> =
        prefixes.into_iter().filter(|(there, _)| *there).map(|(_, meaning)| meaning.to_owned()).collect();
    if offset < parameter.span.start {
        return Some(Explanation { span: Span { start: 0, end: parameter.span.start }, markdown: lines.join("\n\n") });
    }
    let resolved = specifier::resolve(&parameter.text, context);
    let tested = set(name).and_then(|set| Some(word::of_set(set.get(&resolved)?, set)));
    lines.insert(0, tested.unwrap_or_else(|| format!("tests for {}", code(&resolved))));
    let otherwise = match assert {
        true => "If it isn't met, the start fails.",
        false => "If it isn't met, the start is skipped, which is no failure.",
    };
    lines.push(otherwise.to_owned());
    Explanation::whole(text, lines.join("\n\n"))
}

/// The words that a condition tests for.
fn set(name: &str) -> Option<&'static Set> {
    Some(match name.trim_start_matches("Condition").trim_start_matches("Assert") {
        "Security" => &sets::SECURITY,
        "Virtualization" => &sets::VIRTUALIZATION,
        "Firmware" => &sets::FIRMWARE,
        "Architecture" => &sets::ARCHITECTURE,
        "Capability" => &sets::CAPABILITY,
        _ => return None,
    })
}
