//! `stopsignal=` (`signal_number`).

use super::python::{int, strip};
use crate::schema::{nearest, sets};
use crate::values::signal::Signal;
use crate::values::{Context, Problem, whole};

/// Other names that Python has for signals, and for what is none.
const ALIASES: [(&str, u8); 8] =
    [("CLD", 17), ("IOT", 6), ("POLL", 29), ("RTMIN", 34), ("RTMAX", 64), ("_DFL", 0), ("_IGN", 1), ("_BLOCK", 0)];

/// A signal by name, with or without `SIG` and in any letter case, or by number. Of the
/// real-time signals only the first and the last are taken. 0 is, and does nothing.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Signal> {
    let signal = read(text);
    match signal {
        None => {
            let problem = context.takes("a signal such as TERM", text, whole(text));
            let meant = nearest(&bare(text), sets::SIGNAL.words.iter().map(|word| word.text));
            problems.push(match meant.filter(|meant| read(meant).is_some()) {
                Some(meant) => problem.or(meant, false),
                None => problem,
            });
        }
        Some(Signal(0)) => problems.push(Problem::doubtful(whole(text), "this signal stops nothing")),
        Some(_) => {}
    }
    signal
}

/// Reads a signal.
pub fn read(text: &str) -> Option<Signal> {
    if let Some(number) = int(text, 10) {
        return u8::try_from(number).ok().filter(|number| matches!(number, 0..=31 | 34 | 64)).map(Signal);
    }
    let name = bare(text);
    if let Some((_, number)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
        return Some(Signal(*number));
    }
    match name.as_str() {
        "_UNBLOCK" => Some(Signal(1)),
        "_SETMASK" => Some(Signal(2)),
        name => sets::SIGNAL.get(name)?.number.and_then(|number| u8::try_from(number).ok()).map(Signal),
    }
}

/// The name in large letters without its `SIG`.
fn bare(text: &str) -> String {
    let name = strip(text).to_ascii_uppercase();
    name.strip_prefix("SIG").map(str::to_owned).unwrap_or(name)
}
