//! The protocol of a socket unit, by name or number (`parse_ip_protocol`, `src/shared/ip-protocol-list.c`).

use super::{Context, Problem, number, whole};
use crate::schema::Version;

/// A protocol that sockets can be told to speak instead of the usual one of their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SocketProtocol {
    UdpLite,
    Sctp,
    /// Multipath TCP.
    Mptcp,
}

/// The protocols with their names and numbers, and the systemd that brought them.
const PROTOCOLS: [(&str, i64, Version, SocketProtocol); 3] = [
    ("udplite", 136, Version(0), SocketProtocol::UdpLite),
    ("sctp", 132, Version(0), SocketProtocol::Sctp),
    ("mptcp", 262, Version(257), SocketProtocol::Mptcp),
];

/// The names of the protocols that systemd `version` knows.
pub fn names(version: Version) -> impl Iterator<Item = &'static str> {
    known_to(version).map(|(name, ..)| *name)
}

/// Reads a directive's protocol; letter case doesn't matter.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<SocketProtocol> {
    let number = number::signed(text).ok();
    let known = known_to(context.version);
    let found = known.clone().find(|(name, at, ..)| name.eq_ignore_ascii_case(text) || number == Some(*at));
    if found.is_none() {
        let problem = context.takes("\"udplite\", \"sctp\" or \"mptcp\"", text, whole(text));
        problems.push(problem.or_nearest(text, known.map(|(name, ..)| *name)));
    }
    found.map(|(.., protocol)| *protocol)
}

fn known_to(version: Version) -> impl Iterator<Item = &'static (&'static str, i64, Version, SocketProtocol)> + Clone {
    PROTOCOLS.iter().filter(move |(_, _, since, _)| *since <= version)
}
