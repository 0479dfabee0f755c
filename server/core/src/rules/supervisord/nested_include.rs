use crate::diagnostic::Severity;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "nested-include",
    severity: Severity::Error,
    optional: false,
    doc: "\
`[include]` in a file that is itself included. supervisord follows that of the main file only; this one is read too late.

```ini
# conf.d/web.conf
[include]
files=web.d/*.conf
```

Name the files in the `[include]` of the main file.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for (at, file) in cx.config.files.iter().enumerate().skip(1) {
        for section in file.sections.iter().filter(|section| section.name == "include") {
            let message = "an included file can't include others: supervisord passes over this";
            findings.push(RULE.at(section.header, message).in_file(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn only_the_main_file_includes() {
        let files = ["[supervisord]\n[include]\nfiles=a\n", "[program:a]\n[include]\nfiles=b\n"];
        check_supervisord(
            &files,
            true,
            "nested-include",
            expect![[r#"
            error drop-in 2:1-2:10 an included file can't include others: supervisord passes over this
        "#]],
        );
    }
}
