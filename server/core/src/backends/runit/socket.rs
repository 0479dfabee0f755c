//! Sockets: those of a service are opened by its `run`; where each connection
//! has a service, the socket has a directory of its own.

use super::{Job, chain, log};
use crate::backends::shell::{Script, quoted, words};
use crate::backends::tools::Tool;
use crate::backends::{Directory, Target, directory_name, listen};
use crate::plan::{Plan, Socket};

/// Makes the symbolic links to the sockets of a service.
pub(super) fn links(job: &mut Job, script: &mut Script) {
    for link in listen::links(job.together, job.plan.name(), job.target) {
        script.bytes(&words(&link));
    }
}

/// The words that open the sockets of a service before its main process, quoted; empty if it has none.
pub(super) fn prefix(job: &mut Job) -> Vec<u8> {
    let all = listen::words(job.together, job.plan, job.target);
    if all.is_empty() {
        return Vec::new();
    }
    let tool = job.tool(Tool::Listen);
    [tool.as_bytes(), b" ", &words(&all), b" -- "].concat()
}

/// The lines with which `run` gets a socket that other services have too, before all else.
pub(super) fn take(job: &mut Job, script: &mut Script) {
    let Some(holder) = listen::holder(job.together, job.plan.name(), job.target) else { return };
    let tool = job.tool(Tool::Hold);
    let holder = quoted(format!("../{holder}").as_bytes());
    script.phase("waiting");
    script.bytes(&[b"[ \"$1\" ] || exec ", tool.as_bytes(), b" take ", &holder, b" ./run taken"].concat());
}

/// Makes the directory of a socket that several services share; says whether there is one.
pub(super) fn hold(plan: &Plan, socket: &Socket, target: &Target) -> Option<Directory> {
    let all = listen::held(socket, target)?;
    let mut directory = Directory { name: directory_name(plan.name()), ..Directory::default() };
    directory.tool(Tool::Hold);
    directory.tool(Tool::Listen);
    let hold = format!("exec ./{} ", Tool::Hold.path());
    let mut script = Script::new("keeps the socket for its processes", plan);
    script.bytes(&[hold.as_bytes(), b"open - ", &words(&all)].concat());
    directory.script("run", script.finish());
    let mut script = Script::new("what follows on its end", plan);
    script.line(&format!("{hold}end"));
    directory.script("finish", script.finish());
    Some(directory)
}

/// `RemoveOnStop=`
pub(super) fn remove(job: &mut Job, script: &mut Script) {
    let paths = listen::removed(job.together, job.plan.name(), job.target);
    if !paths.is_empty() {
        script.bytes(&[b"rm -f -- ", &words(&paths)[..]].concat());
    }
}

/// Makes the directory of a socket with a service for each connection, whose `job` this is; says whether there is one.
pub(super) fn render(job: &mut Job, plan: &Plan, socket: &Socket) -> bool {
    job.directory.name = directory_name(plan.name());
    let Some(accepting) = listen::accepting(socket, job.target) else { return false };
    let Some(command) = job.service.commands.start.first().cloned() else { return false };
    let call = chain::call(job, &command.value);
    let pre = job.service.commands.start_pre.clone();
    let pre: Vec<_> = pre.iter().map(|pre| (chain::call(job, &pre.value), pre.value.ignore_failure)).collect();
    job.directory.script("data/connection", listen::connection(job.plan, &pre, &call, accepting.is_tcp));
    let mut script = job.script("waits for connections");
    script.line("exec 2>&1 </dev/null");
    for command in &accepting.before {
        script.bytes(&[&words(command)[..], b" || exit"].concat());
    }
    script.bytes(&[b"exec ", &words(&accepting.words)[..], b" ./data/connection"].concat());
    job.directory.script("run", script.finish());
    let mut finish = job.script("what follows on its end");
    remove(job, &mut finish);
    if socket.remove.value {
        job.directory.script("finish", finish.finish());
    }
    log::render(job);
    true
}
