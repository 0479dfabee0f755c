//! `run`: what happens at each start.

use super::script::{Script, quoted};
use super::{Job, chain};
use crate::backends::tools::Tool;
use crate::plan::{Command, Input, Leaf, Output, Streams, Type};
use crate::values::exec::Privileges;

pub(super) fn script(job: &mut Job) -> Vec<u8> {
    let mut script = job.script("what happens at each start");
    streams(job, &mut script);
    start_limit(job, &mut script);
    let commands = &job.service.commands;
    if !commands.condition.is_empty() || !commands.start_pre.is_empty() {
        before(job, &mut script);
    }
    main(job, &mut script);
    script.finish()
}

/// Where input comes from and output goes (`setup_input`, `setup_output`).
fn streams(job: &mut Job, script: &mut Script) {
    let Streams { input, output, error } = &job.service.streams;
    let redirect = |file: &[u8], operator: &str| [b"exec ", operator.as_bytes(), &quoted(file)].concat();
    match &input.value {
        Input::File(path) => script.bytes(&redirect(path, "<")),
        _ => script.line("exec </dev/null"),
    };
    match &output.value {
        Output::Null => script.line("exec >/dev/null"),
        Output::File(path) => script.bytes(&redirect(path, "1<>")),
        Output::Append(path) => script.bytes(&redirect(path, ">>")),
        Output::Truncate(path) => script.bytes(&redirect(path, ">")),
        _ => script,
    };
    match &error.value {
        Output::Inherit => script.line("exec 2>&1"),
        Output::Null => script.line("exec 2>/dev/null"),
        Output::File(path) => script.bytes(&redirect(path, "2<>")),
        Output::Append(path) => script.bytes(&redirect(path, "2>>")),
        Output::Truncate(path) => script.bytes(&redirect(path, "2>")),
        _ => script.line("exec 2>&1"),
    };
    job.fates.keep([input.at, output.at, error.at].into_iter().flatten());
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
    script.open(&format!("if ! {tool} {burst} {seconds}; then"));
    script.line("echo 'started too often too quickly, staying down' >&2");
    script.line("echo skipped >supervise/phase");
    script.line("exec sv down .");
    script.close("fi");
}

/// `ExecCondition=` and `ExecStartPre=`.
fn before(job: &mut Job, script: &mut Script) {
    let commands = job.service.commands.clone();
    for (phase, list) in [("condition", &commands.condition), ("start", &commands.start_pre)] {
        if list.is_empty() {
            continue;
        }
        script.line(&format!("echo {phase} >supervise/phase"));
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

/// `ExecStart=`.
fn main(job: &mut Job, script: &mut Script) {
    job.fates.keep(job.service.kind.at);
    let commands = job.service.commands.clone();
    let oneshot = job.service.kind.value == Type::Oneshot;
    job.fates.keep(job.service.remain.at);
    if oneshot {
        script.line("echo start >supervise/phase");
        for command in &commands.start {
            foreground(job, script, command);
        }
        script.line("echo main >supervise/phase");
        if job.service.remain.value {
            script.line("exec sleep 2147483647");
        }
        return;
    }
    script.line("echo main >supervise/phase");
    let Some(command) = commands.start.first() else { return };
    job.fates.keep(command.at);
    let alone = commands.all().count() == 1 && command.value.privileges == Privileges::Normal;
    if alone {
        let expands = chain::expands(job);
        let spelled = chain::spell(job, Privileges::Normal, &[], expands);
        for line in &spelled.before {
            script.bytes(line);
        }
        let program = chain::program(&command.value, expands);
        script.bytes(&spelled.exec(&program));
    } else {
        let call = chain::call(job, &command.value);
        script.bytes(&[b"exec ", &call[..]].concat());
    }
}
