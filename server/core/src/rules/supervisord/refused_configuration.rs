use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::printable;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::syntax::{File, ProblemKind};
use crate::text::Span;
use crate::units::supervisord::Problem;
use crate::values;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "refused-configuration",
    severity: Severity::Error,
    optional: false,
    doc: "\
Anything else for which supervisord doesn't start with a configuration: what shows only once all files are put together and all names are expanded.

```ini
[program:worker]
command=/usr/bin/worker
numprocs=%(ENV_WORKERS)s
environment=WORKERS=\"many\"
```",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    if cx.config.problems.is_empty() {
        return;
    }
    let known = cx.known_errors();
    for problem in &cx.config.problems {
        let told = |finding: &Diagnostic| finding.file == problem.file && touches(finding.span, problem.span);
        if !is_of_line(cx, problem) && !is_of_value(cx, problem) && !known.iter().any(told) {
            let finding = RULE.at(problem.span, printable(problem.message.clone())).in_file(problem.file);
            findings.push(finding);
        }
    }
}

/// Whether a rule that looks at lines or sections tells of it.
fn is_of_line(cx: &ConfigContext, problem: &Problem) -> bool {
    let Some(file) = cx.config.files.get(problem.file) else { return true };
    let whole = problem.span.is_empty() && problem.span.start == 0;
    // That [supervisord] is missing.
    whole
        || file.problems.iter().any(|other| other.kind != ProblemKind::AfterHeader && touches(other.span, problem.span))
}

/// Whether the value is wrong by itself, as `invalid-value` and `bad-expansion` tell.
fn is_of_value(cx: &ConfigContext, problem: &Problem) -> bool {
    let found = || {
        let file: &File = cx.config.files.get(problem.file)?;
        let at = file.directives.partition_point(|directive| directive.span.end < problem.span.start);
        let directive = file.directives.get(at).filter(|directive| touches(directive.span, problem.span))?;
        let section = file.section_at(directive.span)?;
        let entry = crate::schema::supervisord::section(&section.name)?.get(&directive.key)?;
        let mut problems = Vec::new();
        values::check(directive.value.text(), &cx.value_context(entry), &mut problems);
        Some(problems.iter().any(values::Problem::is_fatal))
    };
    found().unwrap_or(false)
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn what_no_other_rule_tells() {
        let text = "[supervisord]\nenvironment=N=\"many\"\n[program:a]\ncommand=%(ENV_N)s\nnumprocs=%(ENV_N)s\n";
        check_supervisord(
            &[text],
            true,
            "refused-configuration",
            expect![[r#"
            error 5:10-5:19 numprocs= takes an integer, not "many"
        "#]],
        );
    }

    #[test]
    fn what_others_tell() {
        let text = "foo\n[supervisord\n[program:a]\nnumprocs=2\n[program:b]\ncommand=%d\nautostart=maybe\n\
                    stopasgroup=true\nkillasgroup=false\n[group:c]\nprograms=d\n[eventlistener:e]\ncommand=a\n\
                    redirect_stderr=true\n[inet_http_server]\nusername=a\n[include]\n[rpcinterface:x]\n";
        check_supervisord(&[text], true, "refused-configuration", expect![[""]]);
    }
}
