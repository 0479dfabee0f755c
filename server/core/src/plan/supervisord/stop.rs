//! How a process is stopped (`Subprocess.kill`).

use super::lowering::Lowering;
use crate::plan::{KillMode, Leaf, Stop};
use crate::schema::supervisord::key::program as of;
use crate::values::supervisord::{choice, number, signal};

/// SIGTERM
const TERM: u8 = 15;
/// SIGKILL
const KILL: u8 = 9;

pub(super) fn lower(low: &mut Lowering) -> Stop {
    let signal = low.read(of::stopsignal, |text, context, problems| Some(signal::parse(text, context, problems)?.0));
    let wait = low
        .read(of::stopwaitsecs, |text, context, problems| number::parse(text, i64::MIN..=i64::MAX, context, problems));
    let wait = wait.unwrap_or(Leaf::default(10));
    Stop {
        mode: mode(low),
        signal: signal.unwrap_or(Leaf::default(TERM)),
        restart_signal: None,
        final_signal: Leaf::default(KILL),
        hangup: Leaf::default(false),
        kill: Leaf::default(true),
        // Whether it is over, supervisord looks once a second.
        timeout: Leaf { value: (wait.value.max(1) as u64).saturating_mul(1_000_000), at: wait.at },
    }
}

/// `stopasgroup=` and `killasgroup=`, of which the first holds for the second too by default.
fn mode(low: &mut Lowering) -> Leaf<KillMode> {
    let stop = low.read(of::stopasgroup, choice::parse_boolean);
    let kill = low.read(of::killasgroup, choice::parse_boolean);
    low.settle(&[of::stopasgroup, of::killasgroup]);
    match (stop, kill) {
        (Some(Leaf { value: true, at }), _) => Leaf { value: KillMode::Group, at },
        (_, Some(Leaf { value: true, at })) => Leaf { value: KillMode::KillGroup, at },
        (stop, kill) => Leaf { value: KillMode::Process, at: stop.or(kill).and_then(|leaf| leaf.at) },
    }
}
