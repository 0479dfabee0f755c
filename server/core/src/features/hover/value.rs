use super::super::Document;
use super::{Hover, Now};
use crate::syntax::{Directive, Section};
use crate::values;
use crate::values::explain::{Scene, explain};

/// What a value means, or the word of it at the offset `at` of its text.
pub(super) fn hover(
    document: &Document,
    section: &Section,
    directive: &Directive,
    at: u32,
    now: Option<Now>,
) -> Option<Hover> {
    let entry = document.entry(section, directive)?;
    let context = values::Context {
        directive: entry,
        version: document.target.version,
        manager: document.target.manager,
        unit: document.name,
    };
    let explanation = explain(directive.value.text(), &Scene { context, now }, at)?;
    Some(Hover { span: directive.value.source(explanation.span), markdown: explanation.markdown })
}
