//! Time spans, and what timers count from.

use super::super::time_span::{self, BareUnit, TimeSpan};
use super::super::timer::{self, Timer};
use super::super::{Context, ValueType};
use super::{Explanation, Now, calendar};
use crate::text::markdown::code;

/// A time span in the form that systemd itself writes, and what none or an endless one means.
pub(super) fn span(text: &str, bare: BareUnit, context: &Context) -> Option<Explanation> {
    let span = time_span::read(text, bare).ok()?;
    let span = match bare {
        BareUnit::Nanoseconds => TimeSpan(span.0 / 1000),
        BareUnit::Seconds | BareUnit::Microseconds => span,
    };
    let meaning = match span {
        TimeSpan::INFINITY => Some("no limit"),
        TimeSpan(0) => zero(context),
        _ => None,
    };
    let meaning = meaning.map_or(String::new(), |meaning| format!(": {meaning}"));
    Explanation::whole(text, format!("{}{meaning}", shown(span)))
}

/// What no time at all means, where that isn't what it says.
fn zero(context: &Context) -> Option<&'static str> {
    use ValueType::{JobTimeout, ServiceTimeout, TimeSpanZeroInfinity};
    match (context.directive.name, context.directive.value) {
        (_, ServiceTimeout | JobTimeout | TimeSpanZeroInfinity) => Some("read as `infinity`, no limit"),
        ("WatchdogSec", _) => Some("the service isn't watched"),
        (
            "StartLimitIntervalSec" | "LogRateLimitIntervalSec" | "TriggerLimitIntervalSec" | "PollLimitIntervalSec",
            _,
        ) => Some("there is no limit"),
        ("TimeoutIdleSec", _) => Some("it is never unmounted for being idle"),
        _ => None,
    }
}

/// When a timer elapses.
pub(super) fn timer(text: &str, context: &Context, now: Option<Now>) -> Option<Explanation> {
    match timer::parse(text, context, &mut Vec::new())? {
        Timer::At(event) => Explanation::whole(text, calendar::event(&event, context, now)),
        Timer::After(span) => {
            let from = match context.directive.name {
                "OnActiveSec" => "after the timer itself was started",
                "OnBootSec" => "after the machine was booted",
                "OnStartupSec" => "after the service manager was started",
                "OnUnitActiveSec" => "after its unit was last started",
                _ => "after its unit last ended",
            };
            Explanation::whole(text, format!("{} {from}", shown(span)))
        }
    }
}

/// "**1h 30min** (5400 s)"
pub(super) fn shown(span: TimeSpan) -> String {
    const SECOND: u64 = 1_000_000;
    let normal = code(&span.normal_form());
    match span {
        TimeSpan(micros) if (60 * SECOND..u64::MAX).contains(&micros) && micros % SECOND == 0 => {
            format!("{normal} ({} s)", micros / SECOND)
        }
        _ => normal,
    }
}
