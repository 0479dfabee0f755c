use super::{Check, DirectiveContext, Findings, Rule, invisible_character};
use crate::diagnostic::Severity;
use crate::schema::{self, key};
use crate::text::{Edit, Span};
use crate::values::ValueType;

pub(super) static RULE: Rule = Rule {
    name: "trailing-comment",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A comment behind a value. systemd knows comments on lines of their own only: here it is a part of the value, or makes it a bad one.

```ini
[Service]
Restart=always # whatever happens
```

Put the comment on a line above.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    let Some(entry) = cx.entry else { return };
    if memchr::memchr(b'#', value.text().as_bytes()).is_none() || is_free(entry) {
        return;
    }
    let exec = matches!(entry.value, ValueType::Exec);
    let Some(at) = comment(value.text(), exec) else { return };
    let comment = value.source(Span::new(at, value.text().len()));
    let finding = RULE.at(comment, "a comment behind a value is part of the value");
    let line = cx.file.file.line(cx.directive.span.start);
    if comment.end > line.end {
        findings.push(finding.help("put it on a line of its own"));
        return;
    }
    let text = cx.file.file.text;
    let kept = text[..comment.start as usize].trim_end_matches([' ', '\t']).len();
    let edits = vec![
        Edit::insert(line.start as usize, format!("{}\n", &text[comment])),
        Edit::delete(Span::new(kept, comment.end as usize)),
    ];
    let title = "Put it on the line above";
    findings.push(if exec { finding.suggestion(title, edits) } else { finding.fix(title, edits) });
}

/// Where a comment begins: at a `#` behind a blank, outside quotes. In a
/// command line a word that begins with `#` may be an argument, so there it
/// must stand alone with words behind it.
fn comment(value: &str, exec: bool) -> Option<usize> {
    let semicolon = value.rfind(';');
    invisible_character::outside_quotes(value).map(|(at, _)| at).find(|&at| {
        if !value[..at].ends_with([' ', '\t']) {
            return false;
        }
        let after = value[at..].trim_start_matches('#');
        let (starts, end) = (after.len() < value.len() - at, semicolon.is_none_or(|last| last < at));
        starts && (!exec || (after.starts_with([' ', '\t']) && end))
    })
}

/// Whether a `#` in such a value may be meant.
fn is_free(entry: &schema::Directive) -> bool {
    let free = matches!(
        entry.value,
        ValueType::InputText | ValueType::InputData | ValueType::LogExtraFields | ValueType::SetCredential
    );
    free || entry.key == key::unit::Description
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn a_comment_stands_on_a_line_of_its_own() {
        let text = "\
[Unit]
After=a.service # first
[Service]
Restart=always\t# whatever happens
Environment=A=1 #b
ExecStart=/bin/job --fast # the job
WorkingDirectory=/srv #here
";
        check(
            "a.service",
            text,
            "trailing-comment",
            expect![[r#"
            warning 2:17-2:24 a comment behind a value is part of the value
              fix: Put it on the line above
            warning 4:16-4:34 a comment behind a value is part of the value
              fix: Put it on the line above
            warning 5:17-5:19 a comment behind a value is part of the value
              fix: Put it on the line above
            warning 6:27-6:36 a comment behind a value is part of the value
              suggestion: Put it on the line above
            warning 7:23-7:28 a comment behind a value is part of the value
              fix: Put it on the line above
        "#]],
        );
        fixed(
            "a.service",
            text,
            "trailing-comment",
            expect![[r#"
            [Unit]
            # first
            After=a.service
            [Service]
            # whatever happens
            Restart=always
            #b
            Environment=A=1
            # the job
            ExecStart=/bin/job --fast
            #here
            WorkingDirectory=/srv
        "#]],
        );
    }

    #[test]
    fn behind_or_before_a_continuation_there_is_no_line_for_it() {
        let text = "[Service]\nExecStart=/bin/job \\\n  --fast # the job\nUser=a # b \\\n c\n";
        check(
            "a.service",
            text,
            "trailing-comment",
            expect![[r#"
            warning 3:10-3:19 a comment behind a value is part of the value
              help: put it on a line of its own
            warning 4:8-5:3 a comment behind a value is part of the value
              help: put it on a line of its own
        "#]],
        );
    }

    #[test]
    fn arguments_and_prose_may_have_it() {
        let text = "\
[Unit]
Description=Job # 1 in C#
Documentation=https://a.example/b#c
[Service]
Environment=\"A=b # c\" B=#fff
ExecStart=/bin/irc --join #channel --color #fff
ExecStart=/bin/sh -c 'a # b'
ExecStart=/bin/sh -c \"a # b\"
ExecStart=/bin/job a#b #
";
        check("a.service", text, "trailing-comment", expect![[""]]);
    }
}
