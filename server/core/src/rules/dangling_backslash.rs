use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "dangling-backslash",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A backslash at the end of the last line: nothing is left to go on with. Most often a line was lost below it, and whatever is appended to the file later becomes part of this value.

```ini
[Service]
ExecStart=/usr/bin/true --verbose \\
```

Delete the backslash.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::DanglingBackslash) {
        let before = &cx.file.text[..span.start as usize];
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let gone = Span::new(before.len() - blanks, span.end as usize);
        findings.push(
            RULE.at(span, "backslash at the end of the file: there is no line to go on with")
                .fix("Delete it", vec![Edit::delete(gone)]),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn the_last_line_ends_the_value() {
        let text = "[Service]\nExecStart=/bin/true \\\n";
        check(
            "a.service",
            text,
            "dangling-backslash",
            expect![[r#"
            warning 2:21-2:22 backslash at the end of the file: there is no line to go on with
              fix: Delete it
        "#]],
        );
        fixed(
            "a.service",
            text,
            "dangling-backslash",
            expect![[r#"
            [Service]
            ExecStart=/bin/true
        "#]],
        );
    }

    #[test]
    fn a_blank_line_ends_it_too() {
        check("a.service", "[Service]\nExecStart=/bin/true \\\n\n", "dangling-backslash", expect![[""]]);
    }
}
