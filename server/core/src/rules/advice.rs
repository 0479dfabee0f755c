//! Advice on what a unit could have: optional rules, each a few lines.

use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::{install, service, unit};

pub(super) static MISSING_DESCRIPTION: Rule = Rule {
    name: "missing-description",
    severity: Severity::Hint,
    optional: true,
    doc: "\
A unit without `Description=`. The log and `systemctl status` then show its bare name.

```ini
[Unit]
Description=Web server of the shop
```",
    systemd: Some(Check::Unit(|cx, findings| {
        if cx.unit.has_fragment && !cx.unit.has(unit::Description) {
            findings.push(cx.at_header(&MISSING_DESCRIPTION, "there is no Description="));
        }
    })),
    supervisord: None,
};

pub(super) static MISSING_DOCUMENTATION: Rule = Rule {
    name: "missing-documentation",
    severity: Severity::Hint,
    optional: true,
    doc: "\
A unit without `Documentation=`. `systemctl status` shows where to read on about a unit that has failed, if the unit says so.

```ini
[Unit]
Documentation=man:nginx(8) https://example.com/wiki/shop
```",
    systemd: Some(Check::Unit(|cx, findings| {
        if cx.unit.has_fragment && !cx.unit.has(unit::Documentation) {
            findings.push(cx.at_header(&MISSING_DOCUMENTATION, "there is no Documentation="));
        }
    })),
    supervisord: None,
};

pub(super) static MISSING_RESTART: Rule = Rule {
    name: "missing-restart",
    severity: Severity::Hint,
    optional: true,
    doc: "\
A service that runs all the time and has no `Restart=`. Once it has failed it stays down until somebody starts it again.

```ini
[Service]
ExecStart=/usr/bin/server
Restart=on-failure
```

`Restart=no` says that this is meant so.",
    systemd: Some(Check::Unit(missing_restart)),
    supervisord: None,
};

fn missing_restart(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    let installed = unit.has(install::WantedBy) || unit.has(install::RequiredBy);
    let runs_on = unit.kind() == UnitKind::Service && unit.has_fragment && cx.service_type() != "oneshot";
    let once = unit.boolean(service::RemainAfterExit) == Some(true);
    if installed && runs_on && !once && !unit.has(service::Restart) {
        findings.push(cx.at_header(&MISSING_RESTART, "there is no Restart=: a service that fails stays down"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn what_a_unit_could_have() {
        let text = "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=b.target\n";
        check(
            "a.service",
            text,
            "missing-description",
            expect![[r#"
            hint 1:1-1:10 there is no Description=
        "#]],
        );
        check(
            "a.service",
            text,
            "missing-documentation",
            expect![[r#"
            hint 1:1-1:10 there is no Documentation=
        "#]],
        );
        check(
            "a.service",
            text,
            "missing-restart",
            expect![[r#"
            hint 1:1-1:10 there is no Restart=: a service that fails stays down
        "#]],
        );
    }

    #[test]
    fn what_it_has() {
        let text = "[Unit]\nDescription=A\nDocumentation=man:a\n[Service]\nExecStart=/bin/a\nRestart=no\n\
                    [Install]\nWantedBy=b.target\n";
        check("a.service", text, "missing-description", expect![[""]]);
        check("a.service", text, "missing-documentation", expect![[""]]);
        check("a.service", text, "missing-restart", expect![[""]]);
        check("a.service", "[Service]\nExecStart=/bin/a\n", "missing-restart", expect![[""]]);
    }
}
