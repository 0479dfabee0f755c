//! What follows on the end of a process (`Subprocess.finish`, `Subprocess.transition`).

use super::lowering::Lowering;
use crate::plan::{Attempts, Leaf, Restart, StartLimit, Statuses};
use crate::schema::supervisord::key::program as of;
use crate::units::supervisord::ProgramValues;
use crate::values::supervisord::choice::Autorestart;

pub(super) fn lower<'u>(low: &mut Lowering<'u>, values: &ProgramValues<'u>) -> Restart {
    let when = low.leaf(&values.autorestart);
    let Leaf { value: mut expected, at } = low.leaf(&values.exitcodes);
    expected.sort_unstable();
    expected.dedup();
    let (policy, prevent) = match when.value {
        Autorestart::Always => {
            low.void(&[of::exitcodes], "autorestart=true starts it again whatever its exit status is");
            ("always", Statuses::default())
        }
        Autorestart::Never => {
            low.void(&[of::exitcodes], "autorestart=false never starts it again");
            ("no", Statuses::default())
        }
        // A signal is never among them.
        Autorestart::Unexpected => {
            ("always", Statuses { codes: expected.clone(), signals: Vec::new(), from: at.into_iter().collect() })
        }
    };
    expected.retain(|code| *code != 0);
    Restart {
        policy: Leaf { value: policy, at: when.at },
        delay: Leaf::default(0),
        steps: Leaf::default(0),
        max_delay: Leaf::default(u64::MAX),
        prevent,
        force: Statuses::default(),
        success: Statuses { codes: expected, ..Statuses::default() },
        limit: StartLimit { interval: Leaf::default(0), burst: Leaf::default(0) },
        attempts: Some(attempts(low, values)),
        oneshot: false,
        ignores_failure: false,
    }
}

/// `startsecs=` and `startretries=`; less than none is none.
fn attempts<'u>(low: &mut Lowering<'u>, values: &ProgramValues<'u>) -> Attempts {
    let (seconds, retries) = (low.leaf(&values.startsecs), low.leaf(&values.startretries));
    Attempts {
        seconds: Leaf { value: seconds.value.max(0) as u64, at: seconds.at },
        retries: Leaf { value: retries.value.clamp(0, u32::MAX.into()) as u32, at: retries.at },
    }
}
