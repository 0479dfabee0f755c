//! `finish`: what follows on the end of `run`.

use super::{Job, chain, relations, run, socket, stop};
use crate::backends::shell::{Script, kill_name, patterns, quoted, wait, words};
use crate::backends::tools::Tool;
use crate::backends::{notify, sandbox};
use crate::fate::Fate;
use crate::plan::{KillMode, RelationKind, Restart, Type};

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let mut rest = Script::default();
    result(job, &mut rest);
    exec_stop(job, &mut rest);
    survivors(job, &mut rest);
    exec_stop_post(job, &mut rest);
    if let Some(path) = &job.service.pid_file {
        match job.service.kind.value {
            Type::Forking => job.fates.keep(path.at),
            _ => job.fates.set(path.at, &Fate::emulated("`finish` removes it")),
        }
        rest.bytes(&[b"rm -f -- ", &quoted(&path.value)[..]].concat());
    }
    relations::on_end(job, &mut rest);
    socket::remove(job, &mut rest);
    if job.is_heard() {
        let tool = job.tool(Tool::Notify);
        rest.line(&format!("{tool} end"));
    }
    let gone = directories(job, &mut rest);
    restart(job, &mut rest, gone);
    let rest = rest.lines();

    let mut script = job.script("what follows on its end");
    script.comment("$1: its exit status, -1 if a signal killed it; $2: what it was waited for with");
    script.line("exec 2>&1");
    let asks = |what: &str| memchr::memmem::find(&rest, what.as_bytes()).is_some();
    let status = if asks("$cause") || asks("$status") { "status" } else { "_" };
    script.line(&format!("read -r phase {status} was <supervise/phase"));
    script.comment("Nothing has been started yet.");
    script.line("case $phase/$was in skipped/* | waiting/* | */skipped | */waiting) exit 0 ;; esac");
    if asks("$cause") {
        script.open("case $phase/$1 in");
        script.line("failed/*) cause=$status ;;");
        script.line("*/-1) cause=SIG$(($2 & 127)) ;;");
        script.line("*) cause=$1 ;;");
        script.close("esac");
        if job.is_heard() {
            let success = patterns(|cause| job.service.restart.is_success(cause));
            let unready = format!("{}/", notify::UNREADY);
            let success = success.replace(" | ", &format!(" | {unready}"));
            script.comment("An end before it was ready is a failure.");
            script.line(&format!("case $phase/$cause in {unready}{success}) cause=timeout ;; esac"));
        }
    }
    script.append(&rest);
    script.finish()
}

/// What systemd tells `ExecStop=` and `ExecStopPost=` of the end (`service_spawn`), where anybody asks.
fn result(job: &mut Job, script: &mut Script) {
    let commands = &job.service.commands;
    if commands.stop.is_empty() && commands.stop_post.is_empty() {
        return;
    }
    let restart = &job.service.restart;
    let success = patterns(|cause| restart.is_success(cause));
    script.line("export SERVICE_RESULT=exit-code");
    script.line("case $cause in");
    script.line(&format!("{success}) SERVICE_RESULT=success ;;"));
    script.line(match job.is_heard() {
        true => "timeout) case $phase in unready) SERVICE_RESULT=protocol ;; *) SERVICE_RESULT=timeout ;; esac ;;",
        false => "timeout) SERVICE_RESULT=timeout ;;",
    });
    if !success.contains("SIG*") {
        script.line("SIG*) if [ $(($2 & 128)) = 0 ]; then SERVICE_RESULT=signal; else SERVICE_RESULT=core-dump; fi ;;");
    }
    script.line("esac");
    if !commands.condition.is_empty() {
        script.line("case $phase/$cause in condition/255 | condition/SIG*) ;; condition/*) SERVICE_RESULT=exec-condition ;; esac");
    }
    script.line("case $status in exit-code | timeout) SERVICE_RESULT=$status ;; esac");
    script.comment("How the main process ended, if there was one.");
    let oneshot = job.service.kind.value == Type::Oneshot;
    let started = match (oneshot, job.service.runtime_max.is_set()) {
        _ if job.is_heard() => "unready/* | main/* | */unready | */main | failed/*",
        (true, _) => "start/* | main/* | */start | */main | failed/*",
        (false, true) => "main/* | */main | failed/*",
        (false, false) => "main/* | */main",
    };
    script.open(&format!("case $phase/$was in {started})"));
    script.line("export EXIT_CODE=exited EXIT_STATUS=\"$1\"");
    script.open("if [ \"$1\" = -1 ]; then");
    script.line("EXIT_CODE=killed EXIT_STATUS=$(kill -l $(($2 & 127)))");
    script.line("[ $(($2 & 128)) = 0 ] || EXIT_CODE=dumped");
    script.close("fi");
    if oneshot && job.service.remain.value {
        script
            .line("case $phase/$was in main/* | */main) SERVICE_RESULT=success EXIT_CODE=exited EXIT_STATUS=0 ;; esac");
    }
    script.close(";; esac");
}

/// `ExecStop=`, where it has ended well of its own accord.
fn exec_stop(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop.clone();
    if commands.is_empty() {
        return;
    }
    script.open("if [ \"$phase\" = main ] && [ \"$SERVICE_RESULT\" = success ]; then");
    script.bytes(&chain::all(job, &commands));
    script.close("fi");
}

/// Whoever is left of it (`service_enter_signal`).
fn survivors(job: &mut Job, script: &mut Script) {
    let stop = job.service.stop;
    let tool = match stop.mode.value {
        KillMode::Process | KillMode::None | KillMode::Group | KillMode::KillGroup => return,
        KillMode::ControlGroup | KillMode::Mixed => job.tool(Tool::Cgroup),
    };
    let name = stop::name(job);
    let follow = if stop.hangup.value { " CONT HUP" } else { " CONT" };
    if stop.mode.value == KillMode::ControlGroup {
        let signal = kill_name(stop.signal.value);
        let seconds = match stop.timeout.value {
            u64::MAX => "infinity".to_owned(),
            timeout => timeout.div_ceil(1_000_000).to_string(),
        };
        script.line(&format!("{tool} signal {name} {signal}{follow}; {tool} wait {name} {seconds}"));
    }
    if stop.kill.value {
        script.line(&format!("{tool} kill {name}"));
    }
}

/// `ExecStopPost=`, at every end.
fn exec_stop_post(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.stop_post.clone();
    if commands.is_empty() {
        return;
    }
    script.bytes(&chain::all(job, &commands));
    survivors(job, script);
}

/// The directories that go with a run of the service; what is done with those that
/// go once it isn't started again.
fn directories(job: &mut Job, script: &mut Script) -> &'static str {
    let directories = &job.service.directories;
    let (now, at_last) = (sandbox::removed(directories, true), sandbox::removed(directories, false));
    if let Some(arguments) = &now {
        let tool = job.tool(Tool::Directories);
        script.bytes(&[tool.as_bytes(), b" ", &words(arguments)].concat());
    }
    match at_last {
        Some(arguments) if Some(&arguments) != now.as_ref() => {
            let tool = job.tool(Tool::Directories);
            script.bytes(&[b"gone() { ", tool.as_bytes(), b" ", &words(&arguments), b"; }"].concat());
            "gone; "
        }
        _ => "",
    }
}

/// Whether it stays down, or starts again after a while.
fn restart(job: &mut Job, script: &mut Script, gone: &str) {
    let restart = &job.service.restart;
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
    } = restart;
    job.fates.keep(restart.attempts_at());
    job.fates.keep(policy.at.into_iter().chain(steps.at).chain(max_delay.at));
    match delay.value < 1_000_000 && policy.value != "no" {
        true => job.fates.set(
            delay.at,
            &Fate::approximated("`finish` ends at once", "`runsv` lets a second pass between two starts"),
        ),
        false => job.fates.keep(delay.at),
    }
    job.fates.keep(prevent.from.iter().chain(&force.from).chain(&success.from).copied());
    if job.service.kind.value == Type::Oneshot {
        script.comment("Whoever waits for it is told that its work is done.");
        script.line("case $phase/$cause in main/0) echo 'done' ;; *) echo ended ;; esac >supervise/phase");
    } else if run::check(job).is_some() || restart.attempts().is_some() {
        script.line("echo ended >supervise/phase");
    }
    script.comment("Whoever has stopped or restarted it gets what they want.");
    let mut forget = if restart.delays().len() > 1 { "rm -f supervise/restarts; ".to_owned() } else { String::new() };
    if restart.attempts().is_some() {
        forget.push_str(&format!("{} forget; ", job.tool(Tool::Attempts)));
    }
    script.line(&format!("case $(cat supervise/stat) in *'want down'* | *'want exit'*) {gone}{forget}exit 0 ;; esac"));
    script.line("[ \"$phase\" != stopping ] || exit 0");
    if !job.service.commands.condition.is_empty() {
        script.comment("A condition that isn't met is no failure.");
        script.line(&format!(
            "case $phase/$cause in condition/255 | condition/SIG*) ;; condition/*) {gone}exec sv down . ;; esac"
        ));
    }
    let down = |cause| !restart.restarts(cause);
    let failed = relations::on_result(job, RelationKind::OnFailure);
    let succeeded = relations::on_result(job, RelationKind::OnSuccess);
    let success = patterns(|cause| down(cause) && restart.is_success(cause));
    let failure = patterns(|cause| down(cause) && !restart.is_success(cause));
    for (pattern, lines) in [(success, succeeded), (failure, failed)] {
        if !pattern.is_empty() && !lines.is_empty() {
            script.line(&format!("case $cause in {pattern}) {} ;; esac", lines.join("; ")));
        }
    }
    if let Some((seconds, retries)) = restart.attempts() {
        let tool = job.tool(Tool::Attempts);
        script.comment(&format!(
            "An end within {seconds} s is a failed start: tried again after 1, 2, 3 … s, {retries} times."
        ));
        script.line(&format!("again=$({tool} end {seconds} {retries})"));
        script.open("case $again in");
        script.line("good) ;;");
        script.line(&format!("fatal) {gone}exec sv down . ;;"));
        script.line("*) exec sleep \"$again\" ;;");
        script.close("esac");
    }
    let count = Restart::causes().filter(|cause| down(*cause)).count();
    script.comment(&crate::backends::policy(job.plan, restart));
    if count == Restart::causes().count() {
        script.line(&format!("{gone}exec sv down ."));
        return;
    }
    if count > 0 {
        let timeout = if restart.restarts_after_timeout() { "" } else { " | timeout" };
        script.line(&format!("case $cause in {}{timeout}) {gone}exec sv down . ;; esac", patterns(down)));
    }
    wait(&restart.delays(), script);
}
