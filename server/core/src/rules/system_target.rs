use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::Manager;
use crate::text::Edit;
use crate::values::ValueType;
use crate::values::words::{Style, Words};

pub(super) static RULE: Rule = Rule {
    name: "system-target",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A unit of a user's service manager that shall be started by a target of the system, such as `multi-user.target`. The user's manager has no such target, so the unit is never started.

```ini
# ~/.config/systemd/user/agent.service
[Install]
WantedBy=multi-user.target
```

Use `default.target`, which is started when the user logs in, or `graphical-session.target`.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

/// Targets that only the system has.
const TARGETS: &[&str] = &["getty.target", "graphical.target", "multi-user.target", "network.target", "sysinit.target"];

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let installs = cx.entry.is_some_and(|entry| matches!(entry.value, ValueType::InstallUnits));
    if !installs || cx.file.target.manager != Manager::User {
        return;
    }
    let value = &cx.directive.value;
    for word in Words::new(value.text(), Style::TUPLES).map_while(Result::ok) {
        if !TARGETS.contains(&&*word.text) {
            continue;
        }
        let span = value.source(word.span);
        let message = format!("a user's service manager has no {}: this is never started by it", word.text);
        let edits = vec![Edit::replace(span, "default.target")];
        findings.push(RULE.at(span, message).suggestion("Replace with \"default.target\"", edits));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::{Selection, Target, check_file};
    use crate::schema::{FileKind, Manager, UnitKind, Version};
    use crate::syntax::scan;

    fn found(manager: Manager, text: &str) -> usize {
        let target = Target { version: Version::LATEST, manager };
        let selection = Selection::of(|rule| rule.name == "system-target");
        check_file(&scan(text), FileKind::Unit(UnitKind::Service), None, false, target, &selection).len()
    }

    #[test]
    fn only_the_system_has_them() {
        let text = "[Unit]\nAfter=network.target\n[Install]\nWantedBy=default.target multi-user.target\n";
        assert_eq!(found(Manager::User, text), 1);
        assert_eq!(found(Manager::System, text), 0);
    }
}
