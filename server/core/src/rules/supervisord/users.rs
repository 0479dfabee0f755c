//! As whom programs run: two rules.

use crate::diagnostic::Severity;
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static WITHOUT_ROOT: Rule = Rule {
    name: "user-without-root",
    severity: Severity::Error,
    optional: false,
    doc: "\
A program with a `user` of its own under a supervisord that isn't root, because `user` of `[supervisord]` says so. Only root can change users: the program doesn't start.

```ini
[supervisord]
user=app
[program:web]
command=/usr/bin/web
user=www-data
```

Take one of both away.",
    systemd: None,
    supervisord: Some(Check::Config(without_root)),
};

pub(in crate::rules) static MISSING: Rule = Rule {
    name: "missing-user",
    severity: Severity::Hint,
    optional: true,
    doc: "\
A program that runs as whoever starts supervisord, which is root most of the time.

```ini
[program:web]
command=/usr/bin/web
user=www-data
```

`user=root` says that it is meant so. In a container that runs as another user there is nothing to do.",
    systemd: None,
    supervisord: Some(Check::Config(missing)),
};

fn without_root(cx: &ConfigContext, findings: &mut Findings) {
    let Some(own) = cx.config.section("supervisord").and_then(|section| section.get("user")) else { return };
    let user = own.text();
    if matches!(user, "root" | "0") || user.contains('%') {
        return;
    }
    for program in cx.programs() {
        let Some(other) = program.get("user").filter(|other| other.text() != user) else { continue };
        // A number and a name may be one user.
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if other.text().contains('%') || number(other.text()) != number(user) {
            continue;
        }
        let message =
            format!("supervisord runs as {}: only root can run programs as {}", shown(user), shown(other.text()));
        let finding = cx.at_line(&WITHOUT_ROOT, other, message);
        findings.push(finding.related(own.file, own.directive.span, "supervisord's user"));
    }
}

fn missing(cx: &ConfigContext, findings: &mut Findings) {
    let server = cx.config.section("supervisord").and_then(|section| section.text("user"));
    if !cx.complete || server.is_some_and(|user| !matches!(user, "root" | "0")) {
        return;
    }
    for program in cx.programs().filter(|program| program.get("user").is_none()) {
        findings.push(cx.at_header(&MISSING, program, "there is no user=: it runs as whoever starts supervisord"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn only_root_changes_users() {
        let text = "[supervisord]\nuser=app\n[program:a]\ncommand=a\nuser=www\n[program:b]\ncommand=a\nuser=app\n\
                    [program:c]\ncommand=a\nuser=33\n[program:d]\ncommand=a\n";
        check_supervisord(
            &[text],
            true,
            "user-without-root",
            expect![[r#"
            error 5:1-5:9 supervisord runs as app: only root can run programs as www
              see: supervisord's user
        "#]],
        );
        let text = "[supervisord]\nuser=root\n[program:a]\ncommand=a\nuser=www\n";
        check_supervisord(&[text], true, "user-without-root", expect![[""]]);
    }

    #[test]
    fn programs_say_as_whom_they_run() {
        check_supervisord(
            &["[supervisord]\n[program:a]\ncommand=a\n[program:b]\nuser=root\n"],
            true,
            "missing-user",
            expect![[r#"
                hint 2:1-2:12 there is no user=: it runs as whoever starts supervisord
            "#]],
        );
        check_supervisord(&["[supervisord]\nuser=app\n[program:a]\ncommand=a\n"], true, "missing-user", expect![[""]]);
    }
}
