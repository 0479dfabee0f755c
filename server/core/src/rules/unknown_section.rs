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
    check: Check::File(check),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let FileKind::Unit(kind) = cx.kind else { return };
    for section in &cx.file.sections {
        let known = schema::section(&section.name);
        if section.name.starts_with("X-") || known.is_some_and(|known| known.kind.is_none_or(|of| of == kind)) {
            continue;
        }
        let allowed = schema::sections_of(kind).map(|section| section.name);
        let mut finding = match known {
            None => RULE.at(section.name_span, format!("unknown section [{}]", section.name)),
            Some(_) => {
                RULE.at(section.name_span, format!("a {} unit has no section [{}]", kind.suffix(), section.name))
            }
        };
        if let Some(near) = schema::nearest(&section.name, allowed) {
            finding = finding
                .help(format!("did you mean [{near}]?"))
                .fix(format!("Rename to [{near}]"), vec![Edit::replace(section.name_span, near)]);
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
            "[Unit]\n[Sevrice]\nExecStart=/bin/true\n[X-Mine]\nA=b\n",
            "unknown-section",
            expect![[r#"
                error 2:2-2:9 unknown section [Sevrice]
                  help: did you mean [Service]?
                  fix: Rename to [Service]
            "#]],
        );
    }
}
