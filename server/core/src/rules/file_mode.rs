use super::{Check, Findings, Rule, WorkspaceContext};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    name: "file-mode",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A unit file or drop-in that is executable or that everybody may write to. systemd reads it, and warns each time.

```
-rwxr-xr-x web.service
```

`chmod 644 web.service` sets it right.",
    systemd: Some(Check::Workspace(check)),
    supervisord: None,
};

fn check(cx: &WorkspaceContext, findings: &mut Findings) {
    for (at, file) in cx.workspace.files.iter().enumerate() {
        if file.executable {
            findings.push(cx.at_file(&RULE, at, "the file is executable").help("set its mode to 644"));
        }
        if file.world_writable {
            findings.push(cx.at_file(&RULE, at, "everybody may write to the file").help("set its mode to 644"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::show_workspace;
    use crate::units::{FileFacts, Workspace};
    use expect_test::expect;

    #[test]
    fn modes() {
        let files =
            [FileFacts { executable: true, world_writable: true, ..FileFacts::default() }, FileFacts::default()];
        let workspace = Workspace { files: files.into(), ..Workspace::default() };
        let found = show_workspace(&workspace, &[("a.service", ""), ("b.service", "")], "file-mode");
        expect![[r#"
            a.service: warning 1:1-1:1 the file is executable
              help: set its mode to 644
            a.service: warning 1:1-1:1 everybody may write to the file
              help: set its mode to 644
        "#]]
        .assert_eq(&found);
    }
}
