use super::{Check, FileContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::key::install;
use crate::schema::{Group, Key};
use crate::values::specifier;

pub(super) static RULE: Rule = Rule {
    name: "instance-specifier",
    severity: Severity::Warning,
    optional: false,
    doc: "\
`%i` or `%I` in a unit that is neither a template nor an instance of one. It stands for the instance's name, so here it stands for nothing.

```ini
# job.service
[Service]
ExecStart=/usr/bin/job --name %i
```

Name the file `job@.service`, or write the word that is meant. A percent sign is written `%%`.",
    systemd: Some(Check::File(check)),
    supervisord: None,
};

fn check(cx: &FileContext, findings: &mut Findings) {
    let Some(unit) = cx.unit.filter(|unit| unit.instance().is_none()) else { return };
    if memchr::memchr(b'%', cx.file.text.as_bytes()).is_none() || is_template_elsewhere(cx) {
        return;
    }
    for (entry, directive) in cx.entries.iter().zip(&cx.file.directives) {
        if entry.is_none_or(|entry| specifier::place(entry.value).is_none()) {
            continue;
        }
        // Once a directive: the others mean the same.
        let text = directive.value.text();
        let Some((span, _)) = specifier::find(text).find(|(_, letter)| matches!(letter, b'i' | b'I')) else { continue };
        findings.push(RULE.at(
            directive.value.source(span),
            format!("\"{}\" stands for nothing: {} has no instance name", &text[span], unit.as_str()),
        ));
    }
}

/// Whether [Install] makes it a template under another name.
fn is_template_elsewhere(cx: &FileContext) -> bool {
    let keys: [Key; 2] = [install::Alias, install::DefaultInstance];
    let install = cx.entries.iter().zip(&cx.file.directives);
    install.into_iter().any(|(entry, directive)| {
        entry.is_some_and(|entry| entry.group == Group::Install && keys.contains(&entry.key))
            && (directive.value.text().contains('@') || directive.key == "DefaultInstance")
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;
    use expect_test::expect;

    const TEXT: &str = "[Unit]\nDescription=Job %i\n[Service]\nExecStart=/bin/job 100%%i %n \\\n  %I\n";

    #[test]
    fn plain_units_have_no_instance() {
        check(
            "a.service",
            TEXT,
            "instance-specifier",
            expect![[r#"
            warning 2:17-2:19 "%i" stands for nothing: a.service has no instance name
            warning 5:3-5:5 "%I" stands for nothing: a.service has no instance name
        "#]],
        );
    }

    #[test]
    fn templates_and_instances_have_one() {
        check("a@.service", TEXT, "instance-specifier", expect![[""]]);
        check("a@b.service", TEXT, "instance-specifier", expect![[""]]);
        check("a.service", &format!("{TEXT}[Install]\nAlias=b@c.service\n"), "instance-specifier", expect![[""]]);
    }
}
