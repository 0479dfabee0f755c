use super::super::Document;
use super::{Hover, Now, unit_name, variable};
use crate::syntax::{Directive, Section};
use crate::values::ValueType;
use crate::values::explain::{self, Explanation, Scene};

/// What a value means, or the word of it at the offset `at` of its text.
pub(super) fn hover(
    document: &Document,
    section: &Section,
    directive: &Directive,
    at: u32,
    now: Option<Now>,
) -> Option<Hover> {
    let entry = document.entry(section, directive)?;
    let context = document.context(entry);
    let text = directive.value.text();
    let shown = |Explanation { span, markdown }| Hover { span: directive.value.source(span), markdown };
    let is_command = matches!(entry.value, ValueType::Exec);
    if is_command && let Some((name, span)) = explain::variable_at(text, &context, at) {
        return Some(shown(Explanation { span, markdown: variable::about(document, name, &context) }));
    }
    let variables = if is_command { variable::known(document, &context) } else { Vec::new() };
    let mut explanation = explain::explain(text, &Scene { context, now, variables: &variables }, at)?;
    if let Some((name, span)) = explain::unit_at(text, &context, at)
        && span == explanation.span
    {
        explanation.markdown += &unit_name::more(document, &name);
    }
    Some(shown(explanation))
}
