use std::collections::{HashMap, HashSet};

use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::units::{Edge, EdgeKind, Summary, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "requirement-without-order",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A service that requires another service or a mount (`Requires=`, `Requisite=`, `BindsTo=`) while neither says which of them comes first. Both may be started at the same time, so that the other one isn't ready when this one starts, and its failure may come too late to keep this one from starting.

```ini
[Unit]
Requires=database.service
```

Add `After=database.service`. Sockets, targets, devices and slices are left out: they mostly have an order by default; so are units that require each other. This is only a hint for `BindsTo=`, and where the other service is started by a socket: then the socket is there early enough.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    for unit in &cx.workspace.units {
        let requires = unit.edges.iter().any(|edge| edge.kind.is_requirement());
        if unit.name.kind() != UnitKind::Service || unit.fragment.is_none() || !requires {
            continue;
        }
        // What needs no word, and later what has had one.
        let mut done: HashSet<&str> = ordered(unit).collect();
        done.insert(unit.name.as_str());
        done.extend(unit.aliases.iter().map(UnitName::as_str));
        // A unit of many names is asked once.
        let mut settled: HashMap<usize, bool> = HashMap::new();
        for edge in unit.edges.iter().filter(|edge| edge.kind.is_requirement()) {
            let Some(name) = UnitName::parse(&edge.to) else { continue };
            let template = name.template();
            if !matches!(name.kind(), UnitKind::Service | UnitKind::Mount)
                || template.is_some_and(|template| done.contains(template.as_str()))
                || !done.insert(&edge.to)
            {
                continue;
            }
            let other = cx.index(&edge.to).map(|at| (at, &cx.workspace.units[at]));
            if other.is_some_and(|(at, other)| *settled.entry(at).or_insert_with(|| settles(other, &unit.name))) {
                continue;
            }
            let message = format!("this sets no order: the unit may start before {}", edge.to);
            let mut finding = cx.at_edge(&RULE, edge, message).help(format!("add After={}", edge.to));
            if edge.kind == EdgeKind::BindsTo || has_socket(cx, &edge.to) {
                finding.severity = Severity::Hint;
            }
            findings.push(finding);
        }
    }
}

/// Whether `other` says an order, or requires the unit in turn, so that none is possible.
fn settles(other: &Summary, unit: &UnitName) -> bool {
    let says = |edge: &Edge| matches!(edge.kind, EdgeKind::After | EdgeKind::Before) || edge.kind.is_requirement();
    other.edges.iter().any(|edge| says(edge) && *edge.to == *unit.as_str())
}

/// Whether the service `name` has a socket, as far as is known, so that who
/// connects to it has to wait for nothing.
fn has_socket(cx: &WorkspaceContext, name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "avahi-daemon",
        "cockpit",
        "cups",
        "dbus",
        "dbus-broker",
        "docker",
        "gpsd",
        "iscsid",
        "libvirtd",
        "multipathd",
        "pcscd",
        "pipewire",
        "pipewire-pulse",
        "podman",
        "pulseaudio",
        "rpcbind",
        "saned",
        "snapd",
        "spice-vdagentd",
        "uuidd",
        "virtlogd",
    ];
    let Some(stem) = name.strip_suffix(".service") else { return false };
    KNOWN.binary_search(&stem).is_ok() || stem.starts_with("systemd-") || cx.find(&format!("{stem}.socket")).is_some()
}

/// The units that `unit` comes before or after.
fn ordered(unit: &Summary) -> impl Iterator<Item = &str> {
    let orders = unit.edges.iter().filter(|edge| matches!(edge.kind, EdgeKind::After | EdgeKind::Before));
    orders.map(|edge| &*edge.to)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::{Expect, expect};

    fn find(files: &[(&str, &str)], expect: Expect) {
        check_workspace(files, false, "requirement-without-order", expect);
    }

    #[test]
    fn both_start_at_once() {
        find(
            &[("x.service", "[Unit]\nRequires=a.service b.socket\nBindsTo=c.mount\n")],
            expect![[r#"
                x.service: warning 2:10-2:19 this sets no order: the unit may start before a.service
                  help: add After=a.service
                x.service: hint 3:9-3:16 this sets no order: the unit may start before c.mount
                  help: add After=c.mount
            "#]],
        );
        let others = ("a.service", "[Unit]\nAfter=b.service\n");
        find(
            &[("x.service", "[Unit]\nRequires=a.service\n"), others],
            expect![[r#"
                x.service: warning 2:10-2:19 this sets no order: the unit may start before a.service
                  help: add After=a.service
            "#]],
        );
    }

    #[test]
    fn a_socket_is_there_early_enough() {
        let socket = ("a.socket", "[Socket]\nListenStream=/run/a\n");
        find(
            &[("x.service", "[Unit]\nRequires=a.service dbus.service\n"), socket],
            expect![[r#"
            x.service: hint 2:10-2:19 this sets no order: the unit may start before a.service
              help: add After=a.service
            x.service: hint 2:20-2:32 this sets no order: the unit may start before dbus.service
              help: add After=dbus.service
        "#]],
        );
    }

    #[test]
    fn there_is_an_order() {
        for text in [
            "[Unit]\nRequires=a.service b.service\nAfter=a.service\nBefore=b.service\n",
            "[Unit]\nRequires=a.socket b.target dev-c.device x.service\n",
            "[Unit]\nRequires=%H.service\n",
            "[Unit]\nWants=a.service\n",
        ] {
            find(&[("x.service", text)], expect![[""]]);
        }
        find(&[("x.target", "[Unit]\nRequires=a.service\n")], expect![[""]]);
        find(&[("x@.service", "[Unit]\nRequires=a@%i.service\nAfter=a@%i.service\n")], expect![[""]]);
        let other = ("a.service", "[Unit]\nBindsTo=x.service\nAfter=x.service\n");
        find(&[("x.service", "[Unit]\nRequires=a.service\n"), other], expect![[""]]);
        let other = ("a.service", "[Unit]\nBefore=x.service\n");
        find(&[("x.service", "[Unit]\nRequires=a.service\n"), other], expect![[""]]);
    }
}
