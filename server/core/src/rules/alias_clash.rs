use std::collections::HashMap;

use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::units::{Edge, EdgeKind};

pub(super) static RULE: Rule = Rule {
    name: "alias-clash",
    severity: Severity::Hint,
    optional: true,
    doc: "\
An `Alias=` that another unit claims too, or that another unit is called. Only one of them can be enabled at a time. That may be meant so, as with display managers, which all are `display-manager.service`.

```ini
# first.service and second.service
[Install]
Alias=mail.service
```",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    let mut claims: HashMap<&str, (usize, &Edge)> = HashMap::new();
    for (at, unit) in cx.workspace.units.iter().enumerate() {
        for edge in unit.edges.iter().filter(|edge| edge.kind == EdgeKind::Alias && *edge.to != *unit.name.as_str()) {
            let named = cx.workspace.units.get(cx.index(&edge.to).unwrap_or(at));
            if named.is_some_and(|other| *other.name.as_str() == *edge.to) {
                findings.push(cx.at_edge(&RULE, edge, format!("there is a unit called {}", edge.to)));
                continue;
            }
            match claims.get(&*edge.to) {
                Some((other, first)) if *other != at => {
                    let other = cx.workspace.units[*other].name.as_str();
                    let message = format!("{other} has the alias {} too", edge.to);
                    let finding = cx.at_edge(&RULE, edge, message);
                    findings.push(finding.related(first.file as usize, first.span, "the other one is here"));
                }
                Some(_) => {}
                None => {
                    claims.insert(&edge.to, (at, edge));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::expect;

    #[test]
    fn one_name_for_two() {
        let files = [
            ("a.service", "[Install]\nAlias=x.service a.service y.service x.service\n"),
            ("b.service", "[Install]\nAlias=x.service a.service z.service\n"),
        ];
        check_workspace(
            &files,
            false,
            "alias-clash",
            expect![[r#"
            b.service: hint 2:7-2:16 a.service has the alias x.service too
              see: a.service: the other one is here
            b.service: hint 2:17-2:26 there is a unit called a.service
        "#]],
        );
    }
}
