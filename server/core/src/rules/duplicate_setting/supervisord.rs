use super::RULE;
use crate::diagnostic::{Diagnostic, Severity, Tag};
use crate::rules::context::shown;
use crate::rules::{ConfigContext, Findings};
use crate::text::Edit;

/// The same for supervisord.conf: all sections of one name are one, over all files, and the last
/// assignment holds.
pub(super) fn check(cx: &ConfigContext, findings: &mut Findings) {
    for section in cx.config.sections.iter().filter(|section| section.known.is_some()) {
        for &(file, at) in &section.headers {
            let text = &cx.config.files[file];
            let Some(part) = text.sections.get(at) else { continue };
            for directive in text.directives_of(part) {
                let Some(holds) = section.get(&directive.key) else { continue };
                let same = holds.file == file && std::ptr::eq(holds.directive, directive);
                if same || holds.directive.value.text() == directive.value.text() {
                    continue;
                }
                let message = format!("{}= is set twice: this value has no effect", shown(&directive.key));
                let finding = RULE.at(directive.span, message).in_file(file).tag(Tag::Unnecessary);
                let finding = finding.related(holds.file, holds.directive.span, "this value holds");
                findings.push(match holds.file == file {
                    true => finding.fix("Delete the line", vec![Edit::delete(text.lines(directive.span))]),
                    // A file that is included later may be there to change what this one says.
                    false => Diagnostic { severity: Severity::Hint, ..finding },
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn the_last_one_holds() {
        let text = "[program:a]\ncommand=a\nCommand=b\n[program:b]\nuser=a\nuser: a\n[program:a]\ncommand=c ; d\n";
        check_supervisord(
            &[text],
            true,
            "duplicate-setting",
            expect![[r#"
            warning 2:1-2:10 command= is set twice: this value has no effect
              see: this value holds
              fix: Delete the line
            warning 3:1-3:10 command= is set twice: this value has no effect
              see: this value holds
              fix: Delete the line
        "#]],
        );
        fixed_supervisord(
            text,
            "duplicate-setting",
            expect![[r#"
            [program:a]
            [program:b]
            user=a
            user: a
            [program:a]
            command=c ; d
        "#]],
        );
    }

    #[test]
    fn in_all_files() {
        let files = ["[program:a]\ncommand=a\n", "[program:a]\ncommand=b\n"];
        check_supervisord(
            &files,
            true,
            "duplicate-setting",
            expect![[r#"
            hint 2:1-2:10 command= is set twice: this value has no effect
              see: this value holds
        "#]],
        );
        check_supervisord(&["[DEFAULT]\nuser=a\n[program:a]\nuser=b\n"], true, "duplicate-setting", expect![[""]]);
    }
}
