//! A oneshot of s6-rc: command lines that are compiled and run away from the
//! directory they come from, so that no tool can lie beside them.

use super::script::{Arguments, Script};
use super::{Job, chain};
use crate::fate::Fate;
use crate::plan::{Command, Environment, Leaf, StartLimit, Step, Stop, Type};

/// Whether nothing is asked for that takes a tool beside the scripts, and nobody starts it again.
pub(in crate::backends) fn fits(job: &Job) -> bool {
    let service = job.service;
    let commands = &service.commands;
    let Environment { inherits: _, assignments: _, files, passed, unset, search_path: _ } = &service.environment;
    let identity = &service.identity;
    let plain = |step: &Step| match step {
        Step::ControlGroup(group) => group.knobs.is_empty(),
        Step::Directories(_) | Step::Mounts(_) => false,
        _ => true,
    };
    service.kind.value == Type::Oneshot
        && job.plan.conditions.is_empty()
        // A timer starts what is supervised.
        && !job.together.is_triggered(job.plan.name())
        && !job.waits_for_network()
        && commands.condition.is_empty()
        && commands.reload.is_empty()
        && files.is_empty()
        && passed.is_empty()
        && unset.is_empty()
        && !service.environment.assignments.iter().any(|leaf| leaf.value.name.starts_with(b"LD_"))
        && !identity.sets_login_environment()
        && !chain::expands(job)
        && service.restart.policy.value == "no"
        && service.restart.force.from.is_empty()
        && service.runtime_max.value == u64::MAX
        && service.chain.links.iter().all(|link| plain(&link.step))
}

/// `up`, `down` and their timeouts.
pub(in crate::backends) fn render(job: &mut Job) {
    job.supervised = false;
    let commands = job.service.commands.clone();
    let up: Vec<_> = [&commands.start_pre, &commands.start, &commands.start_post].into_iter().flatten().collect();
    let up = script(job, "what happens at its start", &up);
    job.directory.text("up", up);
    let down: Vec<_> = commands.stop.iter().chain(&commands.stop_post).collect();
    if !down.is_empty() {
        let down = script(job, "what happens at its stop", &down);
        job.directory.text("down", down);
    }
    for (file, timeout) in [("timeout-up", job.service.start_timeout), ("timeout-down", job.service.stop.timeout)] {
        if timeout.value != u64::MAX {
            job.directory.text(file, format!("{}\n", timeout.value.div_ceil(1000)));
        }
    }
    fates(job);
}

/// Commands one after the other, the first that fails ends it.
fn script(job: &mut Job, what: &str, commands: &[&Leaf<Command>]) -> Vec<u8> {
    let mut script = Script::headless(what, job.plan);
    chain::find_exec(&mut script, commands.iter().copied());
    for (at, leaf) in commands.iter().enumerate() {
        job.fates.keep(leaf.at);
        let last = at + 1 == commands.len();
        match (last, leaf.value.ignore_failure) {
            (true, false) => chain::inline(job, &mut script, &leaf.value),
            (_, ignore) => {
                script.open(if ignore { "foreground {" } else { "if {" });
                chain::inline(job, &mut script, &leaf.value);
                script.close("}");
            }
        }
    }
    if commands.last().is_none_or(|leaf| leaf.value.ignore_failure) {
        script.line("exit 0");
    }
    script.finish()
}

fn fates(job: &mut Job) {
    let service = job.service;
    let loses = "it counts as up once it has run: stop it before it is to run again";
    match service.remain.value {
        true => job.fates.keep(service.kind.at),
        false => job.fates.set(service.kind.at, &Fate::approximated("a oneshot", loses)),
    }
    job.fates.keep([service.remain.at, service.start_timeout.at, service.stop.timeout.at].into_iter().flatten());
    job.fates.keep([service.runtime_max.at, service.permissions_start_only.at].into_iter().flatten());
    let restart = &service.restart;
    let StartLimit { interval, burst } = restart.limit;
    let places = [restart.policy.at, restart.delay.at, restart.steps.at, restart.max_delay.at, interval.at, burst.at];
    let statuses = restart.prevent.from.iter().chain(&restart.success.from).copied();
    let once = Fate::irrelevant("nobody starts it again of their own accord");
    job.fates.set(places.into_iter().flatten().chain(statuses), &once);
    let Stop { mode, signal, restart_signal, final_signal, hangup, kill, timeout: _ } = service.stop;
    let places = [mode.at, signal.at, restart_signal.and_then(|leaf| leaf.at), final_signal.at, hangup.at, kill.at];
    let left = Fate::approximated("a oneshot", "what its commands leave running isn't told to end");
    job.fates.set(places.into_iter().flatten(), &left);
}

impl Script {
    /// Command lines without a `#!` line.
    fn headless(what: &str, plan: &crate::plan::Plan) -> Self {
        let mut script = Script::new("", Arguments::None, what, plan);
        script.drop_first_line();
        script
    }
}
