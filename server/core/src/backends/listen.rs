//! Sockets as words of `data/listen`, which s6's tools open; the same for
//! every backend that has no tools of its own.

use std::net::IpAddr;

use super::Target;
use super::chain::Words;
use crate::plan::{Bytes, Listen, ListenKind, Socket};
use crate::values::socket_address::SocketAddress;

/// The words for `listen`, but for its own name and the `--` that ends them;
/// what can't be opened is left out.
pub(super) fn words(socket: &Socket, target: &Target) -> Words {
    let mut words = Words::new();
    for leaf in &socket.listens {
        if let Ok((kind, address)) = one(&leaf.value, target) {
            let owner = |leaf: &Option<crate::plan::Leaf<Bytes>>| {
                leaf.as_ref().map(|leaf| String::from_utf8_lossy(&leaf.value).into_owned()).unwrap_or_default()
            };
            let text = format!(
                "{kind}:{}:{:04o}:{:04o}:{}:{}:{}",
                socket.backlog.value,
                socket.mode.value,
                socket.directory_mode.value,
                owner(&socket.user),
                owner(&socket.group),
                String::from_utf8_lossy(&socket.descriptor_name.value),
            );
            words.extend([text.into_bytes(), address.into_bytes()]);
        }
    }
    words
}

/// The words that accept connections and run what follows for each.
pub(super) fn accepting(socket: &Socket, target: &Target) -> Option<Words> {
    let [leaf] = &socket.listens[..] else { return None };
    let ("stream", address) = one(&leaf.value, target).ok()? else { return None };
    let backlog = socket.backlog.value.to_string();
    let count = socket.connections.value.to_string();
    let per_source = match socket.connections_per_source.value {
        0 => count.clone(),
        per_source => per_source.to_string(),
    };
    let mode = format!("{:04o}", socket.mode.value);
    let list = match address.rsplit_once('_').filter(|_| !address.starts_with('/')) {
        Some((ip, port)) => vec![
            "s6-tcpserver-socketbinder",
            "-b",
            &backlog,
            "--",
            ip,
            port,
            "s6-tcpserverd",
            "-c",
            &count,
            "-C",
            &per_source,
            "--",
        ],
        None => vec![
            "s6-ipcserver-socketbinder",
            "-a",
            &mode,
            "-b",
            &backlog,
            "--",
            &address,
            "s6-ipcserverd",
            "-c",
            &count,
            "-C",
            &per_source,
            "--",
        ],
    };
    Some(list.into_iter().map(|word| word.as_bytes().to_vec()).collect())
}

/// The type and the address of one thing to listen on, as `listen` has them; or why it can't.
pub(super) fn one(listen: &Listen, target: &Target) -> Result<(&'static str, String), &'static str> {
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
    if !target.tools.s6 {
        return Err("the tools of s6 would open it; say `--target tools=+s6` where they are");
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
