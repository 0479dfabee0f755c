use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::syntax::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "invalid-utf-8",
    severity: Severity::Error,
    optional: false,
    doc: "\
Bytes that are not UTF-8 text outside of comments. systemd does not drop such a line, it gives up on the file. The code points that Unicode sets aside as noncharacters, U+FFFE for example, count as such bytes too. supervisord doesn't start with such bytes, not even in a comment.

Save the file as UTF-8; most often it was written as Latin-1 or Windows-1252.",
    systemd: Some(Check::File(check)),
    supervisord: Some(Check::File(check)),
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let mut spans = cx.problems(ProblemKind::InvalidText).peekable();
    while let Some(mut span) = spans.next() {
        if findings.has_enough(&RULE) {
            break;
        }
        while let Some(next) = spans.next_if(|next| next.start == span.end) {
            span = span.cover(next);
        }
        findings.push(RULE.at(span, format!("not UTF-8 text: {}", cx.refusal())).help("save the file as UTF-8"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_bytes};
    use expect_test::expect;

    #[test]
    fn bytes_that_stand_together_are_one_finding() {
        check_bytes(
            "a.service",
            b"# \xe4\n[Unit]\nDescription=\xe4\xe4 \xfc\n",
            "invalid-utf-8",
            expect![[r#"
            error 3:13-3:15 not UTF-8 text: systemd refuses the whole unit
              help: save the file as UTF-8
            error 3:16-3:17 not UTF-8 text: systemd refuses the whole unit
              help: save the file as UTF-8
        "#]],
        );
    }

    #[test]
    fn noncharacters_are_no_text() {
        check(
            "a.service",
            "[Unit]\nDescription=\u{fffe}\n",
            "invalid-utf-8",
            expect![[r#"
            error 2:13-2:14 not UTF-8 text: systemd refuses the whole unit
              help: save the file as UTF-8
        "#]],
        );
    }

    #[test]
    fn any_language_is_text() {
        check("a.service", "[Unit]\nDescription=Größe 大きさ 🙂\n", "invalid-utf-8", expect![[""]]);
    }
}
