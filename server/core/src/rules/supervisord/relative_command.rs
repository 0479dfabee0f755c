use crate::diagnostic::Severity;
use crate::rules::context::{shown, supervisord_command};
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::text::Edit;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "relative-command",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A program with a relative path and a `directory` in supervisord.conf. supervisord looks for the program from where it runs itself, not from there: it says that it can't find it.

```ini
[program:web]
command=./run.sh
directory=/srv/web
```

Write the whole path: `command=/srv/web/run.sh`.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    let own = cx.config.section("supervisord").and_then(|section| section.text("directory"));
    for program in cx.programs().filter(|program| own.is_none_or(|own| program.text("directory") != Some(own))) {
        let (Some(line), Some(directory)) = (program.get("command"), program.get("directory")) else { continue };
        let Some(command) = supervisord_command(line.directive.value.text()) else { continue };
        let path = &*command.program.text;
        let folder = directory.text().trim_end_matches('/');
        if path.starts_with(['/', '%', '$', '~']) || !path.contains('/') || !folder.starts_with('/') {
            continue;
        }
        let whole = format!("{folder}/{}", path.trim_start_matches("./"));
        let message = format!("supervisord doesn't look for {} in {}", shown(path), shown(directory.text()));
        let finding = cx.at_part(&RULE, line, command.program.span, message).help("write the whole path");
        let plain = whole.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@".contains(c)) && !path.contains("..");
        findings.push(match plain {
            true => {
                let edit = Edit::replace(line.directive.value.source(command.program.span), &*whole);
                finding.suggestion(format!("Write {}", shown(&whole)), vec![edit])
            }
            false => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn programs_are_looked_for_elsewhere() {
        let text = "[program:a]\ncommand=./run.sh -a\ndirectory=/srv/a/\n[program:b]\ncommand=bin/b\ndirectory=%(here)s\n\
                    [program:c]\ncommand=./c\n[program:d]\ncommand=d\ndirectory=/srv\n[program:e]\ncommand=/e\ndirectory=/srv\n";
        check_supervisord(
            &[text],
            true,
            "relative-command",
            expect![[r#"
            warning 2:9-2:17 supervisord doesn't look for ./run.sh in /srv/a/
              help: write the whole path
              suggestion: Write /srv/a/run.sh
        "#]],
        );
        fixed_supervisord(
            text,
            "relative-command",
            expect![[r#"
            [program:a]
            command=/srv/a/run.sh -a
            directory=/srv/a/
            [program:b]
            command=bin/b
            directory=%(here)s
            [program:c]
            command=./c
            [program:d]
            command=d
            directory=/srv
            [program:e]
            command=/e
            directory=/srv
        "#]],
        );
    }
}
