use crate::diagnostic::Severity;
use crate::rules::{Check, Rule};
use crate::values::ProblemKind;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "bad-expansion",
    severity: Severity::Error,
    optional: false,
    doc: "\
A percent sign in a value of supervisord.conf that begins no `%(name)s`, or a name that supervisord doesn't know there. It doesn't start: it expands all values, commands and passwords too, as Python's `%` does.

```ini
[program:backup]
command=/bin/sh -c 'tar cf /srv/backup-$(date +%Y-%m).tar /home'
```

Write `%%` for a percent sign: `date +%%Y-%%m`. Known are `here`, `ENV_…`, and in programs `program_name`, `group_name`, `host_node_name`, `process_num` and `numprocs`.",
    systemd: None,
    supervisord: Some(Check::Value(ProblemKind::Expansion)),
};

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn percent_signs() {
        let text = "[program:a]\ncommand=date +%F %(program_name)s %%\nuser=%(usr)s\nprocess_name=%(progam_name)s\n\
                    stdout_logfile=/%(program_name)_a\nenvironment=A=\"50%\"\npriority=%(ENV_A)s\n\
                    [inet_http_server]\npassword=ab%c\n[include]\nfiles=%(here)s/*.conf\n";
        check_supervisord(
            &[text],
            true,
            "bad-expansion",
            expect![[r#"
                error 2:15-2:16 a lone "%" can't be expanded; write "%%" for one
                  suggestion: Replace with "%%"
                error 3:8-3:11 nobody knows "usr" here; known are "here", "program_name", "host_node_name", "group_name" and "ENV_…"
                error 4:16-4:27 nobody knows "progam_name" here; known are "here", "program_name", "host_node_name", "group_name", "process_num", "numprocs" and "ENV_…"
                  suggestion: Replace with "program_name"
                error 5:17-5:32 what to make of "program_name" is missing: write "%(program_name)s"
                  suggestion: Replace with "%(program_name)s"
                error 6:18-6:19 a lone "%" can't be expanded; write "%%" for one
                  suggestion: Replace with "%%"
                error 9:12-9:13 a lone "%" can't be expanded; write "%%" for one
                  suggestion: Replace with "%%"
            "#]],
        );
        fixed_supervisord(
            text,
            "bad-expansion",
            expect![[r#"
            [program:a]
            command=date +%%F %(program_name)s %%
            user=%(usr)s
            process_name=%(program_name)s
            stdout_logfile=/%(program_name)s_a
            environment=A="50%%"
            priority=%(ENV_A)s
            [inet_http_server]
            password=ab%%c
            [include]
            files=%(here)s/*.conf
        "#]],
        );
    }
}
