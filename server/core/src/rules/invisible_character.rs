use std::borrow::Cow;

use super::{Check, DirectiveContext, Findings, Rule};
use crate::diagnostic::Severity;
use crate::schema::{self, key};
use crate::text::{Edit, Span};
use crate::values::ValueType;
use crate::values::supervisord::Kind;

pub(super) static RULE: Rule = Rule {
    name: "invisible-character",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A no-break space, a zero-width space or another character that looks like a blank or like nothing, in a value that is more than text for people. Neither systemd nor supervisord takes them for a blank: they become a part of the word they touch. They come from web pages and word processors.

```text
ExecStart=/usr/bin/true␣--verbose
```

Write a common space, or delete it.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

/// `text` without the characters that aren't seen.
pub(super) fn removed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).collect())
}

/// Whether `c` looks like a blank or like nothing and is no plain space.
pub(super) fn is_invisible(c: char) -> bool {
    name(c).is_some()
}

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    if value.text().is_ascii() || cx.entry.is_none_or(is_prose) {
        return;
    }
    let reader = cx.file.reader();
    for (at, c) in outside_quotes(value.text()) {
        let Some((name, blank)) = name(c) else { continue };
        let span = value.source(Span::new(at, at + c.len_utf8()));
        let code = u32::from(c);
        let (title, with) = if blank { ("Write a space", " ") } else { ("Delete it", "") };
        findings.push(
            RULE.at(span, format!("{name} (U+{code:04X}) in the value, which {reader} doesn't take for a blank"))
                .fix(title, vec![Edit::replace(span, with)]),
        );
    }
}

/// The characters of `text` that stand neither in quotes nor behind a backslash.
pub(super) fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |&(_, c)| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '\\' => escaped = true,
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ => return quote.is_none(),
        }
        false
    })
}

/// Whether such characters do no harm because people read the value.
fn is_prose(entry: &schema::Directive) -> bool {
    let free = matches!(
        entry.value,
        ValueType::InputText
            | ValueType::LogExtraFields
            | ValueType::SetCredential
            | ValueType::Supervisord(Kind::Text | Kind::Password)
    );
    free || entry.key == key::unit::Description
}

/// What an invisible character is called and whether it looks like a blank.
fn name(c: char) -> Option<(&'static str, bool)> {
    Some(match c {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => ("no-break space", true),
        '\u{2000}'..='\u{200a}' | '\u{205f}' => ("typographic space", true),
        '\u{3000}' => ("ideographic space", true),
        '\u{85}' | '\u{2028}' | '\u{2029}' => ("line separator", true),
        '\u{ad}' => ("soft hyphen", false),
        '\u{200b}' | '\u{2060}' => ("zero-width space", false),
        '\u{feff}' => ("byte-order mark", false),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ("direction mark", false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn they_are_named() {
        let text = "[Service]\nExecStart=/bin/true\u{a0}--a \\\n\u{a0} -b\u{200b}\nUser=\u{feff}root\n";
        check(
            "a.service",
            text,
            "invisible-character",
            expect![[r#"
            warning 2:20-2:21 no-break space (U+00A0) in the value, which systemd doesn't take for a blank
              fix: Write a space
            warning 3:1-3:2 no-break space (U+00A0) in the value, which systemd doesn't take for a blank
              fix: Write a space
            warning 3:5-3:6 zero-width space (U+200B) in the value, which systemd doesn't take for a blank
              fix: Delete it
            warning 4:6-4:7 byte-order mark (U+FEFF) in the value, which systemd doesn't take for a blank
              fix: Delete it
        "#]],
        );
        fixed(
            "a.service",
            text,
            "invisible-character",
            expect![[r#"
            [Service]
            ExecStart=/bin/true --a \
              -b
            User=root
        "#]],
        );
    }

    #[test]
    fn prose_and_quoted_arguments_may_have_them() {
        let text = "[Unit]\nDescription=Serveur\u{a0}: à côté\n[Service]\nExecStart=/bin/echo 'a\u{a0}b' Größe\n";
        check("a.service", text, "invisible-character", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=/bin/a\u{a0}-b\nuser=b\u{200b}\nstopsignal=\u{a0}TERM\n";
        check_supervisord(
            &[text],
            true,
            "invisible-character",
            expect![[r#"
            warning 2:15-2:16 no-break space (U+00A0) in the value, which supervisord doesn't take for a blank
              fix: Write a space
            warning 3:7-3:8 zero-width space (U+200B) in the value, which supervisord doesn't take for a blank
              fix: Delete it
        "#]],
        );
        fixed_supervisord(
            text,
            "invisible-character",
            expect![[r#"
            [program:a]
            command=/bin/a -b
            user=b
            stopsignal= TERM
        "#]],
        );
    }
}
