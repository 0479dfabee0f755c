use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::{MAX_LINE, ProblemKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    name: "line-too-long",
    severity: Severity::Error,
    optional: false,
    doc: "\
A line of 1 MiB or more, or one that continuation lines make longer than that. systemd gives up on the file.

Put large data into a file of its own and refer to that, for example with `EnvironmentFile=` or `LoadCredential=`.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    for line in cx.problems(ProblemKind::LineTooLong) {
        let start = Span { start: line.start, end: line.start };
        findings.push(RULE.at(start, format!("line of more than {} bytes: {}", MAX_LINE - 1, cx.refusal())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;
    use expect_test::expect;

    #[test]
    fn a_mebibyte_is_too_much() {
        let line = |length: usize| format!("[Unit]\nDescription={}\n", "x".repeat(length - "Description=".len()));
        check("a.service", &line(MAX_LINE - 1), "line-too-long", expect![[""]]);
        check(
            "a.service",
            &line(MAX_LINE),
            "line-too-long",
            expect![[r#"
            error 2:1-2:1 line of more than 1048575 bytes: systemd refuses the whole unit
        "#]],
        );
    }
}
