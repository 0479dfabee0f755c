use super::{Check, Findings, Rule, UnitContext};
use crate::diagnostic::Severity;
use crate::schema::Manager;
use crate::schema::key::{exec, unit};
use crate::values::specifier;

pub(super) static RULE: Rule = Rule {
    name: "manager-specifier",
    severity: Severity::Warning,
    optional: false,
    doc: "\
`%h` or `%s` in a unit of the system that has a `User=`. They stand for the home directory and the shell of the user who runs the service manager, and that is root, whatever `User=` says.

```ini
[Service]
User=job
ExecStart=%h/bin/job
```

Write the path out. `WorkingDirectory=~` is the home directory of `User=`.",
    systemd: Some(Check::Unit(check)),
    supervisord: None,
};

fn check(cx: &UnitContext, findings: &mut Findings) {
    let Some(user) = cx.unit.text(exec::User).filter(|user| !matches!(*user, "root" | "0")) else { return };
    if cx.target.manager == Manager::User {
        return;
    }
    for setting in cx.unit.settings() {
        let key = setting.entry.key;
        if !setting.value().contains('%') || [unit::Description, unit::Documentation].contains(&key) {
            continue;
        }
        if specifier::place(setting.entry.value).is_none_or(|place| place.names_only) {
            continue;
        }
        let mut found = specifier::find(setting.value()).filter(|(_, letter)| b"hs".contains(letter));
        let Some((span, letter)) = found.next() else { continue };
        let (what, roots) = if letter == b'h' { ("home directory", "/root") } else { ("shell", "root's shell") };
        let message = format!(
            "\"%{}\" is the {what} of the user who runs the service manager, {roots}, not that of User={user}",
            letter as char
        );
        let place = setting.directive.value.source(span);
        findings.push(RULE.at(place, message).in_file(setting.file).help("write the path out"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn root_runs_the_service_manager() {
        let text = "[Unit]\nDescription=%h\n[Service]\nUser=job\nExecStart=%h/bin/job %%h %i\nWorkingDirectory=%h\n";
        check(
            "a.service",
            text,
            "manager-specifier",
            expect![[r#"
            warning 5:11-5:13 "%h" is the home directory of the user who runs the service manager, /root, not that of User=job
              help: write the path out
            warning 6:18-6:20 "%h" is the home directory of the user who runs the service manager, /root, not that of User=job
              help: write the path out
        "#]],
        );
        for text in ["[Service]\nExecStart=%h/bin/job\n", "[Service]\nUser=root\nExecStart=%h/bin/job\n"] {
            check("a.service", text, "manager-specifier", expect![[""]]);
        }
    }
}
