mod supervisord;

use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::key::{mount, service, timer, unit};
use crate::schema::{Key, UnitKind};
use crate::units::Unit;
use crate::values::ValueType;

pub(super) static RULE: Rule = Rule {
    name: "missing-setting",
    severity: Severity::Error,
    optional: false,
    doc: "\
A unit without a setting that its kind can't do without: a service without a command, a socket without an address, a timer without a time, a path unit without a path, a mount without a device; in supervisord.conf a program without a command, an event listener without events, a FastCGI program without a socket, a server without an address. systemd refuses to load the unit, supervisord doesn't start.

```ini
[Service]
Type=simple
Restart=always
```

Write what is missing, here `ExecStart=/usr/bin/something`. A unit of which only drop-ins are at hand is left alone, since the unit file may have it.",
    systemd: Some(Check::Unit(check)),
    supervisord: Some(Check::Config(supervisord::check)),
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let unit = cx.unit;
    // An empty file masks the unit.
    if !unit.has_fragment || unit.files.first().is_none_or(|file| file.text.is_empty()) {
        return;
    }
    let missing = match unit.kind() {
        UnitKind::Service => command(cx).or_else(|| bus_name(cx)),
        UnitKind::Socket => without(unit, has_type(unit, ValueType::SocketAddress), "ListenStream= or the like"),
        UnitKind::Timer => without(unit, has_trigger(unit), "OnCalendar= or the like"),
        UnitKind::Path => without(unit, has_type(unit, ValueType::WatchedPath), "PathExists= or the like"),
        UnitKind::Mount => without(unit, unit.has(mount::What), "What="),
        _ => None,
    };
    if let Some(message) = missing {
        findings.push(cx.at_header(&RULE, message));
    }
}

/// What a service lacks to have something to do (`service_verify` of `src/core/service.c`).
fn command(cx: &UnitContext) -> Option<String> {
    let unit = cx.unit;
    if unit.has(service::ExecStart) {
        return None;
    }
    let success = unit.text(unit::SuccessAction).is_some_and(|action| action != "none");
    Some(if !unit.has(service::ExecStop) && !success {
        "a service needs ExecStart=".to_owned()
    } else if cx.service_type() != "oneshot" {
        format!("a service of Type={} needs ExecStart=; only Type=oneshot can do without", cx.service_type())
    } else if !success && unit.boolean(service::RemainAfterExit) != Some(true) {
        "a service without ExecStart= needs RemainAfterExit=yes or SuccessAction=".to_owned()
    } else {
        return None;
    })
}

fn bus_name(cx: &UnitContext) -> Option<String> {
    let missing = cx.service_type() == "dbus" && !cx.unit.has(service::BusName);
    missing.then(|| "a service of Type=dbus needs BusName=".to_owned())
}

fn has_trigger(unit: &Unit) -> bool {
    let on = |key: Key| unit.boolean(key) == Some(true);
    has_type(unit, ValueType::Timer) || on(timer::OnClockChange) || on(timer::OnTimezoneChange)
}

fn has_type(unit: &Unit, value: ValueType) -> bool {
    let wanted = std::mem::discriminant(&value);
    unit.settings().iter().any(|setting| std::mem::discriminant(&setting.entry.value) == wanted)
}

fn without(unit: &Unit, has: bool, what: &str) -> Option<String> {
    (!has).then(|| format!("a {} needs {what}", unit.kind().suffix()))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_drop_in_alone};
    use expect_test::{Expect, expect};

    fn find(name: &str, text: &str, expect: Expect) {
        check(name, text, "missing-setting", expect);
    }

    #[test]
    fn a_service_needs_something_to_do() {
        let none = expect![[r#"
            error 1:1-1:10 a service needs ExecStart=
        "#]];
        find("a.service", "[Service]\nType=simple\n", none);
        find(
            "a.service",
            "[Unit]\nDescription=A\n",
            expect![[r#"
            error 1:1-1:7 a service needs ExecStart=
        "#]],
        );
        find(
            "a.service",
            "# Nothing.\n",
            expect![[r#"
            error 1:1-1:1 a service needs ExecStart=
        "#]],
        );
        find(
            "a.service",
            "[Service]\nExecStop=/bin/true\nType=simple\n",
            expect![[r#"
            error 1:1-1:10 a service of Type=simple needs ExecStart=; only Type=oneshot can do without
        "#]],
        );
        find(
            "a.service",
            "[Service]\nExecStop=/bin/true\n",
            expect![[r#"
            error 1:1-1:10 a service without ExecStart= needs RemainAfterExit=yes or SuccessAction=
        "#]],
        );
        find(
            "a.service",
            "[Service]\nExecStart=/bin/true\nType=dbus\n",
            expect![[r#"
            error 1:1-1:10 a service of Type=dbus needs BusName=
        "#]],
        );
    }

    #[test]
    fn other_kinds_need_theirs() {
        find(
            "a.socket",
            "[Socket]\nAccept=yes\nListenStream=1\nListenDatagram=\n",
            expect![[r#"
            error 1:1-1:9 a socket needs ListenStream= or the like
        "#]],
        );
        find(
            "a.timer",
            "[Timer]\nOnCalendar=\nOnClockChange=no\n",
            expect![[r#"
            error 1:1-1:8 a timer needs OnCalendar= or the like
        "#]],
        );
        find(
            "a.path",
            "[Path]\nMakeDirectory=yes\n",
            expect![[r#"
            error 1:1-1:7 a path needs PathExists= or the like
        "#]],
        );
        find(
            "a.mount",
            "[Mount]\nWhere=/a\n",
            expect![[r#"
            error 1:1-1:8 a mount needs What=
        "#]],
        );
    }

    #[test]
    fn what_is_enough_is_enough() {
        for (name, text) in [
            ("a.service", "[Service]\nExecStart=/bin/true\n"),
            ("a.service", "[Service]\nExecStop=/bin/true\nRemainAfterExit=yes\n"),
            ("a.service", "[Unit]\nSuccessAction=reboot\n"),
            ("a.service", "[Service]\nExecStart=/bin/true\nType=dbus\nBusName=a.b\n"),
            ("a.service", ""),
            ("a.socket", "[Socket]\nListenFIFO=/run/a\n"),
            ("a.timer", "[Timer]\nOnTimezoneChange=yes\n"),
            ("a.path", "[Path]\nPathChanged=/a\n"),
            ("a.mount", "[Mount]\nWhat=/dev/a\n"),
            ("a.automount", "[Unit]\n"),
            ("dev-a.swap", "[Swap]\n"),
            ("a.target", "[Unit]\n"),
        ] {
            find(name, text, expect![[""]]);
        }
        check_drop_in_alone("a.service", "[Service]\nRestart=always\n", "missing-setting", expect![[""]]);
    }
}
