use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{Dialect, ProblemKind};
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "missing-equals",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line that is no section header, no comment and no assignment. systemd drops it; supervisord doesn't start with it.

```ini
[Service]
ExecStart=/usr/bin/true
  --verbose
```

Write `Name=value`; begin a comment with `#` or `;`; to go on with the line above, end that one in a backslash, or in supervisord.conf indent this one.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::MissingEquals) {
        if findings.has_enough(&RULE) {
            break;
        }
        let line = &cx.file.text[span];
        let supervisord = cx.file.dialect == Dialect::Supervisord;
        if supervisord && line.starts_with('[') {
            continue;
        }
        let finding = RULE.at(span, format!("line without \"=\": {}", cx.line_is_lost()));
        findings.push(if line.starts_with(".include") {
            finding.help("systemd doesn't read .include lines any more: use a drop-in")
        } else {
            assignment(cx, span, &finding).unwrap_or_else(|| finding.help(if supervisord { INDENT } else { HELP }))
        });
    }
}

const HELP: &str = "write Name=value; a comment begins with #; a line goes on below if it ends in a backslash";
const INDENT: &str = "write key=value; a comment begins with # or ;; an indented line goes on with the value above";

/// `Description: text` and `Description text`, made an assignment.
fn assignment(cx: &FileContext, span: Span, finding: &Diagnostic) -> Option<Diagnostic> {
    let line = &cx.file.text[span];
    let key = line.split([':', ' ', '\t']).next()?;
    cx.known(&cx.file.section_at(span)?.name)?.get(key)?;
    let rest = line[key.len()..].trim_start_matches([':', ' ', '\t']);
    let gap = Span::new(span.start as usize + key.len(), span.end as usize - rest.len());
    Some(finding.clone().suggestion(format!("Write {key}=…"), vec![Edit::replace(gap, "=")]))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn only_lines_that_are_read_count() {
        check(
            "a.service",
            "[Service]\nExecStart=/bin/true\n  --verbose\n[X-Mine]\nanything\n[Sevrice]\nanything\n",
            "missing-equals",
            expect![[r#"
                error 3:3-3:12 line without "=": systemd drops it
                  help: write Name=value; a comment begins with #; a line goes on below if it ends in a backslash
            "#]],
        );
    }

    #[test]
    fn a_colon_is_no_equals_sign() {
        let text = "[Unit]\nDescription: a b\nAfter\n";
        check(
            "a.service",
            text,
            "missing-equals",
            expect![[r#"
                error 2:1-2:17 line without "=": systemd drops it
                  suggestion: Write Description=…
                error 3:1-3:6 line without "=": systemd drops it
                  suggestion: Write After=…
            "#]],
        );
        fixed(
            "a.service",
            text,
            "missing-equals",
            expect![[r#"
            [Unit]
            Description=a b
            After=
        "#]],
        );
    }

    #[test]
    fn includes_are_gone() {
        check(
            "a.service",
            "[Unit]\n.include /usr/lib/b\n",
            "missing-equals",
            expect![[r#"
                error 2:1-2:20 line without "=": systemd drops it
                  help: systemd doesn't read .include lines any more: use a drop-in
            "#]],
        );
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand /bin/a\n[program:b\nfoo\n[mine]\nfoo\n";
        check_supervisord(
            &[text],
            true,
            "missing-equals",
            expect![[r#"
            error 2:1-2:15 line without "=": supervisord doesn't start
              suggestion: Write command=…
            error 4:1-4:4 line without "=": supervisord doesn't start
              help: write key=value; a comment begins with # or ;; an indented line goes on with the value above
            error 6:1-6:4 line without "=": supervisord doesn't start
              help: write key=value; a comment begins with # or ;; an indented line goes on with the value above
        "#]],
        );
        fixed_supervisord(
            text,
            "missing-equals",
            expect![[r#"
            [program:a]
            command=/bin/a
            [program:b
            foo
            [mine]
            foo
        "#]],
        );
    }
}
