//! Sockets: those of a service are opened by its `run`; where each connection
//! has a service, the socket has a directory of its own.

use super::script::{Arguments, Script, Word, literal};
use super::{Job, chain, log};
use crate::backends::tools::Tool;
use crate::backends::{Directory, Fates, Target, Together, directory_name, listen};
use crate::fate::{Backend, Fate};
use crate::plan::{Body, Input, Plan, Socket};
use crate::values::socket_address::SocketAddress;

/// Whether the service is started for each connection of a socket.
pub(in crate::backends) fn connection(plan: &Plan, together: &Together) -> bool {
    plan.name().is_template() && together.sockets(plan.name()).next().is_some()
}

/// Whether `run` opens sockets for the service.
pub(super) fn opens(job: &Job) -> bool {
    !words(job).is_empty()
}

/// Opens the sockets of the service in front of what follows; says whether there are any.
pub(super) fn listen(job: &mut Job, script: &mut Script) -> bool {
    let sockets = words(job);
    if sockets.is_empty() {
        return false;
    }
    let mut line = vec![Word::Written(job.tool(Tool::Listen))];
    line.extend(literal(&sockets));
    line.extend(literal(&["--"]));
    script.words(&line);
    true
}

/// `RemoveOnStop=`: what takes the sockets away.
pub(super) fn remove(job: &Job) -> Option<Vec<Word>> {
    let sockets = job.together.sockets(job.plan.name()).filter(|(_, socket)| socket.remove.value);
    let paths: Vec<&String> = sockets
        .flat_map(|(_, socket)| &socket.listens)
        .filter(|leaf| listen::one(&leaf.value, job.target).is_ok())
        .filter_map(|leaf| match &leaf.value.address {
            SocketAddress::Path(path) => Some(path),
            _ => None,
        })
        .collect();
    if paths.is_empty() {
        return None;
    }
    let mut line = vec![Word::Written("foreground { rm -f --".to_owned())];
    line.extend(literal(&paths));
    line.push(Word::Written("}".to_owned()));
    Some(line)
}

fn words(job: &Job) -> Vec<Vec<u8>> {
    let sockets = job.together.sockets(job.plan.name()).filter(|(_, socket)| !socket.accept.value);
    sockets.flat_map(|(_, socket)| listen::words(socket, job.target)).collect()
}

/// What becomes of a `.socket`: with `Accept=yes` a directory.
pub(in crate::backends) fn render(
    plan: &Plan,
    socket: &Socket,
    together: &Together,
    target: &Target,
    fates: &mut Fates,
) -> Option<Directory> {
    let served = together.plan(&socket.service.value);
    let Some((served, Body::Service(service))) = served.map(|served| (served, &served.body)) else {
        let why = "the service that it starts isn't converted along with it";
        fates.set(socket.listens.iter().filter_map(|leaf| leaf.at), &Fate::lost(why));
        return None;
    };
    if !self::fates(plan, socket, target, fates) || !socket.accept.value {
        return None;
    }
    let mut job = Job::new(served, service, together, target);
    job.directory.name = directory_name(plan.name());
    job.connection = true;
    let run = run(&mut job, socket)?;
    job.directory.script("run", run);
    if target.backend == Backend::S6 {
        log::render(&mut job);
    }
    Some(job.directory)
}

/// Accepts connections; the chain of those is `data/connection`.
fn run(job: &mut Job, socket: &Socket) -> Option<Vec<u8>> {
    let accepting = listen::accepting(socket, job.target)?;
    let commands = job.service.commands.clone();
    let command = commands.start.first()?;
    let mut connection = job.script(Arguments::None, "what happens for each connection");
    chain::find_exec(&mut connection, commands.all());
    for leaf in &commands.start_pre {
        let mut call = literal(&["redirfd", "-r", "0", "/dev/null", "fdmove", "-c", "1", "2"]);
        call.extend(chain::call(job, &leaf.value));
        chain::foreground(&mut connection, &call, leaf.value.ignore_failure);
    }
    if job.service.streams.input.value != Input::Socket {
        connection.line("fdmove -c 3 0");
        connection.line("export LISTEN_FDS 1");
        connection.line("export LISTEN_FDNAMES connection");
        connection.line("getpid LISTEN_PID");
    }
    let call = chain::call(job, &command.value);
    connection.words(&call);
    job.directory.script("data/connection", connection.finish());
    let mut script = job.script(Arguments::None, "waits for connections");
    script.line("fdmove -c 2 1");
    let mut line = literal(&accepting);
    line.push(Word::Written("./data/connection".to_owned()));
    script.words(&line);
    Some(script.finish())
}

/// What becomes of its assignments; says whether anything is opened.
fn fates(plan: &Plan, socket: &Socket, target: &Target, fates: &mut Fates) -> bool {
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
            Err(why) => fates.set(leaf.at, &Fate::lost(why)),
            Ok(_) if accept.value => {
                opened = true;
                fates.set(leaf.at, &Fate::native("`s6-ipcserverd` or `s6-tcpserverd` in `run`"));
            }
            Ok(_) => {
                opened = true;
                fates.keep(leaf.at);
            }
        }
    }
    if !opened {
        return false;
    }
    let places = [accept.at, service.at, backlog.at, mode.at, directory_mode.at, descriptor_name.at, remove.at];
    fates.keep(places.into_iter().flatten());
    let owners = user.iter().chain(group).filter_map(|leaf| leaf.at);
    match accept.value {
        true => fates.set(owners, &Fate::lost("the socket is root's, as `s6-ipcserver-socketbinder` makes it")),
        false => fates.keep(owners),
    }
    let counts = connections.at.into_iter().chain(connections_per_source.at);
    match accept.value {
        true => fates.keep(counts),
        false => fates.set(counts, &Fate::irrelevant("it counts with `Accept=yes` only")),
    }
    let commands = start_pre.iter().chain(start_post).filter_map(|leaf| leaf.at);
    fates.set(commands, &Fate::lost("commands of sockets aren't run"));
    fates.keep(plan.default_dependencies.at);
    for leaf in &plan.install {
        fates.set(leaf.at, &Fate::irrelevant("it is opened along with its service"));
    }
    true
}
