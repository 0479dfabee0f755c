//! How a service is stopped.

use super::Leaf;
use super::lower::Lowering;
use crate::schema::{key::kill as of, key::service};
use crate::values::boolean;

/// What is done to the processes of a service that shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// `KillMode=`
    pub mode: Leaf<KillMode>,
    /// `KillSignal=`
    pub signal: Leaf<u8>,
    /// `RestartKillSignal=`, if it is another one.
    pub restart_signal: Option<Leaf<u8>>,
    /// `FinalKillSignal=`, after the timeout.
    pub final_signal: Leaf<u8>,
    /// `SendSIGHUP=`: whether SIGHUP follows at once.
    pub hangup: Leaf<bool>,
    /// `SendSIGKILL=`: whether what is left after the timeout is killed.
    pub kill: Leaf<bool>,
    /// `TimeoutStopSec=`, in µs; `u64::MAX`: no end.
    pub timeout: Leaf<u64>,
}

/// Which processes get a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillMode {
    /// All of them.
    ControlGroup,
    /// The main one; the others are killed once it is gone.
    Mixed,
    /// The main one; the others are left.
    Process,
    /// None.
    None,
    /// The process group of the main one, at its stop and after the timeout;
    /// whoever has left that is left.
    Group,
    /// The main one; after the timeout its process group is killed.
    KillGroup,
}

/// SIGTERM
const TERM: u8 = 15;
/// SIGKILL
const KILL: u8 = 9;
/// `DefaultTimeoutStopSec=`
pub(super) const TIMEOUT: u64 = 90_000_000;

impl Stop {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let mode = low.choice(of::KillMode).unwrap_or(Leaf::default("control-group"));
        let value = match mode.value {
            "mixed" => KillMode::Mixed,
            "process" => KillMode::Process,
            "none" => KillMode::None,
            _ => KillMode::ControlGroup,
        };
        let restart_signal = low.last(of::RestartKillSignal).map(|_| low.signal(of::RestartKillSignal, TERM));
        Stop {
            mode: Leaf { value, at: mode.at },
            signal: low.signal(of::KillSignal, TERM),
            restart_signal,
            final_signal: low.signal(of::FinalKillSignal, KILL),
            hangup: low.single(of::SendSIGHUP, false, boolean::parse),
            kill: low.single(of::SendSIGKILL, true, boolean::parse),
            timeout: timeout(low, service::TimeoutStopSec, TIMEOUT),
        }
    }
}

impl Stop {
    /// For how many seconds it may take its time before it is killed; `None`: for ever.
    pub fn patience(&self) -> Option<u64> {
        (self.kill.value && self.timeout.value != u64::MAX).then(|| self.timeout.value.div_ceil(1_000_000))
    }
}

/// A timeout, of which 0 has no end, set by `key` or by `TimeoutSec=`, whichever comes last.
pub(super) fn timeout(low: &mut Lowering, key: crate::schema::Key, default: u64) -> Leaf<u64> {
    let (own, both) = (low.last(key), low.last(service::TimeoutSec));
    let key = if both > own { service::TimeoutSec } else { key };
    let leaf = low.seconds(key).unwrap_or(Leaf::default(default));
    Leaf { value: if leaf.value == 0 { u64::MAX } else { leaf.value }, at: leaf.at }
}
