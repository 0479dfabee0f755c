//! `[Socket]`

use core::net::IpAddr;

use super::{Job, quote};
use crate::plan::{Leaf, Listen, ListenKind, Socket};
use crate::schema::{UnitKind, key::socket as of};
use crate::values::socket_address::SocketAddress;

const LISTENS: [crate::schema::Key; 8] = [
    of::ListenStream,
    of::ListenDatagram,
    of::ListenSequentialPacket,
    of::ListenFIFO,
    of::ListenNetlink,
    of::ListenSpecial,
    of::ListenMessageQueue,
    of::ListenUSBFunction,
];

impl Job<'_, '_> {
    /// What a socket unit has beside what every unit has.
    pub(super) fn socket(&mut self, socket: &Socket) {
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
            symlinks,
        } = socket;
        let plan = self.plan;
        // Its prefix may say which kind of socket it is.
        let odd = listens.iter().any(|listen| matches!(listen.value.address, SocketAddress::Vsock(..)));
        self.family_unless(&LISTENS, odd, |job| {
            for listen in listens {
                let Listen { kind, address } = &listen.value;
                job.whole(key(*kind), "", show(address).as_bytes(), listen.at);
            }
        });
        let partner = match accept.value {
            true => format!("{}@.service", plan.name().stem()),
            false => plan.name().sibling(UnitKind::Service).as_str().to_owned(),
        };
        self.family(&[of::Accept], |job| job.boolean(of::Accept, accept, false));
        self.family(&[of::Service], |job| job.leaf(of::Service, service, partner, String::clone));
        self.family(&[of::FileDescriptorName], |job| {
            if descriptor_name.value != plan.name().as_str().as_bytes() {
                job.whole(of::FileDescriptorName, "", &descriptor_name.value, descriptor_name.at);
            }
        });
        let octal = |mode: &u16| format!("{mode:04o}");
        for (key, name) in [(of::SocketUser, user), (of::SocketGroup, group)] {
            self.family(&[key], |job| {
                if let Some(name) = name {
                    job.whole(key, "", &name.value, name.at);
                }
            });
        }
        // That of supervisord's default would be said of a port too, which has none.
        let port =
            |listen: &Leaf<Listen>| matches!(listen.value.address, SocketAddress::Port(_) | SocketAddress::Ip(..));
        if !self.is_foreign() || mode.is_set() || !listens.iter().all(port) {
            self.family(&[of::SocketMode], |job| job.leaf(of::SocketMode, mode, 0o666, octal));
        }
        self.family(&[of::DirectoryMode], |job| job.leaf(of::DirectoryMode, directory_mode, 0o755, octal));
        self.family(&[of::Symlinks], |job| {
            for link in symlinks {
                let word = quote::systemd::doubled(&link.value, b'%');
                job.set(of::Symlinks, quote::systemd::words([&word[..]]), link.at);
            }
        });
        self.family(&[of::RemoveOnStop], |job| job.boolean(of::RemoveOnStop, remove, false));
        // What holds without it isn't the same in all versions.
        self.family(&[of::Backlog], |job| {
            if backlog.is_set() {
                job.set(of::Backlog, backlog.value.to_string(), backlog.at);
            }
        });
        self.family(&[of::MaxConnections], |job| job.leaf(of::MaxConnections, connections, 64, u32::to_string));
        self.family(&[of::MaxConnectionsPerSource], |job| {
            job.leaf(of::MaxConnectionsPerSource, connections_per_source, 0, u32::to_string);
        });
    }
}

fn key(kind: ListenKind) -> crate::schema::Key {
    match kind {
        ListenKind::Stream => of::ListenStream,
        ListenKind::Datagram => of::ListenDatagram,
        ListenKind::SequentialPacket => of::ListenSequentialPacket,
        ListenKind::Fifo => of::ListenFIFO,
        ListenKind::Netlink => of::ListenNetlink,
        ListenKind::Special => of::ListenSpecial,
        ListenKind::MessageQueue => of::ListenMessageQueue,
        ListenKind::UsbFunction => of::ListenUSBFunction,
    }
}

/// An address as systemd reads it, specifiers not yet kept from being resolved.
fn show(address: &SocketAddress) -> String {
    match address {
        SocketAddress::Path(path) => path.clone(),
        SocketAddress::Abstract(name) => format!("@{name}"),
        SocketAddress::Port(port) => port.to_string(),
        SocketAddress::Ip(IpAddr::V4(address), port, _) => format!("{address}:{port}"),
        SocketAddress::Ip(IpAddr::V6(address), port, None) => format!("[{address}]:{port}"),
        SocketAddress::Ip(IpAddr::V6(address), port, Some(interface)) => format!("[{address}]:{port}%{interface}"),
        SocketAddress::Vsock(None, port) => format!("vsock::{port}"),
        SocketAddress::Vsock(Some(machine), port) => format!("vsock:{machine}:{port}"),
        SocketAddress::Netlink(family, group) => format!("{family} {group}"),
    }
}
