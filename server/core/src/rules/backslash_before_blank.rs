use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "backslash-before-blank",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A backslash with blanks behind it at the end of a line. It doesn't continue the line: it is part of the value, and the next line is read on its own.

```text
ExecStart=/usr/bin/true \\␠
  --verbose
```

Delete the blanks.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    if memchr::memmem::find(cx.file.text.as_bytes(), b"\\ ").is_none()
        && memchr::memmem::find(cx.file.text.as_bytes(), b"\\\t").is_none()
    {
        return;
    }
    let dropped: Vec<Span> = cx.problems(ProblemKind::MissingEquals).collect();
    let spans = cx.file.directives.iter().map(|directive| directive.span);
    for span in spans.chain(dropped.iter().copied()) {
        if findings.has_enough(&RULE) {
            break;
        }
        let Some(blanks) = blanks_behind_backslash(cx, span) else { continue };
        let backslash = Span { start: span.end - 1, end: span.end };
        let finding = RULE.at(backslash.cover(blanks), "a backslash with blanks behind it doesn't continue the line");
        let (title, edits) = ("Delete the blanks", vec![Edit::delete(blanks)]);
        findings.push(if goes_on(cx, &dropped, blanks.end) {
            finding.fix(title, edits)
        } else {
            finding.suggestion(title, edits)
        });
    }
}

/// The blanks at the end of the line, if `span` ends in a backslash in front of them.
fn blanks_behind_backslash(cx: &FileContext, span: Span) -> Option<Span> {
    let source = &cx.file.text[span];
    let backslashes = source.len() - source.trim_end_matches('\\').len();
    let line = cx.file.line(span.end);
    (backslashes % 2 == 1 && span.end < line.end).then_some(Span { start: span.end, end: line.end })
}

/// Whether the line after the one that ends at `end` makes no sense but as a continuation.
fn goes_on(cx: &FileContext, dropped: &[Span], end: u32) -> bool {
    let after = &cx.file.text[end as usize..];
    let next = after.trim_start_matches(['\n', '\r']);
    let start = end + (after.len() - next.len()) as u32;
    let line = cx.file.line(start);
    let strange = |key: &str| !key.starts_with(|c: char| c.is_ascii_uppercase());
    let directives = &cx.file.directives;
    let first_dropped = dropped.partition_point(|span| span.start < line.start);
    let first = directives.partition_point(|next| next.span.start < line.start);
    dropped.get(first_dropped).is_some_and(|span| span.start < line.end)
        || directives.get(first).is_some_and(|next| next.span.start < line.end && strange(&next.key))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn the_next_line_stands_alone() {
        let text = "[Service]\nExecStart=/bin/true \\ \n  --verbose \\\t\n  --mode=x\nUser=a\n";
        check(
            "a.service",
            text,
            "backslash-before-blank",
            expect![[r#"
            warning 2:21-2:23 a backslash with blanks behind it doesn't continue the line
              fix: Delete the blanks
            warning 3:13-3:15 a backslash with blanks behind it doesn't continue the line
              fix: Delete the blanks
        "#]],
        );
        fixed(
            "a.service",
            text,
            "backslash-before-blank",
            expect![[r#"
            [Service]
            ExecStart=/bin/true \
              --verbose \
              --mode=x
            User=a
        "#]],
        );
    }

    #[test]
    fn it_may_be_meant() {
        check(
            "a.service",
            "[Unit]\nDescription=ends in \\ \nAfter=b.service\n",
            "backslash-before-blank",
            expect![[r#"
                warning 2:21-2:23 a backslash with blanks behind it doesn't continue the line
                  suggestion: Delete the blanks
            "#]],
        );
    }

    #[test]
    fn escaped_blanks_and_doubled_backslashes_are_fine() {
        check(
            "a.service",
            "[Unit]\nDescription=a \\\\ \n# x \\ \nAfter=a\\ b \\\n  c\n",
            "backslash-before-blank",
            expect![[""]],
        );
    }
}
