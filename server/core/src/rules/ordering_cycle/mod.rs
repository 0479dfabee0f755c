mod graph;

use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use graph::{Graph, Order};

pub(super) static RULE: Rule = Rule {
    name: "ordering-cycle",
    severity: Severity::Warning,
    optional: false,
    doc: "\
Units that wait for each other in a circle, by `After=` and `Before=` or by the order that units have by default: services come after `basic.target`, sockets before `sockets.target`, whatever starts another unit before that unit, a target after what it wants. When such units are started together, systemd leaves one of them out to break the circle, not always the same.

```ini
# a.service
[Unit]
After=b.service

# b.service
[Unit]
After=a.service
```

Take one of the orders away. Units that start early need `DefaultDependencies=no`. One circle of each knot of units is shown.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    let graph = Graph::new(cx);
    for cycle in graph.cycles() {
        // At the first order that somebody wrote down, best one of a unit that is no target.
        let written = |order: &&Order| order.place.is_some();
        let Some(first) = cycle.iter().filter(written).min_by_key(|order| graph.is_target(order.later)) else {
            continue;
        };
        let at = cycle.iter().position(|order| std::ptr::eq(order, first)).unwrap_or_default();
        let turned: Vec<&Order> = cycle[at..].iter().chain(&cycle[..at]).collect();
        let mut chain = graph.name(first.later).to_owned();
        for order in &turned {
            let by_default = if order.place.is_none() { " (by default)" } else { "" };
            chain.push_str(&format!(" after {}{by_default}", graph.name(order.earlier)));
        }
        let Some((file, span)) = first.place else { continue };
        let mut finding = RULE.at(span, format!("ordering cycle: {chain}")).in_file(file as usize);
        for order in &turned[1..] {
            if let Some((file, span)) = order.place {
                let (later, earlier) = (graph.name(order.later), graph.name(order.earlier));
                finding = finding.related(file as usize, span, format!("{later} comes after {earlier} here"));
            }
        }
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::{Expect, expect};

    fn find(files: &[(&str, &str)], expect: Expect) {
        check_workspace(files, false, "ordering-cycle", expect);
    }

    #[test]
    fn written_cycles() {
        find(
            &[("a.service", "[Unit]\nAfter=b.service\n"), ("b.service", "[Unit]\nAfter=a.service\n")],
            expect![[r#"
            a.service: warning 2:7-2:16 ordering cycle: a.service after b.service after a.service
              see: b.service: b.service comes after a.service here
        "#]],
        );
        find(
            &[
                ("a.service", "[Unit]\nAfter=b.service\nBefore=x.service\n"),
                ("b.service", "[Unit]\nAfter=c.service y.service\n"),
                ("c.service", "[Unit]\nBefore=d.service\nAfter=a.service\n"),
                ("d.service", "[Unit]\nAfter=c.service\n"),
            ],
            expect![[r#"
                a.service: warning 2:7-2:16 ordering cycle: a.service after b.service after c.service after a.service
                  see: b.service: b.service comes after c.service here
                  see: c.service: c.service comes after a.service here
            "#]],
        );
    }

    #[test]
    fn cycles_by_default() {
        find(
            &[("a.service", "[Unit]\nBefore=sysinit.target\n")],
            expect![[r#"
            a.service: warning 2:8-2:22 ordering cycle: sysinit.target after a.service after basic.target (by default) after sysinit.target (by default)
        "#]],
        );
        find(
            &[
                ("a.socket", "[Unit]\nAfter=b.service\n[Socket]\nListenStream=1\n"),
                ("b.service", "[Service]\nExecStart=/b\n"),
            ],
            expect![[r#"
                a.socket: warning 2:7-2:16 ordering cycle: a.socket after b.service after basic.target (by default) after sockets.target (by default) after a.socket (by default)
            "#]],
        );
        find(
            &[("a.service", "[Unit]\nBefore=a.timer\nDefaultDependencies=no\n"), ("a.timer", "[Timer]\nOnBootSec=1\n")],
            expect![[r#"
                a.service: warning 2:8-2:15 ordering cycle: a.timer after a.service after a.timer (by default)
            "#]],
        );
        find(
            &[("a.service", "[Unit]\nAfter=graphical.target\n[Install]\nWantedBy=multi-user.target\n")],
            expect![[r#"
                a.service: warning 2:7-2:23 ordering cycle: a.service after graphical.target after multi-user.target (by default) after a.service (by default)
            "#]],
        );
    }

    #[test]
    fn orders_without_cycles() {
        for files in [
            &[("a.service", "[Unit]\nBefore=sysinit.target\nDefaultDependencies=no\n")][..],
            &[("a.service", "[Unit]\nAfter=multi-user.target\n[Install]\nWantedBy=multi-user.target\n")],
            &[("a.service", "[Unit]\nAfter=a.service b.service\n"), ("b.service", "[Unit]\nBefore=a.service\n")],
            &[
                ("a.socket", "[Socket]\nListenStream=1\n"),
                ("a.service", "[Unit]\nAfter=a.socket basic.target\nBefore=shutdown.target\n"),
                ("b.timer", "[Unit]\nAfter=a.service\n[Timer]\nOnBootSec=1\n"),
            ],
            &[("a@.service", "[Unit]\nAfter=b@%i.service\n"), ("b@.service", "[Unit]\nAfter=a@%i.service\n")],
        ] {
            find(files, expect![[""]]);
        }
    }
}
