//! Sockets as words of `data/listen`, which s6's tools open; the same for
//! every backend that has no tools of its own.

use core::net::IpAddr;
use std::borrow::Cow;

use super::chain::Words;
use super::shell::Script;
use super::{Fates, Place, Target, Together, directory_name, losses};
use crate::fate::{Backend, Fate};
use crate::plan::{At, Body, Bytes, Input, Leaf, Listen, ListenKind, Plan, Service, Socket, Type};
use crate::units::{Origin, UnitName};
use crate::values::socket_address::SocketAddress;

/// What a service with sockets finds in its environment, beside what all find.
pub(super) const VARIABLES: [&str; 5] = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "REMOTE_ADDR", "REMOTE_PORT"];

/// Those of them that tell of sockets.
pub(super) const OF_SOCKETS: [&str; 3] = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

/// What is said of a service that is started for each connection.
pub(super) const NOTE: &str = "each connection of its socket starts it";

/// How many sockets `data/listen` can open: descriptors 3 to 9.
const MOST: usize = 7;

/// A socket that a service is given.
struct Opened<'a> {
    unit: &'a UnitName,
    socket: &'a Socket,
    listen: &'a Leaf<Listen>,
    kind: &'static str,
    address: String,
}

/// What makes the words with which a service for each connection begins.
pub(super) struct Accepting {
    /// Commands that make directories and links, each to be done first.
    pub before: Vec<Words>,
    /// What listens, accepts, and runs what follows for each connection.
    pub words: Words,
    /// Whether connections come over the network.
    pub is_tcp: bool,
}

/// The words for `data/listen` that open all sockets of a service, but for its own name
/// and the `--` that ends them; empty if it has none.
pub(super) fn words(together: &Together, plan: &Plan, target: &Target) -> Words {
    let blocks = !matches!(&plan.body, Body::Service(service) if service.non_blocking.value);
    let opened = opened(together, plan.name(), target);
    opened.flat_map(|Opened { socket, kind, address, .. }| words_of(socket, kind, address, blocks)).collect()
}

/// Where the socket that a service shares with others is kept, if the target has the tools for it:
/// the directory beside that of the service.
pub(super) fn holder(together: &Together, service: &UnitName, target: &Target) -> Option<String> {
    let (plan, socket) = together.shared(service)?;
    held(socket, target).map(|_| directory_name(plan.name()))
}

/// The words for `data/hold open` that open and keep a shared socket; `None` if it can't be opened.
pub(super) fn held(socket: &Socket, target: &Target) -> Option<Words> {
    if target.backend == Backend::Nosh {
        return None;
    }
    let listen = socket.listens.first()?;
    let (kind, address) = one(&listen.value, target).ok()?;
    Some(words_of(socket, kind, address, true).into())
}

fn words_of(socket: &Socket, kind: &str, address: String, blocks: bool) -> [Bytes; 2] {
    let owner = |leaf: &Option<Leaf<Bytes>>| {
        leaf.as_ref().map(|leaf| String::from_utf8_lossy(&leaf.value).into_owned()).unwrap_or_default()
    };
    let text = format!(
        "{kind}{}:{}:{:04o}:{:04o}:{}:{}:{}",
        if blocks { "" } else { "-nonblocking" },
        socket.backlog.value,
        socket.mode.value,
        socket.directory_mode.value,
        owner(&socket.user),
        owner(&socket.group),
        String::from_utf8_lossy(&socket.descriptor_name.value),
    );
    [text.into_bytes(), address.into_bytes()]
}

/// Commands that make the symbolic links to the sockets of a service.
pub(super) fn links(together: &Together, service: &UnitName, target: &Target) -> Vec<Words> {
    let mut all = Vec::new();
    for (_, socket) in own(together, service).filter(|(_, socket)| !socket.accept.value) {
        all.extend(links_of(socket, target));
    }
    all
}

/// What is removed with the sockets of a service.
pub(super) fn removed(together: &Together, service: &UnitName, target: &Target) -> Words {
    let mut paths = Words::new();
    for (_, socket) in own(together, service).filter(|(_, socket)| socket.remove.value) {
        let addresses = socket.listens.iter().filter_map(|leaf| one(&leaf.value, target).ok());
        paths.extend(addresses.map(|(_, address)| address.into_bytes()).filter(|path| path.starts_with(b"/")));
        if linked(socket, target).is_some() {
            paths.extend(socket.symlinks.iter().map(|leaf| leaf.value.clone()));
        }
    }
    paths
}

/// What accepts connections and runs what follows for each; `None` if nothing can be opened.
pub(super) fn accepting(socket: &Socket, target: &Target) -> Option<Accepting> {
    let (_, address) = accepted(socket, target)?;
    let backlog = socket.backlog.value.to_string();
    let count = socket.connections.value.to_string();
    let per_source = match socket.connections_per_source.value {
        0 => count.clone(),
        per_source => per_source.to_string(),
    };
    let mode = format!("{:04o}", socket.mode.value);
    let path = Some(&address).filter(|address| address.starts_with('/'));
    let mut before = Vec::new();
    let mut words = Words::new();
    match path {
        Some(path) => {
            before.extend(directory(path.as_bytes(), socket));
            words.extend(list(&["s6-ipcserver-socketbinder", "-a", &mode, "-b", &backlog, "--", path]));
            if let Some(owner) = owner(socket) {
                words.extend(list(&["sh", "-c", "chown -- \"$0\" \"$1\" && shift && exec \"$@\"", &owner, path]));
            }
            words.extend(list(&["s6-ipcserverd", "-c", &count, "-C", &per_source, "--"]));
        }
        None => {
            let (ip, port) = address.rsplit_once('_')?;
            words.extend(list(&["s6-tcpserver-socketbinder", "-b", &backlog, "--", ip, port]));
            words.extend(list(&["s6-tcpserverd", "-c", &count, "-C", &per_source, "--"]));
        }
    }
    before.extend(links_of(socket, target));
    Some(Accepting { before, words, is_tcp: path.is_none() })
}

/// What becomes of the assignments of a `.socket`.
pub(super) fn fates(plan: &Plan, socket: &Socket, together: &Together, target: &Target, fates: &mut Fates) {
    let Socket {
        listens,
        accept,
        service: started,
        backlog,
        mode,
        directory_mode,
        user,
        group,
        connections,
        connections_per_source,
        descriptor_name,
        remove,
        symlinks,
    } = socket;
    let served = together.served(plan.name());
    let mut some = false;
    for leaf in listens {
        let fate = match one(&leaf.value, target) {
            _ if served.is_none() => Fate::lost("the service that it starts isn't converted along with it"),
            _ if served.is_some_and(|service| !is_simple(service)) => {
                Fate::lost("only the main process of a service is given sockets")
            }
            Err(why) => Fate::lost(why),
            Ok(_) if accept.value => match accepted(socket, target) {
                Some((at, _)) if at.at == leaf.at => Fate::emulated("`s6-ipcserverd` or `s6-tcpserverd` in `run`"),
                _ => Fate::lost("with `Accept=yes` only one stream socket is listened on"),
            },
            Ok(_) if together.is_shared(plan.name()) => {
                let place = format!("`data/hold` in `{}`", directory_name(plan.name()));
                Fate::approximated(place, "it stays open while none of its processes runs")
            }
            Ok(_) if !is_opened(leaf, plan, together, target) => {
                Fate::lost("`data/listen` can't open more than 7 sockets")
            }
            Ok(_) if matches!(plan.unit.origin, Origin::Supervisord(_)) => Fate::emulated("`data/listen` in `run`"),
            Ok(_) => Fate::approximated(
                "`data/listen` in `run`",
                "the service starts at once, not with the first connection",
            ),
        };
        some |= !matches!(fate, Fate::Lost { .. });
        fates.set(leaf.at, &fate);
    }
    if !some {
        return;
    }
    let tool = if accept.value { "`s6-ipcserverd` or `s6-tcpserverd` in `run`" } else { "`data/listen` in `run`" };
    let done = |fates: &mut Fates, places: &mut dyn Iterator<Item = At>| match target.backend {
        Backend::Runit => fates.set(places, &Fate::emulated(tool)),
        _ => fates.keep(places),
    };
    let owners = user.iter().chain(group).filter_map(|leaf| leaf.at);
    let places = [accept.at, started.at, backlog.at, mode.at, directory_mode.at, remove.at];
    done(fates, &mut places.into_iter().flatten().chain(owners));
    let symlinks = symlinks.iter().filter_map(|leaf| leaf.at);
    match linked(socket, target).is_some() {
        true => done(fates, &mut symlinks.into_iter()),
        false => fates.set(symlinks, &Fate::irrelevant("links are made only to a single local socket")),
    }
    let counts = [connections.at, connections_per_source.at].into_iter().flatten();
    match accept.value {
        true => {
            done(fates, &mut counts.into_iter());
            fates.set(descriptor_name.at, &Fate::irrelevant("a connection is called `connection`"));
        }
        false => {
            done(fates, &mut descriptor_name.at.into_iter());
            fates.set(counts, &Fate::irrelevant("it counts with `Accept=yes` only"));
        }
    }
    opened_along(plan, together, target, fates);
}

/// What becomes of all that a socket says of other units, where its service opens it.
pub(super) fn opened_along(plan: &Plan, together: &Together, target: &Target, fates: &mut Fates) {
    fates.keep(plan.default_dependencies.at);
    for leaf in &plan.install {
        fates.set(leaf.at, &Fate::irrelevant("it is opened along with its service"));
    }
    for leaf in &plan.relations {
        match together.place(&leaf.value.unit, target) {
            Place::Early => fates.set(leaf.at, &Fate::irrelevant("it is there before services are started")),
            Place::Shutdown => fates.set(leaf.at, &Fate::irrelevant("services are stopped at shutdown anyway")),
            _ => {}
        }
    }
}

/// The service that a socket starts for each connection, without what the target has no tools for.
pub(super) fn per_connection<'a>(
    plan: &Plan,
    socket: &Socket,
    together: &Together<'a>,
    target: &Target,
) -> Option<Cow<'a, Plan<'a>>> {
    let served = together.served(plan.name()).filter(|served| socket.accept.value && is_simple(served))?;
    Some(losses::adapt(served, target).0)
}

/// `data/connection` in sh: runs the calls of `ExecStartPre=`, each with whether it may fail, and becomes `call`.
pub(super) fn connection(plan: &Plan, pre: &[(Vec<u8>, bool)], call: &[u8], is_tcp: bool) -> Vec<u8> {
    let mut script = Script::new("what happens for each connection", plan);
    for (call, ignores_failure) in pre {
        let otherwise: &[u8] = if *ignores_failure { b" || :" } else { b" || exit" };
        script.bytes(&[call, otherwise].concat());
    }
    if is_tcp {
        script.line("export REMOTE_ADDR=\"$TCPREMOTEIP\" REMOTE_PORT=\"$TCPREMOTEPORT\"");
    }
    if !matches!(&plan.body, Body::Service(service) if is_input(service)) {
        script.line("export LISTEN_FDS=1 LISTEN_PID=\"$$\" LISTEN_FDNAMES=connection");
    }
    script.bytes(&[b"exec ", call].concat());
    script.finish()
}

/// What is lost of a service that is started for each connection: all that isn't its start.
pub(super) fn of_connection(plan: &Plan, service: &Service, fates: &mut Fates) {
    let Service { commands, restart, stop, runtime_max, start_timeout, kind, remain, .. } = service;
    let lists = [&commands.condition, &commands.start_post, &commands.reload, &commands.reload_post, &commands.stop];
    let list = lists.into_iter().chain([&commands.stop_post]).flatten();
    let conditions = plan.conditions.iter().filter_map(|leaf| leaf.at);
    let why = Fate::lost("nothing but its start is done for each connection");
    fates.set(list.filter_map(|leaf| leaf.at).chain(conditions), &why);
    fates.set([runtime_max.at, start_timeout.at, kind.at, remain.at].into_iter().flatten(), &why);
    let again = [restart.delay.at, restart.steps.at, restart.max_delay.at, restart.policy.at];
    let limits = [restart.limit.interval.at, restart.limit.burst.at];
    let statuses = [&restart.prevent, &restart.force, &restart.success].into_iter().flat_map(|list| list.from.clone());
    fates.set(again.into_iter().chain(limits).flatten().chain(statuses), &why);
    let ways = [stop.mode.at, stop.signal.at, stop.final_signal.at, stop.hangup.at, stop.kill.at, stop.timeout.at];
    let last = stop.restart_signal.and_then(|leaf| leaf.at);
    fates.set(ways.into_iter().flatten().chain(last), &Fate::lost("nobody ends connections but themselves"));
    for leaf in &plan.install {
        fates.set(leaf.at, &Fate::irrelevant("its socket starts it"));
    }
}

/// `Sockets=` and what else a service says of the sockets that it is given.
pub(super) fn of_service(plan: &Plan, service: &Service, together: &Together, target: &Target, fates: &mut Fates) {
    for leaf in &service.sockets {
        let given = opened(together, plan.name(), target).any(|opened| opened.unit.as_str() == leaf.value);
        let fate = match given {
            true => Fate::approximated("`run` opens them", "it starts at once, not with the first connection"),
            false => Fate::lost("the socket isn't converted along with it, or belongs to another service"),
        };
        fates.set(leaf.at, &fate);
    }
    match (opened(together, plan.name(), target).next().is_some(), target.backend) {
        (false, _) if !target.tools.s6 => fates.keep(service.non_blocking.at),
        (false, _) => fates.set(service.non_blocking.at, &Fate::irrelevant("it has no sockets here")),
        (true, Backend::Runit) => fates.set(service.non_blocking.at, &Fate::emulated("`data/listen` in `run`")),
        (true, _) => fates.keep(service.non_blocking.at),
    }
}

/// Whether a service takes a connection or a socket as its standard input.
pub(super) fn is_input(service: &Service) -> bool {
    service.streams.input.value == Input::Socket
}

/// Whether the service has a socket that is converted too.
pub(super) fn has_sockets(together: &Together, service: &UnitName) -> bool {
    own(together, service).next().is_some()
}

/// The sockets that no other service has.
fn own<'a>(together: &Together<'a>, service: &UnitName) -> impl Iterator<Item = (&'a Plan<'a>, &'a Socket)> {
    together.sockets(service).filter(|(plan, _)| !together.is_shared(plan.name()))
}

/// The sockets that a service is given, in their order.
fn opened<'a>(together: &Together<'a>, service: &UnitName, target: &Target) -> impl Iterator<Item = Opened<'a>> {
    let takes = together.plan(service.as_str()).is_some_and(is_simple);
    let sockets = own(together, service).filter(move |(_, socket)| takes && !socket.accept.value);
    let all = sockets.flat_map(move |(plan, socket)| {
        socket.listens.iter().filter_map(move |listen| {
            let (kind, address) = one(&listen.value, target).ok()?;
            Some(Opened { unit: plan.name(), socket, listen, kind, address })
        })
    });
    all.take(MOST)
}

fn is_opened(leaf: &Leaf<Listen>, plan: &Plan, together: &Together, target: &Target) -> bool {
    together.served(plan.name()).is_some_and(|service| {
        opened(together, service.name(), target).any(|opened| opened.unit == plan.name() && opened.listen.at == leaf.at)
    })
}

/// Whether `run` becomes its main process.
pub(super) fn is_simple(plan: &Plan) -> bool {
    match &plan.body {
        Body::Service(service) => !matches!(service.kind.value, Type::Oneshot | Type::Forking),
        _ => false,
    }
}

/// What of a socket with `Accept=yes` is listened on.
fn accepted<'s>(socket: &'s Socket, target: &Target) -> Option<(&'s Leaf<Listen>, String)> {
    socket.listens.iter().find_map(|leaf| match one(&leaf.value, target) {
        Ok(("stream", address)) => Some((leaf, address)),
        _ => None,
    })
}

fn owner(socket: &Socket) -> Option<String> {
    let name = |leaf: &Option<Leaf<Bytes>>| leaf.as_ref().map(|leaf| String::from_utf8_lossy(&leaf.value).into_owned());
    match (name(&socket.user), name(&socket.group)) {
        (None, None) => None,
        (user, None) => user,
        (user, Some(group)) => Some(format!("{}:{group}", user.unwrap_or_default())),
    }
}

/// What makes the directory that `path` is in.
fn directory(path: &[u8], socket: &Socket) -> Option<Words> {
    let parent = &path[..path.iter().rposition(|byte| *byte == b'/').filter(|at| *at > 0)?];
    let mut words = list(&["mkdir", "-p", "-m", &format!("{:04o}", socket.directory_mode.value), "--"]);
    words.push(parent.to_vec());
    Some(words)
}

/// The path that `Symlinks=` point to: that of the only local socket (`socket_find_symlink_target`).
fn linked(socket: &Socket, target: &Target) -> Option<String> {
    let paths = socket.listens.iter().filter_map(|leaf| one(&leaf.value, target).ok());
    let mut paths = paths.map(|(_, address)| address).filter(|address| address.starts_with('/'));
    paths.next().filter(|_| paths.next().is_none())
}

fn links_of(socket: &Socket, target: &Target) -> Vec<Words> {
    let Some(path) = linked(socket, target) else { return Vec::new() };
    let mut commands = Vec::new();
    for link in &socket.symlinks {
        commands.extend(directory(&link.value, socket));
        let mut words = list(&["ln", "-sfn", "--", &path]);
        words.push(link.value.clone());
        commands.push(words);
    }
    commands
}

fn list(words: &[&str]) -> Words {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

/// The type and the address of one thing to listen on, as `listen` has them; or why it can't.
fn one(listen: &Listen, target: &Target) -> Result<(&'static str, String), &'static str> {
    let kind = match listen.kind {
        ListenKind::Stream => "stream",
        ListenKind::Datagram => "datagram",
        ListenKind::SequentialPacket
        | ListenKind::Fifo
        | ListenKind::Netlink
        | ListenKind::Special
        | ListenKind::MessageQueue
        | ListenKind::UsbFunction => return Err("no stock tool opens such a thing and passes it on"),
    };
    let is_tcp = kind == "stream" && matches!(listen.address, SocketAddress::Port(_) | SocketAddress::Ip(..));
    if !target.tools.s6 {
        return Err(match is_tcp && !target.tools.s6_networking {
            true => "s6 and s6-networking would open it; say `--target tools=+s6,+s6-networking` where they are",
            false => "the tools of s6 would open it; say `--target tools=+s6` where they are",
        });
    }
    match &listen.address {
        SocketAddress::Path(path) => Ok((kind, path.clone())),
        SocketAddress::Abstract(_) => Err("no stock tool opens an abstract socket"),
        SocketAddress::Vsock(..) | SocketAddress::Netlink(..) => Err("no stock tool opens such a socket"),
        SocketAddress::Port(_) | SocketAddress::Ip(..) if kind == "datagram" => Err("no stock tool opens a UDP socket"),
        SocketAddress::Port(_) | SocketAddress::Ip(..) if !target.tools.s6_networking => {
            Err("s6-networking would open it; say `--target tools=+s6-networking` where it is")
        }
        SocketAddress::Port(port) => Ok((kind, format!("::_{port}"))),
        SocketAddress::Ip(_, _, Some(_)) => Err("no stock tool opens a socket on a link-local address"),
        SocketAddress::Ip(IpAddr::V4(ip), port, None) => Ok((kind, format!("{ip}_{port}"))),
        SocketAddress::Ip(IpAddr::V6(ip), port, None) => Ok((kind, format!("{ip}_{port}"))),
    }
}
