use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::service;

pub(super) static RULE: Rule = Rule {
    name: "pid-file-without-forking",
    severity: Severity::Warning,
    optional: false,
    doc: "\
`PIDFile=` of a service that isn't `Type=forking`. systemd reads a PID file only to find the main process of a service that forks; of any other service it knows the main process anyway, and does nothing with the file but remove it when the service has stopped. Only after `ExecStartPost=` and `ExecReload=` commands it looks again for the main process of any service; the rule is silent about those.

```ini
[Service]
Type=simple
ExecStart=/usr/sbin/server --foreground
PIDFile=/run/server.pid
```

Take `PIDFile=` away, or set `Type=forking` if the program goes to the background. Of services that tell when they are ready (`Type=notify`, `Type=dbus`) this is only a hint.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Service || !unit.has_fragment || cx.service_type() == "forking" {
        return;
    }
    // After these systemd looks for the main process again, and reads the file.
    if [service::ExecStartPost, service::ExecReload].iter().any(|key| unit.get(*key).is_some()) {
        return;
    }
    let Some(setting) = unit.get(service::PIDFile) else { return };
    let message = format!(
        "the PIDFile= of a service of Type={} is only removed when it has stopped, not read",
        cx.service_type()
    );
    let mut finding = cx.at_line(&RULE, setting, message);
    if matches!(cx.service_type(), "notify" | "notify-reload" | "dbus") {
        finding.severity = Severity::Hint;
    } else {
        finding = finding.help("set Type=forking if the program goes to the background");
    }
    findings.push(finding.suggestion("Remove PIDFile=", vec![cx.without(setting)]));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_drop_in_alone};
    use expect_test::expect;

    #[test]
    fn only_a_forking_service_has_its_pid_file_read() {
        let rule = "pid-file-without-forking";
        check(
            "a.service",
            "[Service]\nExecStart=/bin/a\nPIDFile=/run/a.pid\n",
            rule,
            expect![[r#"
                warning 3:1-3:19 the PIDFile= of a service of Type=simple is only removed when it has stopped, not read
                  help: set Type=forking if the program goes to the background
                  suggestion: Remove PIDFile=
            "#]],
        );
        check(
            "a.service",
            "[Service]\nType=notify\nExecStart=/bin/a\nPIDFile=/run/a.pid\n",
            rule,
            expect![[r#"
                hint 4:1-4:19 the PIDFile= of a service of Type=notify is only removed when it has stopped, not read
                  suggestion: Remove PIDFile=
            "#]],
        );
        let again = "[Service]\nExecStart=/bin/a\nExecReload=/bin/b\nPIDFile=/run/a.pid\n";
        check("a.service", again, rule, expect![[""]]);
        check("a.service", "[Service]\nType=forking\nExecStart=/bin/a\nPIDFile=/run/a.pid\n", rule, expect![[""]]);
        check("a.service", "[Service]\nExecStart=/bin/a\nPIDFile=/run/a.pid\nPIDFile=\n", rule, expect![[""]]);
        check_drop_in_alone("a.service", "[Service]\nPIDFile=/run/a.pid\n", rule, expect![[""]]);
    }
}
