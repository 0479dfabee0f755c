//! What follows on the end of a process (`Subprocess.finish`, `Subprocess.transition`).

use super::lowering::Lowering;
use crate::plan::{Attempts, Leaf, Restart, StartLimit, Statuses};
use crate::schema::supervisord::key::program as of;
use crate::values::supervisord::choice::{self, Autorestart};
use crate::values::supervisord::number;

pub(super) fn lower(low: &mut Lowering) -> Restart {
    let when = low.read(of::autorestart, choice::parse_autorestart).unwrap_or(Leaf::default(Autorestart::Unexpected));
    let codes = low.read(of::exitcodes, number::parse_exit_codes);
    let (mut expected, from) = codes.map_or((vec![0], None), |leaf| (leaf.value, leaf.at));
    expected.sort_unstable();
    expected.dedup();
    let (policy, prevent) = match when.value {
        Autorestart::Always => ("always", Statuses::default()),
        Autorestart::Never => ("no", Statuses::default()),
        // A signal is never among them.
        Autorestart::Unexpected => {
            ("always", Statuses { codes: expected.clone(), signals: Vec::new(), from: from.into_iter().collect() })
        }
    };
    match when.value {
        Autorestart::Always => low.void(&[of::exitcodes], "autorestart=true starts it again whatever it says"),
        Autorestart::Never => low.void(&[of::exitcodes], "autorestart=false never starts it again"),
        Autorestart::Unexpected => {}
    }
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
        attempts: Some(attempts(low)),
        oneshot: false,
        ignores_failure: false,
    }
}

/// `startsecs=` and `startretries=`; less than none is none.
fn attempts(low: &mut Lowering) -> Attempts {
    let mut number = |key, default: i64, most: i64| {
        let leaf = low.read(key, |text, context, problems| number::parse(text, i64::MIN..=i64::MAX, context, problems));
        let leaf = leaf.unwrap_or(Leaf::default(default));
        Leaf { value: leaf.value.clamp(0, most), at: leaf.at }
    };
    let seconds = number(of::startsecs, 1, i64::MAX);
    let retries = number(of::startretries, 3, u32::MAX.into());
    Attempts {
        seconds: Leaf { value: seconds.value as u64, at: seconds.at },
        retries: Leaf { value: retries.value as u32, at: retries.at },
    }
}
