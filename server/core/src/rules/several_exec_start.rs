use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::schema::key::service;
use crate::text::Edit;
use crate::units::Setting;
use crate::values::{Context, exec};

pub(super) static RULE: Rule = Rule {
    name: "several-exec-start",
    severity: Severity::Error,
    optional: false,
    doc: "\
More than one command in `ExecStart=` of a service that isn't `Type=oneshot`. systemd refuses to load it: a service has one main process.

```ini
[Service]
ExecStart=/usr/bin/first
ExecStart=/usr/bin/second
```

Make it a service each, run what comes first with `ExecStartPre=`, or set `Type=oneshot` if the commands end by themselves.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

pub(super) static NOT_RESET: Rule = Rule {
    name: "exec-start-not-reset",
    severity: Severity::Error,
    optional: false,
    doc: "\
A drop-in that sets `ExecStart=` of a service that has one already. `ExecStart=` is a list: the command is added to the one in the unit file, and systemd refuses to load a service with two unless it is `Type=oneshot`.

```ini
# sshd.service.d/10-debug.conf
[Service]
ExecStart=/usr/sbin/sshd -D -d
```

Empty the list first:

```ini
[Service]
ExecStart=
ExecStart=/usr/sbin/sshd -D -d
```",
    systemd: Some(Check::Unit(check_reset)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let Some((first, second)) = extra(cx).filter(|(first, second)| first.file == second.file) else { return };
    let message = format!("a service of Type={} can have only one command in ExecStart=", cx.service_type());
    let mut finding = cx.at(&RULE, &second, message);
    if first.span() != second.span() {
        finding = finding.related(first.file, first.span(), "the first command is here");
    }
    findings.push(finding.help("set Type=oneshot if the commands end by themselves"));
}

fn check_reset(cx: &UnitContext, findings: &mut Findings) {
    let Some((first, second)) = extra(cx).filter(|(first, second)| first.file != second.file) else { return };
    let message = format!(
        "this adds a second command to ExecStart=, and a service of Type={} can have only one",
        cx.service_type()
    );
    let reset = Edit::insert(second.directive.span.start as usize, "ExecStart=\n");
    findings.push(
        cx.at(&NOT_RESET, &second, message)
            .related(first.file, first.span(), "the first command is here")
            .help("put an empty \"ExecStart=\" in front to replace the command")
            .fix("Empty the list first", vec![reset]),
    );
}

/// The assignment of the first command and that of the second, where one is too many.
fn extra<'a>(cx: &UnitContext<'a>) -> Option<(Setting<'a>, Setting<'a>)> {
    let unit = cx.unit;
    if unit.kind() != UnitKind::Service || cx.service_type() == "oneshot" {
        return None;
    }
    let count = |setting: &Setting| {
        let context = Context {
            directive: setting.entry,
            version: cx.target.version,
            manager: cx.target.manager,
            unit: Some(unit.name),
        };
        exec::parse(setting.value(), &context, &mut Vec::new()).commands.len()
    };
    let mut first = None;
    for setting in unit.all(service::ExecStart) {
        match (first, count(setting)) {
            (_, 0) => {}
            (Some(first), _) => return Some((first, *setting)),
            (None, 1) => first = Some(*setting),
            (None, _) => return Some((*setting, *setting)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_drop_in_alone, check_with_drop_in, fixed_drop_in};
    use expect_test::expect;

    #[test]
    fn a_service_has_one_command() {
        let text = "[Service]\nExecStart=/bin/a\nExecStart=/bin/b\n";
        check(
            "a.service",
            text,
            "several-exec-start",
            expect![[r#"
            error 3:11-3:17 a service of Type=simple can have only one command in ExecStart=
              help: set Type=oneshot if the commands end by themselves
              see: the first command is here
        "#]],
        );
        check(
            "a.service",
            "[Service]\nExecStart=/bin/a ; /bin/b\nType=exec\n",
            "several-exec-start",
            expect![[r#"
            error 2:11-2:26 a service of Type=exec can have only one command in ExecStart=
              help: set Type=oneshot if the commands end by themselves
        "#]],
        );
    }

    #[test]
    fn a_oneshot_may_have_several() {
        for text in [
            "[Service]\nType=oneshot\nExecStart=/bin/a\nExecStart=/bin/b\n",
            "[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b\n",
            "[Service]\nExecStart=/bin/a \\; b\n",
        ] {
            check("a.service", text, "several-exec-start", expect![[""]]);
        }
    }

    #[test]
    fn a_drop_in_has_to_reset() {
        let unit = "[Service]\nExecStart=/bin/a\n";
        let rule = "exec-start-not-reset";
        check_with_drop_in(
            "a.service",
            unit,
            Some("[Service]\nExecStart=/bin/b\n"),
            rule,
            expect![[r#"
            error drop-in 2:11-2:17 this adds a second command to ExecStart=, and a service of Type=simple can have only one
              help: put an empty "ExecStart=" in front to replace the command
              see: the first command is here
              fix: Empty the list first
        "#]],
        );
        check_with_drop_in("a.service", unit, Some("[Service]\nExecStart=\nExecStart=/bin/b\n"), rule, expect![[""]]);
        check_with_drop_in("a.service", unit, Some("[Service]\nExecStart=/bin/b\nType=oneshot\n"), rule, expect![[""]]);
        fixed_drop_in(
            "a.service",
            unit,
            "[Service]\nNice=5\n ExecStart=/bin/b\n",
            rule,
            expect![[r#"
            [Service]
            Nice=5
             ExecStart=
            ExecStart=/bin/b
        "#]],
        );
        check_drop_in_alone("a.service", "[Service]\nExecStart=/bin/b\n", rule, expect![[""]]);
    }
}
