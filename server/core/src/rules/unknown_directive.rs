use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind};
use crate::text::Edit;

pub(super) static RULE: Rule = Rule {
    name: "unknown-directive",
    severity: Severity::Error,
    optional: false,
    doc: "\
A directive that its section doesn't have. systemd drops the line, with only a line in the log.

Directives whose name begins with `X-` are left to other programs.

```ini
[Service]
ExecStrat=/usr/bin/true
```

Names are case-sensitive: write `ExecStart=`.",
    check: Check::Directive(check),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let FileKind::Unit(_) = cx.file.kind else { return };
    let Some(section) = schema::section(&cx.section.name) else { return };
    let key = &*cx.directive.key;
    if cx.entry.is_some() || key.starts_with("X-") {
        return;
    }
    let span = cx.directive.key_span;
    let mut finding = RULE.at(span, format!("unknown directive {key}= in section [{}]", section.name));
    if let Some(near) = schema::nearest(key, section.directives().map(|directive| directive.name)) {
        finding = finding
            .help(format!("did you mean {near}=?"))
            .fix(format!("Rename to {near}="), vec![Edit::replace(span, near)]);
    }
    findings.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn a_slip_is_named() {
        check(
            "a.service",
            "[Service]\nExecStrat=/bin/true\nX-Mine=1\n",
            "unknown-directive",
            expect![[r#"
                error 2:1-2:10 unknown directive ExecStrat= in section [Service]
                  help: did you mean ExecStart=?
                  fix: Rename to ExecStart=
            "#]],
        );
    }
}
