//! Signals by name or number: `SIGTERM`, `HUP`, `RTMIN+3`, `15` (`signal_from_string`, `src/basic/signal-util.c`).

use super::number::signed;
use super::{Context, Problem, whole};
use crate::schema::{nearest, sets};

/// The number of a signal, from 1 to 64, as on x86 and ARM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal(pub u8);

/// The real-time signals that glibc leaves to programs.
const RTMIN: i64 = 34;
const RTMAX: i64 = 64;

/// Reads a directive's signal.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Signal> {
    let signal = read(text);
    if signal.is_none() {
        let problem = context.takes("a signal such as SIGTERM", text, whole(text));
        problems.push(match likely(text) {
            Some((name, certain)) => problem.or(name, certain),
            None => problem,
        });
    }
    signal
}

/// Reads a signal; `SIG` may stand before its name.
pub fn read(text: &str) -> Option<Signal> {
    if let Ok(number) = signed(text) {
        return u8::try_from(number).ok().filter(|number| (1..=64).contains(number)).map(Signal);
    }
    let name = text.strip_prefix("SIG").unwrap_or(text);
    if let Some(word) = sets::SIGNAL.get(name) {
        return u8::try_from(word.number?).ok().map(Signal);
    }
    let (base, sign, offset) = match (name.strip_prefix("RTMIN"), name.strip_prefix("RTMAX")) {
        (Some(offset), _) => (RTMIN, '+', offset),
        (_, Some(offset)) => (RTMAX, '-', offset),
        _ => return None,
    };
    let offset = match offset.chars().next() {
        None => 0,
        Some(first) if first == sign => signed(offset).ok()?,
        Some(_) => return None,
    };
    let number = base.checked_add(offset).filter(|number| (RTMIN..=RTMAX).contains(number))?;
    u8::try_from(number).ok().map(Signal)
}

/// The name that `text` was most likely meant to be, with `SIG` if it has
/// that, and whether they differ in letter case only.
pub(super) fn likely(text: &str) -> Option<(String, bool)> {
    let (prefix, name) = match text.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("SIG") => ("SIG", &text[3..]),
        _ => ("", text),
    };
    let names = sets::SIGNAL.words.iter().map(|word| word.text);
    let same = names.clone().find(|known| known.eq_ignore_ascii_case(name));
    let found = same.or_else(|| nearest(name, names))?;
    Some((format!("{prefix}{found}"), same.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::check;

    #[test]
    fn names_and_numbers() {
        for (text, expected) in [
            ("SIGTERM", Some(15)),
            ("TERM", Some(15)),
            ("9", Some(9)),
            ("0x9", Some(9)),
            ("64", Some(64)),
            ("RTMIN", Some(34)),
            ("SIGRTMIN+3", Some(37)),
            ("RTMAX-30", Some(34)),
            ("RTMAX", Some(64)),
            ("RTMIN+31", None),
            ("RTMIN3", None),
            ("RTMIN-1", None),
            ("0", None),
            ("65", None),
            ("sigterm", None),
            ("SIGSIGTERM", None),
            ("SIG9", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected.map(Signal), "{text}");
        }
    }

    #[test]
    fn the_right_name_is_near() {
        let said = check("KillSignal", 262, "a.service", "SIGTREM");
        assert_eq!(said, "refused 0-7 KillSignal= takes a signal such as SIGTERM, not \"SIGTREM\" (perhaps: SIGTERM)");
        let said = check("KillSignal", 262, "a.service", "sigint");
        assert_eq!(said, "refused 0-6 KillSignal= takes a signal such as SIGTERM, not \"sigint\" (fix: SIGINT)");
    }
}
