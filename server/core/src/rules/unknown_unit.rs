use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::schema::nearest;
use crate::units::UnitName;

pub(super) static RULE: Rule = Rule {
    name: "unknown-unit",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A requirement (`Requires=`, `Requisite=`, `BindsTo=`) on a unit that isn't there. The unit that has it can't be started.

```ini
[Unit]
Requires=postgres.service
```

Write the name as it is, here perhaps `postgresql.service`, install what is missing, or use `Wants=` if the unit can do without. This is only reported when all units are known (`--root`, `--system`), and not of units that systemd or its generators make: devices, mounts, swaps, slices and scopes.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

/// With how many findings the names that may have been meant are still looked for.
const MAX_GUESSES: usize = 100;

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    if !cx.workspace.complete {
        return;
    }
    for unit in &cx.workspace.units {
        for edge in unit.edges.iter().filter(|edge| edge.kind.is_requirement()) {
            let Some(name) = UnitName::parse(&edge.to) else { continue };
            if !name.kind().needs_file() || name.is_template() || cx.has(&name) {
                continue;
            }
            let mut finding = cx.at_edge(&RULE, edge, format!("there is no {}", edge.to));
            let names = cx.workspace.units.iter().map(|unit| unit.name.as_str());
            let near = if findings.len() < MAX_GUESSES { nearest(&edge.to, names) } else { None };
            if let Some(near) = near {
                finding = finding.help(format!("did you mean {near}?"));
            }
            findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::expect;

    const FILES: [(&str, &str); 3] = [
        ("a.service", "[Unit]\nRequires=databse.service dev-a.device t@x.service\nWants=nothing.service\n"),
        ("database.service", "[Unit]\nBindsTo=gone.target u@%H.service\n"),
        ("t@.service", "[Unit]\nRequisite=a.service t@%i.service\n"),
    ];

    #[test]
    fn units_that_are_not_there() {
        check_workspace(
            &FILES,
            true,
            "unknown-unit",
            expect![[r#"
            a.service: warning 2:10-2:25 there is no databse.service
              help: did you mean database.service?
            database.service: warning 2:9-2:20 there is no gone.target
        "#]],
        );
    }

    #[test]
    fn of_a_part_nothing_is_known() {
        check_workspace(&FILES, false, "unknown-unit", expect![[""]]);
    }
}
