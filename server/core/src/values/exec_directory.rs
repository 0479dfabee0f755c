//! `RuntimeDirectory=`, `StateDirectory=`, `CacheDirectory=`,
//! `LogsDirectory=` and `ConfigurationDirectory=` (`config_parse_exec_directories`).

use super::path::{self, Want};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown, whole};
use crate::schema::Version;

/// One directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Its path below the base directory, escapes resolved, specifiers not.
    pub path: String,
    /// The path of a symbolic link to it, if one is made.
    pub link: Option<String>,
    /// Whether the unit may only read it.
    pub read_only: bool,
}

/// The directories; bad ones are dropped.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Directory> {
    let mut directories = Vec::new();
    let mut words = Words::new(text, Style::TUPLES);
    while let Some(word) = words.next_word(problems) {
        let Some(parts) = parts(&word, context.version, problems) else { break };
        directories.extend(directory(&word, &parts, context, problems));
    }
    directories
}

/// What stands between the colons; `None` ends the whole list.
fn parts<'w>(word: &'w Word, version: Version, problems: &mut Vec<Problem>) -> Option<Vec<Word<'w>>> {
    let (style, most) =
        if version < Version(257) { (Style::TUPLE, 2) } else { (Style { coalesce: false, ..Style::TUPLE }, 3) };
    let mut parts = Vec::new();
    let mut split = Words::inside(word, style);
    while parts.len() < most {
        match split.next() {
            Some(Ok(part)) => parts.push(part),
            Some(Err(problem)) => {
                problems.push(problem);
                return None;
            }
            None => break,
        }
    }
    if parts.is_empty() {
        problems.push(Problem::refused(word.span, "the directory is missing"));
        return None;
    }
    if let Some(rest) = split.remainder() {
        problems.push(Problem::doubtful(rest.span, "systemd passes over what stands here"));
    }
    Some(parts)
}

fn directory(word: &Word, parts: &[Word], context: &Context, problems: &mut Vec<Problem>) -> Option<Directory> {
    let [path, options @ ..] = parts else { return None };
    path::resolve(path, Want::Relative, context, problems)?;
    if path::is_below(&path.text, "private") {
        problems.push(Problem::refused(path.span, "\"private\" is for systemd itself"));
        return None;
    }
    let link = options.first().filter(|link| !link.text.is_empty());
    if let Some(link) = link {
        if context.directive.name == "ConfigurationDirectory" {
            problems.push(Problem::refused(link.span, "a configuration directory can't have a symbolic link"));
            return None;
        }
        path::resolve(link, Want::Relative, context, problems)?;
    }
    let flags = options.get(1).map_or("", |flags| &flags.text);
    if !matches!(flags, "" | "ro") {
        let span = options.get(1).map_or(whole(&word.text), |flags| flags.span);
        problems.push(Problem::refused(span, format!("only \"ro\" can stand here, not \"{}\"", shown(flags))));
        return None;
    }
    let link = link.map(|link| link.text.clone().into_owned());
    Some(Directory { path: path.text.clone().into_owned(), link, read_only: flags == "ro" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context};

    #[test]
    fn links_and_flags_are_read() {
        let context = context("StateDirectory", 262, "a.service");
        let read = parse(r#"a b/c:d "e f::ro" g\:h"#, &context, &mut Vec::new());
        let read: Vec<_> = read.iter().map(|it| (it.path.as_str(), it.link.as_deref(), it.read_only)).collect();
        assert_eq!(read, [("a", None, false), ("b/c", Some("d"), false), ("e f", None, true), ("g:h", None, false)]);
    }

    #[test]
    fn bad_ones_are_named() {
        for (directive, version, text, expected) in [
            ("StateDirectory", 262, "/a", "refused 0-2 \"/a\" must not begin with a slash here"),
            ("StateDirectory", 262, "a private/b", "refused 2-11 \"private\" is for systemd itself"),
            ("StateDirectory", 262, "a:b:rw", "refused 4-6 only \"ro\" can stand here, not \"rw\""),
            ("StateDirectory", 252, "a:b:c", "doubtful 4-5 systemd passes over what stands here"),
            ("StateDirectory", 262, "a:../b", "refused 2-4 \"..\" is not allowed in this path"),
            ("ConfigurationDirectory", 262, "a:b", "refused 2-3 a configuration directory can't have a symbolic link"),
        ] {
            assert_eq!(check(directive, version, "a.service", text), expected, "{directive}={text}");
        }
    }
}
