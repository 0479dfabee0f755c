use crate::diagnostic::Severity;
use crate::rules::context::shown;
use crate::rules::{Check, ConfigContext, Findings, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "bad-name",
    severity: Severity::Error,
    optional: false,
    doc: "\
A blank, a colon or a slash in the name of a program or group, or no name at all. supervisord doesn't start: its protocol and its web pages can't do with such names.

```ini
[program:web server]
command=/usr/bin/web
```

Use letters, digits, `-`, `_` and `.`.",
    systemd: None,
    supervisord: Some(Check::Config(check)),
};

fn check(cx: &ConfigContext, findings: &mut Findings) {
    for section in cx.programs().chain(cx.sections("group")) {
        let title = section.title();
        if let Some(c) = title.chars().find(|c| matches!(c, ' ' | ':' | '/')) {
            let message = format!("the name \"{}\" has a {} in it", shown(title), name(c));
            findings.push(cx.at_header(&RULE, section, message).help("supervisord doesn't start with it"));
        } else if title.is_empty() {
            findings.push(cx.at_header(&RULE, section, "there is no name behind the colon"));
        }
    }
}

fn name(c: char) -> &'static str {
    match c {
        ' ' => "blank",
        ':' => "colon",
        _ => "slash",
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check_supervisord;
    use expect_test::expect;

    #[test]
    fn names_are_plain() {
        let text = "[program:a b]\n[group:a:b]\n[eventlistener: a/b ]\n[fcgi-program:]\n[program: a ]\n[program:a.b-c_d]\n\
                    [rpcinterface:a b]\n";
        check_supervisord(
            &[text],
            true,
            "bad-name",
            expect![[r#"
            error 1:1-1:14 the name "a b" has a blank in it
              help: supervisord doesn't start with it
            error 3:1-3:22 the name "a/b" has a slash in it
              help: supervisord doesn't start with it
            error 4:1-4:16 there is no name behind the colon
            error 2:1-2:12 the name "a:b" has a colon in it
              help: supervisord doesn't start with it
        "#]],
        );
    }
}
