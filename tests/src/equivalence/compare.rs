//! Where two transcripts differ.

use std::collections::BTreeSet;
use std::fmt;

use super::transcript::Transcript;

/// How far two spans of time may be apart, in microseconds, beside a tenth of the longer one.
const TOLERANCE: i64 = 450_000;

/// As much again where the script asks for a state from time to time.
const POLLED: i64 = 450_000;

/// One thing that isn't the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What: `main#1 umask`, `main events`, `order`, `driver events`, `main gap 2`.
    pub path: String,
    /// What it is under the original.
    pub expected: String,
    /// What it is here.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} there, {} here", self.path, self.expected, self.found)
    }
}

/// All differences. Times count if `timed`, which says by how many microseconds more they may differ; the order of starts does without the roles that are `unordered`.
pub fn differences(
    expected: &Transcript,
    found: &Transcript,
    timed: Option<i64>,
    unordered: &[String],
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut note = |path: String, expected: &str, found: &str| {
        if expected != found {
            differences.push(Difference { path, expected: expected.to_owned(), found: found.to_owned() });
        }
    };
    note("order".to_owned(), &order(expected, unordered), &order(found, unordered));
    for (name, fields) in &expected.starts {
        let Some((_, others)) = found.starts.iter().find(|(other, _)| other == name) else { continue };
        let keys: BTreeSet<&String> = fields.keys().chain(others.keys()).collect();
        let value = |value: Option<&String>| value.map_or("absent".to_owned(), |value| format!("\"{value}\""));
        for key in keys {
            note(format!("{name} {key}"), &value(fields.get(key)), &value(others.get(key)));
        }
    }
    let roles: BTreeSet<&String> = expected.roles.keys().chain(found.roles.keys()).collect();
    let none = Vec::new();
    for role in roles {
        let (left, right) = (expected.roles.get(role).unwrap_or(&none), found.roles.get(role).unwrap_or(&none));
        note(format!("{role} events"), &events(left), &events(right));
        if let Some(more) = timed.filter(|_| events(left) == events(right)) {
            for at in 1..left.len() {
                let (one, two) = (left[at].0 - left[at - 1].0, right[at].0 - right[at - 1].0);
                // How long a start takes depends on what else the machine does.
                if role == "driver" && !left[at].1.ends_with(": down") {
                    continue;
                }
                let slow = more + if role == "driver" { POLLED } else { 0 };
                if (one - two).abs() > TOLERANCE + slow + one.max(two) / 10 {
                    let seconds = |time: i64| format!("{}.{:02} s", time / 1_000_000, time % 1_000_000 / 10_000);
                    note(format!("{role} gap {at}"), &seconds(one), &seconds(two));
                }
            }
        }
    }
    differences
}

/// Starts, ends and notifications; what may come at any time is put behind, sorted.
fn order(transcript: &Transcript, unordered: &[String]) -> String {
    let free = |event: &&String| unordered.iter().any(|role| event.split('.').next() == Some(role));
    let (mut apart, bound): (Vec<&String>, Vec<&String>) = transcript.order.iter().partition(free);
    apart.sort();
    let all: Vec<&str> = bound.into_iter().chain(apart).map(String::as_str).collect();
    all.join(" ")
}

fn events(events: &[(i64, String)]) -> String {
    let texts: Vec<&str> = events.iter().map(|(_, text)| text.as_str()).collect();
    texts.join(", ")
}
