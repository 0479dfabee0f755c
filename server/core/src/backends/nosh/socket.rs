//! Sockets: nosh's own tools open those of a service before its main process;
//! where each connection has a service, the socket has a bundle of its own.

use core::net::IpAddr;

use super::{AGAIN, Job, run};
use crate::backends::chain::Words;
use crate::backends::shell::{Script, quoted, words};
use crate::backends::{Fates, Target, Together, directory_name, listen};
use crate::fate::Fate;
use crate::plan::{Leaf, Listen, ListenKind, Plan, Socket};
use crate::values::socket_address::SocketAddress;

/// What accepts connections over the network.
const TCP: &str = "tcp-socket-accept";

/// Makes the directories of the sockets, and says with which words the main process begins.
pub(super) fn prefix(job: &Job, script: &mut Script) -> Vec<u8> {
    let mut all = Words::new();
    for (_, socket) in opened(job.plan, job.together) {
        for leaf in &socket.listens {
            let Ok(call) = tool(socket, &leaf.value) else { continue };
            make_directory(socket, &leaf.value, script);
            all.extend(call);
        }
    }
    if all.is_empty() { Vec::new() } else { [b"/bin/exec ", &words(&all)[..], b" "].concat() }
}

/// Makes the scripts of a socket with a service for each connection, whose `job` this is; says whether there are any.
pub(super) fn connections(job: &mut Job, socket: &Socket) -> bool {
    let Some(acceptor) = acceptor(socket) else { return false };
    let Some(command) = job.service.commands.start.first().cloned() else { return false };
    let pre = job.service.commands.start_pre.clone();
    let pre: Vec<_> = pre.iter().map(|pre| (run::call(job, &pre.value), pre.value.ignore_failure)).collect();
    let call = run::call(job, &command.value);
    let connection = listen::connection(job.plan, &pre, &call, acceptor == TCP);
    job.directory.script("data/connection", connection);
    let mut script = job.script("waits for connections");
    let mut all = Words::new();
    for (leaf, call) in accepted(socket) {
        make_directory(socket, &leaf.value, &mut script);
        all.extend(call);
    }
    all.extend([acceptor, "--connection-limit"].map(|word| word.as_bytes().to_vec()));
    all.push(socket.connections.value.to_string().into_bytes());
    script.bytes(&[b"exec /bin/exec ", &words(&all)[..], b" ./data/connection"].concat());
    job.directory.script("service/run", script.finish());
    job.nothing("start");
    job.nothing("stop");
    job.directory.script("service/restart", AGAIN);
    true
}

/// Whether the service of `plan` is given sockets.
pub(super) fn any(plan: &Plan, together: &Together) -> bool {
    opened(plan, together).any(|(_, socket)| socket.listens.iter().any(|leaf| tool(socket, &leaf.value).is_ok()))
}

/// What becomes of the assignments of a `.socket`.
pub(super) fn fates(plan: &Plan, socket: &Socket, together: &Together, target: &Target, fates: &mut Fates) {
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
        descriptor_name: _,
        remove: _,
        symlinks: _,
    } = socket;
    let served = together.served(plan.name()).is_some_and(listen::is_simple);
    let mut some = false;
    for leaf in listens {
        let fate = match tool(socket, &leaf.value) {
            Ok(_) if served && accept.value => {
                let accepted = accepted(socket).any(|(accepted, _)| accepted.at == leaf.at);
                some |= accepted;
                match acceptor(socket).filter(|_| accepted) {
                    Some(acceptor) => Fate::native(format!("`{acceptor}`")),
                    None => Fate::lost("with `Accept=yes` only sockets of one kind that have connections are opened"),
                }
            }
            _ if !served => Fate::lost("no service whose main process could be given it is converted along with it"),
            Err(why) => Fate::lost(why),
            Ok(call) if together.is_shared(plan.name()) => {
                some = true;
                let with = format!("`{}` in `run`", String::from_utf8_lossy(&call[0]));
                let first = together.served(plan.name()).map(|first| directory_name(first.name())).unwrap_or_default();
                Fate::approximated(with, format!("only `{first}` has it, the others read /dev/null"))
            }
            Ok(_) => {
                some = true;
                fates.keep(leaf.at);
                continue;
            }
        };
        fates.set(leaf.at, &fate);
    }
    if !some {
        return;
    }
    let owners = user.iter().chain(group).filter_map(|leaf| leaf.at);
    fates.keep([accept.at, service.at, backlog.at, mode.at, directory_mode.at].into_iter().flatten().chain(owners));
    let counts = [connections.at, connections_per_source.at].into_iter().flatten();
    if accept.value {
        // Its bundle has links like others.
        return fates.keep(connections.at);
    }
    fates.set(counts, &Fate::irrelevant("it counts with `Accept=yes` only"));
    listen::opened_along(plan, together, target, fates);
}

fn opened<'a>(plan: &Plan, together: &Together<'a>) -> impl Iterator<Item = (&'a Plan<'a>, &'a Socket)> {
    let takes = listen::is_simple(plan);
    together.sockets(plan.name()).filter(move |(_, socket)| takes && !socket.accept.value)
}

/// Makes the directory that a local socket is in.
fn make_directory(socket: &Socket, listen: &Listen, script: &mut Script) {
    if let SocketAddress::Path(path) = &listen.address
        && let Some((parent, _)) = path.rsplit_once('/').filter(|(parent, _)| !parent.is_empty())
    {
        let parent = quoted(parent.as_bytes());
        let make = format!(" ] || (umask {:04o} && mkdir -p ", 0o777 & !socket.directory_mode.value);
        script.bytes(&[b"[ -d ", &parent[..], make.as_bytes(), &parent, b")"].concat());
    }
}

/// What accepts the connections of a socket, by the first of those that have any.
fn acceptor(socket: &Socket) -> Option<&'static str> {
    socket.listens.iter().find_map(|leaf| acceptor_of(&tool(socket, &leaf.value).ok()?))
}

/// What of a socket is opened for it, each with the call that does so.
fn accepted(socket: &Socket) -> impl Iterator<Item = (&Leaf<Listen>, Words)> {
    let acceptor = acceptor(socket);
    let calls = socket.listens.iter().filter_map(move |leaf| Some((leaf, tool(socket, &leaf.value).ok()?)));
    calls.filter(move |(_, call)| acceptor.is_some() && acceptor_of(call) == acceptor)
}

/// What accepts the connections of a socket that such a call opens.
fn acceptor_of(call: &Words) -> Option<&'static str> {
    match &call[0][..] {
        b"local-stream-socket-listen" => Some("local-stream-socket-accept"),
        b"local-seqpacket-socket-listen" => Some("local-seqpacket-socket-accept"),
        b"tcp-socket-listen" => Some(TCP),
        _ => None,
    }
}

/// The call of the tool that opens one socket and goes on; or why there is none.
fn tool(socket: &Socket, listen: &Listen) -> Result<Words, &'static str> {
    use ListenKind::{Datagram, Fifo, SequentialPacket, Stream};
    use SocketAddress::{Abstract, Ip, Path, Port};
    let name = match (listen.kind, &listen.address) {
        (Stream, Path(_)) => "local-stream-socket-listen",
        (Datagram, Path(_)) => "local-datagram-socket-listen",
        (SequentialPacket, Path(_)) => "local-seqpacket-socket-listen",
        (Fifo, Path(_)) => "fifo-listen",
        (Stream, Port(_) | Ip(_, _, None)) => "tcp-socket-listen",
        (Datagram, Port(_) | Ip(_, _, None)) => "udp-socket-listen",
        (_, Abstract(_)) => return Err("nosh opens no abstract sockets"),
        _ => return Err("svlsp doesn't open such a socket on nosh"),
    };
    let mut words: Vec<String> = vec![name.to_owned(), "--systemd-compatibility".to_owned()];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if listen.kind == Stream || listen.kind == SequentialPacket {
        option("--backlog", socket.backlog.value.to_string());
    }
    match &listen.address {
        Path(path) => {
            let text = |leaf: &Leaf<Vec<u8>>| String::from_utf8_lossy(&leaf.value).into_owned();
            option("--mode", format!("{:04o}", socket.mode.value));
            if let Some(user) = &socket.user {
                option("--user", text(user));
            }
            if let Some(group) = &socket.group {
                option("--group", text(group));
            }
            words.push(path.clone());
        }
        Port(port) => words.extend(["--combine4and6".to_owned(), "::".to_owned(), port.to_string()]),
        Ip(IpAddr::V4(ip), port, _) => words.extend([ip.to_string(), port.to_string()]),
        Ip(IpAddr::V6(ip), port, _) => words.extend([ip.to_string(), port.to_string()]),
        _ => {}
    }
    Ok(words.into_iter().map(String::into_bytes).collect())
}
