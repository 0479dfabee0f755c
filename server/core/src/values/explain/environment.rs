//! Variables that a unit sets, hands on or takes away.

use super::super::environment::{self, Assignment};
use super::super::{Context, ValueType};
use super::{Explanation, Variable, specifier};
use crate::schema::sets;
use crate::text::Span;
use crate::text::markdown::code;

/// The assignment or name at `offset`.
pub(super) fn at(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let problems = &mut Vec::new();
    let here = |span: Span| span.start <= offset && offset <= span.end;
    if let ValueType::PassEnvironment = context.directive.value {
        let names = environment::parse_names(text, context, problems);
        let word = names.into_iter().find(|word| here(word.span))?;
        let markdown =
            format!("{}, with the value that the service manager itself has{}", about(&word.text), behind(&word.text));
        return Some(Explanation { span: word.span, markdown });
    }
    let assignments = match context.directive.value {
        ValueType::UnsetEnvironment => environment::parse_unset(text, context, problems),
        ValueType::LogExtraFields => environment::parse_fields(text, context, problems),
        _ => environment::parse(text, context, problems),
    };
    let assignment = assignments.into_iter().find(|assignment| here(assignment.word.span))?;
    let name = assignment.name();
    let value = assignment.value().map(|value| code(&specifier::resolve(value, context)));
    let markdown = match (context.directive.value, value) {
        (ValueType::UnsetEnvironment, None) => format!("{} is taken away", about(name)),
        (ValueType::UnsetEnvironment, Some(value)) => format!("{} is taken away if its value is {value}", about(name)),
        (ValueType::LogExtraFields, Some(value)) => format!("{} is {value} in every message of the unit", about(name)),
        (_, Some(value)) => format!("{} is {value}{}", about(name), behind(name)),
        (_, None) => return None,
    };
    Some(Explanation { span: assignment.word.span, markdown })
}

/// The variables that a value of `Environment=` sets, specifiers resolved as far as they are known.
pub fn variables(text: &str, context: &Context) -> Vec<Variable> {
    let variable = |assignment: &Assignment| {
        let value = specifier::resolve(assignment.value()?, context).into_owned();
        Some(Variable { name: assignment.name().to_owned(), value })
    };
    environment::parse(text, context, &mut Vec::new()).iter().filter_map(variable).collect()
}

fn about(name: &str) -> String {
    format!("**{}**", code(name))
}

/// What systemd itself says of a variable of this name.
fn behind(name: &str) -> String {
    match sets::ENVIRONMENT_VARIABLE.get(name) {
        Some(word) => format!("\n\nOtherwise: {}", word.doc),
        None => String::new(),
    }
}
