use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::values::words::{Style, Words};

pub(super) static RULE: Rule = Rule {
    name: "variable-in-program",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A variable or a `~` in the path of a program. systemd expands variables in arguments only, supervisord nowhere; in the path they are letters like any other, so the program isn't found.

```ini
[Service]
Environment=PREFIX=/opt/job
ExecStart=${PREFIX}/bin/job
```

Write the path out, use a specifier such as `%h`, in supervisord.conf `%(ENV_PREFIX)s`, or let a shell or `env` find the program.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    if !cx.is_exec_with(b"$~") {
        return;
    }
    let value = &cx.directive.value;
    let reader = cx.file.reader();
    let Some(Ok(first)) = Words::new(value.text(), Style::COMMAND).next() else { return };
    let via_shell = first.text.bytes().take_while(|byte| b"-@:|+!".contains(byte)).any(|byte| byte == b'|');
    if via_shell {
        return;
    }
    let program = first.text.trim_start_matches(['-', '@', ':', '+', '!']);
    let span = value.source(first.span);
    let (known, home) = (variable(program), program.starts_with("~/"));
    let program = shown(program);
    if known {
        let message = format!("\"{program}\": {reader} doesn't expand variables in the path of a program");
        findings.push(RULE.at(span, message).help("write the path out, or run it by a shell: /bin/sh -c '…'"));
    } else if home {
        let message = format!("\"{program}\": {reader} doesn't expand \"~\"");
        findings.push(RULE.at(span, message).help(match cx.supervisord_kind() {
            None => "write the path out; %h is the home directory of the service manager's user",
            Some(_) => "write the path out",
        }));
    }
}

/// Whether there is a `$NAME` or a `${`.
fn variable(text: &str) -> bool {
    let starts = |byte: u8| byte == b'{' || byte == b'_' || byte.is_ascii_alphabetic();
    text.as_bytes().windows(2).any(|pair| pair[0] == b'$' && starts(pair[1]))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_supervisord};
    use expect_test::expect;

    #[test]
    fn the_path_is_taken_as_it_is() {
        let text = "\
[Service]
ExecStartPre=-${PREFIX}/bin/job
ExecStartPre=/opt/$VERSION/bin/job
ExecStartPre=$JOB --fast
ExecStart=~/bin/job
";
        check(
            "a.service",
            text,
            "variable-in-program",
            expect![[r#"
            warning 2:14-2:32 "${PREFIX}/bin/job": systemd doesn't expand variables in the path of a program
              help: write the path out, or run it by a shell: /bin/sh -c '…'
            warning 3:14-3:35 "/opt/$VERSION/bin/job": systemd doesn't expand variables in the path of a program
              help: write the path out, or run it by a shell: /bin/sh -c '…'
            warning 4:14-4:18 "$JOB": systemd doesn't expand variables in the path of a program
              help: write the path out, or run it by a shell: /bin/sh -c '…'
            warning 5:11-5:20 "~/bin/job": systemd doesn't expand "~"
              help: write the path out; %h is the home directory of the service manager's user
        "#]],
        );
    }

    #[test]
    fn arguments_are_expanded() {
        let text = "\
[Service]
ExecStart=/bin/job $OPTIONS ${X}/y ~/z
ExecStart=/opt/a$/b
ExecStart=|$HOME/bin/job
Environment=A=$B
";
        check("a.service", text, "variable-in-program", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text =
            "[program:a]\ncommand=${HOME}/bin/a\n[program:b]\ncommand=~/bin/b\n[program:c]\ncommand=%(ENV_HOME)s/c\n";
        check_supervisord(
            &[text],
            true,
            "variable-in-program",
            expect![[r#"
            warning 2:9-2:22 "${HOME}/bin/a": supervisord doesn't expand variables in the path of a program
              help: write the path out, or run it by a shell: /bin/sh -c '…'
            warning 4:9-4:16 "~/bin/b": supervisord doesn't expand "~"
              help: write the path out
        "#]],
        );
    }
}
