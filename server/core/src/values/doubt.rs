//! Values that systemd takes, though almost surely not as they were meant.

use super::{Context, Problem, ValueType};
use crate::text::Span;

/// Reports what is most likely a mistake in a value that systemd takes whole.
pub(super) fn check(text: &str, context: &Context, problems: &mut Vec<Problem>) {
    let name = context.directive.name;
    problems.extend(match context.directive.value {
        ValueType::Environment => comma(text, is_assignment),
        ValueType::BindPaths | ValueType::MountsFor | ValueType::NamespacePaths | ValueType::PathList => {
            comma(text, path_start)
        }
        ValueType::User | ValueType::UserList => user(text),
        ValueType::EnvironmentFile | ValueType::Path | ValueType::PidFile | ValueType::WorkingDirectory => {
            second_path(text, name)
        }
        ValueType::ConditionPath | ValueType::WatchedPath => second_path(text, name).or_else(|| pattern(text, name)),
        ValueType::JobTimeout
        | ValueType::ServiceTimeout
        | ValueType::ServiceTimeoutAbort
        | ValueType::TimeSpan
        | ValueType::TimeSpanEmptyInfinity
        | ValueType::TimeSpanZeroInfinity
        | ValueType::Timer => months(text, name),
        ValueType::MemoryLimit if name == "MemoryMax" => few_bytes(text),
        ValueType::CpuAffinity => mask(text),
        ValueType::Text if name == "Options" => options(text),
        _ => None,
    });
}

/// A comma where only blanks separate, if `next` says that a value of its own follows.
fn comma(text: &str, next: fn(&str) -> bool) -> Option<Problem> {
    if text.contains(['"', '\'', '\\']) {
        return None;
    }
    let at = text.match_indices(',').map(|(at, _)| at).find(|at| next(&text[at + 1..]))?;
    let message = "a comma doesn't separate values here, it is part of the one in front; write a blank";
    Some(Problem::doubtful(Span::new(at, at + 1), message))
}

fn is_assignment(rest: &str) -> bool {
    let word = rest.trim_start_matches([' ', '\t']);
    let length = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
    word.len() < rest.len() && length > 0 && word[length..].starts_with('=')
}

fn path_start(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t']).trim_start_matches(['-', '+']).starts_with('/')
}

/// Quotes round a name, or a comma between two.
fn user(text: &str) -> Option<Problem> {
    let at = text.find(['"', '\'', ','])?;
    let message = match &text[at..=at] {
        "," => "a comma is part of the name here; write a blank between names",
        _ => "a quote is part of the name here; leave it away",
    };
    Some(Problem::doubtful(Span::new(at, at + 1), message))
}

/// A second path behind a blank, where only one is taken.
fn second_path(text: &str, name: &str) -> Option<Problem> {
    let at = [" /", " -/", "\t/"].iter().find_map(|start| text.find(start))?;
    let message = format!("{name}= takes one path: blanks and all, this is one; give each path a line of its own");
    Some(Problem::doubtful(Span::new(at + 1, text.len()), message))
}

/// A wildcard where it isn't one.
fn pattern(text: &str, name: &str) -> Option<Problem> {
    let at = text.find('*').filter(|_| !name.ends_with("Glob"))?;
    let message = match name.strip_suffix("PathExists") {
        Some(kind) => format!("\"*\" is no wildcard here; use {kind}PathExistsGlob="),
        None => format!("\"*\" is no wildcard in {name}="),
    };
    Some(Problem::doubtful(Span::new(at, at + 1), message))
}

/// `5M`: that many months, where nobody waits for months.
fn months(text: &str, name: &str) -> Option<Problem> {
    if matches!(name, "OnCalendar" | "OnUnitActiveSec" | "OnUnitInactiveSec" | "RuntimeMaxSec") {
        return None;
    }
    let at = text.find('M')?;
    let behind = text[at + 1..].starts_with(|c: char| c.is_alphanumeric());
    let number = text[..at].trim_end_matches([' ', '\t']).ends_with(|c: char| c.is_ascii_digit());
    let problem = || Problem::doubtful(Span::new(at, at + 1), "\"M\" counts months; minutes are \"min\" or \"m\"");
    (number && !behind).then(|| problem().or("min", false))
}

/// `512` without a unit, in which no process fits.
fn few_bytes(text: &str) -> Option<Problem> {
    let bytes: u32 = text.parse().ok().filter(|bytes| (1..65536).contains(bytes))?;
    let message = format!("these are {bytes} bytes, in which no process fits; write a unit, as in \"{bytes}M\"");
    Some(Problem::doubtful(super::whole(text), message))
}

/// `0x3`: CPU 3 and no mask.
fn mask(text: &str) -> Option<Problem> {
    let at = text.find("0x")?;
    (at == 0).then(|| Problem::doubtful(super::whole(text), "this is the number of one CPU, not a mask; list the CPUs"))
}

/// A blank behind the comma between two options of a mount, which becomes part of the second.
fn options(text: &str) -> Option<Problem> {
    let at = text.find(", ")?;
    let message = "a blank behind the comma is part of the next option; leave it away";
    Some(Problem::doubtful(Span::new(at + 1, at + 2), message).or("", false))
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn what_is_hardly_meant() {
        for (directive, text, expected) in [
            ("Environment", "A=1, B=2", "3-4 a comma doesn't separate values here"),
            ("ReadWritePaths", "/a, -/b", "2-3 a comma doesn't"),
            ("BindPaths", "/a, /c", "2-3 a comma doesn't"),
            ("User", "\"www-data\"", "0-1 a quote is part of the name"),
            ("SupplementaryGroups", "a,b", "1-2 a comma is part of the name"),
            ("EnvironmentFile", "/a /b", "3-5 EnvironmentFile= takes one path"),
            ("PathChanged", "/a /b", "3-5 PathChanged= takes one path"),
            ("PathExists", "/a/*.b", "3-4 \"*\" is no wildcard here; use PathExistsGlob="),
            ("AssertPathExists", "!/a/*", "4-5 \"*\" is no wildcard here; use AssertPathExistsGlob="),
            ("ConditionFileNotEmpty", "/a*", "2-3 \"*\" is no wildcard in ConditionFileNotEmpty="),
            ("TimeoutStartSec", "5M", "1-2 \"M\" counts months"),
            ("OnBootSec", "1h 15 M", "6-7 \"M\" counts months"),
            ("MemoryMax", "512", "0-3 these are 512 bytes"),
            ("CPUAffinity", "0x3", "0-3 this is the number of one CPU"),
            ("Mount.Options", "rw, noatime", "3-4 a blank behind the comma"),
        ] {
            let found = check(directive, 262, "", text);
            assert!(found.starts_with(&format!("doubtful {expected}")), "{directive}={text}: {found}");
        }
    }

    #[test]
    fn what_may_be_meant() {
        for (directive, text) in [
            ("Environment", "A=1,2 B=3,4"),
            ("Environment", "\"A=1, B=2\""),
            ("Environment", "A=a,B=b"),
            ("ReadWritePaths", "/a,b /c"),
            ("BindPaths", "/a:/b:rbind /c"),
            ("User", "a b"),
            ("WorkingDirectory", "/a b/c"),
            ("PathExistsGlob", "/a/*"),
            ("ConditionPathExistsGlob", "/a/*"),
            ("OnUnitActiveSec", "1M"),
            ("TimeoutStartSec", "5min"),
            ("TimeoutStartSec", "5month"),
            ("MemoryMax", "1048576"),
            ("MemoryMax", "512M"),
            ("CPUAffinity", "0-3"),
            ("Mount.Options", "rw,noatime"),
        ] {
            assert_eq!(check(directive, 262, "", text), "", "{directive}={text}");
        }
    }
}
