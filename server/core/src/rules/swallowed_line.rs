use super::context::shown;
use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, FileKind};
use crate::text::{Edit, Span};
use crate::values::supervisord::Kind;

pub(super) static RULE: Rule = Rule {
    name: "swallowed-line",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A directive or a section header on a continuation line. The backslash above, or in supervisord.conf the indentation, makes it part of that value, so it is never read as what it looks like.

```ini
[Service]
ExecStart=/usr/bin/true \\
Restart=always
```

Delete the backslash above it, or in supervisord.conf its indentation.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check_supervisord)),
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

fn check_supervisord(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    if !value.is_continued() || cx.entry.is_none() {
        return;
    }
    let text = value.text();
    let mut before = "";
    let mut at = 0;
    for line in text.split('\n') {
        let start = at;
        at += line.len() + 1;
        // In a list of variables any name may be one of them.
        let lists = cx.supervisord_kind() == Some(Kind::Environment) && (before.is_empty() || before.ends_with(','));
        if start > 0
            && let Some((length, looks)) = looks_like_supervisord(cx, line, lists)
        {
            let place = value.source(Span::new(start, start + length));
            let indent = Span { start: cx.file.file.line(place.start).start, end: place.start };
            let message = format!("{looks} is part of {}= here: the line is indented", shown(&cx.directive.key));
            findings.push(RULE.at(place, message).suggestion("Delete the indentation", vec![Edit::delete(indent)]));
        }
        before = line;
    }
}

/// What a line of supervisord.conf would be without its indentation, and how much of it says so.
fn looks_like_supervisord(cx: &DirectiveContext, line: &str, lists: bool) -> Option<(usize, String)> {
    if let Some(rest) = line.strip_prefix('[') {
        let (name, _) = rest.split_once(']')?;
        schema::supervisord::section(name)?;
        return Some((name.len() + 2, format!("the header [{}]", shown(name))));
    }
    let (key, _) = line.split_once('=')?;
    cx.file.known(&cx.section.name)?.get(key.trim_end()).filter(|_| !lists)?;
    Some((key.len() + 1, format!("{}=", key.trim_end())))
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
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
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

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=/bin/a\n  user=b\n  --autostart=c\nenvironment=\n  user=\"a\",\n  user=\"b\"\n  umask = 022\n  [program:b]\n";
        check_supervisord(
            &[text],
            true,
            "swallowed-line",
            expect![[r#"
            warning 3:3-3:8 user= is part of command= here: the line is indented
              suggestion: Delete the indentation
            warning 8:3-8:10 umask= is part of environment= here: the line is indented
              suggestion: Delete the indentation
            warning 9:3-9:14 the header [program:b] is part of environment= here: the line is indented
              suggestion: Delete the indentation
        "#]],
        );
        fixed_supervisord(
            text,
            "swallowed-line",
            expect![[r#"
            [program:a]
            command=/bin/a
            user=b
              --autostart=c
            environment=
              user="a",
              user="b"
            umask = 022
            [program:b]
        "#]],
        );
    }
}
