use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    name: "empty-file",
    severity: Severity::Hint,
    optional: false,
    doc: "\
A unit file of no bytes. It masks the unit just as a link to `/dev/null` does: systemd refuses to start it. An empty drop-in masks the drop-ins of the same name.

If that is what it is for, a symbolic link to `/dev/null` says so more clearly; `systemctl mask` makes one.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    if !cx.file.text.is_empty() {
        return;
    }
    let what = if cx.drop_in { "drop-ins of this name" } else { "the unit" };
    findings.push(RULE.at(Span::at(0), format!("an empty file masks {what}")));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn a_comment_is_enough_not_to_mask() {
        check(
            "a.service",
            "",
            "empty-file",
            expect![[r#"
            hint 1:1-1:1 an empty file masks the unit
        "#]],
        );
        check("a.service", "# none\n", "empty-file", expect![""]);
    }
}
