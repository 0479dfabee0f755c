//! When a timer elapses: a time span after an event, or a calendar event
//! (`config_parse_timer`, `src/core/load-fragment.c`).

use super::calendar::{self, Calendar};
use super::specifier::{self, Place};
use super::time_span::{self, BareUnit, TimeSpan};
use super::words::Word;
use super::{Context, Problem};

/// When a timer elapses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timer {
    /// So long after what the directive names.
    After(TimeSpan),
    /// Whenever the calendar says so.
    At(Calendar),
}

/// Reads when a timer elapses: `OnCalendar=` takes calendar events, the others time spans.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Timer> {
    specifier::resolve(&Word::whole(text), Place::TEXT, context, problems, |text| {
        if context.directive.name == "OnCalendar" {
            return calendar::read(text).map(Timer::At);
        }
        let span = time_span::read(text, BareUnit::Seconds);
        span.map(Timer::After).map_err(|error| time_span::explain(text, BareUnit::Seconds, error, context))
    })
}
