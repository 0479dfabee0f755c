use super::deprecated_directive::{instead, replaced};
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::{Severity, Tag};
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "removed-directive",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive that has no effect any more: systemd still knows its name and passes over the line.

```ini
[Service]
MemoryLimit=1G
```

Write its successor, `MemoryMax=`, or delete the line.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let Some(entry) = cx.entry else { return };
    let Some(ending) = entry.removed.filter(|ending| ending.since <= cx.file.target.version.0) else { return };
    let since = if ending.since > 0 { format!(" since systemd {}", ending.since) } else { String::new() };
    let message = format!("{}= has no effect{since}{}", entry.name, instead(&ending));
    let finding = RULE.at(cx.directive.key_span, message).tag(Tag::Unnecessary);
    let mut finding = replaced(finding, cx, entry, &ending);
    if ending.successor.is_empty() {
        finding = finding.fix("Delete the line", vec![Edit::delete(cx.file.file.lines(cx.directive.span))]);
    }
    findings.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_for, fixed};
    use expect_test::expect;

    #[test]
    fn successors_take_over_or_the_line_goes() {
        let text = "[Service]\nMemoryLimit=1G\nCPUShares=100\nSysVStartPriority=1\nUser=a\n";
        check(
            "a.service",
            text,
            "removed-directive",
            expect![[r#"
                warning 2:1-2:12 MemoryLimit= has no effect since systemd 258; use MemoryMax=
                  fix: Rename to MemoryMax=
                warning 3:1-3:10 CPUShares= has no effect since systemd 258; use CPUWeight=
                  help: weights go from 1 to 10000, shares went from 2 to 262144
                  suggestion: Rename to CPUWeight=
                warning 4:1-4:18 SysVStartPriority= has no effect
                  help: System V scripts are no longer ordered by it
                  fix: Delete the line
            "#]],
        );
        fixed(
            "a.service",
            text,
            "removed-directive",
            expect![[r#"
            [Service]
            MemoryMax=1G
            CPUWeight=100
            User=a
        "#]],
        );
    }

    #[test]
    fn it_depends_on_the_version() {
        check_for(252, "a.service", "[Service]\nMemoryLimit=1G\n", "removed-directive", expect![[""]]);
    }
}
