use crate::diagnostic::Severity;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "incomplete-credentials",
    severity: Severity::Error,
    optional: false,
    doc: "\
A server with a `username` but no `password`, or the other way round. supervisord doesn't start.

```ini
[inet_http_server]
port=127.0.0.1:9001
username=admin
```

Set both, or none.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for server in cx.sections("inet_http_server").chain(cx.sections("unix_http_server")) {
        let (has, lacks) = match (server.get("username"), server.get("password")) {
            (Some(username), None) => (username, "password"),
            (None, Some(password)) => (password, "username"),
            _ => continue,
        };
        let message = format!("{}= needs {lacks}= beside it: supervisord doesn't start", has.directive.key);
        findings.push(cx.at_line(&RULE, has, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn both_or_none() {
        let text = "[inet_http_server]\nport=9001\nusername=a\n[unix_http_server:b]\nfile=/a\npassword=c\n\
                    [unix_http_server]\nfile=/b\nusername=a\npassword=b\n[supervisorctl]\nusername=a\n";
        check_supervisord(
            &[text],
            true,
            "incomplete-credentials",
            expect![[r#"
            error 3:1-3:11 username= needs password= beside it: supervisord doesn't start
            error 6:1-6:11 password= needs username= beside it: supervisord doesn't start
        "#]],
        );
    }
}
