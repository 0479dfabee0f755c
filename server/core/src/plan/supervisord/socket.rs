//! The socket of an fcgi-program, which its processes share (`FastCGIGroupConfig`, `SocketManager`).

use core::net::IpAddr;

use super::chain;
use super::lowering::Lowering;
use crate::plan::{Bytes, Leaf, Listen, ListenKind, Socket};
use crate::schema::supervisord::key::{fcgi_program as of, program};
use crate::units::UnitName;
use crate::values::socket_address::SocketAddress;
use crate::values::supervisord::address;
use crate::values::supervisord::name::{self, Account};
use crate::values::supervisord::number;

/// `SOMAXCONN` of the kernel.
const BACKLOG: u32 = 4096;

pub(super) fn lower(low: &mut Lowering, processes: &[UnitName]) -> Socket {
    let address = low.read(of::socket, |text, context, problems| {
        Some(match address::parse_socket(text, context, problems)? {
            address::Socket::Unix(path) => Ok(SocketAddress::Path(path.to_owned())),
            address::Socket::Tcp(address::Port { host, port }) => match host.as_str() {
                "localhost" => Ok(SocketAddress::Ip(IpAddr::from([127, 0, 0, 1]), port, None)),
                host => host.parse().map(|ip| SocketAddress::Ip(ip, port, None)).map_err(|_| host.to_owned()),
            },
        })
    });
    let listens = match address {
        Some(Leaf { value: Ok(address), at: Some(at) }) => {
            vec![Leaf::new(Listen { kind: ListenKind::Stream, address }, at)]
        }
        Some(Leaf { value: Err(host), at: Some(at) }) => {
            low.fault(at, format!("only the target knows the address of {host}; write that"));
            Vec::new()
        }
        _ => Vec::new(),
    };
    low.settle(&[program::user]);
    let (user, group) = owner(low);
    let mode = low.read(of::socket_mode, number::parse_mode);
    let backlog =
        low.read(of::socket_backlog, |text, context, problems| number::parse(text, 1..=65535, context, problems));
    Socket {
        listens,
        accept: Leaf::default(false),
        service: Leaf::default(processes.first().map_or_else(String::new, |name| name.as_str().to_owned())),
        backlog: backlog.map_or(Leaf::default(BACKLOG), |leaf| Leaf { value: leaf.value as u32, at: leaf.at }),
        mode: mode.map_or(Leaf::default(0o700), |leaf| Leaf { value: (leaf.value & 0o7777) as u16, at: leaf.at }),
        directory_mode: Leaf::default(0o755),
        user,
        group,
        connections: Leaf::default(64),
        connections_per_source: Leaf::default(0),
        descriptor_name: Leaf::default(low.part.name.as_str().into()),
        remove: Leaf::default(true),
        symlinks: Vec::new(),
    }
}

/// `socket_owner=`; by default the program's user.
fn owner(low: &mut Lowering) -> (Option<Leaf<Bytes>>, Option<Leaf<Bytes>>) {
    let text = |account: Account| match account {
        Account::Name(name) => name.as_bytes().to_vec(),
        Account::Number(number) => number.to_string().into_bytes(),
    };
    let owner = low.read(of::socket_owner, |text_of, _, problems| {
        let owner = name::parse_owner(text_of, problems)?;
        Some((text(owner.user), owner.group.map(text)))
    });
    match owner {
        Some(Leaf { value: (user, group), at }) => {
            (Some(Leaf { value: user, at }), group.map(|value| Leaf { value, at }))
        }
        None => (chain::identity(low).user.map(|user| Leaf::default(user.value)), None),
    }
}
