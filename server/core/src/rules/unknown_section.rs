use super::context::shown;
use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind, Title};
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "unknown-section",
    severity: Severity::Error,
    optional: false,
    doc: "\
A section that this kind of unit doesn't have. systemd drops everything below it, with only a line in the log; supervisord does so without a word.

Sections whose name begins with `X-` are left to other programs.

```ini
[Sevrice]
ExecStart=/usr/bin/true
```

Write the name of the section as the manual page has it: `[Service]`. In supervisord.conf `[program:x]` and its like need a name behind the colon, `[supervisord]` must not have one.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check_supervisord)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let FileKind::Unit(kind) = cx.kind else { return };
    for section in &cx.file.sections {
        if findings.has_enough(&RULE) {
            break;
        }
        let name = &*section.name;
        if name.starts_with("X-") || cx.reads(section) {
            continue;
        }
        let mut finding = match schema::section(name) {
            None => RULE.at(section.name_span, format!("unknown section [{}]", shown(name))),
            Some(_) => RULE.at(section.name_span, format!("a .{} unit has no section [{name}]", kind.suffix())),
        };
        let allowed = schema::sections_of(kind).map(|section| section.name);
        if let Some(near) = schema::nearest(name.trim(), allowed) {
            let (title, edits) = (format!("Rename to [{near}]"), vec![Edit::replace(section.name_span, near)]);
            finding = finding.help(format!("did you mean [{near}]?"));
            // Lines that join others may change what those say.
            finding = match schema::is_slip(name.trim(), near) && !cx.has_section(near) {
                true => finding.fix(title, edits),
                false => finding.suggestion(title, edits),
            };
            finding = finding.claiming(near, None);
        }
        findings.push(finding);
    }
}

fn check_supervisord(cx: &FileContext, findings: &mut Findings) {
    for section in &cx.file.sections {
        if findings.has_enough(&RULE) {
            break;
        }
        let name = &*section.name;
        if name == "DEFAULT" || name.starts_with("X-") || cx.reads(section) {
            continue;
        }
        let (kind, title) = name.split_once(':').map_or((name, None), |(kind, title)| (kind, Some(title)));
        let finding = RULE.at(section.name_span, format!("unknown section [{}]", shown(name)));
        let renamed = |near: &str| {
            Edit::replace(Span { end: section.name_span.start + kind.len() as u32, ..section.name_span }, near)
        };
        let types = schema::supervisord::SECTIONS.iter().map(|section| section.name);
        findings.push(match (schema::supervisord::section_of_type(kind), schema::nearest(kind.trim(), types)) {
            (Some(known), _) if known.title == Title::Always => {
                let message = format!("[{kind}] needs a name behind a colon: supervisord passes over it");
                RULE.at(section.name_span, message).help(format!("write [{kind}:NAME]"))
            }
            (Some(_), _) => RULE
                .at(section.name_span, format!("[{kind}] takes no name: supervisord passes over [{}]", shown(name)))
                .suggestion(format!("Rename to [{kind}]"), vec![Edit::replace(section.name_span, kind)]),
            (None, Some(near)) => {
                let whole = title.map_or(near.to_owned(), |title| format!("{near}:{}", shown(title)));
                let finding = finding.help(format!("did you mean [{whole}]?"));
                let title = format!("Rename to [{whole}]");
                let there = name.split_once(':').map_or(near.to_owned(), |(_, title)| format!("{near}:{title}"));
                let finding = match schema::is_slip(kind.trim(), near) && !cx.has_section(&there) {
                    true => finding.fix(title, vec![renamed(near)]),
                    false => finding.suggestion(title, vec![renamed(near)]),
                };
                finding.claiming(&there, None)
            }
            (None, None) => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn a_slip_is_named() {
        check(
            "a.service",
            "[Unit]\n[Sevrice]\nExecStart=/bin/true\n[X-Mine]\nA=b\n[ install ]\n[Nothing]\n",
            "unknown-section",
            expect![[r#"
                error 2:2-2:9 unknown section [Sevrice]
                  help: did you mean [Service]?
                  fix: Rename to [Service]
                error 6:2-6:11 unknown section [ install ]
                  help: did you mean [Install]?
                  fix: Rename to [Install]
                error 7:2-7:9 unknown section [Nothing]
            "#]],
        );
    }

    #[test]
    fn other_kinds_have_other_sections() {
        check(
            "a.socket",
            "[Service]\n[Socket]\n[Install]\n",
            "unknown-section",
            expect![[r#"
            error 1:2-1:9 a .socket unit has no section [Service]
        "#]],
        );
        check("a.target", "[Target]\n[Unit]\n", "unknown-section", expect![[""]]);
        check("a.device", "[Device]\n[Unit]\n", "unknown-section", expect![[""]]);
    }

    #[test]
    fn other_files_may_have_any() {
        check("a.network", "[Match]\n[Network]\n", "unknown-section", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[Program:a]\n[program]\n[supervisord:a]\n[progams:b c]\n[mine]\n[X-mine]\n[DEFAULT]\n[unix_http_server:a]\n[rpc_interface:x]\n";
        check_supervisord(
            &[text],
            true,
            "unknown-section",
            expect![[r#"
            error 1:2-1:11 unknown section [Program:a]
              help: did you mean [program:a]?
              fix: Rename to [program:a]
            error 2:2-2:9 [program] needs a name behind a colon: supervisord passes over it
              help: write [program:NAME]
            error 3:2-3:15 [supervisord] takes no name: supervisord passes over [supervisord:a]
              suggestion: Rename to [supervisord]
            error 4:2-4:13 unknown section [progams:b c]
              help: did you mean [program:b c]?
              suggestion: Rename to [program:b c]
            error 5:2-5:6 unknown section [mine]
            error 9:2-9:17 unknown section [rpc_interface:x]
              help: did you mean [rpcinterface:x]?
              fix: Rename to [rpcinterface:x]
        "#]],
        );
        fixed_supervisord(
            text,
            "unknown-section",
            expect![[r#"
            [program:a]
            [program]
            [supervisord]
            [program:b c]
            [mine]
            [X-mine]
            [DEFAULT]
            [unix_http_server:a]
            [rpcinterface:x]
        "#]],
        );
    }

    #[test]
    fn a_rename_onto_another_one_is_not_certain() {
        check(
            "a.service",
            "[Service]\nUser=a\n[Sevrice]\nUser=b\n",
            "unknown-section",
            expect![[r#"
            error 3:2-3:9 unknown section [Sevrice]
              help: did you mean [Service]?
              suggestion: Rename to [Service]
        "#]],
        );
        let text = "[program:a]\ncommand=a\n[progam:a]\ncommand=b\n[progam:b]\ncommand=b\n";
        check_supervisord(
            &[text],
            true,
            "unknown-section",
            expect![[r#"
            error 3:2-3:10 unknown section [progam:a]
              help: did you mean [program:a]?
              suggestion: Rename to [program:a]
            error 5:2-5:10 unknown section [progam:b]
              help: did you mean [program:b]?
              fix: Rename to [program:b]
        "#]],
        );
    }

    #[test]
    fn of_two_slips_neither_is_certain() {
        let text = "[Uni]\nAfter=a\n[Sevrice]\nUser=a\n[Servce]\nUser=b\n";
        check(
            "a.service",
            text,
            "unknown-section",
            expect![[r#"
            error 1:2-1:5 unknown section [Uni]
              help: did you mean [Unit]?
              fix: Rename to [Unit]
            error 3:2-3:9 unknown section [Sevrice]
              help: did you mean [Service]?
              suggestion: Rename to [Service]
            error 5:2-5:8 unknown section [Servce]
              help: did you mean [Service]?
              suggestion: Rename to [Service]
        "#]],
        );
        let text = "[progam:a]\ncommand=a\n[progrm:a]\ncommand=b\n[progrm:b]\ncommand=b\n";
        check_supervisord(
            &[text],
            true,
            "unknown-section",
            expect![[r#"
            error 1:2-1:10 unknown section [progam:a]
              help: did you mean [program:a]?
              suggestion: Rename to [program:a]
            error 3:2-3:10 unknown section [progrm:a]
              help: did you mean [program:a]?
              suggestion: Rename to [program:a]
            error 5:2-5:10 unknown section [progrm:b]
              help: did you mean [program:b]?
              fix: Rename to [program:b]
        "#]],
        );
    }
}
