//! Paths: what `src/basic/path-util.c` and `path_simplify_and_warn` of
//! `src/shared/parse-helpers.c` make of them, and the directives that take one.

use super::specifier::{self, Place};
use super::words::Word;
use super::{Context, Problem, shown, whole};
use crate::schema::Version;
use crate::text::Span;

/// The longest path, in bytes, NUL not counted (`PATH_MAX - 1`).
pub const MAX_PATH: usize = 4095;

/// The longest file name, in bytes (`NAME_MAX`).
pub const MAX_NAME: usize = 255;

/// A path with what stands in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixedPath<'t> {
    /// `-`: it may be missing.
    pub optional: bool,
    /// `+`: below the unit's own root directory, not the host's.
    pub below_root: bool,
    /// The path, specifiers not resolved.
    pub path: Word<'t>,
}

/// What a `WorkingDirectory=` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDirectory<'t> {
    /// `-`: it may be missing.
    pub optional: bool,
    /// The directory; `None` for `~`, the home of the unit's user.
    pub path: Option<Word<'t>>,
}

/// What kind of path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Any without `..`.
    Any,
    /// One without a slash in front.
    Relative,
    /// One with a slash in front.
    Absolute,
    /// The same, but not below `/dev`, `/proc` or `/sys` (since systemd 256).
    OutsideApi,
    /// The same, but not below `/proc` or `/sys` (since systemd 256).
    OutsideApiButDev,
}

/// Whether it begins with a slash.
pub fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

/// Whether it is short enough and not empty (`path_is_valid`).
pub fn is_valid(path: &str) -> bool {
    !path.is_empty() && path.len() <= MAX_PATH && path.split('/').all(|part| part.len() <= MAX_NAME)
}

/// Whether it is valid and has neither `..` nor needless parts (`path_is_normalized`).
pub fn is_normalized(path: &str) -> bool {
    let needless = path == "." || path.starts_with("./") || path.ends_with("/.");
    is_valid(path)
        && !needless
        && !path.contains("//")
        && !path.contains("/./")
        && path.split('/').all(|part| part != "..")
}

/// Whether it may be the name of a file (`filename_is_valid`).
pub fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= MAX_NAME && !name.contains('/')
}

/// Whether `path` is `base` or lies below it (`path_startswith`).
pub(super) fn is_below(path: &str, base: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    is_absolute(path) == is_absolute(base)
        && base.split('/').filter(|part| !part.is_empty()).all(|part| parts.next() == Some(part))
}

/// The path of a directive that takes a single one.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let word = Word::whole(text);
    specifier::resolve(&word, Place::PATH, context, problems, |text| {
        if text.is_empty() { Ok(()) } else { check(text, Want::Absolute, context.version) }
    })?;
    Some(word)
}

/// The path of a directive that takes nothing for a path.
pub fn parse_required<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let word = Word::whole(text);
    resolve(&word, Want::Absolute, context, problems)?;
    Some(word)
}

/// The value of `EnvironmentFile=`.
pub fn parse_optional<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<PrefixedPath<'t>> {
    let optional = text.starts_with('-');
    let path = Word::whole(text).into_tail(usize::from(optional));
    resolve(&path, Want::Absolute, context, problems)?;
    Some(PrefixedPath { optional, below_root: false, path })
}

/// The value of `WorkingDirectory=`.
pub fn parse_working_directory<'t>(
    text: &'t str,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<WorkingDirectory<'t>> {
    let optional = text.starts_with('-');
    let path = Word::whole(text).into_tail(usize::from(optional));
    if path.text == "~" {
        return Some(WorkingDirectory { optional, path: None });
    }
    resolve(&path, Want::Absolute, context, problems)?;
    Some(WorkingDirectory { optional, path: Some(path) })
}

/// The value of `PIDFile=`; a relative path is one below `/run`.
pub fn parse_pid_file<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let word = Word::whole(text);
    specifier::resolve(&word, Place::PATH, context, problems, |text| {
        if is_absolute(text) {
            check(text, Want::OutsideApi, context.version)
        } else {
            check(&format!("/run/{text}"), Want::OutsideApi, context.version)
                .map_err(|problem| Problem { span: whole(text), ..problem })
        }
    })?;
    if is_below(text, "/var/run") {
        let problem = Problem::deprecated(whole(text), "\"/var/run\" is only an old name of \"/run\"");
        problems.push(match text.strip_prefix("/var/run/") {
            Some(rest) => problem.or(format!("/run/{rest}"), true),
            None => problem,
        });
    }
    Some(word)
}

/// The value of `What=`: a device, or what else a filesystem is made from.
pub fn parse_mount_node<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let old = context.version < Version(254);
    if old && context.directive.group == crate::schema::Group::Swap {
        return parse(text, context, problems);
    }
    let word = Word::whole(text);
    specifier::resolve(&word, Place::TEXT, context, problems, |text| {
        let long = !old && text.len() > MAX_PATH;
        if long { Err(Problem::refused(whole(text), too_long(text.len()))) } else { Ok(()) }
    })?;
    Some(word)
}

/// Takes the path `word` with its specifiers resolved.
pub(super) fn resolve(word: &Word, want: Want, context: &Context, problems: &mut Vec<Problem>) -> Option<()> {
    specifier::resolve(word, Place::PATH, context, problems, |text| {
        if word.is_lossy() {
            return Err(Problem::refused(whole(text), "a path must be UTF-8"));
        }
        check(text, want, context.version)
    })
}

/// What systemd finds wrong with a path once it is simplified.
pub(super) fn check(path: &str, want: Want, version: Version) -> Result<(), Problem> {
    let problem = |message: String| Err(Problem::refused(whole(path), message));
    if path.is_empty() {
        return problem("a path is missing".to_owned());
    }
    match want {
        Want::Any => {}
        Want::Relative if is_absolute(path) => {
            return problem(format!("\"{}\" must not begin with a slash here", shown(path)));
        }
        Want::Relative => {}
        _ if !is_absolute(path) => return problem(format!("\"{}\" is not an absolute path", shown(path))),
        _ => {}
    }
    let mut length = 0;
    for part in path.split('/') {
        match part {
            "" | "." => continue,
            ".." => return Err(Problem::refused(Span::of(part, path), "\"..\" is not allowed in this path")),
            _ if part.len() > MAX_NAME => {
                let message = format!("a file name has {MAX_NAME} bytes at the most, this one {}", part.len());
                return Err(Problem::refused(Span::of(part, path), message));
            }
            _ => length += part.len() + 1,
        }
    }
    if length > MAX_PATH + usize::from(!is_absolute(path)) {
        return problem(too_long(length));
    }
    if length == 0 && !is_absolute(path) {
        return problem(if path.is_empty() {
            "a path is missing".to_owned()
        } else {
            "\".\" is no path here".to_owned()
        });
    }
    let refused: &[&str] = match want {
        Want::OutsideApi => &["/dev", "/proc", "/sys"],
        Want::OutsideApiButDev => &["/proc", "/sys"],
        _ => &[],
    };
    match refused.iter().find(|base| version >= Version(256) && is_below(path, base)) {
        Some(base) => problem(format!("nothing below \"{base}\" can be used here")),
        None => Ok(()),
    }
}

fn too_long(length: usize) -> String {
    format!("a path has {MAX_PATH} bytes at the most, this one {length}")
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn paths_are_taken_or_not() {
        for (directive, value, expected) in [
            ("RootDirectory", "/srv/../x", "refused 5-7 \"..\" is not allowed in this path"),
            ("RootDirectory", "srv", "refused 0-3 \"srv\" is not an absolute path"),
            ("RootDirectory", "//srv//./x/.", ""),
            ("RootDirectory", "%h/x", ""),
            ("RootDirectory", "%n/x", "refused 0-4 \"a.service/x\" is not an absolute path"),
            ("WorkingDirectory", "~", ""),
            ("WorkingDirectory", "-~", ""),
            ("WorkingDirectory", "~/x", "refused 0-3 \"~/x\" is not an absolute path"),
            ("WorkingDirectory", "-x", "refused 1-2 \"x\" is not an absolute path"),
            ("EnvironmentFile", "-/etc/default/a", ""),
            ("EnvironmentFile", "-", "refused 1-1 a path is missing"),
            ("PIDFile", "a/b.pid", ""),
            ("PIDFile", "a/../b", "refused 0-6 \"..\" is not allowed in this path"),
            (
                "PIDFile",
                "/var/run/a.pid",
                "deprecated 0-14 \"/var/run\" is only an old name of \"/run\" (fix: /run/a.pid)",
            ),
            ("PIDFile", "/dev/a.pid", "refused 0-10 nothing below \"/dev\" can be used here"),
            ("What", "LABEL=x", ""),
            ("PathExists", "x", "refused 0-1 \"x\" is not an absolute path"),
        ] {
            assert_eq!(testing::check(directive, 262, "a.service", value), expected, "{directive}={value}");
        }
    }

    #[test]
    fn lengths_are_limited() {
        let long = format!("/{}", "a".repeat(255));
        assert_eq!(check(&long.repeat(15), Want::Absolute, Version::LATEST), Ok(()));
        assert!(check(&long.repeat(16), Want::Absolute, Version::LATEST).is_err());
        assert!(check(&format!("{long}a"), Want::Absolute, Version::LATEST).is_err());
    }

    #[test]
    fn parts_are_compared_whole() {
        assert!(is_below("/dev/./x", "/dev") && is_below("//dev", "/dev"));
        assert!(!is_below("/device", "/dev") && !is_below("dev", "/dev"));
    }
}
