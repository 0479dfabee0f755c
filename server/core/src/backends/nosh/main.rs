//! The main process, and how it is told to end.
//!
//! `service-manager` sends TERM to `run`, and `system-control` KILL after 60 s.
//! Where the unit wants something else, `run` stays beside the main process
//! and does it.

use super::{Job, run, socket};
use crate::backends::shell::{Script, kill_name, quoted};
use crate::backends::tools::Tool;
use crate::plan::{KillMode, Stop, Type};

/// SIGTERM
const TERM: u8 = 15;
/// SIGKILL
const KILL: u8 = 9;
/// How long `system-control` waits before it sends KILL, in µs.
const PATIENCE: u64 = 60_000_000;

/// Whether `run` stays.
pub(super) fn stays(job: &Job) -> bool {
    let Stop { mode, signal, restart_signal: _, final_signal, hangup: _, kill: _, timeout } = job.service.stop;
    let commands = &job.service.commands;
    let main = job.service.kind.value != Type::Oneshot;
    let own = mode.value == KillMode::None || signal.value != TERM || final_signal.value != KILL;
    let group = matches!(mode.value, KillMode::Group | KillMode::KillGroup);
    let own = own || group || timeout.is_set() || timeout.value < PATIENCE;
    let told = !commands.stop.is_empty() || !commands.start_post.is_empty();
    main && (own || told || job.service.remain.value) || job.service.kind.value == Type::Forking
}

/// The flag files about stopping, and what becomes of its settings.
pub(super) fn flags(job: &mut Job) {
    let Stop { mode, signal, restart_signal: _, final_signal, hangup, kill, timeout } = job.service.stop;
    job.fates.keep([mode.at, signal.at, final_signal.at, hangup.at, kill.at, timeout.at].into_iter().flatten());
    let stays = stays(job);
    if hangup.value && !stays {
        job.directory.text("service/use_hangup", "");
    }
    if !kill.value || stays && timeout.value > PATIENCE {
        job.directory.text("service/no_kill_signal", "");
    }
}

/// `ExecStart=` of a service that isn't a oneshot.
pub(super) fn script(job: &mut Job, script: &mut Script) {
    let service = job.service;
    let Some(command) = service.commands.start.first() else { return };
    if service.kind.value == Type::Forking {
        forking(job, script);
        return;
    }
    script.phase("main");
    if service.runtime_max.value != u64::MAX {
        deadline(job, script, "run", service.runtime_max.value);
    }
    job.fates.keep(command.at);
    if service.restart.attempts().is_some() {
        let tool = job.tool(Tool::Attempts);
        script.line(&format!("{tool} begin"));
    }
    if service.environment.inherits {
        script.line("unset PWD OLDPWD");
    }
    let sockets = socket::prefix(job, script);
    let call = [&sockets[..], &run::call(job, &command.value)].concat();
    if !stays(job) {
        script.bytes(&[b"exec ", &call[..]].concat());
        return;
    }
    script.bytes(&[&call[..], b" &"].concat());
    script.line("main=$!");
    script.line("echo \"$main\" >supervise/main");
    stop(job, script);
    start_post(job, script);
    script.line("while wait \"$main\"; status=$?; kill -0 \"$main\" 2>/dev/null; do :; done");
    if service.remain.value {
        script.line("[ \"$status\" = 0 ] || fail \"$status\"");
    }
    script.line("[ \"$status\" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }");
    script.line("exit \"$status\"");
}

/// `ExecStart=` of a service that leaves a daemon behind.
fn forking(job: &mut Job, script: &mut Script) {
    let service = job.service;
    script.phase("start");
    for command in &service.commands.start {
        run::foreground(job, script, command);
    }
    job.fates.keep(service.pid_file.as_ref().and_then(|leaf| leaf.at).into_iter().chain(service.guess_main_pid.at));
    match &service.pid_file {
        Some(path) => {
            let path = quoted(&path.value);
            let line = [b"until read -r main <", &path[..], b" && kill -0 \"$main\"; do sleep 0.1; done 2>/dev/null"];
            script.bytes(&line.concat());
        }
        None => {
            script.comment("The daemon is whoever is left, if that is one process.");
            let (tool, group) = (job.tool(Tool::Cgroup), job.quoted_control_group());
            script.line(&format!("main=$({tool} members {group})"));
            script.line("case $main in *[!0-9]*) exit 0 ;; esac");
        }
    }
    script.line("echo \"$main\" >supervise/main");
    stop(job, script);
    start_post(job, script);
    script.phase("main");
    if service.runtime_max.value != u64::MAX {
        deadline(job, script, "run", service.runtime_max.value);
    }
    script.line("while kill -0 \"$main\" 2>/dev/null; do sleep 1; done");
    script.comment("Nobody knows how it has ended: unless told to, it has failed.");
    script.line("read -r phase _ <supervise/phase");
    script.line("[ \"$phase\" = stopping ]");
}

/// `ExecStartPost=`
fn start_post(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.start_post.clone();
    if commands.is_empty() {
        return;
    }
    script.line("export MAINPID=\"$main\"");
    let all = run::all(job, &commands);
    script.bytes(&match commands.len() {
        1 => [&all[..], b" ||"].concat(),
        _ => [b"{ ", &all[..], b"; } ||"].concat(),
    });
    script.line("\t{ echo \"failed $?\" >supervise/phase; kill \"$main\"; }");
}

/// The function for TERM: `ExecStop=`, `KillSignal=`, `TimeoutStopSec=`.
fn stop(job: &mut Job, script: &mut Script) {
    let Stop { mode, signal, restart_signal: _, final_signal, hangup, kill, timeout } = job.service.stop;
    let commands = job.service.commands.stop.clone();
    script.comment("shellcheck disable=SC2317");
    script.open("stop() {");
    script.line("trap '' TERM");
    if !commands.is_empty() {
        script.line("export MAINPID=\"$main\" SERVICE_RESULT=success");
        script.bytes(&run::all(job, &commands));
    }
    script.line("echo stopping >supervise/phase");
    let group = group(job);
    let more = if hangup.value { " HUP" } else { "" };
    let signal = kill_name(signal.value);
    match mode.value {
        KillMode::None => {
            script.line("exit 0");
        }
        KillMode::ControlGroup if group != "''" => {
            let tool = job.tool(Tool::Cgroup);
            script.line(&format!("{tool} signal {group} {signal} CONT{more}"));
        }
        KillMode::Group => {
            script.line(&format!("for each in {signal} CONT{more}; do kill \"-$each\" \"-$main\"; done 2>/dev/null"));
        }
        KillMode::ControlGroup | KillMode::Mixed | KillMode::Process | KillMode::KillGroup => {
            script.line(&format!("for each in {signal} CONT{more}; do kill \"-$each\" \"$main\"; done 2>/dev/null"));
        }
    }
    if kill.value && timeout.value != u64::MAX && mode.value != KillMode::None {
        let tool = job.tool(Tool::Deadline);
        let (group, main) = match mode.value {
            KillMode::Process | KillMode::None => ("''".to_owned(), "$main"),
            KillMode::Group | KillMode::KillGroup => ("''".to_owned(), "-$main"),
            KillMode::ControlGroup | KillMode::Mixed => (group, "$main"),
        };
        let (seconds, last) = (timeout.value.div_ceil(1_000_000), kill_name(final_signal.value));
        script.line(&format!("{tool} stop {seconds} {group} {last} \"{main}\""));
    }
    script.close("}");
    script.line("trap stop TERM");
}

/// Ends `run` and all that it has started after a while, in µs.
pub(super) fn deadline(job: &mut Job, script: &mut Script, stage: &str, after: u64) {
    let signal = kill_name(job.service.stop.signal.value);
    let group = group(job);
    let tool = job.tool(Tool::Deadline);
    script.line(&format!("{tool} {stage} {} {group} {signal}", after.div_ceil(1_000_000)));
}

/// Its control group, quoted; empty where there is none.
fn group(job: &mut Job) -> String {
    if !job.target.cgroups {
        return "''".to_owned();
    }
    job.tool(Tool::Cgroup);
    job.quoted_control_group()
}

/// `ExecReload=`: a script to call, as `service-control` has no way to.
pub(super) fn reload(job: &mut Job) {
    let mut commands = job.service.commands.reload.clone();
    commands.extend(job.service.commands.reload_post.iter().cloned());
    if commands.is_empty() {
        return;
    }
    let mut script = job.script("call it to reload the service");
    script.line("pid=$(od -A n -t u4 -j 12 -N 4 supervise/status | tr -d ' ')");
    if stays(job) {
        script.line("[ ! -e supervise/main ] || read -r pid <supervise/main");
    }
    script.line("export MAINPID=\"$pid\"");
    script.bytes(&run::all(job, &commands));
    let text = script.finish();
    job.directory.script("service/reload", text);
}
