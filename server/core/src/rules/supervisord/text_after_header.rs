use crate::diagnostic::Severity;
use crate::rules::{Check, FileContext, Findings, Rule};
use crate::syntax::ProblemKind;
use crate::text::{Edit, Span};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "text-after-header",
    severity: Severity::Error,
    optional: false,
    doc: "\
Text behind a section header of supervisord.conf that is no comment. Nobody reads it.

```ini
[program:web] command=/usr/bin/web
```

Put it on a line of its own; a comment begins with `;` or `#` behind a blank.",
    systemd: None,
    supervisord: Some(Check::File(check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::AfterHeader) {
        if findings.has_enough(&RULE) {
            break;
        }
        let finding = RULE.at(span, "nobody reads what stands behind a header");
        let text = cx.file.text;
        let header = text[..span.start as usize].trim_end().len();
        findings.push(match &text[span] {
            comment if comment.starts_with([';', '#']) => {
                finding.fix("Put a blank in front", vec![Edit::insert(span.start as usize, " ")])
            }
            assignment if assignment.contains('=') => {
                let gap = Span::new(header, span.start as usize);
                finding.suggestion("Put it on a line of its own", vec![Edit::replace(gap, "\n")])
            }
            _ => finding.suggestion("Delete it", vec![Edit::delete(Span::new(header, span.end as usize))]),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn nothing_stands_behind_a_header() {
        let text = "[program:a] command=a\n[program:b]; why\n[program:c] ; why\n[program:d] x\n";
        check_supervisord(
            &[text],
            true,
            "text-after-header",
            expect![[r#"
            error 1:13-1:22 nobody reads what stands behind a header
              suggestion: Put it on a line of its own
            error 2:12-2:17 nobody reads what stands behind a header
              fix: Put a blank in front
            error 4:13-4:14 nobody reads what stands behind a header
              suggestion: Delete it
        "#]],
        );
        fixed_supervisord(
            text,
            "text-after-header",
            expect![[r#"
            [program:a]
            command=a
            [program:b] ; why
            [program:c] ; why
            [program:d]
        "#]],
        );
    }
}
