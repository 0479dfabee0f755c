//! Calendar events in words, and when they elapse next.

use std::fmt::Write;

use super::super::Context;
use super::super::calendar::{Calendar, Component, Zone, date_and_time};
use super::Now;

/// How many of the next times are told.
const TIMES: usize = 3;
/// The most numbers of one part of it that are told.
const MOST_PARTS: usize = 24;
/// The most times of a day that are told one by one.
const MOST_TIMES: usize = 6;
/// A second in the unit of [`Calendar::microseconds`].
const SECOND: u32 = 1_000_000;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The normal form of an event, the event in words, and the next times if `now` is known.
pub(super) fn event(event: &Calendar, context: &Context, now: Option<Now>) -> String {
    let mut out = format!("`{}`: {}", event.normal_form(), words(event));
    let Some(now) = now.filter(|_| !matches!(event.zone, Zone::Named(_))) else { return out };
    let ahead = if event.zone == Zone::Utc { 0 } else { i64::from(now.ahead) };
    let next = |after: &u64| event.next_elapse(*after, context.version, |_| ahead);
    let times: Vec<u64> = std::iter::successors(next(&now.time), next).take(TIMES).collect();
    // Writing to a String can't fail.
    let _ = match times[..] {
        [] => write!(out, "\n\nIt never elapses again."),
        _ => write!(out, "\n\nNext ({}):\n", utc(ahead)),
    };
    for time in times {
        let _ = write!(out, "\n- {}", date_and_time(time, ahead));
    }
    out
}

/// "UTC+01:00"
fn utc(ahead: i64) -> String {
    let minutes = ahead.unsigned_abs() / 60;
    let sign = if ahead < 0 { '-' } else { '+' };
    if minutes == 0 { "UTC".to_owned() } else { format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60) }
}

/// "every Monday to Friday at 08:30"
fn words(event: &Calendar) -> String {
    let (days, times) = (day(event), time(event));
    let zone = match &event.zone {
        Zone::Local => String::new(),
        Zone::Utc => " UTC".to_owned(),
        Zone::Named(name) => format!(", by the clock of {name}"),
    };
    match times.starts_with("at ") {
        true => format!("{days} {times}{zone}"),
        false if days == "every day" => format!("{times}{zone}"),
        false => format!("{days}, {times}{zone}"),
    }
}

fn day(event: &Calendar) -> String {
    let Calendar { weekdays, years, months, days, end_of_month, .. } = event;
    let weekdays = (*weekdays != 0).then(|| list(&runs(*weekdays)));
    if years.is_empty() && months.is_empty() && days.is_empty() {
        return weekdays.map_or("every day".to_owned(), |weekdays| format!("every {weekdays}"));
    }
    let month =
        |number: u32| MONTHS.get((number as usize).wrapping_sub(1)).map_or(String::new(), |name| (*name).to_owned());
    let mut out = match (&days[..], end_of_month) {
        ([], _) => "every day".to_owned(),
        ([Component { start: 1, stop: None, repeat: 0, .. }], true) => "on the last day".to_owned(),
        (days, true) => format!("on the {} last day", numbers(days, ordinal)),
        (days, false) => format!("on the {}", numbers(days, ordinal)),
    };
    // Writing to a String can't fail.
    let _ = match &months[..] {
        [] if days.is_empty() => Ok(()),
        [] => write!(out, " of every month"),
        months => write!(out, " of {}", numbers(months, month)),
    };
    if !years.is_empty() {
        let _ = write!(out, " in {}", numbers(years, |year| year.to_string()));
    }
    if let Some(weekdays) = weekdays {
        let _ = write!(out, " if that is a {}", weekdays.replace(" and ", " or "));
    }
    out
}

/// Days of the week, runs of three or more as "Monday to Friday".
fn runs(bits: u8) -> Vec<String> {
    let set = |day: usize| day < 7 && bits & (1 << day) != 0;
    let mut out = Vec::new();
    let mut day = 0;
    while day < 7 {
        let length = (day..).take_while(|day| set(*day)).count();
        match length {
            0 => {}
            1 | 2 => out.extend(DAYS[day..day + length].iter().map(|day| (*day).to_owned())),
            _ => out.push(format!("{} to {}", DAYS[day], DAYS[day + length - 1])),
        }
        day += length + 1;
    }
    out
}

fn time(event: &Calendar) -> String {
    let Calendar { hours, minutes, microseconds, .. } = event;
    if let Some(times) = times(event) {
        return format!("at {}", list(&times));
    }
    let every_second = matches!(microseconds[..], [] | [Component { start: 0, stop: None, repeat: SECOND, .. }]);
    let on_the_minute = matches!(microseconds[..], [Component { start: 0, stop: None, repeat: 0, .. }]);
    let plain = |number: u32| number.to_string();
    let minute = match &minutes[..] {
        [] => "every minute".to_owned(),
        [Component { start: 0, stop: None, repeat, .. }] if *repeat > 1 && 60 % repeat == 0 => {
            format!("every {repeat} minutes")
        }
        [Component { start: 0, stop: None, repeat: 0, .. }] if on_the_minute => "on the hour".to_owned(),
        minutes => format!("at minute {}", numbers(minutes, plain)),
    };
    let hour = match &hours[..] {
        [] if minute.starts_with("every") => String::new(),
        [] if minute.starts_with("on") => return "every hour".to_owned(),
        [] => " of every hour".to_owned(),
        [Component { start: 0, stop: None, repeat, .. }] if *repeat > 1 && 24 % repeat == 0 => {
            format!(" of every {} hour", ordinal(*repeat))
        }
        hours => format!(" of hour {}", numbers(hours, plain)),
    };
    let second = |micros: u32| match micros % SECOND {
        0 => (micros / SECOND).to_string(),
        fraction => format!("{}.{fraction:06}", micros / SECOND).trim_end_matches('0').to_owned(),
    };
    match microseconds {
        _ if on_the_minute => format!("{minute}{hour}"),
        _ if every_second => format!("every second of {}{hour}", minute.trim_start_matches("at ")),
        seconds => format!("at second {} of {}{hour}", numbers(seconds, second), minute.trim_start_matches("at ")),
    }
}

/// Each time of the day, if there are only a few.
fn times(event: &Calendar) -> Option<Vec<String>> {
    let single = |chain: &[Component]| -> Option<Vec<u32>> {
        let single =
            |component: &Component| (component.stop.is_none() && component.repeat == 0).then_some(component.start);
        if chain.is_empty() { None } else { chain.iter().map(single).collect() }
    };
    let (hours, minutes, micros) = (single(&event.hours)?, single(&event.minutes)?, single(&event.microseconds)?);
    if hours.len() * minutes.len() * micros.len() > MOST_TIMES {
        return None;
    }
    let mut out = Vec::new();
    for (hour, minute) in hours.iter().flat_map(|hour| minutes.iter().map(move |minute| (hour, minute))) {
        for micros in &micros {
            out.push(match (micros / SECOND, micros % SECOND) {
                (0, 0) => format!("{hour:02}:{minute:02}"),
                (second, 0) => format!("{hour:02}:{minute:02}:{second:02}"),
                (second, fraction) => format!("{hour:02}:{minute:02}:{second:02}.{fraction:06}"),
            });
        }
    }
    Some(out)
}

/// "1, 5 to 10 and every 2nd from 20 on"
fn numbers(chain: &[Component], name: impl Fn(u32) -> String) -> String {
    let one = |component: &Component| {
        let Component { start, stop, repeat, .. } = *component;
        let step = if repeat >= SECOND { repeat / SECOND } else { repeat };
        match (stop, step) {
            (None, 0) => name(start),
            (None, step) => format!("every {} from {} on", ordinal(step), name(start)),
            (Some(stop), 0 | 1) => format!("{} to {}", name(start), name(stop)),
            (Some(stop), step) => format!("every {} from {} to {}", ordinal(step), name(start), name(stop)),
        }
    };
    list(&chain.iter().map(one).collect::<Vec<_>>())
}

/// "a, b and c", cut where it is long
fn list(parts: &[String]) -> String {
    match parts {
        [first @ .., _] if first.len() >= MOST_PARTS => {
            format!("{} and {} more", parts[..MOST_PARTS].join(", "), parts.len() - MOST_PARTS)
        }
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, hundred) if hundred != 11 => "st",
        (2, hundred) if hundred != 12 => "nd",
        (3, hundred) if hundred != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::calendar;

    #[test]
    fn events_in_words() {
        for (text, expected) in [
            ("daily", "every day at 00:00"),
            ("hourly", "every hour"),
            ("minutely", "every minute"),
            ("weekly", "every Monday at 00:00"),
            ("monthly", "on the 1st of every month at 00:00"),
            ("quarterly", "on the 1st of January, April, July and October at 00:00"),
            ("yearly", "on the 1st of January at 00:00"),
            ("Mon..Fri 8:30", "every Monday to Friday at 08:30"),
            ("Sat,Sun 10:00:30", "every Saturday and Sunday at 10:00:30"),
            ("*-*-* 6,18:00", "every day at 06:00 and 18:00"),
            ("*:0/15", "every 15 minutes"),
            ("Mon *:0/20", "every Monday, every 20 minutes"),
            ("0/6:00", "on the hour of every 6th hour"),
            ("9..17:00", "on the hour of hour 9 to 17"),
            ("*:5,35", "every day at minute 5 and 35 of every hour"),
            ("*-*~1 23:00", "on the last day of every month at 23:00"),
            ("Mon *-*-1..7 4:00", "on the 1st to 7th of every month if that is a Monday at 04:00"),
            ("2030-2-29", "on the 29th of February in 2030 at 00:00"),
            ("*:*:*", "every second of every minute"),
            ("*:*:0/10", "every day at second every 10th from 0 on of every minute"),
            ("daily UTC", "every day at 00:00 UTC"),
            ("daily Europe/Berlin", "every day at 00:00, by the clock of Europe/Berlin"),
        ] {
            assert_eq!(words(&calendar::read(text).unwrap()), expected, "{text}");
        }
    }
}
