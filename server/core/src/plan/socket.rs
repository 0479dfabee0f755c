//! The body of a `.socket`.

use super::lower::Lowering;
use super::{Bytes, Leaf};
use crate::schema::{Key, UnitKind, key::socket as of};
use crate::values::socket_address::{self, SocketAddress};
use crate::values::{Context, Problem, boolean, mode, name, path_list, unit_name, user};

/// A socket unit.
#[derive(Clone, Debug)]
pub struct Socket {
    /// What it listens on, in the order of the unit.
    pub listens: Vec<Leaf<Listen>>,
    /// `Accept=`: whether there is one service a connection.
    pub accept: Leaf<bool>,
    /// The full name of what it starts: a service, or with `Accept=yes` a template.
    pub service: Leaf<String>,
    /// `Backlog=`
    pub backlog: Leaf<u32>,
    /// `SocketMode=`
    pub mode: Leaf<u16>,
    /// `DirectoryMode=`
    pub directory_mode: Leaf<u16>,
    /// `SocketUser=`
    pub user: Option<Leaf<Bytes>>,
    /// `SocketGroup=`
    pub group: Option<Leaf<Bytes>>,
    /// `MaxConnections=`
    pub connections: Leaf<u32>,
    /// `MaxConnectionsPerSource=`; 0: as many as there may be at all.
    pub connections_per_source: Leaf<u32>,
    /// `FileDescriptorName=`; the name of the unit by default.
    pub descriptor_name: Leaf<Bytes>,
    /// `RemoveOnStop=`
    pub remove: Leaf<bool>,
    /// `Symlinks=`
    pub symlinks: Vec<Leaf<Bytes>>,
}

/// One thing to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// What kind of thing.
    pub kind: ListenKind,
    /// Where.
    pub address: SocketAddress,
}

/// What is listened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ListenKind {
    Stream,
    Datagram,
    SequentialPacket,
    Fifo,
    Netlink,
    Special,
    MessageQueue,
    UsbFunction,
}

const LISTENS: [(Key, ListenKind); 8] = [
    (of::ListenStream, ListenKind::Stream),
    (of::ListenDatagram, ListenKind::Datagram),
    (of::ListenSequentialPacket, ListenKind::SequentialPacket),
    (of::ListenFIFO, ListenKind::Fifo),
    (of::ListenNetlink, ListenKind::Netlink),
    (of::ListenSpecial, ListenKind::Special),
    (of::ListenMessageQueue, ListenKind::MessageQueue),
    (of::ListenUSBFunction, ListenKind::UsbFunction),
];

/// `SOMAXCONN` of the kernel.
const BACKLOG: u32 = 4096;

impl Socket {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let unit = low.unit;
        let accept = low.single(of::Accept, false, boolean::parse);
        let partner = match accept.value {
            true => format!("{}@.service", unit.name.stem()),
            false => unit.name.sibling(UnitKind::Service).as_str().to_owned(),
        };
        let service = low.last(of::Service).and_then(|at| {
            let word = low.parse(at, unit_name::parse_service)?;
            let text = low.expand_at(at, word.bytes())?;
            Some(Leaf::new(String::from_utf8_lossy(&text).into_owned(), at))
        });
        let mut owner = |key| {
            let at = low.last(key)?;
            let word = low.parse(at, user::parse)?;
            low.expand_at(at, word.bytes()).map(|name| Leaf::new(name, at))
        };
        let (user, group) = (owner(of::SocketUser), owner(of::SocketGroup));
        let descriptor_name = low.last(of::FileDescriptorName).and_then(|at| {
            let word = low.parse(at, name::parse_fd)?;
            low.expand_at(at, word.bytes()).map(|name| Leaf::new(name, at))
        });
        Socket {
            listens: listens(low),
            accept,
            service: service.unwrap_or(Leaf::default(partner)),
            backlog: count(low, of::Backlog, BACKLOG),
            mode: low.single(of::SocketMode, 0o666, mode_of),
            directory_mode: low.single(of::DirectoryMode, 0o755, mode_of),
            user,
            group,
            connections: count(low, of::MaxConnections, 64),
            connections_per_source: count(low, of::MaxConnectionsPerSource, 0),
            descriptor_name: descriptor_name.unwrap_or(Leaf::default(unit.name.as_str().into())),
            remove: low.boolean(of::RemoveOnStop, false),
            symlinks: symlinks(low),
        }
    }
}

fn listens(low: &mut Lowering) -> Vec<Leaf<Listen>> {
    let mut listens = Vec::new();
    for (at, setting) in low.unit.settings().iter().enumerate() {
        let Some((_, kind)) = LISTENS.iter().find(|(key, _)| *key == setting.entry.key) else { continue };
        let at = super::At(at as u32);
        let Some(text) = low.expand_at(at, setting.value().as_bytes()) else { continue };
        let text = String::from_utf8_lossy(&text).replace('%', "%%");
        let address = low.parse(at, |_, context, problems| socket_address::parse(&text, context, problems));
        listens.extend(address.map(|address| Leaf::new(Listen { kind: *kind, address }, at)));
    }
    listens
}

fn symlinks(low: &mut Lowering) -> Vec<Leaf<Bytes>> {
    let mut symlinks = Vec::new();
    for at in low.all(of::Symlinks) {
        for word in low.parse(at, path_list::parse) {
            symlinks.extend(low.expand_at(at, word.bytes()).map(|path| Leaf::new(path, at)));
        }
    }
    symlinks
}

fn mode_of(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<u16> {
    Some(mode::parse(text, context, problems)?.0)
}

fn count(low: &mut Lowering, key: Key, default: u32) -> Leaf<u32> {
    low.signed(key, 0..=u32::MAX.into())
        .map_or(Leaf::default(default), |leaf| Leaf { value: leaf.value as u32, at: leaf.at })
}
