//! Sockets: those of a service are opened by its `run`; where each connection
//! has a service, the socket has a directory of its own.

use super::script::words;
use super::{Job, chain};
use crate::backends::tools::Tool;
use crate::backends::{Fates, Target, Together, listen};
use crate::fate::Fate;
use crate::plan::{Body, Input, Leaf, Plan, Socket};

/// What becomes of the assignments of a `.socket`; `served` says whether its service is converted too.
pub(super) fn fates(plan: &Plan, socket: &Socket, served: bool, target: &Target, fates: &mut Fates) {
    let Socket {
        listens,
        accept,
        service,
        backlog,
        mode,
        directory_mode,
        user,
        group,
        connections,
        connections_per_source,
        descriptor_name,
        remove,
        start_pre,
        start_post,
    } = socket;
    let mut opened = false;
    for leaf in listens {
        match listen::one(&leaf.value, target) {
            _ if !served => fates.set(leaf.at, &Fate::lost("the service that it starts isn't converted along with it")),
            Err(why) => fates.set(leaf.at, &Fate::lost(why)),
            Ok(_) => {
                opened = true;
                let loses = "the service starts at once, not with the first connection";
                match accept.value {
                    true => fates.set(leaf.at, &Fate::emulated("`s6-ipcserverd` or `s6-tcpserverd` in `run`")),
                    false => fates.set(leaf.at, &Fate::approximated("`data/listen` in `run`", loses)),
                }
            }
        }
    }
    if !opened {
        return;
    }
    let done = Fate::emulated("`data/listen` in `run`");
    let places = [accept.at, service.at, backlog.at, mode.at, directory_mode.at, descriptor_name.at, remove.at];
    fates.set(places.into_iter().flatten(), &done);
    if !accept.value {
        let owners = user.iter().chain(group).filter_map(|leaf| leaf.at);
        fates.set(owners, &done);
        let unasked = connections.at.into_iter().chain(connections_per_source.at);
        fates.set(unasked, &Fate::irrelevant("it counts with `Accept=yes` only"));
    } else {
        fates.set(connections.at.into_iter().chain(connections_per_source.at), &Fate::emulated("`-c` and `-C`"));
    }
    let commands = start_pre.iter().chain(start_post).filter_map(|leaf| leaf.at);
    fates.set(commands, &Fate::lost("commands of sockets aren't run"));
    fates.keep(plan.default_dependencies.at);
    for leaf in &plan.install {
        fates.set(leaf.at, &Fate::irrelevant("it is opened along with its service"));
    }
}

/// The words that open the sockets of a service before its main process, quoted; empty if it has none.
pub(super) fn prefix(job: &mut Job) -> Vec<u8> {
    let mut all = Vec::new();
    for (_, socket) in job.together.sockets(job.plan.name()).filter(|(_, socket)| !socket.accept.value) {
        all.extend(listen::words(socket, job.target));
    }
    if all.is_empty() {
        return Vec::new();
    }
    let tool = job.tool(Tool::Listen);
    [tool.as_bytes(), b" ", &words(&all), b" -- "].concat()
}

/// `run` of a socket with a service for each connection, and the chain of those.
pub(super) fn run(job: &mut Job, socket: &Socket) -> Option<Vec<u8>> {
    let accepting = listen::accepting(socket, job.target)?;
    let command = job.service.commands.start.first().cloned()?;
    let Leaf { value: command, .. } = command;
    let call = chain::call(job, &command);
    let mut connection = job.script("what happens for each connection");
    for pre in job.service.commands.start_pre.clone() {
        let pre = chain::call(job, &pre.value);
        connection.bytes(&[&pre[..], b" </dev/null || exit"].concat());
    }
    if job.service.streams.input.value != Input::Socket {
        connection.line("export LISTEN_FDS=1 LISTEN_PID=\"$$\" LISTEN_FDNAMES=connection");
    }
    connection.bytes(&[b"exec ", &call[..]].concat());
    let connection = connection.finish();
    job.directory.script("data/connection", connection);
    let mut script = job.script("waits for connections");
    script.line("exec 2>&1 </dev/null");
    script.bytes(&[b"exec ", &words(&accepting)[..], b" ./data/connection"].concat());
    Some(script.finish())
}

/// The service that a socket starts, if it is converted too.
pub(super) fn service<'a>(together: &Together<'a>, socket: &Socket) -> Option<&'a Plan<'a>> {
    let plan = together.plan(&socket.service.value)?;
    matches!(plan.body, Body::Service(_)).then_some(plan)
}
