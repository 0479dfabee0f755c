use super::{Check, DirectiveContext, Findings, Rule, shell_syntax};
use crate::diagnostic::Severity;
use crate::syntax::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "shell-builtin",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A command that only a shell has, such as `cd` or `export`, as the program of a command line. There is no such file, so the unit fails when it is started.

```ini
[Service]
ExecStart=cd /srv/job ; ./run
```

Most of them have a directive: `WorkingDirectory=`, `Environment=`, `UMask=`, `LimitNOFILE=`; in supervisord.conf `directory=`, `environment=`, `umask=`. Else run a shell: `/bin/sh -c '…'`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

/// What does the same in supervisord.conf.
const IN_SUPERVISORD: &[(&str, &str)] = &[
    ("cd", "use directory="),
    ("exec", "supervisord itself runs the program without a shell: leave it away"),
    ("export", "use environment="),
    ("umask", "use umask="),
];

/// Whether `program` is a command that only a shell has.
pub(super) fn is_builtin(program: &str) -> bool {
    BUILTINS.binary_search_by(|(name, _)| (*name).cmp(program)).is_ok()
}

/// The builtins, and what does the same in units.
const BUILTINS: &[(&str, &str)] = &[
    (".", "run a shell: /bin/sh -c '. file; …'"),
    ("alias", ""),
    ("cd", "use WorkingDirectory="),
    ("declare", "use Environment="),
    ("eval", ""),
    ("exec", "systemd itself replaces its process by the program: leave it away"),
    ("exit", ""),
    ("export", "use Environment="),
    ("for", ""),
    ("if", ""),
    ("let", ""),
    ("local", ""),
    ("set", ""),
    ("shopt", ""),
    ("source", "use EnvironmentFile= for variables, or run a shell: /bin/sh -c '. file; …'"),
    ("trap", ""),
    ("ulimit", "use LimitNOFILE= and its like"),
    ("umask", "use UMask="),
    ("unset", "use UnsetEnvironment="),
    ("until", ""),
    ("while", ""),
];

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let first = cx.directive.value.text().trim_start_matches(['-', '@', ':', '+', '!']);
    if first.starts_with('/') && !cx.is_exec_with(b";") {
        return;
    }
    for command in cx.commands() {
        let program = &*command.program.text;
        let Ok(at) = BUILTINS.binary_search_by(|(name, _)| (*name).cmp(program)) else { continue };
        if command.prefixes.shell {
            continue;
        }
        let supervisord = cx.file.file.dialect == Dialect::Supervisord;
        let own = IN_SUPERVISORD.iter().find(|(name, _)| *name == program).map_or("", |(_, help)| *help);
        let help = if supervisord { own } else { BUILTINS[at].1 };
        let span = cx.directive.value.source(command.program.span);
        let finding = RULE
            .at(span, format!("\"{program}\" is built into shells: there is no such program"))
            .help(if help.is_empty() { "run a shell: /bin/sh -c '…'" } else { help });
        findings.push(match supervisord.then(|| shell_syntax::run_by_shell(cx, &command)).flatten() {
            Some((title, edits)) => finding.suggestion(title, edits),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn the_table_is_sorted() {
        assert!(BUILTINS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn only_shells_have_them() {
        let text = "[Service]\nExecStartPre=-source /etc/job\nExecStart=/bin/a ; cd /srv\nExecStop=if true\n";
        check(
            "a.service",
            text,
            "shell-builtin",
            expect![[r#"
            warning 2:15-2:21 "source" is built into shells: there is no such program
              help: use EnvironmentFile= for variables, or run a shell: /bin/sh -c '. file; …'
            warning 3:20-3:22 "cd" is built into shells: there is no such program
              help: use WorkingDirectory=
            warning 4:10-4:12 "if" is built into shells: there is no such program
              help: run a shell: /bin/sh -c '…'
        "#]],
        );
    }

    #[test]
    fn programs_and_arguments_of_that_name_are_fine() {
        let text =
            "[Service]\nExecStart=/usr/bin/cd a\nExecStart=echo export\nExecStart=|cd a\nExecStop=kill $MAINPID\n";
        check("a.service", text, "shell-builtin", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=cd /srv\n[program:b]\ncommand=exec /bin/a -b\n\
                    [program:c]\ncommand=source env.sh && ./run\n[program:d]\ncommand=/bin/cd\n";
        check_supervisord(
            &[text],
            true,
            "shell-builtin",
            expect![[r#"
            warning 2:9-2:11 "cd" is built into shells: there is no such program
              help: use directory=
              suggestion: Run it by /bin/sh -c
            warning 4:9-4:13 "exec" is built into shells: there is no such program
              help: supervisord itself runs the program without a shell: leave it away
              suggestion: Run it by /bin/sh -c
            warning 6:9-6:15 "source" is built into shells: there is no such program
              help: run a shell: /bin/sh -c '…'
              suggestion: Run it by /bin/bash -c
        "#]],
        );
        fixed_supervisord(
            text,
            "shell-builtin",
            expect![[r#"
            [program:a]
            command=/bin/sh -c 'cd /srv'
            [program:b]
            command=/bin/sh -c 'exec /bin/a -b'
            [program:c]
            command=/bin/bash -c 'source env.sh && exec ./run'
            [program:d]
            command=/bin/cd
        "#]],
        );
    }
}
