use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::units::{EdgeKind, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "missing-partner",
    severity: Severity::Error,
    optional: false,
    doc: "\
A socket, timer or path unit whose service isn't there. It starts the service of its own name, or the unit that `Service=` or `Unit=` names; a socket with `Accept=yes` starts instances of the template of its name. systemd refuses to start it without.

```ini
# backup.timer, without a backup.service
[Timer]
OnCalendar=daily
```

Write the service, or name another unit with `Unit=`. This is only reported when all units are known (`--root`, `--system`).",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    if !cx.workspace.complete {
        return;
    }
    for unit in &cx.workspace.units {
        let starts = matches!(unit.name.kind(), UnitKind::Socket | UnitKind::Timer | UnitKind::Path);
        for edge in unit.edges.iter().filter(|edge| starts && edge.kind == EdgeKind::Triggers) {
            let Some(name) = UnitName::parse(&edge.to) else { continue };
            // The service of a template's instance may be there for some instances only.
            let generated = !matches!(name.kind(), UnitKind::Service | UnitKind::Socket | UnitKind::Target);
            if generated || cx.has(&name) || (unit.name.is_template() && !name.is_template()) {
                continue;
            }
            let message = format!("there is no {} that this {} could start", edge.to, unit.name.kind().suffix());
            findings.push(cx.at_edge(&RULE, edge, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::{Expect, expect};

    fn find(files: &[(&str, &str)], expect: Expect) {
        check_workspace(files, true, "missing-partner", expect);
    }

    #[test]
    fn nothing_to_start() {
        let files = [
            ("a.timer", "[Unit]\n[Timer]\nOnBootSec=5\n"),
            ("b.socket", "[Socket]\nListenStream=5\nAccept=yes\n"),
            ("b.service", "[Service]\nExecStart=/a\n"),
            ("c.path", "[Path]\nPathExists=/a\nUnit=d.service\n"),
        ];
        find(
            &files,
            expect![[r#"
            a.timer: error 2:1-2:8 there is no a.service that this timer could start
            b.socket: error 1:1-1:9 there is no b@.service that this socket could start
            c.path: error 3:6-3:15 there is no d.service that this path could start
        "#]],
        );
        check_workspace(&files, false, "missing-partner", expect![[""]]);
    }

    #[test]
    fn the_partner_is_there() {
        let service = "[Service]\nExecStart=/a\n";
        find(
            &[
                ("a.timer", "[Timer]\nOnBootSec=5\n"),
                ("a.service", service),
                ("b.socket", "[Socket]\nListenStream=5\nAccept=yes\n"),
                ("b@.service", service),
                ("b@x.timer", "[Timer]\nOnBootSec=5\n"),
                ("c.path", "[Path]\nPathExists=/a\nUnit=a.service\n"),
                ("d.timer", "[Timer]\nOnBootSec=5\nUnit=srv-a.mount\n"),
                ("e.automount", "[Automount]\n"),
                ("f.socket", "[Socket]\nListenStream=/run/f\nService=g.service\n"),
                ("h.service", "[Service]\nExecStart=/a\n[Install]\nAlias=g.service\n"),
                ("syslog.socket", "[Socket]\nListenDatagram=/run/log\n"),
            ],
            expect![[r#"
                syslog.socket: error 1:1-1:9 there is no syslog.service that this socket could start
            "#]],
        );
    }
}
