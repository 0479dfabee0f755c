//! When a calendar event elapses next (`calendar_spec_next_usec`).

use super::date::{date_of, days_to, month_length, weekday};
use super::{Calendar, Component, SECOND, Zone};
use crate::schema::Version;

/// The last year that events elapse in (`MAX_YEAR`).
const MAX_YEAR: i64 = 2199;
const DAY: i64 = 86_400;

/// What clock and calendar of the event's zone show: year, month, day, hour, minute, and seconds in µs.
type Reading = [i64; 6];

/// The indices of two parts of a reading.
const DAYS: usize = 2;
const MICROSECONDS: usize = 5;
/// What each part of a reading begins with.
const FIRST: Reading = [1970, 1, 1, 0, 0, 0];
/// Since then the day is right again behind the turn of a year.
const RESETS_DAY: Version = Version(260);

impl Calendar {
    /// The first time behind `after` at which it elapses, both in µs since
    /// 1970 UTC; `None` if there is none up to the year 2199.
    ///
    /// `offset` says how many seconds the clock of the event's zone is ahead
    /// of UTC at a time in seconds since 1970; about events in UTC it isn't
    /// asked. What the clock skips when it is put forward never elapses, what
    /// it shows twice elapses the first time.
    pub fn next_elapse(&self, after: u64, version: Version, offset: impl Fn(i64) -> i64) -> Option<u64> {
        let offset = |seconds| if self.zone == Zone::Utc { 0 } else { offset(seconds) };
        let from = i64::try_from(after).ok()?.checked_add(1)?;
        let (seconds, micros) = (from / i64::from(SECOND), from % i64::from(SECOND));
        let mut reading = reading(seconds + offset(seconds), micros);
        loop {
            reading = self.first_fit(reading, version)?;
            let (local, micros) = local(reading);
            let (before, behind) = (offset(local - DAY), offset(local + DAY));
            let shows = |local: i64, ahead: i64| offset(local - ahead) == ahead;
            let micros_of = |ahead: i64| (local - ahead) * i64::from(SECOND) + micros;
            let mut candidates = [before, behind].into_iter().filter(|ahead| shows(local, *ahead)).map(micros_of);
            if let Some(next) = candidates.find(|next| *next >= from) {
                return u64::try_from(next).ok();
            }
            // The clock skips it. systemd moves the full hour by what is skipped, if that is skipped too.
            let hour = local - local.rem_euclid(3600);
            let skipped = if shows(hour, before) || shows(hour, behind) { local } else { hour };
            reading = self::reading(skipped + (behind - before).max(1), 0);
        }
    }

    /// The first reading from `at` on of which every part fits (`find_next`).
    fn first_fit(&self, mut at: Reading, version: Version) -> Option<Reading> {
        let chains =
            [&self.years, &self.months, &self.days, &self.hours, &self.minutes, &self.microseconds].map(Vec::as_slice);
        let mut part = 0;
        while let Some(chain) = chains.get(part) {
            let last = last(&at, part);
            let from_end = (part == DAYS && self.end_of_month).then_some(last);
            let found = least(chain, at[part], from_end);
            if let Some(found) = found.filter(|found| *found <= last) {
                if found != at[part] {
                    at[part] = found;
                    at[part + 1..].copy_from_slice(&FIRST[part + 1..]);
                }
                part += 1;
                if part > DAYS && !self.has_weekday(days_to(at[0], at[1], at[2])) {
                    at[part..].copy_from_slice(&FIRST[part..]);
                    carry(&mut at, DAYS);
                    part = 0;
                }
            } else {
                at[part..].copy_from_slice(&FIRST[part..]);
                let changed = carry(&mut at, part.checked_sub(1)?);
                at[part] = found.map_or(FIRST[part], |found| rest(found - last - 1, part, changed, version));
                part = 0;
            }
        }
        Some(at)
    }

    fn has_weekday(&self, days: i64) -> bool {
        self.weekdays == 0 || self.weekdays & (1 << weekday(days)) != 0
    }
}

/// Adds one to a part of a reading; returns the largest part that changes by that.
fn carry(at: &mut Reading, part: usize) -> usize {
    at[part] += 1;
    if part == 0 || at[part] <= last(at, part) {
        return part;
    }
    at[part] = FIRST[part];
    carry(at, part - 1)
}

/// What a part is when a step took it `over` the last number of its field.
///
/// systemd begins anew where only the next larger part has changed by that.
/// Where a still larger one has, it goes on from where the step led, and so
/// misses `*:00` at midnight in `*:0/25` (`tm_within_bounds`).
fn rest(over: i64, part: usize, changed: usize, version: Version) -> i64 {
    match part {
        MICROSECONDS if changed + 1 == part => over % i64::from(SECOND),
        DAYS if version >= RESETS_DAY => FIRST[part],
        _ if changed + 1 == part => FIRST[part],
        _ => FIRST[part] + over,
    }
}

/// The last number of a part of the reading.
fn last(at: &Reading, part: usize) -> i64 {
    match part {
        0 => MAX_YEAR,
        1 => 12,
        DAYS => month_length(at[0], at[1]),
        3 => 23,
        4 => 59,
        _ => i64::from(60 * SECOND - 1),
    }
}

/// The least number of the chain that is `from` or more; it may lie beyond the
/// last number of the field (`find_matching_component`).
///
/// Days that count from the end of the month come with its length.
fn least(chain: &[Component], from: i64, from_end: Option<i64>) -> Option<i64> {
    let number = |component: &Component| {
        let (mut start, mut stop) = (i64::from(component.start), component.stop.map(i64::from));
        if let Some(length) = from_end {
            (start, stop) = match stop {
                Some(stop) => (length - stop + 1, Some(length - start + 1)),
                None => (length - start + 1, None),
            };
        }
        let repeat = i64::from(component.repeat);
        if start >= from {
            return Some(start);
        }
        let next = from + (start - from).rem_euclid(repeat.max(1));
        (repeat > 0 && stop.is_none_or(|stop| next <= stop)).then_some(next)
    };
    if chain.is_empty() { Some(from) } else { chain.iter().filter_map(number).min() }
}

fn reading(local: i64, micros: i64) -> Reading {
    let (year, month, day) = date_of(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY);
    [year, month, day, second / 3600, second / 60 % 60, second % 60 * i64::from(SECOND) + micros]
}

/// A reading as seconds since it showed 1970, and the µs beyond these.
fn local([year, month, day, hour, minute, micros]: Reading) -> (i64, i64) {
    let minutes = (days_to(year, month, day) * 24 + hour) * 60 + minute;
    (minutes * 60 + micros / i64::from(SECOND), micros % i64::from(SECOND))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    /// The clock of central Europe, by its rules since 1996.
    fn berlin(seconds: i64) -> i64 {
        let (year, ..) = date_of(seconds.div_euclid(DAY));
        let change = |month| {
            let last = days_to(year, month, 31);
            (last - (weekday(last) + 1) % 7) * DAY + 3600
        };
        if (change(3)..change(10)).contains(&seconds) { 7200 } else { 3600 }
    }

    /// The local times at which `event` elapses after a local time of Berlin.
    fn elapses(event: &str, after: &str) -> String {
        let at = read(&format!("{after} Europe/Berlin")).unwrap();
        let mut after = at.next_elapse(0, Version::LATEST, berlin).unwrap();
        let event = read(event).unwrap();
        let mut lines = Vec::new();
        for _ in 0..3 {
            let Some(next) = event.next_elapse(after, Version::LATEST, berlin) else {
                lines.push("never".to_owned());
                break;
            };
            let seconds = (next / u64::from(SECOND)) as i64;
            let [year, month, day, hour, minute, micros] = reading(seconds + berlin(seconds), 0);
            let second = micros / i64::from(SECOND);
            lines.push(format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"));
            after = next;
        }
        lines.join(", ")
    }

    #[test]
    fn the_next_three_times() {
        for (event, after, expected) in [
            ("daily", "2026-11-22", "2026-11-23 00:00:00, 2026-11-24 00:00:00, 2026-11-25 00:00:00"),
            ("Fri *-*-13", "2026-11-22", "2027-08-13 00:00:00, 2028-10-13 00:00:00, 2029-04-13 00:00:00"),
            ("*-02-29", "2096-03-01", "2104-02-29 00:00:00, 2108-02-29 00:00:00, 2112-02-29 00:00:00"),
            ("*-*~1 12:00", "2027-01-31", "2027-01-31 12:00:00, 2027-02-28 12:00:00, 2027-03-31 12:00:00"),
            ("*-*~1..7/3", "2027-02-01", "2027-02-22 00:00:00, 2027-02-25 00:00:00, 2027-02-28 00:00:00"),
            ("*:0/25", "2026-11-22 22:30", "2026-11-22 22:50:00, 2026-11-22 23:00:00, 2026-11-22 23:25:00"),
            ("*:0/25", "2026-11-22 23:30", "2026-11-22 23:50:00, 2026-11-23 00:25:00, 2026-11-23 00:50:00"),
            ("2026..2027-01-01", "2026-01-01", "2027-01-01 00:00:00, never"),
            ("*-02-31", "2026-01-01", "never"),
        ] {
            assert_eq!(elapses(event, after), expected, "{event}");
        }
    }

    #[test]
    fn clocks_are_put_forward_and_back() {
        for (event, after, expected) in [
            ("02:30", "2027-03-27 12:00", "2027-03-29 02:30:00, 2027-03-30 02:30:00, 2027-03-31 02:30:00"),
            ("*:30", "2027-03-28 01:00", "2027-03-28 01:30:00, 2027-03-28 03:30:00, 2027-03-28 04:30:00"),
            ("*:30", "2026-10-25 01:00", "2026-10-25 01:30:00, 2026-10-25 02:30:00, 2026-10-25 03:30:00"),
        ] {
            assert_eq!(elapses(event, after), expected, "{event}");
        }
    }

    #[test]
    fn a_step_takes_its_fraction_into_the_next_minute() {
        let event = read("*:*:0/0.7 UTC").unwrap();
        let next = |after| event.next_elapse(after, Version::LATEST, |_| 0).unwrap();
        assert_eq!([next(0), next(59_400_000), next(59_500_000)], [700_000, 59_500_000, 60_700_000]);
    }

    #[test]
    fn no_time_is_too_late() {
        assert_eq!(read("*:*:*").unwrap().next_elapse(u64::MAX, Version::LATEST, |_| 0), None);
        assert_eq!(read("*:*:*").unwrap().next_elapse(i64::MAX as u64 - 1, Version::LATEST, |_| 50_000), None);
    }
}
