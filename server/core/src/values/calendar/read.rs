//! Reads calendar events (`calendar_spec_from_string`).

use super::date::date_of;
use super::{Calendar, Component, SECOND, Zone, zone};
use crate::schema::sets;
use crate::text::Span;
use crate::values::number::leading;
use crate::values::{Problem, shown, whole};

/// The most numbers and ranges that one field may list (`CALENDARSPEC_COMPONENTS_MAX`).
const MAX_COMPONENTS: usize = 241;

/// What a field may hold, by its name in messages.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    first: u32,
    last: u32,
}

const YEARS: Field = Field { name: "years", first: 1970, last: 2199 };
const MONTHS: Field = Field { name: "months", first: 1, last: 12 };
const DAYS: Field = Field { name: "days", first: 1, last: 31 };
const HOURS: Field = Field { name: "hours", first: 0, last: 23 };
const MINUTES: Field = Field { name: "minutes", first: 0, last: 59 };
const SECONDS: Field = Field { name: "seconds", first: 0, last: 60 * SECOND - 1 };

/// Where in the text reading has got to.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// Reads a calendar event.
pub fn read(text: &str) -> Result<Calendar, Problem> {
    let (event, zone) = zone::split(text);
    let read = match shorthand(event) {
        Some(calendar) => Ok(calendar),
        None => Reader { text: event, at: 0 }.event(),
    };
    match read {
        Ok(calendar) if calendar.zone == Zone::Local => Ok(Calendar { zone, ..calendar }),
        Ok(calendar) => Ok(calendar),
        Err(problem) => Err(misspelt_zone(text).unwrap_or(problem)),
    }
}

/// The problem of the last word if it spoils an event that is good without it.
fn misspelt_zone(text: &str) -> Option<Problem> {
    let (event, name) = text.rsplit_once(' ')?;
    let named = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let good = named && (shorthand(event).is_some() || Reader { text: event, at: 0 }.event().is_ok());
    good.then(|| zone::unknown(name, Span::of(name, text)))
}

/// The event that one word stands for.
fn shorthand(text: &str) -> Option<Calendar> {
    let just = |start| vec![Component::just(start)];
    let each = |starts: &[u32]| starts.iter().map(|start| Component::just(*start)).collect();
    let mut calendar = Calendar { microseconds: just(0), ..Calendar::default() };
    let name = sets::CALENDAR_SHORTHAND.get(text)?.text;
    if name == "minutely" {
        return Some(calendar);
    }
    calendar.minutes = just(0);
    if name == "hourly" {
        return Some(calendar);
    }
    calendar.hours = just(0);
    match name {
        "daily" => return Some(calendar),
        "weekly" => {
            calendar.weekdays = 1;
            return Some(calendar);
        }
        "monthly" => {}
        "quarterly" => calendar.months = each(&[1, 4, 7, 10]),
        "yearly" | "annually" | "anually" => calendar.months = just(1),
        _ => calendar.months = each(&[1, 7]),
    }
    calendar.days = just(1);
    Some(calendar)
}

impl<'t> Reader<'t> {
    /// Reads `WEEKDAYS DATE TIME`, of which any may be left out, but not all.
    fn event(mut self) -> Result<Calendar, Problem> {
        if self.text.is_empty() {
            return Err(Problem::refused(Span::default(), "expected a calendar event"));
        }
        let mut calendar = Calendar { weekdays: self.weekdays()?, ..Calendar::default() };
        if !self.date(&mut calendar)? {
            self.time(&mut calendar)?;
        }
        if calendar.weekdays == 0x7f {
            calendar.weekdays = 0;
        }
        calendar.end_of_month &= !calendar.days.is_empty();
        for component in &mut calendar.years {
            component.start = full_year(component.start);
            component.stop = component.stop.map(full_year);
        }
        let end_of_month = calendar.end_of_month;
        for (chain, field) in [
            (&mut calendar.years, YEARS),
            (&mut calendar.months, MONTHS),
            (&mut calendar.days, DAYS),
            (&mut calendar.hours, HOURS),
            (&mut calendar.minutes, MINUTES),
            (&mut calendar.microseconds, SECONDS),
        ] {
            normalize(chain);
            let from_end = end_of_month && field.name == DAYS.name;
            for (at, component) in chain.iter().enumerate() {
                // The last days that every month has are 28; systemd takes another three off with each number.
                let less = if from_end { 3 * (at as u32 + 1) } else { 0 };
                let field = Field { last: field.last.saturating_sub(less), ..field };
                if !field.holds(component, from_end) {
                    return Err(self.out_of_field(component, field, from_end && at > 0));
                }
            }
        }
        Ok(calendar)
    }

    fn weekdays(&mut self) -> Result<u8, Problem> {
        let mut bits = 0;
        let mut first = true;
        let mut range_from: Option<u32> = None;
        loop {
            let start = self.at;
            let Some((day, length)) = weekday(&self.text[start..]) else {
                return if first { Ok(bits) } else { Err(self.expected("a day of the week")) };
            };
            self.at += length;
            if !matches!(self.peek(), None | Some(b'-' | b'.' | b',' | b' ')) {
                return Err(self.expected("a day of the week, a comma, .. or a blank"));
            }
            bits |= 1 << day;
            if let Some(from) = range_from {
                if from > day {
                    let span = Span::new(start, self.at);
                    return Err(Problem::refused(span, "the range of days runs backwards: weeks begin on Monday"));
                }
                bits |= (from..day).fold(0, |bits, day| bits | 1 << day);
            }
            let rest = &self.text[self.at..];
            match self.peek() {
                Some(b'.' | b'-') if range_from.is_some() => return Err(self.expected("a comma or a blank")),
                Some(b'.') if !rest.starts_with("..") => return Err(self.expected("..")),
                Some(sign @ (b'.' | b'-')) => {
                    range_from = Some(day);
                    self.at += if sign == b'.' { 2 } else { 1 };
                }
                Some(b',') => {
                    range_from = None;
                    self.at += 1;
                }
                _ => {
                    self.skip_blanks();
                    return Ok(bits);
                }
            }
            if matches!(self.peek(), None | Some(b' ')) {
                if range_from.is_some() {
                    return Err(self.expected("the last day of the range"));
                }
                self.skip_blanks();
                return Ok(bits);
            }
            first = false;
        }
    }

    /// Reads the date, if there is one; says whether it gave the time as well.
    fn date(&mut self, calendar: &mut Calendar) -> Result<bool, Problem> {
        match self.peek() {
            None => return Ok(false),
            Some(b'@') => return self.timestamp(calendar).map(|()| true),
            Some(_) => {}
        }
        let start = self.at;
        let first = self.chain(false)?;
        if matches!(self.peek(), None | Some(b':')) {
            self.at = start;
            return Ok(false);
        }
        calendar.end_of_month = self.dash()?;
        let second = self.chain(false)?;
        if matches!(self.peek(), None | Some(b' ')) {
            (calendar.months, calendar.days) = (first, second);
        } else {
            if calendar.end_of_month {
                return Err(self.expected("a blank or the end"));
            }
            calendar.end_of_month = self.dash()?;
            let third = self.chain(false)?;
            if !matches!(self.peek(), None | Some(b' ')) {
                return Err(self.expected("a blank and the time"));
            }
            (calendar.years, calendar.months, calendar.days) = (first, second, third);
        }
        self.skip_blanks();
        Ok(false)
    }

    /// Passes `-` or `~`; says whether it was the latter.
    fn dash(&mut self) -> Result<bool, Problem> {
        match self.peek() {
            Some(sign @ (b'-' | b'~')) => {
                self.at += 1;
                Ok(sign == b'~')
            }
            _ => Err(self.expected("\"-\" and a month or day, or \":\" and minutes")),
        }
    }

    /// Reads `@` and seconds since 1970.
    fn timestamp(&mut self, calendar: &mut Calendar) -> Result<(), Problem> {
        let start = self.at;
        let number = leading(&self.text[start + 1..], 10).ok_or_else(|| self.expected("seconds since 1970"))?;
        self.at += 1 + number.length;
        let span = Span::new(start, self.at);
        let seconds = number.magnitude.filter(|seconds| !number.negative || *seconds == 0);
        let date = seconds.and_then(|seconds| Some((date_of(i64::try_from(seconds / 86_400).ok()?), seconds % 86_400)));
        let date = date.filter(|((year, ..), _)| *year <= i64::from(YEARS.last));
        let Some((date, second)) = date else {
            return Err(Problem::refused(span, "the timestamp is beyond the year 2199"));
        };
        let (year, month, day) = (date.0 as u32, date.1 as u32, date.2 as u32);
        let second = second as u32;
        if self.peek().is_some() {
            return Err(self.expected("the end"));
        }
        let just = |start| vec![Component { span, ..Component::just(start) }];
        *calendar = Calendar {
            weekdays: calendar.weekdays,
            years: just(year),
            months: just(month),
            days: just(day),
            end_of_month: false,
            hours: just(second / 3600),
            minutes: just(second / 60 % 60),
            microseconds: just(second % 60 * SECOND),
            zone: Zone::Utc,
        };
        Ok(())
    }

    fn time(&mut self, calendar: &mut Calendar) -> Result<(), Problem> {
        let zero = || vec![Component::just(0)];
        if self.peek().is_none() {
            (calendar.hours, calendar.minutes, calendar.microseconds) = (zero(), zero(), zero());
            return Ok(());
        }
        calendar.hours = self.chain(false)?;
        self.colon("minutes")?;
        calendar.minutes = self.chain(false)?;
        if self.peek().is_none() {
            calendar.microseconds = zero();
            return Ok(());
        }
        self.colon("seconds")?;
        calendar.microseconds = self.chain(true)?;
        if self.peek().is_some() { Err(self.expected("the end or a time zone")) } else { Ok(()) }
    }

    fn colon(&mut self, what: &str) -> Result<(), Problem> {
        if self.peek() != Some(b':') {
            return Err(self.expected(&format!("\":\" and {what}")));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads `*`, or numbers and ranges with commas in between.
    fn chain(&mut self, seconds: bool) -> Result<Vec<Component>, Problem> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            let every = Component { repeat: SECOND, span: Span::new(self.at - 1, self.at), ..Component::just(0) };
            return Ok(if seconds { vec![every] } else { Vec::new() });
        }
        let mut chain = Vec::new();
        loop {
            if chain.len() == MAX_COMPONENTS {
                return Err(self.expected(&format!("at most {MAX_COMPONENTS} numbers")));
            }
            chain.push(self.component(seconds)?);
            if self.peek() != Some(b',') {
                return Ok(chain);
            }
            self.at += 1;
        }
    }

    /// Reads `3`, `3..9`, `3/2` or `3..9/2`.
    fn component(&mut self, seconds: bool) -> Result<Component, Problem> {
        let from = self.at;
        let unit = if seconds { SECOND } else { 1 };
        let start = self.number(seconds)?;
        let mut stop = None;
        let mut repeat = 0;
        if self.text[self.at..].starts_with("..") {
            self.at += 2;
            stop = Some(self.number(seconds)?);
            repeat = unit;
        }
        if self.peek() == Some(b'/') {
            self.at += 1;
            let slash = self.at;
            repeat = self.number(seconds)?;
            if repeat == 0 {
                return Err(Problem::refused(Span::new(slash, self.at), "a step can't be 0"));
            }
        } else if seconds && stop.is_some_and(|stop| u64::from(start) + u64::from(repeat) > u64::from(stop)) {
            let span = Span::new(from, self.at);
            return Err(Problem::refused(span, "the range is shorter than its step, one second"));
        }
        if !matches!(self.peek(), None | Some(b' ' | b',' | b'-' | b'~' | b':')) {
            return Err(self.expected("another field"));
        }
        Ok(Component { start, stop, repeat, span: Span::new(from, self.at) })
    }

    /// Reads a number; one of seconds may have decimal places and is given in µs.
    fn number(&mut self, seconds: bool) -> Result<u32, Problem> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err(self.expected("a number or *"));
        }
        let span = Span::new(self.at, self.at + length);
        let too_large = || Problem::refused(span, "the number is too large");
        let mut value: u64 = rest[..length].parse().map_err(|_| too_large())?;
        self.at += length;
        if seconds {
            value = value.checked_mul(SECOND.into()).ok_or_else(too_large)?;
            let behind = &self.text[self.at..];
            if behind.starts_with('.') && !behind.starts_with("..") {
                self.at += 1;
                value += self.fraction()?;
            }
        }
        u32::try_from(value).ok().filter(|value| *value <= i32::MAX as u32).ok_or_else(too_large)
    }

    /// Reads decimal places of a second, rounded to µs (`parse_fractional_part_u`).
    fn fraction(&mut self) -> Result<u64, Problem> {
        let digits = self.text[self.at..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(self.expected("a digit"));
        }
        let digit = |place: usize| match place < digits {
            true => u64::from(self.text.as_bytes()[self.at + place] - b'0'),
            false => 0,
        };
        let micros = (0..6).fold(0, |sum, place| sum * 10 + digit(place)) + u64::from(digit(6) >= 5);
        self.at += digits;
        Ok(micros)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        self.at += self.text[self.at..].bytes().take_while(|byte| *byte == b' ').count();
    }

    /// The problem of what stands here instead of what is `wanted`.
    fn expected(&self, wanted: &str) -> Problem {
        let rest = &self.text[self.at..];
        let length = rest.find(' ').unwrap_or(rest.len());
        let (span, found) = match &rest[..length] {
            "" if rest.is_empty() => (whole(self.text), "the value ends".to_owned()),
            "" => (Span::new(self.at, self.at + 1), "there is a blank".to_owned()),
            found => (Span::new(self.at, self.at + length), format!("there is \"{}\"", shown(found))),
        };
        Problem::refused(span, format!("{found} where the calendar event needs {wanted}"))
    }

    fn out_of_field(&self, bad: &Component, field: Field, listed_from_end: bool) -> Problem {
        let Field { name, first, last } = field;
        let last = if name == SECONDS.name { 59 } else { last };
        let place = if listed_from_end { " at this place of a list from the end of the month" } else { "" };
        let written = &self.text[bad.span];
        let message = format!("\"{written}\" doesn't fit: {name} go from {first} to {last}{place}, ranges upwards");
        Problem::refused(bad.span, message)
    }
}

impl Field {
    /// Whether a component stays within the field (`chain_valid`).
    fn holds(self, component: &Component, from_end: bool) -> bool {
        let (first, last) = (i64::from(self.first), i64::from(self.last));
        let (start, repeat) = (i64::from(component.start), i64::from(component.repeat));
        let range = first..=last;
        range.contains(&start)
            && repeat <= last - first
            && match component.stop.map(i64::from) {
                Some(stop) => range.contains(&stop) && start + repeat <= stop,
                None if from_end => start - repeat >= first,
                None => start + repeat <= last,
            }
    }
}

/// Cuts ranges to a multiple of their step, turns those of one number into it, and sorts (`normalize_chain`).
fn normalize(chain: &mut Vec<Component>) {
    for component in chain.iter_mut() {
        let Component { start, stop: Some(stop), repeat, .. } = *component else { continue };
        let stop = if stop > start && repeat > 0 { stop - (stop - start) % repeat } else { stop };
        component.stop = Some(stop);
        if stop == start {
            (component.stop, component.repeat) = (None, 0);
        }
    }
    let key = |component: &Component| (component.start, component.stop, component.repeat);
    chain.sort_by_key(key);
    chain.dedup_by_key(|component| key(component));
}

/// 12 means 2012, 89 means 1989.
fn full_year(year: u32) -> u32 {
    match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    }
}

/// The day of the week that `text` begins with, Monday being 0, and the length of its name.
fn weekday(text: &str) -> Option<(u32, usize)> {
    let begins = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let words = sets::WEEKDAY.words.iter().filter(|word| begins(word.text));
    let word = words.max_by_key(|word| word.text.len())?;
    Some((word.number?, word.text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::check;

    #[test]
    fn events_and_their_normal_forms() {
        for (text, normal) in [
            ("daily", "*-*-* 00:00:00"),
            ("WEEKLY", "Mon *-*-* 00:00:00"),
            ("quarterly", "*-01,04,07,10-01 00:00:00"),
            ("Mon..Fri 9:30", "Mon..Fri *-*-* 09:30:00"),
            ("Sat,Thu,Mon..Wed,Sun", "Mon..Thu,Sat,Sun *-*-* 00:00:00"),
            ("mon-sun 10:00", "*-*-* 10:00:00"),
            ("*:0/15", "*-*-* *:00/15:00"),
            ("2,1,2:00", "*-*-* 01,02:00:00"),
            ("9..17/3:00", "*-*-* 09..15/3:00:00"),
            ("5..5:0", "*-*-* 05:00:00"),
            ("*:*:*", "*-*-* *:*:*"),
            ("*:0:0..10", "*-*-* *:00:00..10"),
            ("*:0:1.5/2.25", "*-*-* *:00:01.500000/2.250000"),
            ("10:00:00.12345678", "*-*-* 10:00:00.123457"),
            ("08-05", "*-08-05 00:00:00"),
            ("03-2-29", "2003-02-29 00:00:00"),
            ("*-02~03", "*-02~03 00:00:00"),
            ("Mon *-*~7/1", "Mon *-*~07/1 00:00:00"),
            ("@1395716396", "2014-03-25 02:59:56 UTC"),
            ("daily utc", "*-*-* 00:00:00 UTC"),
            ("10:00 Europe/Berlin", "*-*-* 10:00:00 Europe/Berlin"),
            ("hourly right/UTC", "*-*-* *:00:00 right/UTC"),
        ] {
            assert_eq!(read(text).map(|event| event.normal_form()), Ok(normal.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_and_where() {
        for (text, expected) in [
            ("25:00", "refused 0-2 \"25\" doesn't fit: hours go from 0 to 23, ranges upwards"),
            ("*-13-01", "refused 2-4 \"13\" doesn't fit: months go from 1 to 12, ranges upwards"),
            ("*-*~29", "refused 4-6 \"29\" doesn't fit: days go from 1 to 28, ranges upwards"),
            ("*:0/0", "refused 4-5 a step can't be 0"),
            ("Fri..Mon", "refused 5-8 the range of days runs backwards: weeks begin on Monday"),
            ("10", "refused 0-2 the value ends where the calendar event needs \":\" and minutes"),
            ("every day", "refused 0-5 there is \"every\" where the calendar event needs a number or *"),
            ("10:00 am", "refused 6-8 there is no time zone \"am\""),
            ("daily Europe/Berln", "refused 6-18 there is no time zone \"Europe/Berln\" (perhaps: Europe/Berlin)"),
            ("daily europe/berlin", "refused 6-19 there is no time zone \"europe/berlin\" (fix: Europe/Berlin)"),
            (
                "10:00 CEST",
                "doubtful 6-10 the time zone \"CEST\" works only where it is the host's own: name a place instead",
            ),
            (
                "* * * * *",
                "refused 1-2 there is a blank where the calendar event needs \"-\" and a month or day, or \":\" and minutes",
            ),
        ] {
            assert_eq!(check("OnCalendar", 262, "a.timer", text), expected, "{text}");
        }
    }
}
