//! When a service is started again (`service_shall_restart` of `src/core/service.c`).

use super::lower::Lowering;
use super::{At, Commands, Leaf, Type};
use crate::schema::{Key, key::service as of, key::unit};
use crate::values::exit_status::{self, Ending};

/// What follows on the end of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restart {
    /// `Restart=`, as systemd has it.
    pub policy: Leaf<&'static str>,
    /// `RestartSec=`, in µs.
    pub delay: Leaf<u64>,
    /// `RestartSteps=`: after how many restarts the delay is at its longest; 0: it stays as it is.
    pub steps: Leaf<u32>,
    /// `RestartMaxDelaySec=`, in µs.
    pub max_delay: Leaf<u64>,
    /// `RestartPreventExitStatus=`
    pub prevent: Statuses,
    /// `RestartForceExitStatus=`
    pub force: Statuses,
    /// `SuccessExitStatus=`
    pub success: Statuses,
    /// `StartLimitIntervalSec=` and `StartLimitBurst=`
    pub limit: StartLimit,
    /// What a failed start is, and how often it is tried again; systemd has no such thing.
    pub attempts: Option<Attempts>,
    /// Whether the service is a oneshot, of which no signal is a clean end.
    pub oneshot: bool,
    /// Whether any end is a clean one, as the main command has a `-`.
    pub ignores_failure: bool,
}

/// Ways to end that count in a particular way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    /// Exit statuses, sorted.
    pub codes: Vec<u8>,
    /// Signals, sorted.
    pub signals: Vec<u8>,
    /// The assignments.
    pub from: Vec<At>,
}

/// How often a service may be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartLimit {
    /// Within what time, in µs; 0: without limit.
    pub interval: Leaf<u64>,
    /// How many starts.
    pub burst: Leaf<u32>,
}

/// How supervisord starts what ends too soon (`Subprocess.finish` of `process.py`).
///
/// An end before `seconds` have passed is a failed start, whatever `policy` and the
/// exit status say. The first is followed by a start after 1 s, the second after
/// 2 s and so on; once there have been more than `retries`, it stays down. An end
/// after that follows the policy, and the count begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// `startsecs`, in seconds; 0: every start is a good one.
    pub seconds: Leaf<u64>,
    /// `startretries`
    pub retries: Leaf<u32>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It exited with this status.
    Exit(u8),
    /// This signal killed it.
    Signal(u8),
}

impl Restart {
    pub(super) fn lower(low: &mut Lowering, kind: Type, commands: &Commands) -> Self {
        let main = commands.start.first().filter(|_| kind != Type::Oneshot);
        let interval = low.seconds(unit::StartLimitIntervalSec);
        let interval = interval.or_else(|| low.seconds(unit::StartLimitInterval));
        let interval = interval.or_else(|| low.seconds(of::StartLimitInterval));
        let burst = low.signed(unit::StartLimitBurst, 0..=u32::MAX.into());
        let burst = burst.or_else(|| low.signed(of::StartLimitBurst, 0..=u32::MAX.into()));
        let as_u32 = |leaf: Leaf<i64>| Leaf { value: leaf.value as u32, at: leaf.at };
        Restart {
            policy: low.choice(of::Restart).unwrap_or(Leaf::default("no")),
            delay: low.seconds(of::RestartSec).unwrap_or(Leaf::default(100_000)),
            steps: low.signed(of::RestartSteps, 0..=u32::MAX.into()).map_or(Leaf::default(0), as_u32),
            max_delay: low.seconds(of::RestartMaxDelaySec).unwrap_or(Leaf::default(u64::MAX)),
            prevent: Statuses::lower(low, of::RestartPreventExitStatus),
            force: Statuses::lower(low, of::RestartForceExitStatus),
            success: Statuses::lower(low, of::SuccessExitStatus),
            limit: StartLimit {
                interval: interval.unwrap_or(Leaf::default(10_000_000)),
                burst: burst.map_or(Leaf::default(5), as_u32),
            },
            attempts: None,
            oneshot: kind == Type::Oneshot,
            ignores_failure: main.is_some_and(|command| command.value.ignore_failure),
        }
    }

    /// Whether such an end of the main process is a success (`is_clean_exit` of
    /// `src/shared/exit-status.c`).
    pub fn is_success(&self, cause: Cause) -> bool {
        const HUP_INT_PIPE_TERM: [u8; 4] = [1, 2, 13, 15];
        self.ignores_failure
            || self.success.contains(cause)
            || match cause {
                Cause::Exit(status) => status == 0,
                Cause::Signal(signal) => !self.oneshot && HUP_INT_PIPE_TERM.contains(&signal),
            }
    }

    /// Whether the service is started again after such an end of its own accord.
    pub fn restarts(&self, cause: Cause) -> bool {
        if self.prevent.contains(cause) {
            return false;
        }
        let success = self.is_success(cause);
        if self.force.contains(cause) && !(self.oneshot && success) {
            return true;
        }
        match self.policy.value {
            "always" => !(self.oneshot && success),
            "on-success" => success && !self.oneshot,
            "on-failure" => !success,
            "on-abnormal" | "on-abort" => !success && matches!(cause, Cause::Signal(_)),
            _ => false,
        }
    }

    /// Whether it is started again after it has taken too long.
    pub fn restarts_after_timeout(&self) -> bool {
        matches!(self.policy.value, "always" | "on-failure" | "on-abnormal")
    }

    /// Within how many seconds an end is a failed start, and how often that is tried again;
    /// `None`: every start is a good one.
    pub fn attempts(&self) -> Option<(u64, u32)> {
        let Attempts { seconds, retries } = self.attempts?;
        (seconds.value > 0).then_some((seconds.value, retries.value))
    }

    /// The assignments about attempts.
    pub fn attempts_at(&self) -> impl Iterator<Item = At> {
        self.attempts.into_iter().flat_map(|attempts| [attempts.seconds.at, attempts.retries.at]).flatten()
    }

    /// How long to wait before each restart, in µs; the last one holds from then on
    /// (`service_restart_usec_next` of `src/core/service.c`).
    pub fn delays(&self) -> Vec<u64> {
        let (first, last, steps) = (self.delay.value, self.max_delay.value, self.steps.value);
        if steps == 0 || last == u64::MAX || first == 0 || last <= first {
            return vec![first];
        }
        // Far beyond what anybody waits for, and short enough for a script.
        let steps = steps.min(100);
        let growth = (last as f64 / first as f64).powf(1.0 / f64::from(steps));
        (0..=steps)
            .map(|step| if step == steps { last } else { (first as f64 * growth.powi(step as i32)) as u64 })
            .collect()
    }

    /// Every way to end, exit statuses first.
    pub fn causes() -> impl Iterator<Item = Cause> {
        (0..=255).map(Cause::Exit).chain((1..=64).map(Cause::Signal))
    }
}

impl Statuses {
    fn lower(low: &mut Lowering, key: Key) -> Self {
        let mut statuses = Statuses { from: low.all(key), ..Statuses::default() };
        for at in statuses.from.clone() {
            for item in low.parse(at, exit_status::parse) {
                match item.value {
                    Ending::Status(status) => statuses.codes.push(status),
                    Ending::Signal(signal) => statuses.signals.push(signal.0),
                }
            }
        }
        statuses.codes.sort_unstable();
        statuses.signals.sort_unstable();
        statuses
    }

    /// Whether `cause` is among them.
    pub fn contains(&self, cause: Cause) -> bool {
        match cause {
            Cause::Exit(status) => self.codes.contains(&status),
            Cause::Signal(signal) => self.signals.contains(&signal),
        }
    }
}

impl StartLimit {
    /// How many starts there may be within how many µs; `None`: any number.
    pub fn limit(&self) -> Option<(u32, u64)> {
        (self.interval.value > 0 && self.burst.value > 0).then_some((self.burst.value, self.interval.value))
    }
}
