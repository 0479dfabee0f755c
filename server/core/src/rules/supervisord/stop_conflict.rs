use crate::diagnostic::Severity;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "stop-conflict",
    severity: Severity::Error,
    optional: false,
    doc: "\
`stopasgroup=true` with `killasgroup=false`. The one sends the stop signal to the whole process group, the other would spare all of it but the first process if that doesn't help. supervisord doesn't start.

```ini
[program:web]
command=/usr/bin/web
stopasgroup=true
killasgroup=false
```

Leave `killasgroup` away: it follows `stopasgroup`.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for program in cx.programs() {
        let conflict = program.boolean("stopasgroup") == Some(true) && program.boolean("killasgroup") == Some(false);
        if let (true, Some(stop), Some(kill)) = (conflict, program.get("stopasgroup"), program.get("killasgroup")) {
            findings.push(
                cx.at_line(&RULE, kill, "killasgroup=false contradicts stopasgroup=true: supervisord doesn't start")
                    .related(stop.file, stop.directive.span, "stopasgroup= is set here")
                    .suggestion("Remove killasgroup=", vec![cx.without(kill)]),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn groups_are_stopped_and_killed_alike() {
        let text = "[program:a]\ncommand=a\nkillasgroup=off\nstopasgroup=Yes\n";
        check_supervisord(
            &[text],
            true,
            "stop-conflict",
            expect![[r#"
            error 3:1-3:16 killasgroup=false contradicts stopasgroup=true: supervisord doesn't start
              see: stopasgroup= is set here
              suggestion: Remove killasgroup=
        "#]],
        );
        fixed_supervisord(
            text,
            "stop-conflict",
            expect![[r#"
            [program:a]
            command=a
            stopasgroup=Yes
        "#]],
        );
        let others = "[program:a]\nkillasgroup=true\nstopasgroup=false\n[program:b]\nstopasgroup=true\n";
        check_supervisord(&[others], true, "stop-conflict", expect![[""]]);
    }
}
