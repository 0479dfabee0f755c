use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::service;
use crate::schema::{UnitKind, Version};

pub(super) static RULE: Rule = Rule {
    name: "oneshot-conflict",
    severity: Severity::Error,
    optional: false,
    doc: "\
A setting that `Type=oneshot` doesn't allow: `Restart=always` or `Restart=on-success`, `ExitType=cgroup`, and before systemd 256 `RestartForceExitStatus=`. systemd refuses to load the service.

```ini
[Service]
Type=oneshot
ExecStart=/usr/bin/backup
Restart=always
```

Use `Restart=on-failure` to try again until it succeeds, or a timer to run it again and again.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

/// The first version that allows `RestartForceExitStatus=`.
const FORCED_RESTART: Version = Version(256);

fn check(cx: &UnitContext, findings: &mut Findings) {
    if cx.unit.kind() != UnitKind::Service || cx.service_type() != "oneshot" {
        return;
    }
    let refused: &[_] = &[
        (service::Restart, &["always", "on-success"][..]),
        (service::ExitType, &["cgroup"]),
        (service::RestartForceExitStatus, &[]),
    ];
    for (key, values) in refused {
        let Some(setting) = cx.unit.get(*key) else { continue };
        let name = setting.entry.name;
        let bad = match values.is_empty() {
            true => cx.target.version < FORCED_RESTART,
            false => values.contains(&setting.value()),
        };
        if bad {
            let value = if values.is_empty() { " before systemd 256" } else { setting.value() };
            let message = format!("Type=oneshot doesn't allow {name}={value}");
            let mut finding = cx.at(&RULE, setting, message);
            if let Some(kind) = cx.unit.get(service::Type) {
                finding = finding.related(kind.file, kind.span(), "the type is set here");
            }
            if *key == service::Restart {
                finding = finding.help("Restart=on-failure is allowed; to run it again and again use a timer");
            }
            findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_for};
    use expect_test::expect;

    #[test]
    fn a_oneshot_isnt_restarted_for_ever() {
        let text = "[Service]\nType=oneshot\nExecStart=/bin/a\nRestart=always\nExitType=cgroup\n";
        check(
            "a.service",
            text,
            "oneshot-conflict",
            expect![[r#"
            error 4:9-4:15 Type=oneshot doesn't allow Restart=always
              help: Restart=on-failure is allowed; to run it again and again use a timer
              see: the type is set here
            error 5:10-5:16 Type=oneshot doesn't allow ExitType=cgroup
              see: the type is set here
        "#]],
        );
        check(
            "a.service",
            "[Service]\nExecStop=/bin/a\nRestart=on-success\n",
            "oneshot-conflict",
            expect![[r#"
            error 3:9-3:19 Type=oneshot doesn't allow Restart=on-success
              help: Restart=on-failure is allowed; to run it again and again use a timer
        "#]],
        );
    }

    #[test]
    fn a_forced_restart_came_later() {
        let text = "[Service]\nType=oneshot\nExecStart=/bin/a\nRestartForceExitStatus=3\n";
        check_for(
            255,
            "a.service",
            text,
            "oneshot-conflict",
            expect![[r#"
            error 4:24-4:25 Type=oneshot doesn't allow RestartForceExitStatus= before systemd 256
              see: the type is set here
        "#]],
        );
        check_for(256, "a.service", text, "oneshot-conflict", expect![[""]]);
    }

    #[test]
    fn what_is_allowed_is_allowed() {
        for text in [
            "[Service]\nType=oneshot\nExecStart=/bin/a\nRestart=on-failure\nRestartForceExitStatus=3\nExitType=main\n",
            "[Service]\nExecStart=/bin/a\nRestart=always\nExitType=cgroup\n",
        ] {
            check("a.service", text, "oneshot-conflict", expect![[""]]);
        }
    }
}
