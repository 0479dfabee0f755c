use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind};
use crate::syntax::{Dialect, ProblemKind};
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "assignment-outside-section",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line before the first section header. systemd drops it; supervisord doesn't start with it.

```ini
Description=A job
[Service]
ExecStart=/usr/bin/true
```

Put the header of its section above it: `[Unit]`.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for span in cx.problems(ProblemKind::OutsideSection) {
        if findings.has_enough(&RULE) {
            break;
        }
        if cx.file.dialect == Dialect::Supervisord && cx.file.text[span].starts_with('[') {
            continue;
        }
        let finding = RULE.at(span, format!("line outside of any section: {}", cx.line_is_lost()));
        if let Some(mark) = byte_order_mark(cx, span) {
            let finding = finding.help("it begins with a byte-order mark, which supervisord doesn't expect");
            findings.push(finding.fix("Delete the byte-order mark", vec![Edit::delete(mark)]));
            // What follows is outside for the same reason.
            break;
        }
        if cx.file.text[span].starts_with(['#', ';']) {
            let mark = Span { start: cx.file.line(span.start).start, end: span.start };
            let finding = finding.help("a comment behind a byte-order mark is read as an assignment");
            findings.push(finding.fix("Delete the byte-order mark", vec![Edit::delete(mark)]));
            continue;
        }
        findings.push(match home(cx, &cx.file.text[span]) {
            None => finding,
            Some(section) => {
                let header = Edit::insert(span.start as usize, format!("[{section}]\n"));
                finding.suggestion(format!("Put [{section}] above it"), vec![header])
            }
        });
    }
}

/// The mark in front of a line, where it is taken for a part of it.
fn byte_order_mark(cx: &FileContext, line: Span) -> Option<Span> {
    let marked = cx.file.dialect == Dialect::Supervisord && cx.file.text[line].starts_with('\u{feff}');
    marked.then(|| Span { start: line.start, end: line.start + '\u{feff}'.len_utf8() as u32 })
}

/// The section that the assignment in `line` belongs to, if it can't be any other.
fn home(cx: &FileContext, line: &str) -> Option<&'static str> {
    let FileKind::Unit(kind) = cx.kind else { return None };
    let (key, _) = line.split_once('=')?;
    let mut homes = schema::sections_of(kind).filter(|section| section.get(key.trim_end()).is_some());
    let home = homes.next()?;
    homes.next().is_none().then_some(home.name)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn each_line_is_named() {
        let text = "Description=a\nnonsense\n# fine\n[Service]\nExecStart=/bin/true\n";
        check(
            "a.service",
            text,
            "assignment-outside-section",
            expect![[r#"
                error 1:1-1:14 line outside of any section: systemd drops it
                  suggestion: Put [Unit] above it
                error 2:1-2:9 line outside of any section: systemd drops it
            "#]],
        );
        fixed(
            "a.service",
            text,
            "assignment-outside-section",
            expect![[r#"
            [Unit]
            Description=a
            nonsense
            # fine
            [Service]
            ExecStart=/bin/true
        "#]],
        );
    }

    #[test]
    fn a_byte_order_mark_spoils_a_comment() {
        let text = "\u{feff}# mine\n[Service]\nExecStart=/bin/true\n";
        check(
            "a.service",
            text,
            "assignment-outside-section",
            expect![[r#"
                error 1:1-1:7 line outside of any section: systemd drops it
                  help: a comment behind a byte-order mark is read as an assignment
                  fix: Delete the byte-order mark
            "#]],
        );
        fixed(
            "a.service",
            text,
            "assignment-outside-section",
            expect![[r#"
            # mine
            [Service]
            ExecStart=/bin/true
        "#]],
        );
    }

    #[test]
    fn comments_and_blank_lines_may_stand_anywhere() {
        check("a.service", "# a=b\n\n ; c\n[Unit]\n", "assignment-outside-section", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "command=a\n[program:a]\ncommand=b\n";
        check_supervisord(
            &[text],
            true,
            "assignment-outside-section",
            expect![[r#"
            error 1:1-1:10 line outside of any section: supervisord doesn't start
        "#]],
        );
        fixed_supervisord(
            text,
            "assignment-outside-section",
            expect![[r#"
            command=a
            [program:a]
            command=b
        "#]],
        );
    }

    #[test]
    fn a_byte_order_mark_for_supervisord() {
        let text = "\u{feff}[program:a]\ncommand=a\n[program:b]\ncommand=b\n";
        check_supervisord(
            &[text],
            true,
            "assignment-outside-section",
            expect![[r#"
            error 1:1-1:12 line outside of any section: supervisord doesn't start
              help: it begins with a byte-order mark, which supervisord doesn't expect
              fix: Delete the byte-order mark
        "#]],
        );
        fixed_supervisord(
            text,
            "assignment-outside-section",
            expect![[r#"
            [program:a]
            command=a
            [program:b]
            command=b
        "#]],
        );
    }
}
