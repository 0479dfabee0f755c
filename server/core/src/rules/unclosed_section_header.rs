use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema;
use crate::syntax::ProblemKind;
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "unclosed-section-header",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line that begins with `[` and doesn't end with `]`. systemd gives up on the file; supervisord takes `[program:web` for an assignment to a key `[program`, so that what follows belongs to the section before, or doesn't start.

```ini
[Service] # the main part
ExecStart=/usr/bin/true
```

Close the bracket; put a comment on a line of its own.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check_supervisord)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::UnclosedHeader) {
        if findings.has_enough(&RULE) {
            break;
        }
        let finding = RULE.at(span, format!("section header doesn't end with \"]\": {}", cx.refusal()));
        findings.push(match mended(&cx.file.text[span]) {
            Some((title, edit)) => {
                let name = cx.file.text[span].trim_start_matches('[').split([']', '\n']).next().unwrap_or_default();
                finding
                    .fix(title, vec![Edit { span: edit.span.shift(span.start as usize), ..edit }])
                    .claiming(name, None)
            }
            None => finding.help("a header stands alone on its line: [Service]"),
        });
    }
}

fn check_supervisord(cx: &FileContext, findings: &mut Findings) {
    let unread = cx.problems(ProblemKind::MissingEquals).chain(cx.problems(ProblemKind::OutsideSection));
    let unread = unread.map(|span| (span, cx.line_is_lost()));
    let keys = cx.file.directives.iter().filter(|directive| directive.key.starts_with('['));
    let read = keys.map(|directive| (directive.span, "supervisord takes the line for an assignment"));
    for (span, then) in unread.filter(|(span, _)| cx.file.text[*span].starts_with('[')).chain(read) {
        if findings.has_enough(&RULE) {
            break;
        }
        let finding = RULE.at(span, format!("section header without \"]\": {then}"));
        let name = &cx.file.text[span][1..];
        findings.push(match schema::supervisord::section(name) {
            Some(_) => finding.fix("Close the bracket", vec![Edit::insert(span.end as usize, "]")]),
            None => finding,
        });
    }
}

/// What to do with a header that is sure to be one, and the edit within it.
fn mended(header: &str) -> Option<(&'static str, Edit)> {
    let known = |name: &str| schema::section(name).is_some() || name.starts_with("X-");
    let Some((name, rest)) = header.strip_prefix('[')?.split_once(']') else {
        let name = header.strip_prefix('[')?;
        return known(name).then(|| ("Close the bracket", Edit::insert(header.len(), "]")));
    };
    let comment = rest.trim_start();
    if !known(name) || !comment.starts_with(['#', ';']) || comment.contains(['\n', '\r']) {
        return None;
    }
    let all = Span::new(0, header.len());
    Some(("Put the comment on a line of its own", Edit::replace(all, format!("{comment}\n[{name}]"))))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn a_header_stands_alone() {
        let text = "[Unit\nDescription=a\n[Service] # main\nExecStart=/bin/true\n[Install] WantedBy=x\n";
        check(
            "a.service",
            text,
            "unclosed-section-header",
            expect![[r#"
            error 1:1-1:6 section header doesn't end with "]": systemd refuses the whole unit
              fix: Close the bracket
            error 3:1-3:17 section header doesn't end with "]": systemd refuses the whole unit
              fix: Put the comment on a line of its own
            error 5:1-5:21 section header doesn't end with "]": systemd refuses the whole unit
              help: a header stands alone on its line: [Service]
        "#]],
        );
        fixed(
            "a.service",
            text,
            "unclosed-section-header",
            expect![[r#"
            [Unit]
            Description=a
            # main
            [Service]
            ExecStart=/bin/true
            [Install] WantedBy=x
        "#]],
        );
    }

    #[test]
    fn a_key_in_brackets_is_no_header() {
        check("a.service", "[Unit]\nX-[a=b\n", "unclosed-section-header", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[supervisord\n[program:a]\n[program:b\ncommand=b\n[foo\nfoo [c\n";
        check_supervisord(
            &[text],
            true,
            "unclosed-section-header",
            expect![[r#"
            error 5:1-5:5 section header without "]": supervisord doesn't start
            error 1:1-1:13 section header without "]": supervisord doesn't start
              fix: Close the bracket
            error 3:1-3:11 section header without "]": supervisord takes the line for an assignment
              fix: Close the bracket
        "#]],
        );
        fixed_supervisord(
            text,
            "unclosed-section-header",
            expect![[r#"
                [supervisord]
                [program:a]
                [program:b]
                command=b
                [foo
                foo [c
            "#]],
        );
    }
}
