use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;
use crate::units::{FileFacts, Role, UnitName};

pub(super) static RULE: Rule = Rule {
    name: "dependency-link",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A link in a `.wants`, `.requires` or `.upholds` directory that leads to a unit of another name, or that names a unit which isn't there. systemd goes by the name of the link and not by what it leads to.

```
multi-user.target.wants/web.service -> /etc/systemd/system/webserver.service
```

Name the link after the unit, best with `systemctl enable`. That a unit isn't there is only reported when all units are known (`--root`, `--system`).",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    for (at, file) in cx.workspace.files.iter().enumerate() {
        let Some(Role::Dependency { name, .. }) = &file.role else { continue };
        // A mask.
        if file.link.as_deref() == Some("/dev/null") {
            continue;
        }
        if let Some(target) = other_name(file, name) {
            let message = format!("the link leads to {target}, but draws in {}", name.as_str());
            findings.push(cx.at_file(&RULE, at, message));
        } else if cx.workspace.complete && !exists(cx, name) {
            findings.push(cx.at_file(&RULE, at, format!("there is no {} that this could draw in", name.as_str())));
        }
    }
}

/// The name of the unit that a link leads to where it isn't the link's own
/// (`unit_symlink_name_compatible` of `src/basic/unit-file.c`).
fn other_name<'f>(file: &'f FileFacts, name: &UnitName) -> Option<&'f str> {
    let link = file.link.as_deref()?;
    let target = link.rsplit_once('/').map_or(link, |(_, target)| target);
    let template = name.template();
    let fits = target == name.as_str() || template.is_some_and(|template| template.as_str() == target);
    (!fits).then_some(target)
}

/// Whether a unit is there, or may come from systemd itself or a generator.
fn exists(cx: &WorkspaceContext, name: &UnitName) -> bool {
    !name.kind().needs_file() || name.is_template() || cx.has(name)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::show_workspace;
    use crate::units::{FileFacts, Role, Workspace};
    use expect_test::expect;

    #[test]
    fn links_and_where_they_lead() {
        let links = [
            ("a.target.wants/b.service", "/lib/b.service"),
            ("a.target.wants/t@x.service", "../t@.service"),
            ("a.target.wants/c.service", "/lib/b.service"),
            ("a.target.wants/d.service", "/dev/null"),
            ("a.target.wants/e.device", "e.device"),
        ];
        let facts = links.map(|(path, link)| FileFacts {
            role: Role::of(path),
            link: Some(link.into()),
            ..FileFacts::default()
        });
        let workspace = Workspace { files: facts.into(), ..Workspace::default() };
        expect![[r#"
            a.target.wants/c.service: warning 1:1-1:1 the link leads to b.service, but draws in c.service
        "#]]
        .assert_eq(&show_workspace(&workspace, &links, "dependency-link"));
        let workspace = Workspace { complete: true, ..workspace };
        expect![[r#"
            a.target.wants/b.service: warning 1:1-1:1 there is no b.service that this could draw in
            a.target.wants/t@x.service: warning 1:1-1:1 there is no t@x.service that this could draw in
            a.target.wants/c.service: warning 1:1-1:1 the link leads to b.service, but draws in c.service
        "#]]
        .assert_eq(&show_workspace(&workspace, &links, "dependency-link"));
    }
}
