//! What a case says it shows, held against what was seen.
//!
//! The paths: `ROLE#1 KEY` for what a process saw, `ROLE#2 after` for the seconds since the start
//! before, `ROLE#1 after OTHER#1` for those since a start of another, `ROLE events`, `order`, and `note` for any note of the script.
//! In the patterns `*` is anything.

use super::super::case::{Case, matches};
use super::super::transcript::Transcript;

/// How much later than it could something may happen, in seconds: supervisord looks once a second, for ends as well
/// as for what is to be started.
const LATE: f64 = 2.1;

/// What comes sooner or later than the case says, or isn't as it says of this backend.
pub fn untimely(case: &Case, backend: &str, transcript: &Transcript) -> Vec<String> {
    let there = case.shows_there.iter().filter(|(to, _)| to == backend).map(|(_, shown)| shown);
    let times = case.shows.iter().filter(|(path, _)| path.ends_with(" after"));
    let accepted = |path: &str| case.accepted.iter().any(|accepted| accepted.covers(backend, path));
    let all = times.filter(|(path, _)| !accepted(path)).chain(there);
    all.filter_map(|(path, pattern)| one(path, pattern, transcript)).collect()
}

/// What isn't as the case says it is.
pub fn missing(shows: &[(String, String)], transcript: &Transcript) -> Vec<String> {
    shows.iter().filter_map(|(path, pattern)| one(path, pattern, transcript)).collect()
}

fn one(path: &str, pattern: &str, transcript: &Transcript) -> Option<String> {
    let (found, holds) = match path.split_once(' ').unwrap_or((path, "")) {
        ("note", "") => {
            let notes: Vec<&str> = events(transcript, "driver");
            (notes.join("\n"), notes.iter().any(|note| matches(pattern, note)))
        }
        ("order", "") => text(transcript.order.join(" "), pattern),
        (role, "events") => text(events(transcript, role).join(", "), pattern),
        (start, "after") => time(after(start, transcript), pattern),
        (start, key) if key.starts_with("after ") => {
            let since = |start| start_of(start, transcript);
            let other = since(&key["after ".len()..]);
            time(since(start).zip(other).map(|(time, other)| (time - other) as f64 / 1e6), pattern)
        }
        (start, key) => {
            let fields = transcript.starts.iter().find(|(name, _)| name == start).map(|(_, fields)| fields);
            let value = fields.and_then(|fields| fields.get(key)).map_or("absent", String::as_str);
            text(value.to_owned(), pattern)
        }
    };
    (!holds).then(|| format!("{path}: {pattern} expected, {found} found"))
}

fn text(found: String, pattern: &str) -> (String, bool) {
    let holds = matches(pattern, &found);
    (found, holds)
}

fn events<'a>(transcript: &'a Transcript, role: &str) -> Vec<&'a str> {
    transcript.roles.get(role).into_iter().flatten().map(|(_, text)| text.as_str()).collect()
}

/// Seconds that a start came behind something, and whether they are as many as `pattern` says.
fn time(after: Option<f64>, pattern: &str) -> (String, bool) {
    let least: f64 = pattern.parse().unwrap_or(f64::INFINITY);
    (format!("{after:?} s"), after.is_some_and(|after| after > least - 0.05 && after < least + LATE))
}

/// The seconds between a start and the one before.
fn after(start: &str, transcript: &Transcript) -> Option<f64> {
    let (role, number) = start.split_once('#')?;
    let before = format!("{role}#{}", number.parse::<usize>().ok()?.checked_sub(1)?);
    Some((start_of(start, transcript)? - start_of(&before, transcript)?) as f64 / 1e6)
}

/// When `ROLE#NUMBER` was, in µs.
fn start_of(start: &str, transcript: &Transcript) -> Option<i64> {
    let (role, number) = start.split_once('#')?;
    let mut starts = transcript.roles.get(role)?.iter().filter(|(_, text)| text == "start").map(|(time, _)| *time);
    starts.nth(number.parse::<usize>().ok()?.checked_sub(1)?)
}
