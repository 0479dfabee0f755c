//! Time spans: `90`, `5min 20s`, `1.5h`, `infinity` (`parse_time`, `src/basic/time-util.c`; systemd.time(7)).

use std::fmt::Write;

use super::number::leading;
use super::{BLANKS, Context, NumberError, Problem, shown, whole, word_at};

/// A length of time, in whole units of what it was read in: µs, or ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeSpan(pub u64);

/// One microsecond and what is made of it, in µs.
const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
/// 30.4375 days.
const MONTH: u64 = 2_629_800 * SECOND;
/// 365.25 days.
const YEAR: u64 = 31_557_600 * SECOND;

/// Every unit by all of its names, in µs; the first name that fits counts.
const UNITS: [(&str, u64); 30] = [
    ("seconds", SECOND),
    ("second", SECOND),
    ("sec", SECOND),
    ("s", SECOND),
    ("minutes", MINUTE),
    ("minute", MINUTE),
    ("min", MINUTE),
    ("months", MONTH),
    ("month", MONTH),
    ("M", MONTH),
    ("msec", 1000),
    ("ms", 1000),
    ("m", MINUTE),
    ("hours", HOUR),
    ("hour", HOUR),
    ("hr", HOUR),
    ("h", HOUR),
    ("days", DAY),
    ("day", DAY),
    ("d", DAY),
    ("weeks", WEEK),
    ("week", WEEK),
    ("w", WEEK),
    ("years", YEAR),
    ("year", YEAR),
    ("y", YEAR),
    ("usec", 1),
    ("us", 1),
    ("µs", 1),
    ("μs", 1),
];

/// The units of the normal form, longest first, in µs.
const NORMAL: [(&str, u64); 9] = [
    ("y", YEAR),
    ("month", MONTH),
    ("w", WEEK),
    ("d", DAY),
    ("h", HOUR),
    ("min", MINUTE),
    ("s", SECOND),
    ("ms", 1000),
    ("us", 1),
];

/// What a number without a unit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareUnit {
    /// Seconds; the result is in µs.
    Seconds,
    /// Microseconds; the result is in µs.
    Microseconds,
    /// Nanoseconds; the result is in ns.
    Nanoseconds,
}

impl TimeSpan {
    /// No end.
    pub const INFINITY: TimeSpan = TimeSpan(u64::MAX);

    /// The span, of µs, as `systemd-analyze timespan` writes it: `1h 30min`.
    pub fn normal_form(self) -> String {
        if self == TimeSpan::INFINITY {
            return "infinity".to_owned();
        }
        let mut out = String::new();
        let mut left = self.0;
        for (name, length) in NORMAL {
            if left < length {
                continue;
            }
            let (whole, rest) = (left / length, left % length);
            let blank = if out.is_empty() { "" } else { " " };
            let digits = length.ilog10() as usize;
            left = rest;
            // Writing to a String can't fail.
            let _ = if left > 0 && length <= SECOND && digits > 0 {
                left = 0;
                write!(out, "{blank}{whole}.{rest:0digits$}{name}")
            } else {
                write!(out, "{blank}{whole}{name}")
            };
        }
        if out.is_empty() { "0".to_owned() } else { out }
    }
}

/// Reads a directive's time span.
pub fn parse(text: &str, bare: BareUnit, context: &Context, problems: &mut Vec<Problem>) -> Option<TimeSpan> {
    match read(text, bare) {
        Ok(span) => Some(span),
        Err(error) => {
            problems.push(explain(text, bare, error, context));
            None
        }
    }
}

/// Reads a directive's time span of a second or more that ends.
pub fn parse_duration(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<TimeSpan> {
    let span = parse(text, BareUnit::Seconds, context, problems)?;
    if (TimeSpan(SECOND)..TimeSpan::INFINITY).contains(&span) {
        return Some(span);
    }
    problems.push(context.takes("a time span of at least 1s, and not infinity", text, whole(text)));
    None
}

/// Reads a time span: terms of number and unit that are added up, or `infinity`.
pub fn read(text: &str, bare: BareUnit) -> Result<TimeSpan, NumberError> {
    use NumberError::{Range, Syntax};
    let mut rest = text.trim_start_matches(BLANKS);
    if let Some(tail) = rest.strip_prefix("infinity") {
        return if tail.trim_start_matches(BLANKS).is_empty() { Ok(TimeSpan::INFINITY) } else { Err(Syntax) };
    }
    let mut sum = 0u64;
    let mut add = |term: Option<u64>| {
        sum = term.and_then(|term| sum.checked_add(term)).filter(|sum| *sum < u64::MAX).ok_or(Range)?;
        Ok(sum)
    };
    loop {
        if rest.starts_with('-') {
            return Err(Range);
        }
        let number = leading(rest, 10);
        let (count, length) = match number {
            Some(number) if number.negative && number.magnitude != Some(0) => return Err(Range),
            Some(number) => {
                (number.magnitude.filter(|count| i64::try_from(*count).is_ok()).ok_or(Range)?, number.length)
            }
            None => (0, 0),
        };
        let tail = &rest[length..];
        let (fraction, tail) = match tail.strip_prefix('.') {
            Some(behind) => behind.split_at(behind.bytes().take_while(u8::is_ascii_digit).count()),
            None if length == 0 => return Err(Syntax),
            None => ("", tail),
        };
        let dotted = rest[length..].starts_with('.');
        let unblanked = tail.trim_start_matches(BLANKS);
        let (unit, behind) = unit(unblanked, bare);
        if behind.len() == tail.len() && !behind.is_empty() {
            return Err(Syntax);
        }
        add(count.checked_mul(unit).filter(|_| count < u64::MAX / unit))?;
        let mut place = unit / 10;
        for digit in fraction.bytes() {
            add(Some(u64::from(digit - b'0') * place))?;
            place /= 10;
        }
        if dotted && fraction.is_empty() {
            return Err(Syntax);
        }
        rest = behind.trim_start_matches(BLANKS);
        if rest.is_empty() {
            return add(Some(0)).map(TimeSpan);
        }
    }
}

/// The length of the unit that `text` begins with, and what follows it.
fn unit(text: &str, bare: BareUnit) -> (u64, &str) {
    let nano = bare == BareUnit::Nanoseconds;
    if nano {
        for name in ["nsec", "ns"] {
            if let Some(rest) = text.strip_prefix(name) {
                return (1, rest);
            }
        }
    }
    for (name, length) in UNITS {
        if let Some(rest) = text.strip_prefix(name) {
            return (if nano { length * 1000 } else { length }, rest);
        }
    }
    (if bare == BareUnit::Seconds { SECOND } else { 1 }, text)
}

/// Says what keeps `text` from being a time span.
pub(super) fn explain(text: &str, bare: BareUnit, error: NumberError, context: &Context) -> Problem {
    if error == NumberError::Range {
        return context.takes("a time span of 0 up to 584 thousand years", text, whole(text));
    }
    let mut from = 0;
    while let Some(span) = word_at(text, from) {
        let word = &text[span];
        let known = unit(word, bare).1.is_empty();
        if span.start > 0 && !known {
            let message = format!("\"{}\" is no unit of time: write s, min, h, d, w, ms or us", shown(word));
            let problem = Problem::refused(span, message);
            return problem.or_nearest(word, UNITS.iter().map(|(name, _)| *name));
        }
        from = span.end;
    }
    context.takes("a time span such as 30s, 5min 20s or infinity", text, whole(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_units_and_fractions() {
        for (text, expected) in [
            ("0", Some(0)),
            ("5", Some(5 * SECOND)),
            (" 5 ", Some(5 * SECOND)),
            ("+5", Some(5 * SECOND)),
            ("5min 20s", Some(5 * MINUTE + 20 * SECOND)),
            ("5min20s", Some(5 * MINUTE + 20 * SECOND)),
            ("20s 5min", Some(5 * MINUTE + 20 * SECOND)),
            ("1 2", Some(3 * SECOND)),
            ("1.5h", Some(90 * MINUTE)),
            (".5", Some(SECOND / 2)),
            ("0.0000001s", Some(0)),
            ("12.34s.56", Some(12_900_000)),
            ("1y 1M 1m 1ms 1us", Some(YEAR + MONTH + MINUTE + 1001)),
            ("3µs", Some(3)),
            ("infinity", Some(u64::MAX)),
            ("infinity s", None),
            ("5 mins", None),
            ("1.", None),
            ("1.s", None),
            ("1.2.3", None),
            ("-1", None),
            ("-0", None),
            ("5 x", None),
            ("0x5", None),
            ("5 ns", None),
            ("584541y", Some(584_541 * YEAR)),
            ("584542y", None),
            ("9223372036854775808us", None),
            ("", None),
        ] {
            assert_eq!(read(text, BareUnit::Seconds).ok(), expected.map(TimeSpan), "{text}");
        }
        assert_eq!(read("5", BareUnit::Microseconds), Ok(TimeSpan(5)));
        assert_eq!(read("5us 1", BareUnit::Nanoseconds), Ok(TimeSpan(5001)));
    }

    #[test]
    fn normal_forms() {
        for (micros, expected) in [
            (0, "0"),
            (1, "1us"),
            (1500, "1.500ms"),
            (1_500_000, "1.500000s"),
            (90 * SECOND, "1min 30s"),
            (MINUTE + 1, "1min 1us"),
            (MINUTE + 1_000_001, "1min 1.000001s"),
            (YEAR + MONTH + WEEK + DAY + HOUR, "1y 1month 1w 1d 1h"),
            (u64::MAX, "infinity"),
        ] {
            assert_eq!(TimeSpan(micros).normal_form(), expected);
        }
    }
}
