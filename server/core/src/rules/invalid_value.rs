use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::values::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "invalid-value",
    severity: Severity::Error,
    optional: false,
    doc: "\
A value that systemd doesn't take for this directive. It drops the line, or the part of it that is bad, or refuses the whole unit. supervisord doesn't start.

```ini
[Service]
Restart=sometimes
```",
    systemd: Some(Check::Value(ProblemKind::Refused)),
    supervisord: Some(Check::Value(ProblemKind::Refused)),
};
