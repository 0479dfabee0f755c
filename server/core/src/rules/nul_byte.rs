use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "nul-byte",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A NUL byte. For systemd it ends a line; what follows is read as a line of its own. Most programs don't show it, so the file looks different from what it means.

Delete it. If the file is full of them, it was saved as UTF-16, or a write to it was cut off by a crash.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let mut nuls = memchr::memchr_iter(0, cx.file.text.as_bytes());
    let Some(first) = nuls.next() else { return };
    let span = Span::new(first, first + 1);
    let finding = RULE.at(span, "NUL byte: systemd ends the line here");
    findings.push(match nuls.count() {
        0 => finding.fix("Delete it", vec![Edit::delete(span)]),
        more => finding.help(format!("{more} more follow; was the file saved as UTF-16?")),
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn one_or_many() {
        check(
            "a.service",
            "[Unit]\nDescription=a\0b\n",
            "nul-byte",
            expect![[r#"
            warning 2:14-2:15 NUL byte: systemd ends the line here
              fix: Delete it
        "#]],
        );
        check(
            "a.service",
            "[\0U\0n\0i\0t\0]\0",
            "nul-byte",
            expect![[r#"
            warning 1:2-1:3 NUL byte: systemd ends the line here
              help: 5 more follow; was the file saved as UTF-16?
        "#]],
        );
    }
}
