//! `BindPaths=`, `BindReadOnlyPaths=` and `TemporaryFileSystem=`.

use super::path::{self, Want};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown};
use crate::schema::Version;

/// One bind mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindMount {
    /// `-`: the source may be missing.
    pub optional: bool,
    /// What is mounted, specifiers not resolved.
    pub source: String,
    /// Where; the source itself if it isn't said.
    pub destination: Option<String>,
    /// Whether what is mounted below the source comes along.
    pub recursive: bool,
}

/// A filesystem in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryFilesystem {
    /// Where it is mounted, specifiers not resolved.
    pub path: String,
    /// The options of the mount.
    pub options: String,
}

/// The bind mounts; bad ones are dropped.
pub fn parse_binds(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<BindMount> {
    if context.version < Version(258) {
        return parse_old_binds(text, context, problems);
    }
    let mut binds = Vec::new();
    let mut tuples = Words::new(text, Style::TUPLES);
    while let Some(tuple) = tuples.next_word(problems) {
        let parts: Result<Vec<_>, _> = Words::inside(&tuple, Style { coalesce: false, ..Style::TUPLE }).collect();
        match parts {
            Ok(parts) => binds.extend(bind(&parts, context, problems)),
            Err(problem) => problems.push(problem),
        }
    }
    binds
}

/// As before systemd 258: quotes go round the parts, and every blank counts.
fn parse_old_binds(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<BindMount> {
    let style = Style { separators: b": \t\n\r", coalesce: false, ..Style::QUOTED };
    let mut binds = Vec::new();
    let mut words = Words::new(text, style);
    while let Some(source) = words.next_word(problems) {
        let mut parts = vec![source];
        if words.is_behind(b':') {
            let Some(destination) = words.next_word(problems) else { break };
            parts.push(destination);
            if words.is_behind(b':') {
                words = words.with(Style::QUOTED);
                parts.extend(words.next_word(problems));
                words = words.with(style);
            }
        }
        binds.extend(bind(&parts, context, problems));
    }
    binds
}

/// The filesystems; bad ones are dropped.
pub fn parse_temporary(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<TemporaryFilesystem> {
    let mut filesystems = Vec::new();
    let mut words = Words::new(text, Style::QUOTED);
    while let Some(word) = words.next_word(problems) {
        let mut parts = Words::inside(&word, Style::COLONS);
        let Some(path) = parts.next_word(problems) else { continue };
        if path::resolve(&path, Want::Absolute, context, problems).is_some() {
            filesystems.push(TemporaryFilesystem { path: path.text.into_owned(), options: parts.rest().to_owned() });
        }
    }
    filesystems
}

/// Source, destination and options as a bind mount.
fn bind(parts: &[Word], context: &Context, problems: &mut Vec<Problem>) -> Option<BindMount> {
    let source = parts.first()?;
    let optional = source.text.starts_with('-');
    let source = source.tail(usize::from(optional));
    path::resolve(&source, Want::Absolute, context, problems)?;
    if let Some(destination) = parts.get(1) {
        path::resolve(destination, Want::Absolute, context, problems)?;
    }
    if let Some(extra) = parts.get(3) {
        problems.push(Problem::refused(extra.span, "only a source, a destination and an option can stand here"));
        return None;
    }
    let option = parts.get(2).map_or("", |option| &option.text);
    if let (Some(word), false) = (parts.get(2), matches!(option, "" | "rbind" | "norbind")) {
        let message = format!("\"rbind\" or \"norbind\" can stand here, not \"{}\"", shown(option));
        problems.push(Problem::refused(word.span, message));
        return None;
    }
    Some(BindMount {
        optional,
        source: source.text.into_owned(),
        destination: parts.get(1).map(|destination| destination.text.clone().into_owned()),
        recursive: option != "norbind",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context};

    #[test]
    fn binds_have_parts() {
        for version in [252, 262] {
            let context = context("BindPaths", version, "a.service");
            let read = parse_binds("/a -/b:/c /d:/e:norbind", &context, &mut Vec::new());
            let read: Vec<_> =
                read.iter().map(|it| (it.optional, &*it.source, it.destination.as_deref(), it.recursive)).collect();
            let expected =
                [(false, "/a", None, true), (true, "/b", Some("/c"), true), (false, "/d", Some("/e"), false)];
            assert_eq!(read, expected);
        }
    }

    #[test]
    fn versions_differ_in_quotes_and_blanks() {
        let option = "\"rbind\" or \"norbind\" can stand here, not \"ro\"";
        for (version, text, expected) in [
            (252, "/a  /b", "refused 3-3 a path is missing".to_owned()),
            (262, "/a  /b", String::new()),
            (252, "\"/a b\":\"/c d\"", String::new()),
            (262, "\"/a b:/c d\"", String::new()),
            (262, "/a:/b:ro", format!("refused 6-8 {option}")),
            (252, "/a:/b:ro /c", format!("refused 6-8 {option}")),
            (262, "/a:/b::x", "refused 7-8 only a source, a destination and an option can stand here".to_owned()),
            (262, "/a:b", "refused 3-4 \"b\" is not an absolute path".to_owned()),
        ] {
            assert_eq!(check("BindPaths", version, "a.service", text), expected, "{text}");
        }
        assert_eq!(check("TemporaryFileSystem", 262, "a.service", "/a:ro /b"), "");
        assert_eq!(check("TemporaryFileSystem", 262, "a.service", "a:ro"), "refused 0-1 \"a\" is not an absolute path");
    }
}
