use super::{Check, Rule};
use crate::diagnostic::{Diagnostic, Severity, Tag};
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "unused-ignore",
    severity: Severity::Hint,
    optional: false,
    doc: "\
A comment that silences a rule which finds nothing there. What it was for has been mended, or it stands on the wrong line; left behind, it would hide the next mistake.

```ini
[Service]
# svlsp: ignore[unknown-directive]
ExecStart=/usr/bin/true
```

Take the comment away.",
    systemd: Some(Check::Other),
    supervisord: Some(Check::Other),
};

/// The name of `rule` at `name` is of no use; without `removal` it is gone.
pub(super) fn finding(rule: &Rule, name: Span, removal: Span) -> Diagnostic {
    RULE.at(name, format!("nothing here for {} to find", rule.name))
        .tag(Tag::Unnecessary)
        .fix("Take it away", vec![Edit::delete(removal)])
}
