//! What a case says it shows, held against what was seen.
//!
//! The paths: `ROLE#1 KEY` for what a process saw, `ROLE#2 after` for the seconds since the start
//! before, `ROLE events`, `order`, and `note` for any note of the script.
//! In the patterns `*` is anything.

use super::super::case::{Case, matches};
use super::super::transcript::Transcript;

/// How much later than it could something may happen, in seconds: supervisord looks once a second, for ends as well
/// as for what is to be started.
const LATE: f64 = 2.1;

/// What comes sooner or later than the case says.
pub fn untimely(case: &Case, backend: &str, transcript: &Transcript) -> Vec<String> {
    let times = case.shows.iter().filter(|(path, _)| path.ends_with(" after"));
    let accepted = |path: &str| case.accepted.iter().any(|accepted| accepted.covers(backend, path));
    times.filter(|(path, _)| !accepted(path)).filter_map(|(path, pattern)| one(path, pattern, transcript)).collect()
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
        (start, "after") => {
            let after = after(start, transcript);
            let least: f64 = pattern.parse().ok()?;
            (format!("{after:?} s"), after.is_some_and(|after| after > least - 0.05 && after < least + LATE))
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

/// The seconds between a start and the one before.
fn after(start: &str, transcript: &Transcript) -> Option<f64> {
    let (role, number) = start.split_once('#')?;
    let mut starts = transcript.roles.get(role)?.iter().filter(|(_, text)| text == "start").map(|(time, _)| *time);
    let before = starts.nth(number.parse::<usize>().ok()?.checked_sub(2)?)?;
    let microseconds = u32::try_from(starts.next()? - before).ok()?;
    Some(f64::from(microseconds) / 1e6)
}
