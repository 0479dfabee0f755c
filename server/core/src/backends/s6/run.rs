//! `run`: what happens at each start.

use super::finish::STOP_FAILED;
use super::script::{Arguments, Script, Word, literal};
use super::{Job, chain, socket};
use crate::backends::shell::kill_name;
use crate::backends::tools::Tool;
use crate::backends::{conditions, notify, online};
use crate::fate::Fate;
use crate::plan::{Command, KillMode, Leaf, Service, Type};
use crate::values::exec::Privileges;

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let mut script = job.script(Arguments::None, "what happens at each start");
    if !job.service.streams.need_own_error() {
        script.line("fdmove -c 2 1");
    }
    socket::take(job, &mut script);
    let commands = job.service.commands.clone();
    chain::find_exec(&mut script, commands.all());
    job.fates.keep(job.service.permissions_start_only.at);
    if job.waits_for_network() {
        script.phase("waiting");
        let tool = job.tool(Tool::NetworkOnline);
        script.line(&format!("foreground {{ {tool} {} }}", online::SECONDS));
    }
    start_limit(job, &mut script);
    if job.directory.files.iter().any(|file| file.path == conditions::PATH) {
        script.line(&format!("ifelse -n {{ ./{} }} {{ redirfd -w 1 supervise/phase echo skipped }}", conditions::PATH));
    }
    start_timeout(job, &mut script);
    before(job, &mut script);
    match job.service.kind.value {
        Type::Oneshot => oneshot(job, &mut script),
        Type::Forking => forking(job, &mut script),
        Type::Simple | Type::Exec | Type::Dbus | Type::Notify | Type::NotifyReload | Type::Idle => {
            main(job, &mut script);
        }
    }
    script.finish()
}

/// Whether `finish` must know how far it has come, conditions aside.
pub(super) fn has_phases(job: &Job) -> bool {
    let service = job.service;
    let commands = &service.commands;
    let plain = commands.condition.is_empty() && commands.start_post.is_empty() && commands.stop.is_empty();
    let waits = matches!(service.kind.value, Type::Oneshot | Type::Forking);
    !plain || waits && !commands.stop_post.is_empty() || limit(service).is_some() || job.is_heard() || has_deadline(job)
}

/// Whether `run` stays and catches the signal that ends it.
pub(super) fn is_trapped(service: &Service) -> bool {
    let asked = !service.commands.stop.is_empty() || service.stop.mode.value == KillMode::Group;
    asked && !matches!(service.kind.value, Type::Oneshot | Type::Forking)
}

/// How often it may start in how many µs, if that is to be counted.
fn limit(service: &Service) -> Option<(u32, u64)> {
    let restart = &service.restart;
    // Without restarts only people start it.
    let counts = restart.policy.value != "no" || !restart.force.from.is_empty() || restart.limit.burst.is_set();
    restart.limit.limit().filter(|_| counts)
}

/// Whether something may take too long.
pub(super) fn has_deadline(job: &Job) -> bool {
    start_deadline(job).is_some() || job.service.runtime_max.value != u64::MAX
}

/// How long the start may take, in µs, where it can take long.
fn start_deadline(job: &Job) -> Option<u64> {
    let Service { commands, kind, start_timeout, .. } = job.service;
    let slow = matches!(kind.value, Type::Oneshot | Type::Forking)
        || job.is_heard()
        || !(commands.condition.is_empty() && commands.start_pre.is_empty());
    (slow && start_timeout.value != u64::MAX).then_some(start_timeout.value)
}

fn start_limit(job: &mut Job, script: &mut Script) {
    let places = &job.service.restart.limit;
    job.fates.keep([places.interval.at, places.burst.at].into_iter().flatten());
    let Some((burst, interval)) = limit(job.service) else { return };
    let tool = job.tool(Tool::StartLimit);
    let seconds = interval.div_ceil(1_000_000);
    script.open(&format!("ifelse -n {{ {tool} {burst} {seconds} }} {{"));
    script.line("foreground { echo \"started too often too quickly, staying down\" }");
    script.line("redirfd -w 1 supervise/phase echo skipped");
    script.close("}");
}

fn start_timeout(job: &mut Job, script: &mut Script) {
    job.fates.keep(job.service.start_timeout.at);
    if let Some(after) = start_deadline(job) {
        script.phase("start");
        deadline(job, script, "start", after);
    }
}

/// Ends the script and all that it has started after a while, in µs.
fn deadline(job: &mut Job, script: &mut Script, stage: &str, after: u64) {
    let signal = kill_name(job.service.stop.signal.value);
    let seconds = after.div_ceil(1_000_000);
    let group = match job.target.cgroups {
        true => {
            job.tool(Tool::Cgroup);
            job.group()
        }
        false => "\"\"".to_owned(),
    };
    let tool = job.tool(Tool::Deadline);
    script.line(&format!("foreground {{ {tool} {stage} {seconds} {group} {signal} }}"));
}

/// `ExecCondition=` and `ExecStartPre=`.
fn before(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.clone();
    if !commands.condition.is_empty() {
        script.phase("condition");
        each(job, script, &commands.condition);
    }
    if !commands.start_pre.is_empty() || start_deadline(job).is_some() {
        if job.phases {
            script.phase("start");
        }
        each(job, script, &commands.start_pre);
    }
}

/// Commands one after the other, the first that fails ends the script.
fn each(job: &mut Job, script: &mut Script, commands: &[Leaf<Command>]) {
    for leaf in commands {
        job.fates.keep(leaf.at);
        let mut call = chain::call(job, &leaf.value);
        if job.is_heard() {
            call.insert(0, Word::Written(format!("fdclose {}", super::NOTIFICATION)));
        }
        chain::foreground(script, &call, leaf.value.ignore_failure);
    }
}

/// How long it may run.
fn runtime_max(job: &mut Job, script: &mut Script) {
    let max = job.service.runtime_max;
    job.fates.keep(max.at);
    if max.value != u64::MAX {
        deadline(job, script, "run", max.value);
    }
}

/// `ExecStartPost=`, beside the main process.
fn after(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.start_post.clone();
    if commands.is_empty() {
        return;
    }
    script.line("getpid MAINPID");
    script.open("background {");
    if job.is_heard() {
        let tool = job.tool(Tool::Notify);
        script.line(&format!("fdclose {} if {{ {tool} wait }}", super::NOTIFICATION));
    }
    script.open("ifelse {");
    chain::all(job, script, &commands);
    script.close("} { exit }");
    script.line("foreground { redirfd -w 1 supervise/phase echo \"failed 1\" }");
    let signal = kill_name(job.service.stop.signal.value);
    match job.target.cgroups {
        true => {
            let tool = job.tool(Tool::Cgroup);
            let name = job.group();
            script.line(&format!("{tool} signal {name} {signal} CONT"));
        }
        false => {
            script.line(&format!("importas pid MAINPID kill -{signal} $pid"));
        }
    }
    script.close("}");
    script.line("unexport MAINPID");
}

/// `ExecStart=` of a service that is its process.
fn main(job: &mut Job, script: &mut Script) {
    notify::fates(job.service, job.target, &mut job.fates);
    let commands = job.service.commands.clone();
    let remain = job.service.remain;
    match remain.value {
        true => {
            let loses = "it doesn't count as active then";
            job.fates.set(remain.at, &Fate::approximated("it is down once it has ended", loses));
        }
        false => job.fates.keep(remain.at),
    }
    if job.phases {
        script.phase(if job.is_heard() { notify::UNREADY } else { "main" });
    }
    runtime_max(job, script);
    socket::links(job, script);
    attempt(job, script);
    trap(job, script);
    after(job, script);
    let Some(command) = commands.start.first() else { return };
    job.fates.keep(command.at);
    let mut before = notification(job);
    before.extend(socket::prefix(job));
    if before.is_empty() && commands.all().count() == 1 && command.value.privileges == Privileges::Normal {
        chain::append(job, script, Privileges::Normal, &[], false);
        let program = chain::program(job, &command.value);
        script.words(&program);
    } else {
        let call = chain::call(job, &command.value);
        script.words(&[before, call].concat());
    }
}

/// The words that make the socket at which the main process says that it is ready; empty if nobody listens.
fn notification(job: &mut Job) -> Vec<Word> {
    if !job.is_heard() {
        return Vec::new();
    }
    let mut words = vec![Word::Written(job.tool(Tool::Notify))];
    words.extend(literal(&notify::words(job.service)));
    words
}

/// `ExecStop=`: what the signal does that ends it.
fn trap(job: &mut Job, script: &mut Script) {
    if !is_trapped(job.service) {
        return;
    }
    let commands = job.service.commands.stop.clone();
    let signal = kill_name(job.service.stop.signal.value);
    script.open(&format!("trap -x {{ {signal} {{"));
    if commands.is_empty() {
        script.substitute(b"importas -i pid !", "pid");
        if let Some(seconds) = job.service.stop.patience() {
            let (tool, last) = (job.tool(Tool::Deadline), kill_name(job.service.stop.final_signal.value));
            script.line(&format!("foreground {{ {tool} stop {seconds} \"\" {last} -${{pid}} }}"));
        }
        script.line(&format!("sh -c \"kill -{signal} -${{pid}} 2>/dev/null\""));
        script.close("} }");
        script.comment("The program leads a process group of its own, all of which gets the signal.");
        script.line("s6-setsid -b");
        return;
    }
    if job.is_heard() {
        script.comment("It is stopped before it was ready.");
        script.line(&format!(
            "ifelse {{ grep -q {} supervise/phase }} {{ importas -i pid ! kill -{signal} $pid }}",
            notify::UNREADY
        ));
    }
    script.line("foreground { redirfd -w 1 supervise/phase echo stopping }");
    script.substitute(b"importas -i pid !", "pid");
    script.line("export MAINPID $pid");
    script.line("export SERVICE_RESULT success");
    script.open("foreground {");
    script.open("ifelse {");
    chain::all(job, script, &commands);
    script.close("} { exit }");
    script.line(STOP_FAILED);
    script.close("}");
    script.line(&format!("fdclose 2 kill -{signal} $pid"));
    script.close("} }");
}

/// What counts an attempt to start, and tells once it has been a good one.
fn attempt(job: &mut Job, script: &mut Script) {
    if job.service.stop.mode.value == KillMode::KillGroup && !super::stop::kills_group(job) {
        script.substitute(b"getpid -E group", "group");
        script.line("foreground { redirfd -w 1 supervise/group echo $group }");
    }
    let Some((seconds, _)) = job.service.restart.attempts() else { return };
    let (tool, fd) = (job.tool(Tool::Attempts), super::NOTIFICATION);
    script.line(&format!("foreground {{ {tool} begin }}"));
    script.line(&format!("background -d {{ foreground {{ sleep {seconds} }} fdmove 1 {fd} echo }}"));
    script.line(&format!("fdclose {fd}"));
}

/// `data/reload`: `ExecReload=`, for people to call; from wherever they are.
pub(super) fn reload(job: &mut Job) -> Option<Vec<u8>> {
    let mut commands = job.service.commands.reload.clone();
    commands.extend(job.service.commands.reload_post.iter().cloned());
    if commands.is_empty() {
        return None;
    }
    let mut script = job.script(Arguments::All, "how it is told to reload; for people to call");
    script.substitute(b"backtick -E directory { dirname $0 }", "directory");
    script.line("cd ${directory}/..");
    script.line("backtick MAINPID { s6-svstat -o pid . }");
    chain::find_exec(&mut script, &commands);
    chain::all(job, &mut script, &commands);
    Some(script.finish())
}

/// `ExecStart=` of a service that does its work and ends.
fn oneshot(job: &mut Job, script: &mut Script) {
    job.fates.keep(job.service.kind.at.into_iter().chain(job.service.remain.at).chain(job.service.runtime_max.at));
    let commands = job.service.commands.clone();
    if job.phases {
        script.phase("start");
    }
    each(job, script, &commands.start);
    each(job, script, &commands.start_post);
    if job.phases {
        script.phase("main");
    }
    script.notify();
    if job.service.remain.value {
        script.comment("RemainAfterExit=yes: it is up until somebody stops it.");
        script.line("sleep infinity");
    } else {
        script.line("exit 0");
    }
}

/// `ExecStart=` of a service that leaves a daemon behind.
fn forking(job: &mut Job, script: &mut Script) {
    let Service { kind, pid_file, guess_main_pid, remain, .. } = job.service;
    let places = kind.at.into_iter().chain(pid_file.as_ref().and_then(|leaf| leaf.at));
    let places: Vec<_> = places.chain(guess_main_pid.at).chain(remain.at).collect();
    let fate = Fate::approximated(
        "waits until the daemon is gone",
        "its exit status is unknown: unless told to end, it has ended well",
    );
    job.fates.set(places, &fate);
    let commands = job.service.commands.clone();
    if job.phases {
        script.phase("start");
    }
    each(job, script, &commands.start);
    each(job, script, &commands.start_post);
    if job.phases {
        script.phase("main");
    }
    script.notify();
    runtime_max(job, script);
    let tool = job.tool(Tool::Cgroup);
    let name = job.directory.name.clone();
    let mut words = vec![Word::Written(tool)];
    words.extend(literal(&["wait", &name, "infinity"]));
    script.words(&words);
}
