use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::values::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "doubtful-value",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A value that is taken, though almost surely not as it was meant.",
    systemd: Some(Check::Value(ProblemKind::Doubtful)),
    supervisord: Some(Check::Value(ProblemKind::Doubtful)),
};
