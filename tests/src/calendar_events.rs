//! Calendar events to try, zones to try them in, and when they elapse according to systemd.

use std::ops::Range;
use std::process::Command;

use svlsp_core::schema::Version;
use svlsp_core::values::calendar;

use crate::random::Random;

/// The first of January of 2020 and of 2150, in seconds since 1970.
const YEARS: Range<u64> = 1_577_836_800..5_680_281_600;

/// A clock that is put forward and back each year.
pub struct Zone {
    /// What the environment variable TZ says for it.
    pub tz: &'static str,
    /// From when on, in seconds since 1970, the clock is so many seconds ahead of UTC.
    changes: Vec<(i64, i64)>,
}

/// A zone's TZ, how many seconds its clock is ahead of UTC without and with daylight saving time,
/// and when it is changed, by the clock's own reading before.
type Rule = (&'static str, [i64; 2], [&'static str; 2]);

const RULES: [Rule; 6] = [
    ("CET-1CEST,M3.5.0,M10.5.0/3", [3600, 7200], ["Sun *-03~1..7 02:00", "Sun *-10~1..7 03:00"]),
    ("EST5EDT,M3.2.0,M11.1.0", [-18_000, -14_400], ["Sun *-03-8..14 02:00", "Sun *-11-1..7 02:00"]),
    // Midnight is skipped.
    ("<-04>4<-03>,M9.1.0/0,M4.1.0/0", [-14_400, -10_800], ["Sun *-09-1..7 00:00", "Sun *-04-1..7 00:00"]),
    // Half an hour, over the turn of the year.
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", [37_800, 39_600], ["Sun *-10-1..7 02:00", "Sun *-04-1..7 02:00"]),
    // Two hours.
    ("<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", [0, 7200], ["Sun *-03~1..7 01:00", "Sun *-10~1..7 03:00"]),
    // Midnight comes twice.
    ("CST5CDT,M3.2.0/0,M11.1.0/1", [-18_000, -14_400], ["Sun *-03-8..14 00:00", "Sun *-11-1..7 01:00"]),
];

impl Zone {
    /// UTC, and zones with every kind of change.
    pub fn all() -> Vec<Zone> {
        let utc = Zone { tz: "UTC0", changes: Vec::new() };
        std::iter::once(utc).chain(RULES.iter().map(Zone::new)).collect()
    }

    /// How many seconds the clock is ahead of UTC, as [`calendar::Calendar::next_elapse`] asks for it.
    pub fn offset(&self, seconds: i64) -> i64 {
        let at = self.changes.partition_point(|(from, _)| *from <= seconds);
        at.checked_sub(1).map_or(0, |at| self.changes[at].1)
    }

    /// Some times of any kind, some before midnight, and some close to changes of the clock, in seconds since 1970.
    pub fn times(&self, random: &mut Random) -> Vec<u64> {
        let mut times: Vec<u64> =
            (0..3).map(|_| YEARS.start + random.below((YEARS.end - YEARS.start) as usize) as u64).collect();
        for most in [30, 60, 600, 1800] {
            let midnight = random.of(&times).next_multiple_of(86_400);
            let early = self.offset(midnight as i64) + random.below(most) as i64;
            times.push(midnight.saturating_add_signed(-early));
        }
        let changes: Vec<u64> = self.changes.iter().filter_map(|(from, _)| u64::try_from(*from).ok()).collect();
        let changes: Vec<u64> = changes.into_iter().filter(|change| YEARS.contains(change)).collect();
        if !changes.is_empty() {
            times.extend((0..6).map(|_| random.of(&changes) + random.below(14_400) as u64 - 10_800));
        }
        times
    }

    fn new((tz, [usual, summer], [on, off]): &Rule) -> Self {
        let mut changes = vec![(i64::MIN, *usual)];
        for (event, before, behind) in [(on, *usual, *summer), (off, *summer, *usual)] {
            let event = calendar::read(&format!("{event} UTC")).expect("a calendar event");
            let next = |after: &u64| event.next_elapse(*after, Version::LATEST, |_| 0);
            let readings = std::iter::successors(next(&0), next);
            changes.extend(readings.map(|reading| ((reading / 1_000_000) as i64 - before, behind)));
        }
        changes.sort_unstable();
        Zone { tz, changes }
    }
}

/// When each of `events`, all different, elapses behind `after`, in whole
/// seconds since 1970, as often as it does up to `times`, by systemd-analyze in
/// `zone`; `None` where systemd says that it is caught in a loop.
pub fn elapses(events: &[String], after: u64, times: usize, zone: &Zone) -> Vec<Option<Vec<u64>>> {
    let output = Command::new("systemd-analyze")
        .arg("calendar")
        .arg(format!("--iterations={times}"))
        .arg(format!("--base-time=@{after}"))
        .arg("--")
        .args(events)
        .env_clear()
        .env("TZ", zone.tz)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("systemd-analyze runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mut all: Vec<Vec<u64>> = Vec::new();
    for line in stdout.lines() {
        let Some((label, value)) = line.trim_start().split_once(": ") else { continue };
        let is_time = label == "Next elapse" || label == "(in UTC)" || label.starts_with("Iter. #");
        if label == "Normalized form" {
            all.push(Vec::new());
        } else if let (Some(time), Some(elapses), true) = (value.strip_suffix(" UTC"), all.last_mut(), is_time) {
            elapses.push(seconds_of(time));
        }
    }
    let mut all = all.into_iter();
    let caught = |event: &String| stderr.contains(&format!("for '{event}': Resource deadlock avoided"));
    let answers = events.iter().map(|event| if caught(event) { None } else { all.next() }).collect();
    assert!(all.next().is_none() && !stderr.contains("Invalid argument"), "{stderr}");
    answers
}

/// The seconds since 1970 of `Sun 2026-10-25 01:00:00`, in UTC.
fn seconds_of(time: &str) -> u64 {
    let event = calendar::read(&format!("{time} UTC")).expect("a time as systemd writes it");
    event.next_elapse(0, Version::LATEST, |_| 0).expect("a time that comes") / 1_000_000
}

/// Days of the week, a date, a time and a time zone, some of them left out.
pub fn any(random: &mut Random) -> String {
    const DAYS: &[&str] = &["", "Mon", "mon..fri", "Sat,Sun", "Mon-Fri", "Tuesday,Thu..Sat", "Sun..Mon"];
    const ZONES: &[&str] = &["", "", "UTC", "Europe/Berlin", "America/New_York", "Nowhere/Land"];
    let date = match random.below(3) {
        0 => String::new(),
        1 => format!("{}-{}", part(random, 1, 13), part(random, 1, 32)),
        _ => {
            let (year, joint) = (part(random, 1969, 2201), random.of(&["-", "-", "~"]));
            format!("{year}-{}{joint}{}", part(random, 1, 13), part(random, 1, 32))
        }
    };
    let time = match random.below(3) {
        0 => String::new(),
        1 => format!("{}:{}", part(random, 0, 25), part(random, 0, 61)),
        _ => format!("{}:{}:{}", part(random, 0, 25), part(random, 0, 61), part(random, 0, 61)),
    };
    let parts = [(*random.of(DAYS)).to_owned(), date, time, (*random.of(ZONES)).to_owned()];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// A part of a date or time: all, a number, a range, a list, with or without steps.
fn part(random: &mut Random, low: usize, high: usize) -> String {
    let mut number = || low + random.below(high - low);
    let (first, second) = (number(), number());
    match random.below(8) {
        0 | 1 => "*".to_owned(),
        2 => format!("*/{}", 1 + random.below(20)),
        3 => format!("{first}..{second}"),
        4 => format!("{first},{second}"),
        5 => format!("{first}/{}", random.below(20)),
        6 => format!("{first:02}"),
        _ => first.to_string(),
    }
}
