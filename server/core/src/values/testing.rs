//! What the tests of the value types share.

use super::{Context, Problem, ProblemKind};
use crate::schema::{DIRECTIVES, Directive, Manager, Version};
use crate::units::UnitName;

/// A context for the first directive called `directive`, or `Group.Name` of
/// one, read by this systemd for the system's unit `unit`; an empty `unit` is
/// an unknown one.
pub(super) fn context(directive: &str, version: u16, unit: &str) -> Context<'static> {
    let meant = |known: &&Directive| match directive.split_once('.') {
        Some((group, name)) => known.name == name && format!("{:?}", known.group) == group,
        None => known.name == directive,
    };
    let directive = DIRECTIVES.iter().find(meant).expect("a known directive");
    let unit = UnitName::parse(unit).map(|unit| &*Box::leak(Box::new(unit)));
    Context { directive, version: Version(version), manager: Manager::System, unit }
}

/// What `check` finds wrong with `text`, a line each.
pub(super) fn check(directive: &str, version: u16, unit: &str, text: &str) -> String {
    let mut problems = Vec::new();
    super::check(text, &context(directive, version, unit), &mut problems);
    problems.iter().map(show).collect::<Vec<_>>().join("\n")
}

/// A problem in one line.
pub(super) fn show(problem: &Problem) -> String {
    let Problem { kind, span, message, replacement } = problem;
    let kind = match kind {
        ProblemKind::Refused => "refused",
        ProblemKind::Expansion => "expansion",
        ProblemKind::Deprecated => "deprecated",
        ProblemKind::Doubtful => "doubtful",
    };
    let fix = match replacement {
        Some((text, true)) => format!(" (fix: {text})"),
        Some((text, false)) => format!(" (perhaps: {text})"),
        None => String::new(),
    };
    format!("{kind} {}-{} {message}{fix}", span.start, span.end)
}
