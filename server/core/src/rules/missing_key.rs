use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "missing-key",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line that begins with `=`. systemd drops it.

```ini
[Service]
=/usr/bin/true
```

Write the name of the directive in front: `ExecStart=/usr/bin/true`.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::MissingKey) {
        if findings.has_enough(&RULE) {
            break;
        }
        findings.push(RULE.at(span, "nothing in front of the \"=\": systemd drops the line"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn only_lines_that_are_read_count() {
        check(
            "a.service",
            "[Unit]\n =a\n[X-Mine]\n=b\n",
            "missing-key",
            expect![[r#"
            error 2:2-2:4 nothing in front of the "=": systemd drops the line
        "#]],
        );
    }
}
