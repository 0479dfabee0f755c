use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::schema::UnitKind;
use crate::units::{Role, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "bad-unit-name",
    severity: Severity::Error,
    optional: false,
    doc: "\
A file with the suffix of a unit file whose name systemd doesn't take for a unit's: it has characters other than letters, digits and `:-_.\\@`, is too long, or has nothing in front of its suffix; or it is a template (`name@.mount`) of a kind that has none; or a slice whose name has misplaced dashes. systemd doesn't load it.

```
my app.service
```

Rename it: `my-app.service`.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    for (at, file) in cx.workspace.files.iter().enumerate() {
        let why = match &file.role {
            Some(Role::BadName { problem, .. }) => Some(problem.to_string()),
            Some(Role::Unit(name)) => unfit(name),
            _ => None,
        };
        if let Some(why) = why {
            findings.push(cx.at_file(&RULE, at, format!("this is no name of a unit: {why}")));
        }
    }
}

/// Why a unit of its kind can't be called so (`slice_name_is_valid` of `src/basic/unit-name.c`).
fn unfit(name: &UnitName) -> Option<String> {
    let kind = name.kind();
    if name.instance().is_some() && !kind.may_be_template() {
        return Some(format!("a {} can't be a template or the instance of one", kind.suffix()));
    }
    let stem = name.stem();
    let misplaced = stem != "-" && (stem.starts_with('-') || stem.ends_with('-') || stem.contains("--"));
    if kind == UnitKind::Slice && misplaced {
        return Some("each dash in the name of a slice has to separate it from its parent".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_workspace;
    use expect_test::expect;

    #[test]
    fn names_that_systemd_refuses() {
        let files = ["my app.service", "a@b.mount", "a--b.slice", "-a.slice", "@.service"].map(|path| (path, ""));
        check_workspace(
            &files,
            false,
            "bad-unit-name",
            expect![[r#"
            my app.service: error 1:1-1:1 this is no name of a unit: ' ' is none of the characters allowed: letters, digits and ":-_.\@"
            a@b.mount: error 1:1-1:1 this is no name of a unit: a mount can't be a template or the instance of one
            a--b.slice: error 1:1-1:1 this is no name of a unit: each dash in the name of a slice has to separate it from its parent
            -a.slice: error 1:1-1:1 this is no name of a unit: each dash in the name of a slice has to separate it from its parent
            @.service: error 1:1-1:1 this is no name of a unit: nothing stands in front of the suffix
        "#]],
        );
    }

    #[test]
    fn good_names() {
        let files = ["a@.service", "-.slice", "a-b.slice", "-.mount", "a b.conf", "x.d/a b.conf", "a\\x20b.mount"];
        check_workspace(&files.map(|path| (path, "")), false, "bad-unit-name", expect![[""]]);
    }
}
