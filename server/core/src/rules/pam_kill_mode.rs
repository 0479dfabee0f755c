use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::{exec, kill};
use crate::schema::{UnitKind, Version};

pub(super) static RULE: Rule = Rule {
    name: "pam-kill-mode",
    severity: Severity::Error,
    optional: false,
    doc: "\
A unit with `PAMName=` whose `KillMode=` would leave the process behind that closes the PAM session. systemd 252 refuses to load it: a service needs `KillMode=control-group` or `KillMode=mixed`, any other unit `KillMode=control-group`. Newer versions don't.

```ini
[Service]
ExecStart=/usr/bin/session
PAMName=login
KillMode=process
```

Take `KillMode=` away.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

/// The last version that is known to refuse it.
const LAST: Version = Version(252);

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    if cx.target.version > LAST || !unit.has(exec::PAMName) {
        return;
    }
    let allowed: &[&str] = match unit.kind() {
        UnitKind::Service => &["control-group", "mixed"],
        _ => &["control-group"],
    };
    let Some(setting) = unit.get(kill::KillMode).filter(|setting| !allowed.contains(&setting.value())) else { return };
    let message = format!("with PAMName= the kill mode has to be \"{}\"", allowed.join("\" or \""));
    findings.push(cx.at(&RULE, setting, message).suggestion("Remove KillMode=", vec![cx.without(setting)]));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_for};
    use expect_test::expect;

    #[test]
    fn sessions_are_closed() {
        let rule = "pam-kill-mode";
        let text = "[Service]\nExecStart=/a\nPAMName=b\nKillMode=process\n";
        check_for(
            252,
            "a.service",
            text,
            rule,
            expect![[r#"
            error 4:10-4:17 with PAMName= the kill mode has to be "control-group" or "mixed"
              suggestion: Remove KillMode=
        "#]],
        );
        check_for(
            252,
            "a.socket",
            "[Socket]\nListenStream=1\nPAMName=b\nKillMode=mixed\n",
            rule,
            expect![[r#"
            error 4:10-4:15 with PAMName= the kill mode has to be "control-group"
              suggestion: Remove KillMode=
        "#]],
        );
        check_for(252, "a.service", "[Service]\nExecStart=/a\nPAMName=b\nKillMode=mixed\n", rule, expect![[""]]);
        check_for(252, "a.service", "[Service]\nExecStart=/a\nKillMode=process\n", rule, expect![[""]]);
        check("a.service", text, rule, expect![[""]]);
    }
}
