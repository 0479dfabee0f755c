use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::values::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "deprecated-value",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A value that is still read, but that is deprecated and may be refused one day.

```ini
[Service]
StandardOutput=syslog
```

Write the value that took its place: `StandardOutput=journal`. In supervisord.conf it is `stdout_logfile=syslog`, for which there is `stdout_syslog=true`.",
    systemd: Some(Check::Value(ProblemKind::Deprecated)),
    supervisord: Some(Check::Value(ProblemKind::Deprecated)),
};
