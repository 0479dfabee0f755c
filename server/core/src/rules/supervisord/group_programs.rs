use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};
use crate::schema;
use crate::text::{Edit, Span};
use crate::units::supervisord::{Assignment, Merged};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "group-programs",
    severity: Severity::Error,
    optional: false,
    doc: "\
A group that names a program which isn't there, or for which there are a `[program:x]` and a `[fcgi-program:x]`; a comma too many counts as a program without a name. supervisord doesn't start. A program in two groups runs once in each of them, and a FastCGI program in a group has no socket.

```ini
[program:web]
command=/usr/bin/web
[group:site]
programs=web,wroker
```

Name the programs as their sections do. Event listeners can't be in a group, and FastCGI programs shouldn't.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

/// For how many names that aren't there one is looked for that was meant: each is compared with all programs.
const MOST_GUESSED: usize = 20;

fn check(cx: &ConfigContext, findings: &mut Findings) {
    let mut members: HashMap<&str, (&Merged, &Assignment, Span)> = HashMap::new();
    let mut missing = 0;
    for group in cx.sections("group") {
        let Some(programs) = group.get("programs").filter(|it| !it.directive.value.text().contains('%')) else {
            continue;
        };
        for (span, name) in names(programs.directive.value.text()) {
            unknown(cx, programs, span, name, &mut missing, findings);
            let before = members.get(name).filter(|_| !name.is_empty());
            if let Some((other, place, other_span)) = before {
                let message = match other.name == group.name {
                    true => format!("{} is named twice: that changes nothing", shown(name)),
                    false => format!("{} is in [{}] too: it runs once in each group", shown(name), shown(other.name)),
                };
                let finding = cx.at_part(&RULE, programs, span, message);
                let finding = finding.related(place.file, place.directive.value.source(*other_span), "named here too");
                findings.push(Diagnostic { severity: Severity::Warning, ..finding });
            }
            members.entry(name).or_insert((group, programs, span));
        }
    }
}

/// The names in a list with commas, blanks at their ends left out.
fn names(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let parts = if text.is_empty() { None } else { Some(text.split(',')) };
    parts.into_iter().flatten().map(move |part| {
        let name = part.trim();
        (Span::of(if name.is_empty() { part } else { name }, text), name)
    })
}

/// Reports a name that supervisord finds no single program for; `missing` counts those that it finds none for.
fn unknown(
    cx: &ConfigContext,
    programs: &Assignment,
    span: Span,
    name: &str,
    missing: &mut usize,
    findings: &mut Findings,
) {
    if name.is_empty() {
        let text = programs.directive.value.text();
        let from = text[..span.start as usize].trim_end_matches([',', ' ', '\n']).len();
        let comma = Span::new(from, span.end as usize);
        let finding = cx.at_part(&RULE, programs, comma, "an empty name in the list: supervisord doesn't start");
        let edit = Edit::delete(programs.directive.value.source(comma));
        findings.push(match comma.end as usize == text.len() && from > 0 && !programs.directive.value.is_continued() {
            true => finding.fix("Delete the comma", vec![edit]),
            false => finding.help("there is a comma too many"),
        });
        return;
    }
    let has = |kind: &str| cx.config.section(&format!("{kind}:{name}")).is_some();
    match (has("program"), has("fcgi-program")) {
        (true, true) => {
            let message = format!("{} is the name of a program and of an fcgi-program", shown(name));
            findings.push(cx.at_part(&RULE, programs, span, message).help("rename one of them"));
        }
        (false, true) => {
            let message = format!("the fcgi-program {} loses its socket in a group", shown(name));
            let finding = cx.at_part(&RULE, programs, span, message);
            let finding = finding.help("supervisord runs it as a plain program there: leave it out of the group");
            findings.push(Diagnostic { severity: Severity::Warning, ..finding });
        }
        (false, false) if has("eventlistener") => {
            let message = format!("{} is an event listener, which can't be in a group", shown(name));
            findings.push(cx.at_part(&RULE, programs, span, message));
        }
        (false, false) if cx.complete => {
            let finding = cx.at_part(&RULE, programs, span, format!("there is no program {}", shown(name)));
            *missing += 1;
            let titles = cx.programs().filter(|section| section.kind() != "eventlistener").map(Merged::title);
            findings.push(match schema::nearest(name, titles.filter(|_| *missing <= MOST_GUESSED)) {
                Some(near) => {
                    let edit = Edit::replace(programs.directive.value.source(span), near);
                    let finding = finding.help(format!("did you mean {}?", shown(near)));
                    finding.suggestion(format!("Replace with \"{}\"", shown(near)), vec![edit])
                }
                None => finding,
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::{Expect, expect};

    fn find(text: &str, complete: bool, expect: Expect) {
        check_supervisord(&[text], complete, "group-programs", expect);
    }

    const PROGRAMS: &str = "[program:web]\ncommand=a\n[program:db]\ncommand=a\n[eventlistener:mail]\ncommand=a\n";

    #[test]
    fn names_that_are_not_there() {
        let text = format!("{PROGRAMS}[group:a]\nprograms=wbe, db,mail,zzzzz\n[fcgi-program:db]\ncommand=b\n");
        find(
            &text,
            true,
            expect![[r#"
            error 8:10-8:13 there is no program wbe
              help: did you mean web?
              suggestion: Replace with "web"
            error 8:15-8:17 db is the name of a program and of an fcgi-program
              help: rename one of them
            error 8:18-8:22 mail is an event listener, which can't be in a group
            error 8:23-8:28 there is no program zzzzz
        "#]],
        );
        find(
            &text,
            false,
            expect![[r#"
            error 8:15-8:17 db is the name of a program and of an fcgi-program
              help: rename one of them
            error 8:18-8:22 mail is an event listener, which can't be in a group
        "#]],
        );
    }

    #[test]
    fn names_that_come_twice() {
        let text = format!("{PROGRAMS}[group:a]\nprograms=web,\n[group:b]\nprograms=db, web,,db\n");
        find(
            &text,
            true,
            expect![[r#"
                error 8:13-8:14 an empty name in the list: supervisord doesn't start
                  fix: Delete the comma
                warning 10:14-10:17 web is in [group:a] too: it runs once in each group
                  see: named here too
                error 10:17-10:18 an empty name in the list: supervisord doesn't start
                  help: there is a comma too many
                warning 10:19-10:21 db is named twice: that changes nothing
                  see: named here too
            "#]],
        );
        fixed_supervisord(
            "[program:a]\n[group:b]\nprograms=a, \n",
            "group-programs",
            expect![[r#"
            [program:a]
            [group:b]
            programs=a 
        "#]],
        );
    }

    #[test]
    fn groups_that_are_all_right() {
        find(&format!("{PROGRAMS}[group:a]\nprograms=web\n[group:b]\nprograms = db\n"), true, expect![[""]]);
        find("[group:a]\nprograms=%(ENV_PROGRAMS)s\n[group:b]\n", true, expect![[""]]);
    }
}
