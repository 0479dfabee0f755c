use super::context::shown;
use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "bad-section-name",
    severity: Severity::Error,
    optional: false,
    doc: "\
A quote, a backslash or a control character in a section's name. systemd gives up on the file, also where the name begins with `X-`.

```ini
[X-\"Mine\"]
```

Use letters, digits, blanks and dashes.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::UnsafeHeader) {
        if findings.has_enough(&RULE) {
            break;
        }
        let name = shown(&cx.file.text[span]);
        findings.push(RULE.at(
            span,
            format!("section name \"{name}\" has a quote, backslash or control character: {}", cx.refusal()),
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_with_drop_in};
    use expect_test::expect;

    #[test]
    fn quotes_and_tabs_spoil_a_name() {
        check(
            "a.service",
            "[\"Unit\"]\n[X-a\tb]\n[X-a b]\n",
            "bad-section-name",
            expect![[r#"
                error 1:2-1:8 section name ""Unit"" has a quote, backslash or control character: systemd refuses the whole unit
                error 2:2-2:7 section name "X-a\tb" has a quote, backslash or control character: systemd refuses the whole unit
            "#]],
        );
    }

    #[test]
    fn a_drop_in_is_read_up_to_it() {
        check_with_drop_in(
            "a.service",
            "[Unit]\n",
            Some("[X-'a]\n"),
            "bad-section-name",
            expect![[r#"
                error drop-in 1:2-1:6 section name "X-'a" has a quote, backslash or control character: systemd stops reading the drop-in here
            "#]],
        );
    }
}
