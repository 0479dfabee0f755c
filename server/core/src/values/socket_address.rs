//! What a socket unit listens on (`config_parse_socket_listen`, `src/core/load-fragment.c`;
//! `src/shared/socket-netlink.c`, `src/basic/socket-util.c`).

use core::net::IpAddr;

use super::address::{ipv4, ipv6};
use super::number::{unsigned, unsigned32};
use super::path::{self, Want};
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, NumberError, Problem, interface, whole};
use crate::schema::Version;

/// One thing to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketAddress {
    /// A socket in the file system, a FIFO, a special file, a message queue or a USB function.
    Path(String),
    /// A socket in the abstract namespace, without the `@`.
    Abstract(String),
    /// A port of every address: of IPv6 where the kernel has it, else of IPv4.
    Port(u16),
    /// A port of one address; a link-local one may name its interface.
    Ip(IpAddr, u16, Option<String>),
    /// A port of a virtual machine; without a number, of any.
    Vsock(Option<u32>, u32),
    /// A family of netlink and its multicast groups.
    Netlink(String, u32),
}

/// The longest path or abstract name of a socket, in bytes.
const MAX_PATH: usize = 107;

/// The families of netlink by name; any number will do too.
pub const NETLINK: [&str; 18] = [
    "route",
    "firewall",
    "inet-diag",
    "nflog",
    "xfrm",
    "selinux",
    "iscsi",
    "audit",
    "fib-lookup",
    "connector",
    "netfilter",
    "ip6-fw",
    "dnrtmsg",
    "kobject-uevent",
    "generic",
    "scsitransport",
    "ecryptfs",
    "rdma",
];

/// Prefixes of addresses of virtual machines; the first one came before 255.
const VSOCK: [&str; 4] = ["vsock:", "vsock-stream:", "vsock-dgram:", "vsock-seqpacket:"];

/// Reads what a directive listens on; its name says what kind of thing that is.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<SocketAddress> {
    let word = Word::whole(text);
    let directive = context.directive.name;
    let address = specifier::resolve(&word, Place::PATH, context, problems, |text| match directive {
        "ListenStream" | "ListenDatagram" | "ListenSequentialPacket" => socket(text, context),
        "ListenNetlink" => netlink(text, context),
        _ => file(text, context),
    })?;
    if let (SocketAddress::Path(path), false) =
        (&address, matches!(directive, "ListenSpecial" | "ListenMessageQueue" | "ListenUSBFunction"))
    {
        problems.extend(var_run(path, text));
    }
    Some(address)
}

fn socket(text: &str, context: &Context) -> Result<SocketAddress, Problem> {
    let address = match text.as_bytes().first() {
        Some(b'/' | b'@') => {
            if !(2..=MAX_PATH).contains(&text.len()) {
                let expected = format_args!("a path or name of 2 to {MAX_PATH} bytes");
                return Err(context.takes(expected, text, whole(text)));
            }
            match text.strip_prefix('@') {
                Some(name) => SocketAddress::Abstract(name.to_owned()),
                None => SocketAddress::Path(text.to_owned()),
            }
        }
        _ => vsock(text, context).unwrap_or_else(|| ip(text)).ok_or_else(|| {
            context.takes("a port, an address with a port, a path or an abstract name with @", text, whole(text))
        })?,
    };
    let local = matches!(address, SocketAddress::Path(_) | SocketAddress::Abstract(_));
    if context.directive.name == "ListenSequentialPacket" && !local {
        return Err(context.takes("a path or an abstract name with @", text, whole(text)));
    }
    Ok(address)
}

/// Reads `vsock:CID:PORT`; the outer `None` says that it isn't one at all.
fn vsock(text: &str, context: &Context) -> Option<Option<SocketAddress>> {
    let known = if context.version >= Version(255) { &VSOCK[..] } else { &VSOCK[..1] };
    let rest = known.iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let read = || {
        let (id, port) = rest.split_once(':')?;
        let newer = context.version >= Version(256);
        let port = unsigned32(port).ok().filter(|port| !newer || *port != u32::MAX)?;
        let id = match id {
            "" => None,
            "hypervisor" if newer => Some(0),
            "local" if newer => Some(1),
            "host" if newer => Some(2),
            _ => Some(unsigned32(id).ok()?),
        };
        Some(SocketAddress::Vsock(id, port))
    };
    Some(read())
}

/// Reads a port, or an address with a port and perhaps an interface behind it.
fn ip(text: &str) -> Option<SocketAddress> {
    match port(text) {
        Ok(port) => return Some(SocketAddress::Port(port)),
        Err(NumberError::Range) => return None,
        Err(NumberError::Syntax) => {}
    }
    let (address, interface) = match text.split_once('%') {
        Some((_, name)) if !interface::is_name_or_number(name) => return None,
        Some((address, name)) => (address, Some(name.to_owned())),
        None => (text, None),
    };
    let (host, number) = address.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(host) => IpAddr::V6(ipv6(host.strip_suffix(']')?)?),
        None if ipv6(address).is_some() => return None,
        None => IpAddr::V4(ipv4(host)?),
    };
    Some(SocketAddress::Ip(host, port(number).ok()?, interface))
}

/// Reads a port from 1 to 65535 (`parse_ip_port`, `src/basic/parse-util.c`).
fn port(text: &str) -> Result<u16, NumberError> {
    if text.starts_with(super::BLANKS) {
        return Err(NumberError::Syntax);
    }
    let number = unsigned(text)?;
    match u16::try_from(number) {
        Ok(0) => Err(NumberError::Syntax),
        Ok(port) => Ok(port),
        Err(_) => Err(NumberError::Range),
    }
}

fn netlink(text: &str, context: &Context) -> Result<SocketAddress, Problem> {
    let mut words = Words::new(text, Style::BARE);
    let family = match words.next() {
        Some(word) => word?,
        None => return Err(context.takes("a family of netlink", text, whole(text))),
    };
    let known = NETLINK.contains(&&*family.text) || unsigned32(&family.text).is_ok_and(|id| id <= i32::MAX as u32);
    if !known {
        let problem = context.takes("a family of netlink such as kobject-uevent", &family.text, family.span);
        return Err(problem.or_nearest(&family.text, NETLINK));
    }
    let group = match words.remainder() {
        Some(group) if !group.text.is_empty() => unsigned32(&group.text)
            .map_err(|_| context.takes("a number for its multicast groups", &group.text, group.span))?,
        _ => 0,
    };
    Ok(SocketAddress::Netlink(family.text.into_owned(), group))
}

fn file(text: &str, context: &Context) -> Result<SocketAddress, Problem> {
    let want = if context.directive.name == "ListenSpecial" { Want::Absolute } else { Want::OutsideApi };
    path::check(text, want, context.version)?;
    Ok(SocketAddress::Path(text.to_owned()))
}

/// The problem of a path below /var/run, which systemd reads as /run.
fn var_run(path: &str, text: &str) -> Option<Problem> {
    let rest = path.strip_prefix("/var/run/")?;
    let problem = Problem::deprecated(whole(text), "\"/var/run\" is only an old name of \"/run\"");
    Some(if path == text { problem.or(format!("/run/{rest}"), true) } else { problem })
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn what_is_taken() {
        for (directive, text) in [
            ("ListenStream", "80"),
            ("ListenStream", "0x50"),
            ("ListenStream", "127.0.0.1:80"),
            ("ListenStream", "[::1]:80"),
            ("ListenStream", "[fe80::1]:80%%lo"),
            ("ListenStream", "/run/a"),
            ("ListenStream", "@a"),
            ("ListenStream", "vsock::80"),
            ("ListenStream", "vsock:2:80"),
            ("ListenStream", "%t/a"),
            ("ListenNetlink", "route"),
            ("ListenNetlink", "kobject-uevent 1"),
            ("ListenNetlink", "15 2"),
            ("ListenFIFO", "/run/a"),
            ("ListenMessageQueue", "/a"),
        ] {
            assert_eq!(check(directive, 262, "a.socket", text), "", "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        let any = "a port, an address with a port, a path or an abstract name with @";
        for (directive, text, expected) in [
            ("ListenStream", "0", format!("refused 0-1 ListenStream= takes {any}, not \"0\"")),
            ("ListenStream", "65536", format!("refused 0-5 ListenStream= takes {any}, not \"65536\"")),
            ("ListenStream", "localhost:80", format!("refused 0-12 ListenStream= takes {any}, not \"localhost:80\"")),
            ("ListenStream", "::1", format!("refused 0-3 ListenStream= takes {any}, not \"::1\"")),
            ("ListenStream", "/", "refused 0-1 ListenStream= takes a path or name of 2 to 107 bytes, not \"/\"".into()),
            (
                "ListenSequentialPacket",
                "80",
                "refused 0-2 ListenSequentialPacket= takes a path or an abstract name with @, not \"80\"".into(),
            ),
            (
                "ListenNetlink",
                "rout",
                "refused 0-4 ListenNetlink= takes a family of netlink such as kobject-uevent, not \"rout\" (perhaps: route)"
                    .into(),
            ),
            ("ListenFIFO", "a", "refused 0-1 \"a\" is not an absolute path".into()),
            (
                "ListenStream",
                "/var/run/a",
                "deprecated 0-10 \"/var/run\" is only an old name of \"/run\" (fix: /run/a)".into(),
            ),
        ] {
            assert_eq!(check(directive, 262, "a.socket", text), expected, "{text}");
        }
    }
}
