//! `restart` and `stop`: what follows on the end of `run`, and on the last one.

use super::chain::Chain;
use super::{Job, main, run};
use crate::backends::conditions;
use crate::backends::sandbox;
use crate::backends::shell::{Script, kill_name, patterns, quoted, wait, words};
use crate::backends::tools::Tool;
use crate::fate::Fate;
use crate::plan::{KillMode, Restart, Stop, Type};

pub(super) fn render(job: &mut Job) {
    let script = restart_script(job);
    job.directory.script("service/restart", script);
    stop(job);
}

/// `stop`: what goes once it isn't started again.
fn stop(job: &mut Job) {
    let directories = &job.service.directories;
    let (now, at_last) = (sandbox::removed(directories, true), sandbox::removed(directories, false));
    let Some(arguments) = at_last.filter(|at_last| Some(at_last) != now.as_ref()) else { return job.nothing("stop") };
    let mut chain = Chain::default();
    chain.own(&[b"chdir", b".."]);
    let tool = job.tool(Tool::Directories);
    let header = job.header("what happens once it has been stopped for good");
    job.directory.script("service/stop", chain.nosh(&header, &[vec![tool.into_bytes()], arguments].concat()));
}

fn restart_script(job: &mut Job) -> Vec<u8> {
    let mut rest = Script::default();
    result(job, &mut rest);
    exec_stop(job, &mut rest);
    survivors(job, &mut rest);
    let commands = job.service.commands.stop_post.clone();
    if !commands.is_empty() {
        rest.bytes(&run::all(job, &commands));
        survivors(job, &mut rest);
    }
    if let Some(path) = &job.service.pid_file {
        if job.service.kind.value != Type::Forking {
            job.fates.set(path.at, &Fate::emulated("`restart` removes it"));
        }
        rest.bytes(&[b"rm -f -- ", &quoted(&path.value)[..]].concat());
    }
    if let Some(arguments) = sandbox::removed(&job.service.directories, true) {
        let tool = job.tool(Tool::Directories);
        rest.bytes(&[tool.as_bytes(), b" ", &words(&arguments)].concat());
    }
    decide(job, &mut rest);
    let rest = rest.lines();

    let commands = &job.service.commands;
    let phases = !commands.condition.is_empty() || has_deadline(job) || main::stays(job);
    let asks = |what: &str| memchr::memmem::find(&rest, what.as_bytes()).is_some();
    let mut script = job.script("what follows on its end; it is started again if this succeeds");
    let skips = job.directory.files.iter().any(|file| file.path == conditions::PATH);
    if phases && asks("$cause") {
        script.line("read -r phase status <supervise/phase");
    } else if skips || asks("$phase") {
        script.line("read -r phase _ <supervise/phase");
    }
    if skips {
        script.line("[ \"$phase\" != skipped ] || exit 1");
    }
    if asks("$cause") {
        script.comment("$1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name");
        script.line("cause=$2");
        script.line("[ \"$1\" = exit ] || cause=SIG$3");
        if phases {
            script.line("[ \"$phase\" != failed ] || cause=$status");
        }
    }
    script.append(&rest);
    script.finish()
}

/// How it ended, where a command asks.
fn result(job: &mut Job, script: &mut Script) {
    let commands = &job.service.commands;
    if commands.stop.is_empty() && commands.stop_post.is_empty() {
        return;
    }
    let restart = &job.service.restart;
    script.line("export SERVICE_RESULT=exit-code EXIT_CODE=exited EXIT_STATUS=\"$2\"");
    script.line("[ \"$1\" = exit ] || SERVICE_RESULT=signal EXIT_CODE=killed");
    script.line("[ \"${4-}\" != core ] || SERVICE_RESULT=core-dump EXIT_CODE=dumped");
    let success = patterns(|cause| restart.is_success(cause));
    script.line(&format!("case $cause in {success}) SERVICE_RESULT=success ;; esac"));
    if !job.service.commands.condition.is_empty() {
        script.line("[ \"$phase\" != condition ] || SERVICE_RESULT=exec-condition");
    }
}

/// `ExecStop=`, where it has ended well of its own accord.
fn exec_stop(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop.clone();
    if commands.is_empty() {
        return;
    }
    script.open("if [ \"$phase\" = main ] && [ \"$SERVICE_RESULT\" = success ]; then");
    script.bytes(&run::all(job, &commands));
    script.close("fi");
}

/// Whether something watches how long it takes.
fn has_deadline(job: &Job) -> bool {
    job.directory.files.iter().any(|file| file.path == Tool::Deadline.path())
}

/// Whoever is left of it (`service_enter_signal` of `src/core/service.c`).
fn survivors(job: &mut Job, script: &mut Script) {
    let Stop { mode, signal, restart_signal: _, final_signal: _, hangup, kill, timeout } = job.service.stop;
    if !job.target.cgroups {
        job.fates.set(mode.at, &super::spell::without_control_groups());
        return;
    }
    let (signals, waits) = match mode.value {
        KillMode::Process | KillMode::None | KillMode::Group | KillMode::KillGroup => return,
        KillMode::ControlGroup => (true, kill.value),
        KillMode::Mixed => (false, kill.value),
    };
    let tool = job.tool(Tool::Cgroup);
    let group = job.quoted_control_group();
    if signals {
        let hangup = if hangup.value { " HUP" } else { "" };
        script.line(&format!("{tool} signal {group} {} CONT{hangup}", kill_name(signal.value)));
        let seconds = match timeout.value {
            u64::MAX => "infinity".to_owned(),
            timeout => timeout.div_ceil(1_000_000).to_string(),
        };
        script.line(&format!("{tool} wait {group} {seconds}"));
    }
    if waits {
        script.line(&format!("{tool} kill {group}"));
    }
}

/// Whether it starts again, and after what time.
fn decide(job: &mut Job, script: &mut Script) {
    let restart = job.service.restart.clone();
    let Restart {
        policy,
        delay,
        steps,
        max_delay,
        prevent,
        force,
        success,
        limit: _,
        attempts: _,
        oneshot: _,
        ignores_failure: _,
    } = &restart;
    job.fates.keep(restart.attempts_at());
    job.fates.keep([policy.at, delay.at, steps.at, max_delay.at].into_iter().flatten());
    job.fates.keep(prevent.from.iter().chain(&force.from).chain(&success.from).copied());
    let down = |cause| !restart.restarts(cause);
    script.comment(&crate::backends::policy(job.plan, &restart));
    let never = Restart::causes().all(down);
    if never && restart.attempts().is_none() {
        script.line("exit 1");
        return;
    }
    script.comment("The letter says what somebody wants of it: d is down.");
    script.line("[ \"$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)\" != d ] || exit 1");
    if let Some((seconds, retries)) = restart.attempts() {
        let tool = job.tool(Tool::Attempts);
        script.comment(&format!(
            "An end within {seconds} s is a failed start: tried again after 1, 2, 3 … s, {retries} times."
        ));
        script.line(&format!("again=$({tool} end {seconds} {retries})"));
        script.line("case $again in good) ;; fatal) exit 1 ;; *) sleep \"$again\"; exit 0 ;; esac");
    }
    if never {
        script.line("exit 1");
        return;
    }
    if !job.service.commands.condition.is_empty() {
        script.comment("A condition that isn't met is no failure.");
        script.line("case $phase/$cause in condition/255 | condition/SIG*) ;; condition/*) exit 1 ;; esac");
    }
    let (no, yes) = (patterns(down), patterns(|cause| restart.restarts(cause)));
    let after_timeout = restart.restarts_after_timeout();
    let timeout = |said: bool| if said && has_deadline(job) { " | timeout" } else { "" };
    if no.len() > yes.len() {
        script.line(&format!("case $cause in {yes}{}) ;; *) exit 1 ;; esac", timeout(after_timeout)));
    } else if !no.is_empty() {
        script.line(&format!("case $cause in {no}{}) exit 1 ;; esac", timeout(!after_timeout)));
    }
    if let Some(call) = run::start_limit(job) {
        script.line(&format!("{call} || exit 1"));
    }
    match restart.delays()[..] {
        [0] => {}
        [delay] if delay < 1_000_000 => {
            script.line(&format!("sleep {}", delay as f64 / 1e6));
        }
        ref delays => wait(delays, script),
    }
    script.line("exit 0");
}
