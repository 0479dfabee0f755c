use crate::diagnostic::Severity;
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
    let of_lines = |(at, file): (usize, &File)| {
        let problems = file.problems.iter().filter(|problem| problem.kind != ProblemKind::AfterHeader);
        problems.map(|problem| (at, problem.span)).collect::<Vec<_>>()
    };
    let told = cx.config.files.iter().enumerate().flat_map(of_lines);
    let told = Places::of(told.chain(cx.known_errors().iter().map(|finding| (finding.file, finding.span))));
    for problem in &cx.config.problems {
        if !is_of_file(cx, problem) && !told.touch(problem) && !is_of_value(cx, problem) {
            let finding = RULE.at(problem.span, printable(problem.message.clone())).in_file(problem.file);
            findings.push(finding);
        }
    }
}

/// Places in the files that something is told of.
struct Places(Vec<Place>);

struct Place {
    file: usize,
    start: u32,
    /// The furthest end in the file of those up to here.
    reach: u32,
}

impl Places {
    fn of(places: impl Iterator<Item = (usize, Span)>) -> Self {
        let place = |(file, span): (usize, Span)| Place { file, start: span.start, reach: span.end };
        let mut places: Vec<Place> = places.map(place).collect();
        places.sort_unstable_by_key(|place| (place.file, place.start));
        for at in 1..places.len() {
            if places[at].file == places[at - 1].file {
                places[at].reach = places[at].reach.max(places[at - 1].reach);
            }
        }
        Places(places)
    }

    /// Whether one of them overlaps or adjoins that of `problem`.
    fn touch(&self, problem: &Problem) -> bool {
        let Places(places) = self;
        let after = places.partition_point(|place| (place.file, place.start) <= (problem.file, problem.span.end));
        let last = places[..after].last().filter(|last| last.file == problem.file);
        last.is_some_and(|last| problem.span.start <= last.reach)
    }
}

/// Whether it is about a file as a whole: that [supervisord] is missing.
fn is_of_file(cx: &ConfigContext, problem: &Problem) -> bool {
    problem.file >= cx.config.files.len() || problem.span.is_empty() && problem.span.start == 0
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
