//! `run`: what happens at each start.

use super::{Job, chain, relations, socket, stop};
use crate::backends::shell::{Script, kill_name, quoted, words};
use crate::backends::tools::Tool;
use crate::backends::{conditions, notify};
use crate::fate::Fate;
use crate::plan::{Command, KillMode, Leaf, RelationKind, Service, Type};
use crate::units::Origin;
use crate::values::exec::Privileges;

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    privileged(job);
    let mut script = job.script("what happens at each start");
    if !job.service.streams.need_own_error() {
        script.line("exec 2>&1");
    }
    socket::take(job, &mut script);
    relations::before_start(job, &mut script);
    job.fates.keep(job.service.permissions_start_only.at);
    start_limit(job, &mut script);
    conditions(job, &mut script);
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

/// `check`, which `sv start` and `sv check` wait for: whether the start has come to its end.
pub(super) fn check(job: &mut Job) -> Option<Vec<u8>> {
    let commands = &job.service.commands;
    let slow = matches!(job.service.kind.value, Type::Oneshot | Type::Forking) || job.is_heard();
    if let Some((seconds, _)) = job.service.restart.attempts() {
        let tool = job.tool(Tool::Attempts);
        let mut script = job.script("whether it has started");
        script.line(&format!("read -r phase _ <supervise/phase && [ \"$phase\" = main ] && {tool} passed {seconds}"));
        return Some(script.finish());
    }
    // Who waits for such a program waits for those that it waits for too.
    let waits = matches!(job.plan.unit.origin, Origin::Supervisord(_))
        && job.together.from(job.plan.name()).any(|edge| edge.kind == RelationKind::After);
    if !slow && !waits && commands.start_pre.is_empty() && commands.condition.is_empty() {
        return None;
    }
    let mut script = job.script("whether it has started");
    script.line("read -r phase _ <supervise/phase && [ \"$phase\" = main ]");
    Some(script.finish())
}

/// What a user is for whose name no command takes on.
fn privileged(job: &mut Job) {
    let Service { identity, commands, .. } = job.service;
    if commands.all().all(|command| command.value.privileges != Privileges::Normal) {
        let names = identity.user.iter().chain(&identity.group).chain(&identity.supplementary);
        let fate = Fate::emulated("its variables and directories; each command stays root by its prefix");
        job.fates.set(names.filter_map(|name| name.at), &fate);
    }
}

/// How often it may start.
fn start_limit(job: &mut Job, script: &mut Script) {
    let limit = &job.service.restart.limit;
    job.fates.keep([limit.interval.at, limit.burst.at].into_iter().flatten());
    let Some((burst, interval)) = limit.limit() else { return };
    // Without restarts only people start it.
    if job.service.restart.policy.value == "no" && job.service.restart.force.from.is_empty() && !limit.burst.is_set() {
        return;
    }
    let tool = job.tool(Tool::StartLimit);
    let seconds = interval.div_ceil(1_000_000);
    script.line(&format!("{tool} {burst} {seconds} || {{ echo skipped >supervise/phase; exec sv down .; }}"));
}

/// `ExecCondition=` and `ExecStartPre=`.
fn before(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.clone();
    for (phase, list) in [("condition", &commands.condition), ("pre", &commands.start_pre)] {
        if list.is_empty() {
            continue;
        }
        script.phase(phase);
        for command in list {
            foreground(job, script, command);
        }
    }
}

/// Runs a command and ends the script with its status where it fails.
fn foreground(job: &mut Job, script: &mut Script, command: &Leaf<Command>) {
    job.fates.keep(command.at);
    let mut line = chain::call(job, &command.value);
    if !command.value.ignore_failure {
        line.extend_from_slice(b" || exit");
    } else {
        line.extend_from_slice(b" || :");
    }
    script.bytes(&line);
}

/// `Condition…=` and `Assert…=`: where one isn't met, it stays down.
pub(super) fn conditions(job: &mut Job, script: &mut Script) {
    let Some(text) = conditions::script(job.plan, &mut job.fates) else { return };
    job.directory.script(conditions::PATH, text);
    script.line(&format!("./{} || {{ echo skipped >supervise/phase; exec sv down .; }}", conditions::PATH));
}

/// How long the start may take, where it can take long.
fn start_timeout(job: &mut Job, script: &mut Script) {
    let timeout = job.service.start_timeout;
    let commands = &job.service.commands;
    let slow = matches!(job.service.kind.value, Type::Oneshot | Type::Forking)
        || job.is_heard()
        || !(commands.condition.is_empty() && commands.start_pre.is_empty());
    if slow {
        job.fates.keep(timeout.at);
    } else {
        job.fates.set(timeout.at, &Fate::irrelevant("it counts as started at once"));
    }
    if timeout.value == u64::MAX || !slow {
        return;
    }
    script.phase("pre");
    deadline(job, script, "start", timeout.value);
}

/// Ends the script and all that it has started after a while, in µs.
fn deadline(job: &mut Job, script: &mut Script, stage: &str, after: u64) {
    let signal = kill_name(job.service.stop.signal.value);
    let seconds = after.div_ceil(1_000_000);
    let group = stop::group(job);
    let tool = job.tool(Tool::Deadline);
    script.line(&format!("{tool} {stage} {seconds} {group} {signal}"));
}

/// How long it may run.
fn runtime_max(job: &mut Job, script: &mut Script) {
    let max = job.service.runtime_max;
    job.fates.keep(max.at);
    if max.value == u64::MAX {
        return;
    }
    deadline(job, script, "run", max.value);
}

/// What ends `run` and all that it has started.
fn kill(job: &mut Job) -> String {
    let signal = kill_name(job.service.stop.signal.value);
    let tool = job.tool(Tool::Cgroup);
    format!("{tool} signal {} {signal} CONT; kill -{signal} $$", stop::name(job))
}

/// `ExecStartPost=`, beside the main process.
fn after(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.start_post.clone();
    if commands.is_empty() {
        return;
    }
    script.comment("ExecStartPost=");
    let all = chain::all(job, &commands);
    let kill = kill(job);
    let wait = match job.is_heard() {
        true => format!("{} wait || exit; ", job.tool(Tool::Notify)),
        false => String::new(),
    };
    script.bytes(&match commands.len() {
        1 => [b"( ( export MAINPID=$$; ", wait.as_bytes(), &all, b" ||"].concat(),
        _ => [b"( ( export MAINPID=$$; ", wait.as_bytes(), b"{ ", &all, b"; } ||"].concat(),
    });
    script.line(&format!("\t{{ echo \"failed $? main\" >supervise/phase; {kill}; }} ) & )"));
}

/// `ExecStart=` of a service that is its process.
fn main(job: &mut Job, script: &mut Script) {
    notify::fates(job.service, job.target, &mut job.fates);
    let commands = job.service.commands.clone();
    let remain = job.service.remain;
    match remain.value {
        true => job
            .fates
            .set(remain.at, &Fate::approximated("it is down once it has ended", "it doesn't count as active then")),
        false => job.fates.keep(remain.at),
    }
    script.phase(if job.is_heard() { notify::UNREADY } else { "main" });
    runtime_max(job, script);
    if job.service.restart.attempts().is_some() {
        let tool = job.tool(Tool::Attempts);
        script.line(&format!("{tool} begin"));
    }
    after(job, script);
    let Some(command) = commands.start.first() else { return };
    job.fates.keep(command.at);
    socket::links(job, script);
    let before = [notification(job), socket::prefix(job)].concat();
    let alone = commands.all().count() == 1 && command.value.privileges == Privileges::Normal;
    if alone && before.is_empty() {
        let expands = chain::expands(job);
        let spelled = chain::spell(job, Privileges::Normal, &[], expands);
        for line in &spelled.before {
            script.bytes(line);
        }
        let program = chain::program(&command.value, expands);
        script.bytes(&spelled.exec(&program));
    } else {
        let call = chain::call(job, &command.value);
        script.bytes(&[b"exec ", &before[..], &call].concat());
    }
}

/// The words that make the socket at which the main process says that it is ready, quoted; empty if nobody listens.
fn notification(job: &mut Job) -> Vec<u8> {
    if !job.is_heard() {
        return Vec::new();
    }
    let tool = job.tool(Tool::Notify);
    [tool.as_bytes(), b" ", &words(&notify::words(job.service)), b" "].concat()
}

/// `ExecStart=` of a service that does its work and ends.
fn oneshot(job: &mut Job, script: &mut Script) {
    job.fates.keep(job.service.kind.at.into_iter().chain(job.service.remain.at).chain(job.service.runtime_max.at));
    let commands = job.service.commands.clone();
    script.phase("start");
    for command in commands.start.iter().chain(&commands.start_post) {
        foreground(job, script, command);
    }
    script.phase("main");
    if job.service.remain.value {
        script.comment("RemainAfterExit=yes: it is up until somebody stops it.");
        script.line("exec sleep 2147483647");
    }
}

/// `ExecStart=` of a service that leaves a daemon behind.
fn forking(job: &mut Job, script: &mut Script) {
    let Service { kind, pid_file, guess_main_pid, remain, stop, .. } = job.service;
    let places = kind.at.into_iter().chain(pid_file.as_ref().and_then(|leaf| leaf.at)).chain(guess_main_pid.at);
    let unknown_main = pid_file.is_none() && !matches!(stop.mode.value, KillMode::ControlGroup | KillMode::None);
    if status_matters(job) || unknown_main {
        let fate = Fate::approximated(
            "waits until the daemon is gone",
            "its exit status is unknown: unless told to end, it has failed",
        );
        job.fates.set(places, &fate);
    } else {
        job.fates.keep(places);
    }
    match remain.value {
        true => job.fates.set(
            remain.at,
            &Fate::approximated("it is down once the daemon is gone", "it doesn't count as active then"),
        ),
        false => job.fates.keep(remain.at),
    }
    let commands = job.service.commands.clone();
    script.line("rm -f supervise/main");
    script.phase("start");
    for command in &commands.start {
        foreground(job, script, command);
    }
    let tool = job.tool(Tool::Cgroup);
    let name = stop::name(job);
    match pid_file {
        Some(path) => {
            let path = quoted(&path.value);
            script.bytes(
                &[b"until read -r pid <", &path[..], b" && kill -0 \"$pid\"; do sleep 0.1; done 2>/dev/null"].concat(),
            );
        }
        None => {
            script.comment("The daemon is whoever is left, if that is one process.");
            script.line(&format!("pid=$({tool} members {name})"));
            script.line("case $pid in *[!0-9]*) pid= ;; esac");
        }
    }
    script.line("[ -z \"$pid\" ] || echo \"$pid\" >supervise/main");
    if !commands.start_post.is_empty() {
        script.line("export MAINPID=\"$pid\"");
        for command in &commands.start_post {
            foreground(job, script, command);
        }
    }
    script.phase("main");
    runtime_max(job, script);
    script.open("if [ \"$pid\" ]; then");
    script.line("while kill -0 \"$pid\" 2>/dev/null; do sleep 1; done");
    script.close("else");
    script.line(&format!("\t{tool} wait {name} infinity"));
    script.line("fi");
    script.line("read -r phase _ <supervise/phase");
    script.line("[ \"$phase\" = stopping ]");
}

/// Whether something depends on how the daemon has ended.
fn status_matters(job: &Job) -> bool {
    let Service { restart, commands, .. } = job.service;
    let asks = |kind| matches!(kind, RelationKind::OnFailure | RelationKind::OnSuccess);
    !matches!(restart.policy.value, "no" | "always")
        || [&restart.prevent, &restart.force, &restart.success].iter().any(|statuses| !statuses.from.is_empty())
        || !(commands.stop.is_empty() && commands.stop_post.is_empty())
        || job.plan.relations.iter().any(|relation| asks(relation.value.kind))
}
