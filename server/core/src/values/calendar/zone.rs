//! The time zone at the end of a calendar event.

use crate::schema::sets;
use crate::text::Span;
use crate::values::{Problem, shown};

/// Whose clock a calendar event goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The host's.
    #[default]
    Local,
    /// Coordinated universal time.
    Utc,
    /// That of this zone of the tz database.
    Named(String),
}

/// Abbreviations that hosts of some zone take for it, beside those that are zones of their own.
const ABBREVIATIONS: [&str; 41] = [
    "ACDT", "ACST", "ADT", "AEDT", "AEST", "AKDT", "AKST", "AST", "AWST", "BST", "CAT", "CDT", "CEST", "CST", "ChST",
    "EAT", "EDT", "EEST", "HDT", "HKT", "IDT", "IST", "JST", "KST", "MDT", "MEST", "MSK", "NDT", "NST", "NZDT", "NZST",
    "PDT", "PKT", "PST", "SAST", "SST", "WAT", "WEST", "WIB", "WIT", "WITA",
];

/// Takes the zone off the end of `text`.
///
/// systemd also takes the host's own abbreviations (`PST`, `PDT`), which nobody knows here.
pub(super) fn split(text: &str) -> (&str, Zone) {
    let Some((event, name)) = text.rsplit_once(' ') else { return (text, Zone::Local) };
    if name.eq_ignore_ascii_case("UTC") {
        (event, Zone::Utc)
    } else if is_known(name) {
        (event, Zone::Named(name.to_owned()))
    } else {
        (text, Zone::Local)
    }
}

/// The problem of a zone called `name`, at `span`, that isn't known.
pub(super) fn unknown(name: &str, span: Span) -> Problem {
    if ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        let message = format!("the time zone \"{name}\" works only where it is the host's own: name a place instead");
        return Problem::doubtful(span, message);
    }
    let names = sets::TIMEZONE.words.iter().map(|zone| zone.text);
    Problem::refused(span, format!("there is no time zone \"{}\"", shown(name))).or_nearest(name, names)
}

/// Whether the tz database has it, with or without leap seconds (`verify_timezone`, `src/basic/time-util.c`).
fn is_known(name: &str) -> bool {
    let name = name.strip_prefix("posix/").or_else(|| name.strip_prefix("right/")).unwrap_or(name);
    sets::TIMEZONE.get(name).is_some()
}
