use std::collections::BTreeSet;

use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::units::{Owner, Role, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "orphan-drop-in",
    severity: Severity::Hint,
    optional: false,
    doc: "\
A drop-in for a unit that isn't there. Either its directory is misspelt, or what it was written for has gone.

```
/etc/systemd/system/postgres.service.d/limits.conf
```

Rename the directory, here perhaps to `postgresql.service.d`, or remove it. This is only reported when all units are known (`--root`, `--system`), and not of units that systemd or its generators make: devices, mounts, swaps, slices and scopes.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    if !cx.workspace.complete {
        return;
    }
    let mut templates = None;
    for (at, file) in cx.workspace.files.iter().enumerate() {
        let Some(Role::DropIn(Owner::Unit(name))) = &file.role else { continue };
        let mut has_instance =
            || name.is_template() && templates.get_or_insert_with(|| instantiated(cx)).contains(name);
        if name.kind().needs_file() && !cx.has(name) && !has_instance() {
            let message = format!("there is no {} that this drop-in could apply to", name.as_str());
            findings.push(cx.at_file(&RULE, at, message));
        }
    }
}

/// The templates that have an instance with a file of its own.
fn instantiated(cx: &WorkspaceContext) -> BTreeSet<UnitName> {
    let units = cx.workspace.units.iter().filter(|unit| unit.fragment.is_some());
    units.filter_map(|unit| unit.name.template()).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::expect;

    #[test]
    fn only_what_has_no_unit_is_an_orphan() {
        let unit = "[Unit]\n";
        let files = [
            ("a.service", unit),
            ("t@.service", unit),
            ("u@x.service", unit),
            ("a.service.d/1.conf", unit),
            ("t@x.service.d/1.conf", unit),
            ("u@.service.d/1.conf", unit),
            ("b.service.d/1.conf", unit),
            ("w@.service.d/1.conf", unit),
            ("b-.service.d/1.conf", unit),
            ("service.d/1.conf", unit),
            ("srv.mount.d/1.conf", unit),
        ];
        check_workspace(
            &files,
            true,
            "orphan-drop-in",
            expect![[r#"
            b.service.d/1.conf: hint 1:1-1:1 there is no b.service that this drop-in could apply to
            w@.service.d/1.conf: hint 1:1-1:1 there is no w@.service that this drop-in could apply to
        "#]],
        );
        check_workspace(&files, false, "orphan-drop-in", expect![[""]]);
    }
}
