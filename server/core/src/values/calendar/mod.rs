//! Calendar events: `Mon..Fri *-*-* 09:00:00`, `daily`, `*-*~1 Europe/Berlin`
//! (`src/shared/calendarspec.c`; systemd.time(7)).

mod date;
mod next;
mod normal;
mod read;
mod zone;

pub use date::date_and_time;
pub use read::read;
pub use zone::Zone;

use crate::text::Span;

/// The points in time that a timer elapses at: those that fit every field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week, Monday the lowest bit; 0 if any will do.
    pub weekdays: u8,
    /// Years; any if there are none, and likewise below.
    pub years: Vec<Component>,
    /// Months, January being 1.
    pub months: Vec<Component>,
    /// Days of the month, the first being 1.
    pub days: Vec<Component>,
    /// Whether days count from the end of the month: 1 is the last one.
    pub end_of_month: bool,
    /// Hours from 0 to 23.
    pub hours: Vec<Component>,
    /// Minutes from 0 to 59.
    pub minutes: Vec<Component>,
    /// Seconds from 0 to 59, in µs.
    pub microseconds: Vec<Component>,
    /// Whose clock it is.
    pub zone: Zone,
}

/// Numbers that a field of a calendar event may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// The first one.
    pub start: u32,
    /// The last one of a range.
    pub stop: Option<u32>,
    /// The step from one to the next; 0 if `start` is the only one.
    pub repeat: u32,
    /// Where it stands in the value.
    pub span: Span,
}

/// A second in the unit of [`Calendar::microseconds`].
const SECOND: u32 = 1_000_000;

impl Component {
    /// A single number that isn't written down.
    fn just(start: u32) -> Self {
        Component { start, stop: None, repeat: 0, span: Span::default() }
    }
}
