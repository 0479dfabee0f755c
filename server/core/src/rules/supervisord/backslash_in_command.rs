use crate::diagnostic::Severity;
use crate::rules::{Check, DirectiveContext, Findings, Rule};
use crate::text::{Edit, Span};
use crate::values::supervisord::Kind;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "backslash-in-command",
    severity: Severity::Error,
    optional: false,
    doc: "\
A backslash at the end of a line of a command in supervisord.conf. There a value goes on in indented lines, without a backslash; with one, the program gets the end of the line as a part of its next argument.

```ini
[program:web]
command=/usr/bin/web \\
    --port 8080
```

Delete the backslash. In quotes behind `sh -c` it is the shell's, and does no harm.",
    systemd: None,
    supervisord: Some(Check::Directive(check)),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    if cx.supervisord_kind() != Some(Kind::Command) || !value.is_continued() {
        return;
    }
    let text = value.text();
    for (at, _) in text.match_indices("\\\n") {
        let quoted = crate::rules::supervisord::inline_comment::open_quote(&text[..at], true).is_some();
        if quoted || text[..at].ends_with('\\') {
            continue;
        }
        let place = value.source(Span::new(at, at + 1));
        let blanks = cx.file.file.text[..place.start as usize].trim_end_matches([' ', '\t']).len();
        let edit = Edit::delete(Span::new(blanks, place.end as usize));
        findings.push(
            RULE.at(place, "the backslash makes the end of the line a part of the next argument")
                .fix("Delete the backslash", vec![edit]),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn lines_go_on_without() {
        let text = "[program:a]\ncommand=/bin/a \\\n  -b \\ ; why\n\n  -c\n[program:b]\ncommand=/bin/sh -c 'a \\\n  b'\n\
                    environment=A=1, \\\n  B=2\n";
        check_supervisord(
            &[text],
            true,
            "backslash-in-command",
            expect![[r#"
            error 2:16-2:17 the backslash makes the end of the line a part of the next argument
              fix: Delete the backslash
            error 3:6-3:7 the backslash makes the end of the line a part of the next argument
              fix: Delete the backslash
        "#]],
        );
        fixed_supervisord(
            text,
            "backslash-in-command",
            expect![[r#"
            [program:a]
            command=/bin/a
              -b ; why

              -c
            [program:b]
            command=/bin/sh -c 'a \
              b'
            environment=A=1, \
              B=2
        "#]],
        );
    }
}
