//! Numbers: plain ones, sizes, octal modes, exit codes, ports.

use std::ops::RangeInclusive;

use super::python::{int, split_commas};
use crate::values::{Context, Problem, whole};

/// A number (`integer`), and one that supervisord checks the range of.
///
/// Numbers beyond 64 bits are the greatest or least there is.
pub fn parse(text: &str, range: RangeInclusive<i64>, context: &Context, problems: &mut Vec<Problem>) -> Option<i64> {
    let number = int(text, 10);
    let found = number.filter(|number| range.contains(number));
    if found.is_none() {
        let expected = match (range.start(), range.end()) {
            (&i64::MIN, &i64::MAX) => "an integer".to_owned(),
            (least, &i64::MAX) => format!("an integer from {least} on"),
            (least, most) => format!("an integer from {least} to {most}"),
        };
        problems.push(context.takes(expected, text, whole(text)));
    }
    found
}

/// A number of bytes; `KB`, `MB` and `GB` in any letter case are powers of 1024 (`byte_size`).
pub fn parse_size(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<i64> {
    let size = size(text);
    if size.is_none() {
        let problem = context.takes("a number of bytes, or one with KB, MB or GB", text, whole(text));
        let meant = text.trim_end_matches(['i', 'I', 'b', 'B']);
        let meant = (meant.len() > 1 && meant.ends_with(['k', 'K', 'm', 'M', 'g', 'G'])).then(|| format!("{meant}B"));
        problems.push(match meant.filter(|meant| self::size(meant).is_some()) {
            Some(meant) => problem.or(meant, false),
            None => problem,
        });
    }
    size
}

fn size(text: &str) -> Option<i64> {
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
    let (number, unit) = split.map_or((text, ""), |at| text.split_at(at));
    let unit = match unit.to_ascii_lowercase().as_str() {
        "kb" => 1 << 10,
        "mb" => 1 << 20,
        "gb" => 1 << 30,
        _ => return int(text, 10),
    };
    Some(int(number, 10)?.saturating_mul(unit))
}

/// A mode in octal digits, with or without `0` or `0o` in front (`octal_type`).
pub fn parse_mode(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<i64> {
    let mode = int(text, 8);
    match mode {
        None => problems.push(context.takes("an octal mode such as 0700", text, whole(text))),
        Some(mode) if !(0..=0o7777).contains(&mode) => {
            problems.push(Problem::doubtful(whole(text), "a mode has four octal digits at the most, and no sign"));
        }
        Some(_) => {}
    }
    mode
}

/// Exit codes from 0 to 255 with commas between them; none if empty (`list_of_exitcodes`).
pub fn parse_exit_codes(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    let mut codes = Vec::new();
    for (part, span) in split_commas(text) {
        match int(part, 10).and_then(|code| u8::try_from(code).ok()) {
            Some(code) => codes.push(code),
            None => {
                let span = if span.is_empty() { whole(text) } else { span };
                problems.push(context.takes("exit codes from 0 to 255 with commas between them", part, span));
                return None;
            }
        }
    }
    Some(codes)
}

/// The number of a TCP port (`port_number`).
pub(super) fn port(text: &str) -> Option<u16> {
    int(text, 10).and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0)
}
