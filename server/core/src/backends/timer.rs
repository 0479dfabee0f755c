//! Timers as words of the tool that waits for them ([`super::tools::Tool::Timer`]).

use std::fmt::Write;

use super::Fates;
use crate::fate::Fate;
use crate::plan::{Since, Timer, Trigger};
use crate::schema::UnitKind;
use crate::units::UnitName;
use crate::values::calendar::{Calendar, Component, Zone};

/// One second, in µs.
const SECOND: u32 = 1_000_000;

/// The calendar events as comments.
pub(super) fn comments(timer: &Timer) -> impl Iterator<Item = String> {
    timer.triggers.iter().filter_map(|trigger| match &trigger.value {
        Trigger::At(calendar) => Some(format!("OnCalendar={}", calendar.normal_form())),
        Trigger::After(..) => None,
    })
}

/// The words in front of the `--`; `name` is that of the timer.
pub fn words(timer: &Timer, name: &UnitName) -> Vec<String> {
    let name = name.as_str();
    let mut words: Vec<String> = timer.triggers.iter().filter_map(|trigger| word(&trigger.value)).collect();
    let mut option = |given: bool, word: &str| words.extend(given.then(|| word.to_owned()));
    option(timer.clock_change.value, "on-clock-change");
    option(timer.timezone_change.value, "on-timezone-change");
    let (delay, offset) = (timer.random_delay.value, timer.random_offset.value);
    option(timer.fixed_delay.value || offset > 0, &format!("name={name}"));
    option(delay > 0, &format!("random-delay={}", seconds(delay)));
    option(timer.fixed_delay.value, "fixed-delay");
    option(offset > 0, &format!("random-offset={}", seconds(offset)));
    // Where systemd has it, so that it still counts after a move from there.
    option(timer.persistent.value, &format!("stamp=/var/lib/systemd/timers/stamp-{name}"));
    option(timer.defer.value, "defer");
    words
}

/// What becomes of the settings of a timer, and whether it is written at all:
/// only services are started.
pub(super) fn fates(timer: &Timer, fates: &mut Fates) -> bool {
    let Timer {
        triggers,
        unit,
        clock_change,
        timezone_change,
        persistent,
        random_delay,
        fixed_delay,
        random_offset,
        defer,
        accuracy,
        remain,
        wake_system,
        service: _,
    } = timer;
    let all = triggers.iter().filter_map(|trigger| trigger.at);
    let flags = [clock_change.at, timezone_change.at, persistent.at, fixed_delay.at, defer.at, remain.at];
    let spans = [random_delay.at, random_offset.at, accuracy.at, wake_system.at];
    if unit.value.kind() != UnitKind::Service {
        let why = format!("`{}` is no service: nothing else is started", unit.value.as_str());
        fates.set(all.chain(unit.at), &Fate::lost(why));
        return false;
    }
    fates.keep(all.chain(unit.at).chain(flags.into_iter().flatten()).chain(spans.into_iter().flatten()));
    for trigger in triggers {
        if let Trigger::At(calendar) = &trigger.value
            && calendar.microseconds.iter().any(|part| part.start % SECOND + part.repeat % SECOND > 0)
        {
            fates.set(
                trigger.at,
                &Fate::approximated("`timer`, a loop that `run` starts", "it counts in whole seconds"),
            );
        }
    }
    true
}

/// The event as the arguments of the tool that computes when it elapses
/// (`data/next-elapse`) behind the first one.
pub fn event(calendar: &Calendar) -> [String; 8] {
    let weekdays: String = ('1'..='7').filter(|day| calendar.weekdays & (1 << (*day as u8 - b'1')) != 0).collect();
    let tilde = if calendar.end_of_month { "~" } else { "" };
    [
        match &calendar.zone {
            Zone::Local => "-".to_owned(),
            Zone::Utc => "UTC".to_owned(),
            Zone::Named(name) => name.clone(),
        },
        if weekdays.is_empty() { "*".to_owned() } else { weekdays },
        list(&calendar.years),
        list(&calendar.months),
        format!("{tilde}{}", list(&calendar.days)),
        list(&calendar.hours),
        list(&calendar.minutes),
        list(&calendar.microseconds),
    ]
}

/// The word of one trigger; `None` for one that never comes.
fn word(trigger: &Trigger) -> Option<String> {
    let (since, span) = match trigger {
        Trigger::At(calendar) => return Some(format!("on-calendar={}", event(calendar).join(" "))),
        Trigger::After(_, u64::MAX) => return None,
        Trigger::After(since, span) => (since, *span),
    };
    let name = match since {
        Since::Active => "on-active",
        Since::Boot => "on-boot",
        Since::Startup => "on-startup",
        Since::UnitActive => "on-unit-active",
        Since::UnitInactive => "on-unit-inactive",
    };
    Some(format!("{name}={}", seconds(span)))
}

/// A time span of µs in seconds, rounded up to hundredths: 90, 0.50.
fn seconds(span: u64) -> String {
    let hundredths = span.div_ceil(10_000);
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}

/// Numbers as `1,10..20/5`, `*` if there are none.
fn list(components: &[Component]) -> String {
    let mut out = String::new();
    for Component { start, stop, repeat, .. } in components {
        let comma = if out.is_empty() { "" } else { "," };
        // Writing to a String can't fail.
        let _ = write!(out, "{comma}{start}");
        let _ = stop.map_or(Ok(()), |stop| write!(out, "..{stop}"));
        let _ = if *repeat > 0 && (stop.is_none() || *repeat > 1) { write!(out, "/{repeat}") } else { Ok(()) };
    }
    if out.is_empty() { "*".to_owned() } else { out }
}
