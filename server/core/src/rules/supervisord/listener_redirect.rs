use crate::diagnostic::Severity;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "listener-redirect",
    severity: Severity::Error,
    optional: false,
    doc: "\
An event listener with `redirect_stderr=true`. It speaks to supervisord on its standard output, where messages would get in the way. supervisord doesn't start.

```ini
[eventlistener:mail]
command=/usr/bin/crashmail
events=PROCESS_STATE
redirect_stderr=true
```

Take the line away; `stderr_logfile` says where messages go.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for listener in cx.sections("eventlistener").filter(|it| it.boolean("redirect_stderr") == Some(true)) {
        if let Some(redirect) = listener.get("redirect_stderr") {
            let message = "an event listener speaks to supervisord on its standard output: nothing else may go there";
            let finding = cx.at_line(&RULE, redirect, message);
            findings.push(finding.fix("Remove redirect_stderr=", vec![cx.without(redirect)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn listeners_keep_their_output() {
        let text = "[eventlistener:a]\nredirect_stderr=true\n[eventlistener:b]\nredirect_stderr=false\n\
                    [program:c]\nredirect_stderr=true\n";
        check_supervisord(
            &[text],
            true,
            "listener-redirect",
            expect![[r#"
            error 2:1-2:21 an event listener speaks to supervisord on its standard output: nothing else may go there
              fix: Remove redirect_stderr=
        "#]],
        );
    }
}
