use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "missing-key",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line that begins with `=`. systemd drops it; supervisord doesn't start with it.

```ini
[Service]
=/usr/bin/true
```

Write the name of the directive in front: `ExecStart=/usr/bin/true`.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::MissingKey) {
        if findings.has_enough(&RULE) {
            break;
        }
        findings.push(RULE.at(span, format!("nothing in front of the \"=\": {}", cx.line_is_lost())));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn only_lines_that_are_read_count() {
        check(
            "a.service",
            "[Unit]\n =a\n[X-Mine]\n=b\n",
            "missing-key",
            expect![[r#"
                error 2:2-2:4 nothing in front of the "=": systemd drops it
            "#]],
        );
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\n=b\n[mine]\n: c\n";
        check_supervisord(
            &[text],
            true,
            "missing-key",
            expect![[r#"
            error 2:1-2:3 nothing in front of the "=": supervisord doesn't start
            error 4:1-4:4 nothing in front of the "=": supervisord doesn't start
        "#]],
        );
        fixed_supervisord(
            text,
            "missing-key",
            expect![[r#"
            [program:a]
            =b
            [mine]
            : c
        "#]],
        );
    }
}
