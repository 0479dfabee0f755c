use super::super::{Document, Link, Part, Target};
use super::{NameKind, name_at, names};
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::values::ValueType;
use crate::values::supervisord::{Kind, command, name};

/// What stands at `offset` refers to, and where it stands: a program of a group to its section, a
/// path to the file.
pub(in crate::features) fn target(document: &Document, offset: u32) -> Option<(Span, Target)> {
    if let Some(name) = name_at(document, offset) {
        let files = document.configured?.config.files;
        let is_home = |other: &super::Name| other.sets && other.kind == NameKind::Program && other.name == name.name;
        let home = names(files).find(is_home)?;
        return Some((name.span, Target::Place { file: home.file, span: home.span }));
    }
    let place = document.place(offset);
    let Part::Value { directive, at } = place.part else { return None };
    let here = |(span, _): &(Span, &str)| span.start <= at && at <= span.end;
    let (span, path) = paths(document, place.section?, directive).into_iter().find(here)?;
    Some((directive.value.source(span), Target::File(path.to_owned())))
}

/// Log files, directories, sockets and what is included.
pub(in crate::features) fn links(document: &Document) -> Vec<Link> {
    let mut links = Vec::new();
    for section in &document.file.sections {
        for directive in document.file.directives_of(section) {
            for (span, path) in paths(document, section, directive) {
                let Some(path) = absolute(document, path) else { continue };
                let span = directive.value.source(span);
                // Of a pattern the folder.
                let (target, title) = match path.find(['*', '?', '[']) {
                    Some(wildcard) => {
                        let folder = path[..wildcard].rsplit_once('/').map_or("", |(folder, _)| folder);
                        (format!("{folder}/"), format!("the folder {folder}/"))
                    }
                    None => (path, String::new()),
                };
                links.push(Link { span, target: format!("file://{target}"), title });
            }
        }
    }
    links.retain(|link| link.target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}%".contains(&byte)));
    links
}

/// The paths in a value as they are written, those with expansions left out.
fn paths<'d>(document: &Document, section: &Section, directive: &'d Directive) -> Vec<(Span, &'d str)> {
    let Some(ValueType::Supervisord(kind)) = document.entry(section, directive).map(|entry| entry.value) else {
        return Vec::new();
    };
    let text = directive.value.text();
    let found: Vec<(Span, &str)> = match kind {
        Kind::Path | Kind::Directory | Kind::LogFile | Kind::DaemonLogFile => {
            vec![(Span::new(0, text.len()), text)]
        }
        Kind::Command => {
            let words = command::parse(text, &mut Vec::new());
            let plain = words.into_iter().map(|word| word.span).filter(|span| !text[*span].contains(['\'', '"', '\\']));
            plain.map(|span| (span, &text[span])).collect()
        }
        Kind::Globs => name::parse_globs(text).map(|(path, span)| (span, path)).collect(),
        _ => Vec::new(),
    };
    let wanted = |(_, path): &(Span, &str)| {
        let plain = !path.contains('%') && !path.split('/').any(|part| part == "..");
        plain && (path.starts_with('/') || matches!(kind, Kind::Globs))
    };
    found.into_iter().filter(wanted).collect()
}

/// Relative ones are of the folder of the file.
fn absolute(document: &Document, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return Some(path.to_owned());
    }
    let configured = document.configured?;
    let (folder, _) = configured.paths.get(configured.at)?.rsplit_once('/')?;
    folder.starts_with('/').then(|| format!("{folder}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Open, cursor};
    use super::*;

    fn check(text: &str, expected: &str) {
        let (text, offset) = cursor(text);
        let main = Some("[program:web]\ncommand=a\n");
        let open = Open { fragment: main, ..Open::new("/etc/supervisord.d/a.ini", &text) };
        let shown = open.with(|document| match target(document, offset) {
            Some((span, Target::Place { file, span: to })) => {
                let files = document.configured.expect("a configuration").config.files;
                format!("{} → {file}: {}", &text[span.range()], &files[file].text[to])
            }
            Some((span, Target::File(path))) => format!("{} → file {path}", &text[span.range()]),
            _ => "nothing".to_owned(),
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_referred_to() {
        check("[group:g]\nprograms=a, we$0b\n", "web → 0: web");
        check("[group:g]\nprograms=no$0ne\n", "nothing");
        check("[group:w$0eb]\nprograms=web\n", "web → 0: web");
        check("[program:a]\ncommand=/bin/a -c /etc/$0b\n", "/etc/b → file /etc/b");
        check("[program:a]\ncommand=sh -c '/etc/$0b'\n", "nothing");
        check("[program:a]\nstdout_logfile=/var/log/$0b ; c\n", "/var/log/b → file /var/log/b");
        check("[program:a]\nstdout_logfile=/var/%(ENV_A)s/$0b\n", "nothing");
    }

    #[test]
    fn what_can_be_opened() {
        let text =
            "[include]\nfiles=a.d/*.ini /b.conf\n[program:a]\ncommand=/bin/a\ndirectory=/srv\nstderr_logfile=AUTO\n";
        let shown: Vec<String> = Open::new("/etc/supervisord.conf", text).with(|document| {
            links(document).into_iter().map(|it| format!("{} {}", &text[it.span], it.target)).collect()
        });
        assert_eq!(
            shown,
            ["a.d/*.ini file:///etc/a.d/", "/b.conf file:///b.conf", "/bin/a file:///bin/a", "/srv file:///srv"]
        );
    }
}
