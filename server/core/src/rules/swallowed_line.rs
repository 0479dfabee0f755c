use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind};
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "swallowed-line",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive or a section header on a continuation line. The backslash above makes it part of that value, so it is never read as what it looks like.

```ini
[Service]
ExecStart=/usr/bin/true \\
Restart=always
```

Delete the backslash above it.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    if !cx.directive.value.is_continued() || !cx.file.reads(cx.section) {
        return;
    }
    let FileKind::Unit(kind) = cx.file.kind else { return };
    let text = cx.file.file.text;
    let all = cx.directive.span;
    let indent = text[..all.start as usize].len() - cx.file.file.line(all.start).start as usize;
    let mut at = cx.file.file.line(all.start).end;
    let mut backslash = at - 1;
    while at < all.end {
        at += 1;
        let line = cx.file.file.line(at);
        at = line.end;
        let words = text[line].trim_start_matches([' ', '\t']);
        if words.is_empty() || words.starts_with(['#', ';']) {
            continue;
        }
        if text[line].len() - words.len() <= indent
            && let Some((length, looks)) = looks_like(words, kind)
        {
            let start = line.end as usize - words.len();
            findings.push(
                RULE.at(
                    Span::new(start, start + length),
                    format!(
                        "{looks} is part of {}= here: the line above ends in a backslash",
                        shown(&cx.directive.key)
                    ),
                )
                .suggestion(
                    "Delete the backslash above",
                    vec![Edit::delete(Span { start: backslash, end: backslash + 1 })],
                ),
            );
        }
        backslash = line.end - 1;
    }
}

/// What a line would be if it stood alone, and how much of it says so.
fn looks_like(line: &str, kind: schema::UnitKind) -> Option<(usize, String)> {
    if let Some(rest) = line.strip_prefix('[') {
        let (name, _) = rest.split_once(']')?;
        schema::section(name)?;
        return Some((name.len() + 2, format!("the header [{name}]")));
    }
    let (key, _) = line.split_once('=')?;
    schema::sections_of(kind).find_map(|section| section.get(key.trim_end()))?;
    Some((key.len() + 1, format!("{}=", key.trim_end())))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn the_backslash_above_takes_it() {
        let text = "[Service]\nExecStart=/bin/true \\\n# why\nRestart=always\nUser=a \\\n[Install]\nWantedBy=b\n";
        check(
            "a.service",
            text,
            "swallowed-line",
            expect![[r#"
            warning 4:1-4:9 Restart= is part of ExecStart= here: the line above ends in a backslash
              suggestion: Delete the backslash above
            warning 6:1-6:10 the header [Install] is part of User= here: the line above ends in a backslash
              suggestion: Delete the backslash above
        "#]],
        );
        fixed(
            "a.service",
            text,
            "swallowed-line",
            expect![[r#"
            [Service]
            ExecStart=/bin/true 
            # why
            Restart=always
            User=a 
            [Install]
            WantedBy=b
        "#]],
        );
    }

    #[test]
    fn arguments_that_look_like_directives_are_indented() {
        check(
            "a.service",
            "[Service]\nExecStart=/usr/bin/systemd-run \\\n  -p \\\n  Restart=always\nEnvironment=A=b \\\nC=d\n",
            "swallowed-line",
            expect![[""]],
        );
    }
}
