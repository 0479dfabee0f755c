use std::collections::{HashMap, HashSet};

use crate::diagnostic::Severity;
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::units::supervisord::Merged;

pub(in crate::rules) static RULE: Rule = Rule {
    name: "duplicate-name",
    severity: Severity::Error,
    optional: false,
    doc: "\
Two groups, or two processes of a group, that have one name. A program that no group names is a group of its own, and so is an event listener. supervisord drops one of both without a word.

```ini
[program:web]
command=/usr/bin/web
[eventlistener:web]
command=/usr/bin/web-events
events=TICK_60
```

Rename one of them.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    let mut by_title: HashMap<&str, &Merged> = HashMap::new();
    for program in cx.programs().filter(|it| it.kind() != "eventlistener") {
        by_title.entry(program.title()).or_insert(program);
    }
    let mut grouped: HashSet<&str> = HashSet::new();
    for group in cx.sections("group") {
        let names = group.text("programs").unwrap_or_default().split(',').map(str::trim);
        let mut members: HashMap<String, &Merged> = HashMap::new();
        for name in names.filter(|name| !name.is_empty()) {
            grouped.insert(name);
            let Some(program) = by_title.get(name).copied() else { continue };
            let process = process_name(program, group.title());
            match members.get(&process).filter(|before| before.name != program.name) {
                Some(before) => {
                    let message = format!("two processes of [{}] are called {}", shown(group.name), shown(&process));
                    report(cx, program, before, message, findings);
                }
                None => {
                    members.insert(process, program);
                }
            }
        }
    }
    let mut groups: HashMap<&str, &Merged> = HashMap::new();
    let alone = cx.programs().filter(|it| it.kind() == "eventlistener" || !grouped.contains(it.title()));
    for group in cx.sections("group").chain(alone).filter(|it| !it.title().is_empty()) {
        match groups.get(group.title()) {
            Some(before) => {
                let message = format!("another group is called {} too: [{}]", shown(group.title()), shown(before.name));
                report(cx, group, before, message, findings);
            }
            None => {
                groups.insert(group.title(), group);
            }
        }
    }
}

/// The name of the processes of a program, as far as that is the same for all.
fn process_name(program: &Merged, group: &str) -> String {
    let written = program.text("process_name").unwrap_or("%(program_name)s");
    written.replace("%(program_name)s", program.title()).replace("%(group_name)s", group)
}

fn report(cx: &ConfigContext, at: &Merged, before: &Merged, message: String, findings: &mut Findings) {
    let (file, span) = cx.header(before);
    let finding = cx.at_header(&RULE, at, message).help("supervisord drops one of them");
    findings.push(finding.related(file, span, "the other one"));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn groups_have_names_of_their_own() {
        let text = "[program:a]\n[eventlistener:a]\n[program:b]\n[group:b]\nprograms=c\n[program:c]\n[group:c]\n";
        check_supervisord(
            &[text],
            true,
            "duplicate-name",
            expect![[r#"
            error 2:1-2:18 another group is called a too: [program:a]
              help: supervisord drops one of them
              see: the other one
            error 3:1-3:12 another group is called b too: [group:b]
              help: supervisord drops one of them
              see: the other one
        "#]],
        );
        let text = "[program:a]\n[program:b]\nprocess_name=a\n[group:a]\nprograms=a,b\n";
        check_supervisord(
            &[text],
            true,
            "duplicate-name",
            expect![[r#"
            error 2:1-2:12 two processes of [group:a] are called a
              help: supervisord drops one of them
              see: the other one
        "#]],
        );
        let text = "[program:a]\nprocess_name=%(program_name)s_%(process_num)d\n[program:b]\n[group:a]\nprograms=a,b\n";
        check_supervisord(&[text], true, "duplicate-name", expect![[""]]);
    }
}
