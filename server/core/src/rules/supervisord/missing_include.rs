use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "missing-include",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A word of `[include] files=` that no file matches. supervisord starts without what should be there, with only a line in its log.

```ini
[include]
files=conf.d/*.conf webb.conf
```

Name the file that there is. Of a pattern that finds nothing there is only a hint, and none if its directory is empty: files may come. What lies elsewhere on the target is left alone, unless `--root` says where.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for pattern in &cx.config.missing {
        let is_plain = !pattern.text.contains(['*', '?', '[']);
        let message = match is_plain {
            true => format!("there is no file {}: supervisord passes over it", shown(&pattern.text)),
            false => format!("no file matches {}", shown(&pattern.text)),
        };
        let finding = RULE.at(pattern.span, message);
        let hint = |finding| Diagnostic { severity: Severity::Hint, ..finding };
        findings.push(if is_plain { finding } else { hint(finding) });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord_around;
    use crate::units::supervisord::Around;
    use expect_test::expect;

    #[test]
    fn what_no_file_matches() {
        let missing = ["a.conf", "b.d/*.conf", "%.conf"].map(str::to_owned).to_vec();
        check_supervisord_around(
            &["[include]\nfiles = a.conf b.d/*.conf c.conf\n %%.conf %(ENV_A)s/a.conf\n", "[include]\nfiles=a.conf\n"],
            &Around { missing, ..Around::default() },
            "missing-include",
            expect![[r#"
                warning 2:9-2:15 there is no file a.conf: supervisord passes over it
                hint 2:16-2:26 no file matches b.d/*.conf
                warning 3:2-3:9 there is no file %.conf: supervisord passes over it
            "#]],
        );
    }
}
