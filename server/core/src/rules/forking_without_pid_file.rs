use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::service;

pub(super) static RULE: Rule = Rule {
    name: "forking-without-pid-file",
    severity: Severity::Hint,
    optional: true,
    doc: "\
A service of `Type=forking` without `PIDFile=`. systemd has to guess which process is the main one. With a single process it guesses right; with several it may give up, and then neither notices that the service has died nor restarts it.

```ini
[Service]
Type=forking
ExecStart=/usr/sbin/server --daemon
```

Set `PIDFile=`, or better keep the program in the foreground and use `Type=notify`, `Type=exec` or `Type=simple`.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Service || !unit.has_fragment || unit.has(service::PIDFile) {
        return;
    }
    let guesses = unit.boolean(service::GuessMainPID) != Some(false);
    if let Some(setting) = unit.get(service::Type).filter(|setting| setting.value() == "forking" && guesses) {
        findings.push(
            cx.at(&RULE, setting, "systemd has to guess the main process, since there is no PIDFile=")
                .help("set PIDFile=, or keep the program in the foreground and use another Type="),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn the_main_process_is_guessed() {
        let rule = "forking-without-pid-file";
        check(
            "a.service",
            "[Service]\nType=forking\nExecStart=/bin/a\n",
            rule,
            expect![[r#"
            hint 2:6-2:13 systemd has to guess the main process, since there is no PIDFile=
              help: set PIDFile=, or keep the program in the foreground and use another Type=
        "#]],
        );
        check("a.service", "[Service]\nType=forking\nExecStart=/bin/a\nPIDFile=/a\n", rule, expect![[""]]);
        check("a.service", "[Service]\nType=forking\nExecStart=/bin/a\nGuessMainPID=no\n", rule, expect![[""]]);
        check("a.service", "[Service]\nType=exec\nExecStart=/bin/a\n", rule, expect![[""]]);
    }
}
