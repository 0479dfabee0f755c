use super::context::shown;
use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind};
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "unknown-section",
    severity: Severity::Error,
    optional: false,
    doc: "\
A section that this kind of unit doesn't have. systemd drops everything below it, with only a line in the log.

Sections whose name begins with `X-` are left to other programs.

```ini
[Sevrice]
ExecStart=/usr/bin/true
```

Write the name of the section as the manual page has it: `[Service]`.",
    systemd: Some(Check::File(check)),
    supervisord: None,
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
            finding = match schema::is_slip(name.trim(), near) {
                true => finding.fix(title, edits),
                false => finding.suggestion(title, edits),
            };
        }
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
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
}
