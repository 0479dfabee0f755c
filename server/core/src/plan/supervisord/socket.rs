//! The socket of an fcgi-program, which its processes share (`FastCGIGroupConfig`, `SocketManager`).

use core::net::IpAddr;

use super::lowering::Lowering;
use crate::plan::{Leaf, Listen, ListenKind, Socket};
use crate::units::UnitName;
use crate::units::supervisord::{Address, SocketValues};
use crate::values::socket_address::SocketAddress;

/// `SOMAXCONN` of the kernel.
const BACKLOG: u32 = 4096;

pub(super) fn lower<'u>(
    low: &mut Lowering<'u>,
    processes: &[UnitName],
    values: &SocketValues<'u>,
    user: Option<&str>,
) -> Socket {
    let address = low.optional(&values.address);
    let listen = address.and_then(|Leaf { value, at }| {
        let at = at?;
        let address = match value {
            Address::Unix(path) => SocketAddress::Path(path),
            Address::Tcp(host, port) => match (host.as_str(), host.parse()) {
                ("localhost", _) => SocketAddress::Ip(IpAddr::from([127, 0, 0, 1]), port, None),
                (_, Ok(ip)) => SocketAddress::Ip(ip, port, None),
                _ => {
                    low.fault(at, format!("only the target knows the address of {host}; write that"));
                    return None;
                }
            },
        };
        Some(Leaf::new(Listen { kind: ListenKind::Stream, address }, at))
    });
    let owner = low.optional(&values.owner);
    let bytes = |text: &str| text.trim().as_bytes().to_vec();
    let (user, group) = match &owner {
        Some(Leaf { value, at }) => {
            let (user, group) = value.split_once(':').map_or((&**value, None), |(user, group)| (user, Some(group)));
            (Some(Leaf { value: bytes(user), at: *at }), group.map(|group| Leaf { value: bytes(group), at: *at }))
        }
        None => (user.map(|user| Leaf::default(bytes(user))), None),
    };
    let (mode, backlog) = (low.optional(&values.mode), low.optional(&values.backlog));
    Socket {
        listens: listen.into_iter().collect(),
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
        remove: Leaf::default(false),
        symlinks: Vec::new(),
    }
}
