//! How it is stopped: `down-signal`, `timeout-kill`, `timeout-finish`.
//!
//! On `s6-svc -d`, `s6-supervise` sends the signal and CONT to the process of
//! `run`, and KILL once the timeout is over. `finish` looks after the others.

use super::Job;
use crate::backends::Version;
use crate::backends::shell::kill_name;
use crate::fate::Fate;
use crate::plan::{KillMode, Stop};

/// SIGTERM
const TERM: u8 = 15;

/// Whether s6-supervise itself can kill the process group once the timeout is over, as it does since 2.15.0.
pub(super) fn kills_group(job: &Job) -> bool {
    job.target.version >= Version(2, 15, 0)
}

pub(super) fn files(job: &mut Job) {
    let Stop { mode, signal, restart_signal, final_signal, hangup, kill, timeout } = &job.service.stop;
    job.fates.keep([signal.at, kill.at, timeout.at, hangup.at, final_signal.at].into_iter().flatten());
    job.fates.keep(restart_signal.and_then(|leaf| leaf.at));
    match mode.value {
        KillMode::None => job.fates.set(
            mode.at,
            &Fate::approximated("`finish` spares all others", "the main process is told to end all the same"),
        ),
        KillMode::ControlGroup if !job.target.cgroups => {
            let fate = Fate::approximated("signals to the session", "children with a session of their own survive");
            job.fates.set(mode.at, &fate);
        }
        KillMode::KillGroup if kills_group(job) => job.fates.set(mode.at, &Fate::native("`flag-timeout-killpg`")),
        KillMode::KillGroup => job.fates.set(mode.at, &Fate::emulated("`finish` kills the process group")),
        KillMode::ControlGroup | KillMode::Mixed | KillMode::Process | KillMode::Group => job.fates.keep(mode.at),
    }
    if signal.value != TERM {
        let name = kill_name(signal.value);
        let prefix = if name.starts_with(|byte: char| byte.is_ascii_digit()) { "" } else { "SIG" };
        job.directory.text("down-signal", format!("{prefix}{name}\n"));
    }
    // Where `run` stays, it sees to the process group.
    if kill.value && timeout.value != u64::MAX && mode.value != KillMode::Group {
        job.directory.text("timeout-kill", format!("{}\n", timeout.value.div_ceil(1000)));
    }
    if mode.value == KillMode::KillGroup && kills_group(job) {
        job.directory.text("flag-timeout-killpg", "");
    }
    // It may wait for those that are left, and take a pause before the next start.
    job.directory.text("timeout-finish", "0\n");
}
