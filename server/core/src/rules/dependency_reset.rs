use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::Empty;
use crate::text::Edit;
use crate::values::ValueType;

pub(super) static RULE: Rule = Rule {
    name: "dependency-reset",
    severity: Severity::Warning,
    optional: false,
    doc: "\
An empty `After=`, `Requires=`, `Wants=` … that is meant to take back what stands above it or in the unit file. Dependencies can only be added: systemd passes over the line.

```ini
# web.service.d/no-database.conf
[Unit]
Requires=
```

To be rid of a dependency, copy the whole unit file to /etc/systemd/system and delete it there.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let directives = cx.file.directives.iter().zip(cx.entries).enumerate();
    for (at, (directive, entry)) in directives {
        let Some(entry) = entry.filter(|entry| matches!(entry.value, ValueType::UnitList | ValueType::MountsFor))
        else {
            continue;
        };
        let empty = directive.value.text().is_empty() && entry.empty == Empty::Accepted;
        let above = || cx.file.directives[..at].iter().any(|other| other.key == directive.key);
        if !empty || !(cx.drop_in || above()) {
            continue;
        }
        let message = format!("an empty {}= takes nothing back: dependencies can only be added", entry.name);
        findings.push(
            RULE.at(directive.span, message)
                .help("copy the whole unit file to /etc/systemd/system and delete the dependency there")
                .suggestion("Delete the line", vec![Edit::delete(cx.file.lines(directive.span))]),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_with_drop_in};
    use expect_test::expect;

    #[test]
    fn they_can_only_be_added() {
        let unit = "[Unit]\nAfter=\nRequires=a.service\n[Service]\nExecStart=/bin/a\n";
        check("a.service", unit, "dependency-reset", expect![[""]]);
        check_with_drop_in(
            "a.service",
            unit,
            Some("[Unit]\nRequires=\n"),
            "dependency-reset",
            expect![[r#"
            warning drop-in 2:1-2:10 an empty Requires= takes nothing back: dependencies can only be added
              help: copy the whole unit file to /etc/systemd/system and delete the dependency there
              suggestion: Delete the line
        "#]],
        );
        let twice = "[Unit]\nAfter=a.service\nAfter=\nConditionPathExists=\n";
        check(
            "a.service",
            twice,
            "dependency-reset",
            expect![[r#"
            warning 3:1-3:7 an empty After= takes nothing back: dependencies can only be added
              help: copy the whole unit file to /etc/systemd/system and delete the dependency there
              suggestion: Delete the line
        "#]],
        );
    }
}
