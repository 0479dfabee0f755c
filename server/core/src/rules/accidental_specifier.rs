use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::text::{Edit, Span};
use crate::values::{ValueType, specifier};

pub(super) static RULE: Rule = Rule {
    name: "accidental-specifier",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A format of `date` or `printf` in a command line, with single percent signs. systemd puts in its own specifiers first: `%Y` is the directory of the unit file, `%m` the machine's identifier, `%s` the user's shell.

```ini
[Service]
ExecStart=/bin/sh -c 'tar cf /srv/backup-$(date +%Y-%m).tar /home'
```

Write each percent sign twice: `%%Y`.",
    systemd: Some(Check::Directive(check)),
    supervisord: None,
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    let text = value.text();
    let exec = cx.entry.is_some_and(|entry| matches!(entry.value, ValueType::Exec));
    if !exec || memchr::memchr(b'%', text.as_bytes()).is_none() {
        return;
    }
    for (command, start, letters) in [("date", "+", None), ("printf", "", Some("sd"))] {
        for at in words(text, command) {
            let rest = &text[at..];
            let Some(format) = format(rest, start) else { continue };
            let format = Span::new(at + format.start as usize, at + format.end as usize);
            let percents = single_percents(&text[format], letters);
            let Some(first) = percents.first() else { continue };
            let place = |percent: usize| {
                let at = format.start as usize + percent;
                value.source(Span::new(at, at + 2))
            };
            let edits = percents.iter().map(|&at| Edit::insert(place(at).start as usize, "%")).collect();
            let shown = &text[format.start as usize + first..][..2];
            findings.push(
                RULE.at(
                    value.source(format),
                    format!("systemd takes \"{shown}\" for a specifier before {command} sees it"),
                )
                .fix("Double the percent signs", edits),
            );
        }
    }
}

/// Where the word `command` ends in `text`, each time it stands alone or as
/// the last part of a path and something follows.
fn words<'t>(text: &'t str, command: &'t str) -> impl Iterator<Item = usize> {
    text.match_indices(command).filter_map(move |(at, word)| {
        let before = &text[..at];
        let begins = before.ends_with([' ', '\t', '/', '(', '`', '"', '\'', ';', '|', '&'])
            || before.chars().all(|c| "-@:!+|".contains(c));
        let end = at + word.len();
        (begins && text[end..].starts_with([' ', '\t'])).then_some(end)
    })
}

/// The format among the first arguments in `text`: the first word that begins
/// with `start` and is no option, its quotes not included.
fn format(text: &str, start: &str) -> Option<Span> {
    let mut at = 0;
    for _ in 0..4 {
        at = text.len() - text[at..].trim_start_matches([' ', '\t', '\\']).len();
        let (open, end) = word(text, at)?;
        // `+"%F"` as well as `"+%F"`.
        if text[open..end] == *start && text[end..].starts_with(['"', '\'']) {
            return word(text, end).map(|(open, end)| Span::new(open, end));
        }
        if text[open..end].starts_with(start) && !text[open..end].starts_with('-') {
            return Some(Span::new(open, end));
        }
        at = end + usize::from(open > at);
    }
    None
}

/// Where the word that begins at `at` lies, without its quotes.
fn word(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => Some((at + 1, at + 1 + rest[1..].find(quote)?)),
        None => {
            let ends = [' ', '\t', ')', ';', '|', '&', '"', '\'', '`'];
            Some((at, at + rest.find(ends).unwrap_or(rest.len())))
        }
    }
}

/// The offsets of percent signs that systemd takes for itself.
fn single_percents(format: &str, letters: Option<&str>) -> Vec<usize> {
    let taken = |letter: u8| letters.is_none_or(|letters| letters.contains(char::from(letter)));
    let found = specifier::find(format).filter(|(_, letter)| taken(*letter));
    found.map(|(span, _)| span.start as usize).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use expect_test::expect;

    #[test]
    fn formats_are_meant_for_the_program() {
        let text = r#"[Service]
ExecStart=/bin/date +%Y-%m
ExecStart=/bin/sh -c 'tar cf a-$(date -u +%Y%m%d).tar b; date "+%H:%M" > c'
ExecStart=/bin/sh -c "echo `date +'%s'`"
ExecStart=/usr/bin/printf '%s\n' a
ExecStart=/bin/sh -c 'printf "%d %s" 1 2'
"#;
        check(
            "a.service",
            text,
            "accidental-specifier",
            expect![[r#"
            warning 2:21-2:27 systemd takes "%Y" for a specifier before date sees it
              fix: Double the percent signs
            warning 3:42-3:49 systemd takes "%Y" for a specifier before date sees it
              fix: Double the percent signs
            warning 3:64-3:70 systemd takes "%H" for a specifier before date sees it
              fix: Double the percent signs
            warning 4:36-4:38 systemd takes "%s" for a specifier before date sees it
              fix: Double the percent signs
            warning 5:28-5:32 systemd takes "%s" for a specifier before printf sees it
              fix: Double the percent signs
            warning 6:31-6:36 systemd takes "%d" for a specifier before printf sees it
              fix: Double the percent signs
        "#]],
        );
        fixed(
            "a.service",
            text,
            "accidental-specifier",
            expect![[r#"
            [Service]
            ExecStart=/bin/date +%%Y-%%m
            ExecStart=/bin/sh -c 'tar cf a-$(date -u +%%Y%%m%%d).tar b; date "+%%H:%%M" > c'
            ExecStart=/bin/sh -c "echo `date +'%%s'`"
            ExecStart=/usr/bin/printf '%%s\n' a
            ExecStart=/bin/sh -c 'printf "%%d %%s" 1 2'
        "#]],
        );
    }

    #[test]
    fn doubled_ones_and_other_arguments_are_fine() {
        let text = r#"[Service]
ExecStart=/bin/date +%%Y-%%m
ExecStart=/bin/date --file %h/x
ExecStart=/usr/bin/update --date %i
ExecStart=/usr/bin/printf %i
ExecStart=/usr/bin/printf 'x%%s' %s
ExecStart=/usr/bin/job --candidate +%Y
"#;
        check("a@.service", text, "accidental-specifier", expect![[""]]);
    }
}
