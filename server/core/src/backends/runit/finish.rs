//! `finish`: what follows on the end of `run`.

use super::script::Script;
use super::{Job, chain};
use crate::plan::{Cause, Restart};

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let mut script = job.script("what follows on its end");
    script.comment("$1: its exit status, -1 if a signal killed it; $2: that signal");
    script.line("read -r phase <supervise/phase || phase=main");
    script.line("[ \"$phase\" != skipped ] || exit 0");
    script.line("cause=$1");
    script.line("[ \"$1\" != -1 ] || cause=SIG$(($2 & 127))");
    restart(job, &mut script);
    script.finish()
}

/// Whether it stays down, or starts again after a while.
fn restart(job: &mut Job, script: &mut Script) {
    let restart = &job.service.restart;
    let Restart { policy, delay, steps: _, max_delay: _, prevent, force, success, limit: _, oneshot: _ } = restart;
    job.fates.keep(policy.at.into_iter().chain(delay.at));
    job.fates.keep(prevent.from.iter().chain(&force.from).chain(&success.from).copied());
    let ends: Vec<Cause> = Restart::causes().filter(|cause| !restart.restarts(*cause)).collect();
    let all = Restart::causes().count();
    script.line("case $(cat supervise/stat) in *'want down'*) exit 0 ;; esac");
    if ends.len() == all {
        script.line("exec sv down .");
        return;
    }
    if !ends.is_empty() {
        script.open("case $cause in");
        script.line(&format!("{}) exec sv down . ;;", patterns(restart)));
        script.close("esac");
    }
    let delay = delay.value;
    if delay >= 1_000_000 {
        let seconds = delay as f64 / 1e6;
        script.line(&format!("sleep {seconds}"));
    }
}

/// The causes after which it stays down, as patterns.
fn patterns(restart: &Restart) -> String {
    // Whichever list is shorter: what stays down, or a star behind what restarts.
    let name = |cause: Cause| match cause {
        Cause::Exit(status) => status.to_string(),
        Cause::Signal(signal) => format!("SIG{signal}"),
    };
    let down: Vec<Cause> = Restart::causes().filter(|cause| !restart.restarts(*cause)).collect();
    let _ = chain::PASSED;
    down.into_iter().map(name).collect::<Vec<_>>().join(" | ")
}
