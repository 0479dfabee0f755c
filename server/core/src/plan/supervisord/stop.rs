//! How a process is stopped (`Subprocess.kill`).

use super::lowering::Lowering;
use crate::plan::{KillMode, Leaf, Stop};
use crate::schema::supervisord::key::program as of;
use crate::units::supervisord::ProgramValues;

/// Why a flag that isn't set makes no difference.
const DEFAULT: &str = "it says what holds without it";
/// SIGKILL
const KILL: u8 = 9;

pub(super) fn lower<'u>(low: &mut Lowering<'u>, values: &ProgramValues<'u>) -> Stop {
    let (signal, wait) = (low.leaf(&values.stopsignal), low.leaf(&values.stopwaitsecs));
    let (stop, kill) = (low.leaf(&values.stopasgroup), low.leaf(&values.killasgroup));
    let mode = match (stop.value, kill.value) {
        (true, _) => {
            low.void(&[of::killasgroup], "stopasgroup=true takes the process group along");
            Leaf { value: KillMode::Group, at: stop.at }
        }
        (false, true) => {
            low.void(&[of::stopasgroup], DEFAULT);
            Leaf { value: KillMode::KillGroup, at: kill.at }
        }
        (false, false) => {
            low.void(&[of::stopasgroup, of::killasgroup], DEFAULT);
            Leaf::default(KillMode::Process)
        }
    };
    Stop {
        mode,
        signal: Leaf { value: signal.value.0, at: signal.at },
        restart_signal: None,
        final_signal: Leaf::default(KILL),
        hangup: Leaf::default(false),
        kill: Leaf::default(true),
        // Whether it is over, supervisord looks once a second.
        timeout: Leaf { value: (wait.value.max(1) as u64).saturating_mul(1_000_000), at: wait.at },
    }
}
