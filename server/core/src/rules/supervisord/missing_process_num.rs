use crate::diagnostic::Severity;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::text::Edit;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "missing-process-num",
    severity: Severity::Error,
    optional: false,
    doc: "\
Several processes of one program that would all have one name: `numprocs` is more than 1 and there is no `%(process_num)` in `process_name`, which is `%(program_name)s` by default. supervisord doesn't start.

```ini
[program:worker]
command=/usr/bin/worker
numprocs=4
```

Write `process_name=%(program_name)s_%(process_num)02d`.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for program in cx.programs() {
        let Some(numprocs) = program.get("numprocs").filter(|_| program.number("numprocs") > Some(1)) else { continue };
        let Some(name) = program.get("process_name") else {
            let message = "all processes would have one name: process_name= needs %(process_num)02d";
            let line = "process_name=%(program_name)s_%(process_num)02d";
            let finding = cx.at_line(&RULE, numprocs, message);
            findings.push(finding.fix("Add process_name=", vec![cx.below(numprocs, line)]));
            continue;
        };
        if name.directive.value.text().contains("%(process_num)") {
            continue;
        }
        let end = name.directive.value.span().end as usize;
        findings.push(
            cx.at(&RULE, name, "all processes would have this name: it needs %(process_num)02d")
                .related(numprocs.file, numprocs.directive.span, "there are several of them")
                .suggestion("Add the number", vec![Edit::insert(end, "_%(process_num)02d")]),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn several_processes_need_numbers() {
        let text = "[program:a]\ncommand=a\nnumprocs=2\n[program:b]\nprocess_name=%(program_name)s\nnumprocs=3";
        check_supervisord(
            &[text],
            true,
            "missing-process-num",
            expect![[r#"
            error 3:1-3:11 all processes would have one name: process_name= needs %(process_num)02d
              fix: Add process_name=
            error 5:14-5:30 all processes would have this name: it needs %(process_num)02d
              see: there are several of them
              suggestion: Add the number
        "#]],
        );
        fixed_supervisord(
            text,
            "missing-process-num",
            expect![[r#"
            [program:a]
            command=a
            numprocs=2
            process_name=%(program_name)s_%(process_num)02d
            [program:b]
            process_name=%(program_name)s_%(process_num)02d
            numprocs=3"#]],
        );
        fixed_supervisord(
            "[program:a]\nnumprocs=2",
            "missing-process-num",
            expect![[r#"
            [program:a]
            numprocs=2
            process_name=%(program_name)s_%(process_num)02d"#]],
        );
    }

    #[test]
    fn one_process_does_not() {
        for text in [
            "[program:a]\nnumprocs=1\n",
            "[program:a]\nnumprocs=%(ENV_N)s\n",
            "[program:a]\nnumprocs=4\nprocess_name=w%(process_num)s\n",
            "[group:a]\nnumprocs=4\n",
        ] {
            check_supervisord(&[text], true, "missing-process-num", expect![[""]]);
        }
    }
}
