//! `start` and `run`: what happens at the first start, and at each one.

use super::chain::Chain;
use super::spell::{self, program};
use super::{Content, File, Job, main, socket};
use crate::backends::shell::{Script, words};
use crate::backends::tools::Tool;
use crate::backends::{conditions, listen};
use crate::fate::Fate;
use crate::plan::{Command, Leaf, Type};
use crate::values::exec::Privileges;

/// Variables that systemd sets for the commands round the main one.
const PASSED: [&str; 4] = ["MAINPID", "SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS"];

pub(super) fn render(job: &mut Job) {
    kind(job);
    let service = job.service;
    let places = [service.start_timeout.at, service.runtime_max.at, service.permissions_start_only.at];
    job.fates.keep(places.into_iter().flatten());
    let alone = service.commands.all().count() == 1
        && service.runtime_max.value == u64::MAX
        && job.plan.conditions.is_empty()
        && !main::stays(job)
        && !socket::any(job.plan, job.together)
        && match service.kind.value {
            Type::Oneshot => !service.remain.value && service.start_timeout.value == u64::MAX,
            kind => kind != Type::Forking,
        };
    let script = match service.commands.start.first() {
        Some(command) if alone => simple(job, command),
        _ => script(job),
    };
    job.directory.script("service/run", script);
    start(job);
}

/// When it counts as started, and whether it stays up.
fn kind(job: &mut Job) {
    let kind = job.service.kind;
    let remain = job.service.remain;
    match kind.value {
        Type::Simple | Type::Exec => job.fates.keep(kind.at),
        Type::Oneshot => {
            job.directory.text("service/ready_after_run", "");
            job.fates.keep(kind.at);
        }
        Type::Idle => job.fates.set(kind.at, &Fate::approximated("its process", "it doesn't wait for other jobs")),
        Type::Forking | Type::Dbus | Type::Notify | Type::NotifyReload => {
            let loses = "it counts as started at once, ready or not";
            job.fates.set(kind.at, &Fate::approximated("its process", loses));
        }
    }
    if remain.value {
        job.directory.text("service/remain", "");
    }
    job.fates.keep(remain.at);
}

/// `start`: the first start counts, too, and the count of restarts begins anew.
fn start(job: &mut Job) {
    let mut lines = Vec::new();
    if job.service.restart.attempts().is_some() {
        lines.push(format!("foreground {} forget \";\"", job.tool(Tool::Attempts)));
    }
    if job.service.restart.delays().len() > 1 {
        lines.push("foreground rm -f supervise/restarts \";\"".to_owned());
    }
    lines.push(match start_limit(job) {
        Some(call) => call,
        None if lines.is_empty() => return job.nothing("start"),
        None => "true".to_owned(),
    });
    let header = job.header("what happens at the first start");
    let text = [b"#!/bin/nosh\n", &header[..], b"chdir ..\n", lines.join("\n").as_bytes(), b"\n"].concat();
    job.directory.script("service/start", text);
}

/// The call that counts a start, and fails if it is one too many.
pub(super) fn start_limit(job: &mut Job) -> Option<String> {
    let restart = &job.service.restart;
    job.fates.keep([restart.limit.interval.at, restart.limit.burst.at].into_iter().flatten());
    let (burst, interval) = restart.limit.limit()?;
    // Without restarts only people start it.
    if restart.policy.value == "no" && restart.force.from.is_empty() {
        return None;
    }
    let tool = job.tool(Tool::StartLimit);
    Some(format!("{tool} {burst} {}", interval.div_ceil(1_000_000)))
}

/// A chain that becomes the program.
fn simple(job: &mut Job, command: &Leaf<Command>) -> Vec<u8> {
    job.fates.keep(command.at);
    let mut chain = spell::spell(job, command.value.privileges, &[]);
    if job.service.restart.attempts().is_some() {
        let tool = job.tool(Tool::Attempts);
        chain.first(&[b"foreground", tool.as_bytes(), b"begin", b";"]);
    }
    let program = program(job, &command.value);
    if chain.uses_data() {
        chain.first(&[b"chdir", b".."]);
    }
    let mut header = job.header("what happens at each start");
    description(job, &mut header);
    chain.nosh(&header, &program)
}

/// Where there is more to do than nosh's own scripts can say.
fn script(job: &mut Job) -> Vec<u8> {
    let mut script = job.script("what happens at each start");
    let service = job.service;
    let commands = &service.commands;
    let oneshot = service.kind.value == Type::Oneshot;
    if service.remain.value {
        script.comment("What remains would stay up for good: where it fails, it is told to end.");
        script.line("fail() { trap '' TERM; printf d >supervise/control; exit \"$1\"; }");
    }
    if let Some(text) = conditions::script(job.plan, &mut job.fates) {
        job.directory.script(conditions::PATH, text);
        let fail = if service.remain.value { "fail 1" } else { "exit 1" };
        script.line(&format!("./{} || {{ echo skipped >supervise/phase; {fail}; }}", conditions::PATH));
    }
    let slow = oneshot || service.kind.value == Type::Forking || !commands.start_pre.is_empty();
    if slow && service.start_timeout.value != u64::MAX {
        script.phase("start");
        main::deadline(job, &mut script, "start", service.start_timeout.value);
    }
    for (phase, list) in [("condition", &commands.condition), ("start", &commands.start_pre)] {
        if !list.is_empty() {
            script.phase(phase);
        }
        for command in list {
            foreground(job, &mut script, command);
        }
    }
    if !oneshot {
        main::script(job, &mut script);
        return script.finish();
    }
    script.phase("start");
    for command in commands.start.iter().chain(&commands.start_post) {
        foreground(job, &mut script, command);
    }
    script.phase("main");
    script.finish()
}

/// Runs a command and ends the script with its status where it fails.
pub(super) fn foreground(job: &mut Job, script: &mut Script, command: &Leaf<Command>) {
    job.fates.keep(command.at);
    let call = call(job, &command.value);
    let otherwise = if command.value.ignore_failure { ":" } else { fail(job) };
    script.bytes(&[&call[..], b" || ", otherwise.as_bytes()].concat());
}

/// What ends the script with the status of a command that fails.
fn fail(job: &Job) -> &'static str {
    if job.service.remain.value { "fail $?" } else { "exit" }
}

/// Commands one after the other until one fails; their outcome doesn't matter.
pub(super) fn all(job: &mut Job, commands: &[Leaf<Command>]) -> Vec<u8> {
    let mut lines = Vec::new();
    for (at, Leaf { value, at: place }) in commands.iter().enumerate() {
        job.fates.keep(*place);
        if at > 0 {
            lines.extend_from_slice(b" &&\n\t");
        }
        let call = call(job, value);
        match value.ignore_failure && at + 1 < commands.len() {
            true => lines.extend([b"{ ", &call[..], b" || :; }"].concat()),
            false => lines.extend(call),
        }
    }
    lines
}

/// The line that runs `command` through `data/chain` or its like.
pub(super) fn call(job: &mut Job, command: &Command) -> Vec<u8> {
    let path = match command.privileges {
        Privileges::Normal => "data/chain",
        Privileges::Full => "data/chain-full",
        Privileges::KeepUser | Privileges::AmbientOrKeepUser => "data/chain-keep-user",
    };
    if !job.directory.files.iter().any(|file| file.path == path) {
        let chain: Chain = spell::spell(job, command.privileges, &passed(job));
        let header = job.header("what its processes go through before their program runs");
        job.directory.files.push(File { path: path.to_owned(), content: Content::Script(chain.sh(&header)) });
    }
    [format!("./{path} ").as_bytes(), &words(&program(job, command))].concat()
}

/// What the commands round the main one are told, if there are any that get it.
fn passed(job: &Job) -> Vec<&'static str> {
    let commands = &job.service.commands;
    let told = [&commands.start_post, &commands.reload, &commands.reload_post, &commands.stop, &commands.stop_post];
    let told: &[&str] = if told.into_iter().any(|list| !list.is_empty()) { &PASSED } else { &[] };
    let sockets = job.connection || socket::any(job.plan, job.together);
    let sockets: &[&str] = if sockets { &listen::VARIABLES } else { &[] };
    [told, sockets].concat()
}

/// `Description=`, as nosh's own bundles have it.
fn description(job: &mut Job, header: &mut Vec<u8>) {
    if let Some(description) = &job.plan.description {
        crate::backends::quote::comment(description.value.as_bytes(), header);
    }
}
