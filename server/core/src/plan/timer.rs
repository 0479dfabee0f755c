//! The body of a `.timer`.

use super::lower::Lowering;
use super::{At, Fault, Leaf, Service};
use crate::schema::{Key, UnitKind, key::timer as of};
use crate::text::Span;
use crate::units::UnitName;
use crate::values::calendar::{self, Calendar};
use crate::values::time_span::{self, BareUnit};

/// A timer.
#[derive(Clone, Debug)]
pub struct Timer {
    /// When it elapses: whenever one of them does; in the order of the unit.
    pub triggers: Vec<Leaf<Trigger>>,
    /// `Unit=`: what it starts.
    pub unit: Leaf<UnitName>,
    /// `OnClockChange=`
    pub clock_change: Leaf<bool>,
    /// `OnTimezoneChange=`
    pub timezone_change: Leaf<bool>,
    /// `Persistent=`
    pub persistent: Leaf<bool>,
    /// `RandomizedDelaySec=`, in µs.
    pub random_delay: Leaf<u64>,
    /// `FixedRandomDelay=`
    pub fixed_delay: Leaf<bool>,
    /// `RandomizedOffsetSec=`, in µs.
    pub random_offset: Leaf<u64>,
    /// `DeferReactivation=`
    pub defer: Leaf<bool>,
    /// `AccuracySec=`, in µs.
    pub accuracy: Leaf<u64>,
    /// `RemainAfterElapse=`
    pub remain: Leaf<bool>,
    /// `WakeSystem=`
    pub wake_system: Leaf<bool>,
    /// The loop that waits is a service too, one of which nothing is set.
    pub service: Service,
}

/// What makes a timer elapse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `OnCalendar=`
    At(Calendar),
    /// So many µs after something; `u64::MAX`: never.
    After(Since, u64),
}

/// What the time of a timer counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// `OnActiveSec=`: its own start.
    Active,
    /// `OnBootSec=`
    Boot,
    /// `OnStartupSec=`: the start of the service manager.
    Startup,
    /// `OnUnitActiveSec=`: the last start of its unit.
    UnitActive,
    /// `OnUnitInactiveSec=`: the last end of its unit.
    UnitInactive,
}

/// `DefaultTimerAccuracySec=`
const ACCURACY: u64 = 60_000_000;

impl Timer {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let mut at: Vec<At> = [
            of::OnCalendar,
            of::OnActiveSec,
            of::OnBootSec,
            of::OnStartupSec,
            of::OnUnitActiveSec,
            of::OnUnitInactiveSec,
        ]
        .into_iter()
        .flat_map(|key| low.all(key))
        .collect();
        at.sort_unstable();
        Timer {
            triggers: at.into_iter().filter_map(|at| Trigger::lower(low, at)).collect(),
            unit: unit(low, of::Unit),
            clock_change: low.boolean(of::OnClockChange, false),
            timezone_change: low.boolean(of::OnTimezoneChange, false),
            persistent: low.boolean(of::Persistent, false),
            random_delay: low.seconds(of::RandomizedDelaySec).unwrap_or(Leaf::default(0)),
            fixed_delay: low.boolean(of::FixedRandomDelay, false),
            random_offset: low.seconds(of::RandomizedOffsetSec).unwrap_or(Leaf::default(0)),
            defer: low.boolean(of::DeferReactivation, false),
            accuracy: low.seconds(of::AccuracySec).unwrap_or(Leaf::default(ACCURACY)),
            remain: low.boolean(of::RemainAfterElapse, true),
            wake_system: low.boolean(of::WakeSystem, false),
            service: Service::lower(low),
        }
    }
}

impl Trigger {
    fn lower(low: &mut Lowering, at: At) -> Option<Leaf<Self>> {
        let text = text(low, at)?;
        let trigger = match Since::of(low.unit.settings()[at.0 as usize].entry.key) {
            None => calendar::read(&text).map(Trigger::At).map_err(|problem| problem.message),
            Some(since) => match time_span::read(&text, BareUnit::Seconds) {
                Ok(span) => Ok(Trigger::After(since, span.0)),
                Err(_) => Err(format!("\"{text}\" is no time span")),
            },
        };
        match trigger {
            Ok(trigger) => Some(Leaf::new(trigger, at)),
            Err(message) => {
                refuse(low, at, message);
                None
            }
        }
    }
}

impl Since {
    /// What a directive counts from; `None` for `OnCalendar=`.
    fn of(key: Key) -> Option<Self> {
        Some(match key {
            of::OnActiveSec => Since::Active,
            of::OnBootSec => Since::Boot,
            of::OnStartupSec => Since::Startup,
            of::OnUnitActiveSec => Since::UnitActive,
            of::OnUnitInactiveSec => Since::UnitInactive,
            _ => return None,
        })
    }
}

/// What a unit starts by `key`: by default the service that is called like it.
pub(super) fn unit(low: &mut Lowering, key: Key) -> Leaf<UnitName> {
    let default = low.unit.name.sibling(UnitKind::Service);
    let Some(at) = low.last(key) else { return Leaf::default(default) };
    let text = text(low, at);
    match text.as_deref().and_then(UnitName::parse) {
        Some(unit) => Leaf::new(unit, at),
        None => {
            refuse(low, at, "it is no name of a unit");
            Leaf::new(default, at)
        }
    }
}

/// The value at `at`, specifiers resolved.
fn text(low: &mut Lowering, at: At) -> Option<String> {
    String::from_utf8(low.expand_at(at, low.value(at).as_bytes())?).ok()
}

fn refuse(low: &mut Lowering, at: At, message: impl Into<String>) {
    low.faults.push(Fault { at, span: Span::default(), message: message.into(), refused: true });
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Facts, lower};
    use super::*;
    use crate::syntax::scan;
    use crate::units::Unit;

    /// What a timer is lowered to, and what is wrong with it.
    fn lowered(name: &str, text: &str) -> (Timer, Vec<String>) {
        let name = UnitName::parse(name).unwrap();
        let text = format!("[Timer]\n{text}");
        let files = [scan(&text)];
        let unit = Unit::new(&name, &files);
        let plan = lower(&unit, &Facts::default());
        let Body::Timer(timer) = plan.body else { panic!("{name:?} isn't a timer") };
        (timer, plan.faults.into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn triggers_add_up_in_their_order() {
        let (timer, faults) = lowered("a@b.timer", "OnBootSec=1min\nOnCalendar=daily\nOnBootSec=2\nOnActiveSec=0.5");
        assert_eq!(faults, [""; 0]);
        let at: Vec<_> = timer.triggers.iter().filter_map(|trigger| trigger.at).collect();
        assert_eq!(at, [At(0), At(1), At(2), At(3)]);
        let values: Vec<_> = timer.triggers.into_iter().map(|trigger| trigger.value).collect();
        assert_eq!(values[0], Trigger::After(Since::Boot, 60_000_000));
        assert!(matches!(values[1], Trigger::At(_)));
        assert_eq!(values[2..], [Trigger::After(Since::Boot, 2_000_000), Trigger::After(Since::Active, 500_000)]);
        assert_eq!(timer.unit.value.as_str(), "a@b.service");
        assert_eq!((timer.accuracy.value, timer.remain.value), (60_000_000, true));
    }

    #[test]
    fn mistakes_are_faults() {
        let (timer, faults) = lowered("a.timer", "OnCalendar=dayly\nOnBootSec=x\nOnBootSec=5\nUnit=b\nPersistent=yes");
        assert_eq!(timer.triggers.len(), 1);
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(timer.persistent.value);
    }

    #[test]
    fn specifiers_are_resolved() {
        let (timer, faults) = lowered("a@5.timer", "OnBootSec=%i\nUnit=x-%i.service");
        assert_eq!(faults, [""; 0]);
        assert_eq!(timer.triggers[0].value, Trigger::After(Since::Boot, 5_000_000));
        assert_eq!(timer.unit.value.as_str(), "x-5.service");
    }
}
