//! The one way that systemd itself writes a calendar event (`calendar_spec_to_string`).

use std::fmt::{self, Write};

use super::{Calendar, Component, SECOND, Zone};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Calendar {
    /// The event as `systemd-analyze calendar` writes it: `Mon *-*-* 00:00:00`.
    pub fn normal_form(&self) -> String {
        let mut out = String::new();
        // Writing to a String can't fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        if self.weekdays != 0 {
            weekdays(self.weekdays, out);
            out.push(' ');
        }
        chain(&self.years, 4, out)?;
        out.push('-');
        chain(&self.months, 2, out)?;
        out.push(if self.end_of_month { '~' } else { '-' });
        chain(&self.days, 2, out)?;
        out.push(' ');
        chain(&self.hours, 2, out)?;
        out.push(':');
        chain(&self.minutes, 2, out)?;
        out.push(':');
        seconds(&self.microseconds, out)?;
        match &self.zone {
            Zone::Local => Ok(()),
            Zone::Utc => write!(out, " UTC"),
            Zone::Named(name) => write!(out, " {name}"),
        }
    }
}

/// Writes runs of three days or more as ranges.
fn weekdays(bits: u8, out: &mut String) {
    let set = |day: usize| day < 7 && bits & (1 << day) != 0;
    let mut day = 0;
    let mut first = true;
    while day < 7 {
        let length = (day..).take_while(|day| set(*day)).count();
        if length > 0 {
            out.push_str(if first { "" } else { "," });
            out.push_str(DAYS[day]);
            if length > 1 {
                out.push_str(if length > 2 { ".." } else { "," });
                out.push_str(DAYS[day + length - 1]);
            }
            first = false;
        }
        day += length + 1;
    }
}

fn chain(components: &[Component], width: usize, out: &mut String) -> fmt::Result {
    if components.is_empty() {
        out.push('*');
    }
    for (at, component) in components.iter().enumerate() {
        let Component { start, stop, repeat, .. } = *component;
        let comma = if at > 0 { "," } else { "" };
        write!(out, "{comma}{start:0width$}")?;
        if let Some(stop) = stop.filter(|stop| *stop > 0) {
            write!(out, "..{stop:0width$}")?;
        }
        if repeat > 0 && !(stop.is_some_and(|stop| stop > 0) && repeat == 1) {
            write!(out, "/{repeat}")?;
        }
    }
    Ok(())
}

fn seconds(components: &[Component], out: &mut String) -> fmt::Result {
    let every = |component: &Component| component.start == 0 && component.stop.is_none() && component.repeat == SECOND;
    if components.is_empty() || matches!(components, [one] if every(one)) {
        out.push('*');
        return Ok(());
    }
    for (at, component) in components.iter().enumerate() {
        let Component { start, stop, repeat, .. } = *component;
        out.push_str(if at > 0 { "," } else { "" });
        second(start, 2, out)?;
        if let Some(stop) = stop.filter(|stop| *stop > 0) {
            out.push_str("..");
            second(stop, 2, out)?;
        }
        if repeat > 0 && !(stop.is_some_and(|stop| stop > 0) && repeat == SECOND) {
            out.push('/');
            second(repeat, 0, out)?;
        }
    }
    Ok(())
}

fn second(microseconds: u32, width: usize, out: &mut String) -> fmt::Result {
    write!(out, "{:0width$}", microseconds / SECOND)?;
    match microseconds % SECOND {
        0 => Ok(()),
        fraction => write!(out, ".{fraction:06}"),
    }
}
