use std::borrow::Cow;
use std::collections::HashSet;

use super::Document;
use crate::backends::{self, Content, Directory, Target};
use crate::fate::{Backend, Fate};
use crate::schema;
use crate::syntax::Directive;
use crate::text::Span;

/// The most characters of a hint.
const MOST: usize = 60;

/// What becomes of a line, in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where it stands: at the end of the line, of a continued one the last.
    pub at: u32,
    /// "→ s6-setuidgid www-data", "~ …" where it is only close, "✗ runit: no equivalent".
    pub text: String,
    /// The whole fate, in Markdown.
    pub markdown: String,
}

/// What becomes elsewhere of the assignments whose lines end in `range`; nothing is said of those
/// that make no difference there, and of those that something else takes back.
pub fn hints(document: &Document, target: &Target, range: Span) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut tell = |directive: &Directive, name: &str, fate: &Fate, directories: &[Directory]| {
        let at = document.file.line(directive.span.end).end;
        if (range.start..=range.end).contains(&at)
            && let Some(text) = text(fate, target.backend, directive.value.text(), directories)
        {
            let markdown = format!("**{name}=** on {}: {fate}", target.backend.name());
            hints.push(Hint { at, text, markdown });
        }
    };
    if let Some(configured) = document.configured {
        let mut told = HashSet::new();
        for part in configured.different_parts(None) {
            let unit = configured.unit(part);
            let (fates, directories) = backends::fates_and_directories(&unit, target, document.together);
            for (setting, fate) in unit.settings().iter().zip(&fates) {
                if setting.file == configured.at && told.insert(setting.directive.span) {
                    tell(setting.directive, setting.entry.name, fate, &directories);
                }
            }
        }
        hints.sort_by_key(|hint| hint.at);
        return hints;
    }
    match document.whole.filter(|whole| !whole.unit.is_cut_off()) {
        Some(whole) => {
            let (fates, directories) = backends::fates_and_directories(whole.unit, target, document.together);
            let settings = whole.unit.settings().iter().zip(&fates);
            for (setting, fate) in settings.filter(|(setting, _)| setting.file == whole.at) {
                tell(setting.directive, setting.entry.name, fate, &directories);
            }
        }
        None => {
            for section in &document.file.sections {
                for directive in document.file.directives_of(section) {
                    if let Some(entry) = document.entry(section, directive) {
                        tell(directive, entry.name, schema::support(entry.key, target.backend), &[]);
                    }
                }
            }
        }
    }
    hints.sort_by_key(|hint| hint.at);
    hints
}

fn text(fate: &Fate, backend: Backend, value: &str, directories: &[Directory]) -> Option<String> {
    let text = match fate {
        Fate::Native { with } | Fate::Emulated { with } => format!("→ {}", short(with, value, directories)),
        Fate::Approximated { with, .. } => format!("~ {}", short(with, value, directories)),
        Fate::Lost { .. } => format!("✗ {}: no equivalent", backend.name()),
        Fate::Irrelevant { .. } => return None,
    };
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => Some(format!("{}…", text[..cut].trim_end())),
        None => Some(text),
    }
}

/// Without the marks of Markdown. A command alone gets the value that it is run with, if it is.
fn short<'a>(with: &'a str, value: &str, directories: &[Directory]) -> Cow<'a, str> {
    let command = with.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|text| !text.contains('`'));
    let Some(command) = command else { return with.replace('`', "").into() };
    let whole = format!("{command} {value}");
    let runs = |content: &Content| match content {
        Content::Script(text) => memchr::memmem::find(text, whole.as_bytes()).is_some(),
        Content::Text(_) | Content::Link(_) | Content::Directory => false,
    };
    // What lies in `data/` is the same for every unit.
    let mut own = directories.iter().flat_map(|directory| &directory.files).filter(|file| !file.path.contains("data/"));
    match own.any(|file| runs(&file.content)) {
        true => whole.into(),
        false => command.into(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::Open;
    use super::*;

    fn check(path: &str, backend: Backend, text: &str, expect: Expect) {
        let mut out = String::new();
        let all = Span::new(0, text.len());
        for hint in Open::new(path, text).with(|document| hints(document, &Target::new(backend), all)) {
            let line = document_line(text, hint.at);
            out.push_str(&format!("{line}   {}\n    {}\n", hint.text, hint.markdown));
        }
        expect.assert_eq(&out);
    }

    fn document_line(text: &str, at: u32) -> &str {
        let before = &text[..at as usize];
        &before[before.rfind('\n').map_or(0, |at| at + 1)..]
    }

    const TEXT: &str = "\
[Unit]
Description=Web
Requires=db.service
[Service]
ExecStart=/usr/sbin/web \\
  --port 80
User=www-data
WorkingDirectory=/srv
Nice=5
SystemCallFilter=@system-service
Restart=always
TimeoutStopSec=5min 20s
";

    #[test]
    fn a_line_has_a_hint() {
        check(
            "web.service",
            Backend::S6,
            TEXT,
            expect![[r#"
            Requires=db.service   ✗ s6: no equivalent
                **Requires=** on s6: lost: s6 alone knows no dependencies; s6-rc does
              --port 80   → the program that run becomes
                **ExecStart=** on s6: native: the program that `run` becomes
            User=www-data   → s6-setuidgid
                **User=** on s6: native: `s6-setuidgid`
            WorkingDirectory=/srv   → cd /srv
                **WorkingDirectory=** on s6: native: `cd`
            Nice=5   → nice -n 5
                **Nice=** on s6: emulated: `nice -n`
            SystemCallFilter=@system-service   ✗ s6: no equivalent
                **SystemCallFilter=** on s6: lost: no stock tool installs a seccomp filter
            Restart=always   → finish decides
                **Restart=** on s6: emulated: `finish` decides
            TimeoutStopSec=5min 20s   → timeout-kill
                **TimeoutStopSec=** on s6: native: `timeout-kill`
        "#]],
        );
        check(
            "web.service",
            Backend::Runit,
            TEXT,
            expect![[r#"
            Requires=db.service   ~ sv start in run, if ../db is there by then
                **Requires=** on runit: approximated: `sv start` in `run`, if `../db` is there by then; it starts without it too
              --port 80   → the program that run becomes
                **ExecStart=** on runit: native: the program that `run` becomes
            User=www-data   → setpriv --reuid --init-groups
                **User=** on runit: emulated: `setpriv --reuid --init-groups`
            WorkingDirectory=/srv   → cd /srv
                **WorkingDirectory=** on runit: emulated: `cd`
            Nice=5   → nice -n 5
                **Nice=** on runit: emulated: `nice -n`
            SystemCallFilter=@system-service   ✗ runit: no equivalent
                **SystemCallFilter=** on runit: lost: no stock tool installs a seccomp filter
            Restart=always   → finish decides
                **Restart=** on runit: emulated: `finish` decides
            TimeoutStopSec=5min 20s   → control/t
                **TimeoutStopSec=** on runit: emulated: `control/t`
        "#]],
        );
    }

    #[test]
    fn without_a_unit_the_promise_is_told() {
        check(
            "service.d/a.conf",
            Backend::S6,
            "[Service]\nUser=a\nFoo=b\n",
            expect![[r#"
            User=a   → s6-setuidgid
                **User=** on s6: native: `s6-setuidgid`
        "#]],
        );
    }

    #[test]
    fn what_does_not_hold_has_none() {
        check(
            "a.service",
            Backend::S6,
            "[Service]\nExecStart=/bin/a\nUser=a\nUser=b\n",
            expect![[r#"
            ExecStart=/bin/a   → the program that run becomes
                **ExecStart=** on s6: native: the program that `run` becomes
            User=b   → s6-setuidgid b
                **User=** on s6: native: `s6-setuidgid`
        "#]],
        );
    }

    #[test]
    fn only_what_is_asked_for() {
        let of = |start, end| {
            let range = Span::new(TEXT.find(start).unwrap_or(0), TEXT.find(end).unwrap_or(0));
            let hints = Open::new("a.service", TEXT).with(|document| hints(document, &Target::new(Backend::S6), range));
            hints.iter().map(|hint| document_line(TEXT, hint.at).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of("--port", "User="), ["  --port 80"]);
        assert_eq!(of("User=", "Nice="), ["User=www-data", "WorkingDirectory=/srv"]);
    }
}
