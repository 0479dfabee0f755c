//! Addresses, networks, ports, and sets of CPUs.

use core::net::IpAddr;

use super::super::address::{self, Prefix};
use super::super::cpu_set::{self, CpuSet};
use super::super::socket_address::{self, SocketAddress};
use super::super::socket_bind::{self, SocketBind};
use super::super::{Context, ValueType};
use super::Explanation;
use crate::text::markdown::code;

/// The most CPUs that are told one by one.
const MOST: usize = 64;

/// What a socket listens on.
pub(super) fn socket(text: &str, context: &Context) -> Option<Explanation> {
    let markdown = match socket_address::parse(text, context, &mut Vec::new())? {
        SocketAddress::Path(path) => format!("{} {}", what(context.directive.name), code(&path)),
        SocketAddress::Abstract(name) => {
            format!("a socket called {} in the abstract namespace: there is no file", code(&name))
        }
        SocketAddress::Port(port) => {
            format!(
                "port {port} of every address of the machine, IPv6 and, unless `BindIPv6Only=` says otherwise, IPv4"
            )
        }
        SocketAddress::Ip(address, port, interface) => {
            let interface = interface.map_or(String::new(), |name| format!(" on the interface {}", code(&name)));
            format!("port {port} of {}{interface}", of_address(address))
        }
        SocketAddress::Vsock(None, port) => format!("port {port} for any virtual machine or the host (AF_VSOCK)"),
        SocketAddress::Vsock(Some(cid), port) => {
            format!("port {port} of the virtual machine with CID {cid} (AF_VSOCK)")
        }
        SocketAddress::Netlink(family, 0) => format!("the netlink family {}", code(&family)),
        SocketAddress::Netlink(family, groups) => {
            format!("the multicast groups {groups} of the netlink family {}", code(&family))
        }
    };
    Explanation::whole(text, markdown)
}

fn what(directive: &str) -> &'static str {
    match directive {
        "ListenFIFO" => "the named pipe",
        "ListenSpecial" => "the special file",
        "ListenMessageQueue" => "the POSIX message queue",
        "ListenUSBFunction" => "the USB function at",
        _ => "the socket at",
    }
}

/// "every IPv4 address", "the loopback address 127.0.0.1", "10.0.0.1".
fn of_address(address: IpAddr) -> String {
    let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
    match address {
        _ if address.is_unspecified() => format!("every {family} address of the machine"),
        _ if address.is_loopback() => format!("the loopback address {address}: reached from this machine only"),
        _ if address.is_multicast() => format!("the {family} multicast address {address}"),
        _ => format!("the {family} address {address}"),
    }
}

/// The network at `offset` of a list.
pub(super) fn network(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let items = address::parse(text, context, &mut Vec::new());
    let here = items.into_iter().find(|item| item.span.start <= offset && offset <= item.span.end)?;
    let markdown = match here.value {
        Prefix::Any => "every address: `0.0.0.0/0` and `::/0`".to_owned(),
        Prefix::Localhost => "this machine: `127.0.0.0/8` and `::1`".to_owned(),
        Prefix::LinkLocal => "link-local addresses: `169.254.0.0/16` and `fe80::/64`".to_owned(),
        Prefix::Multicast => "multicast addresses: `224.0.0.0/4` and `ff00::/8`".to_owned(),
        Prefix::Network(address, length) => range(address, length),
    };
    Some(Explanation { span: here.span, markdown })
}

/// "`10.0.0.0` to `10.255.255.255`: 16777216 addresses"
fn range(address: IpAddr, length: u8) -> String {
    let mask = |bits: u32| u128::MAX.checked_shr(128 - bits + u32::from(length)).unwrap_or(0);
    let (first, last, rest): (IpAddr, IpAddr, u32) = match address {
        IpAddr::V4(address) => {
            let (bits, host) = (u32::from(address), mask(32) as u32);
            (IpAddr::V4((bits & !host).into()), IpAddr::V4((bits | host).into()), 32 - u32::from(length.min(32)))
        }
        IpAddr::V6(address) => {
            let (bits, host) = (u128::from(address), mask(128));
            (IpAddr::V6((bits & !host).into()), IpAddr::V6((bits | host).into()), 128 - u32::from(length.min(128)))
        }
    };
    match rest {
        0 => format!("the one address `{address}`"),
        1..64 => format!("`{first}` to `{last}`: {} addresses", 1u64 << rest),
        _ => format!("`{first}` to `{last}`: 2^{rest} addresses"),
    }
}

/// A rule about what a service may bind to.
pub(super) fn bind(text: &str, context: &Context) -> Option<Explanation> {
    let SocketBind { family, udp, ports } = socket_bind::parse(text, context, &mut Vec::new())?;
    let family = family.map_or("IPv4 and IPv6".to_owned(), |family| format!("IPv{family}"));
    let protocol = udp.map_or("TCP and UDP", |udp| if udp { "UDP" } else { "TCP" });
    let ports = match ports.map(std::ops::RangeInclusive::into_inner) {
        None => "every port".to_owned(),
        Some((first, last)) if first == last => format!("port {first}"),
        Some((first, last)) => format!("ports {first} to {last}"),
    };
    Explanation::whole(text, format!("{ports}, {protocol} over {family}"))
}

/// CPUs or NUMA nodes by number, and how many that are.
pub(super) fn cpus(text: &str, context: &Context) -> Option<Explanation> {
    let problems = &mut Vec::new();
    let set = match context.directive.value {
        ValueType::CpuAffinity => cpu_set::parse_affinity(text, context, problems)?,
        ValueType::NumaMask => cpu_set::parse_nodes(text, context, problems)?,
        _ => cpu_set::parse(text, context, problems)?,
    };
    let noun = if context.directive.name == "NUMAMask" || context.directive.name.contains("MemoryNodes") {
        "node"
    } else {
        "CPU"
    };
    let mut ranges = match set {
        CpuSet::All => return Explanation::whole(text, "all NUMA nodes"),
        CpuSet::Numa => return Explanation::whole(text, "the CPUs of the NUMA nodes that `NUMAMask=` names"),
        CpuSet::Ranges(ranges) => ranges,
    };
    ranges.sort_unstable_by_key(|range| *range.start());
    // From 0 on, each number once: what a range before has had is left out.
    let mut next = 0;
    let (mut count, mut shown) = (0, Vec::new());
    for (first, last) in ranges.into_iter().map(std::ops::RangeInclusive::into_inner) {
        let first = first.max(next);
        count += (last + 1).saturating_sub(first) as usize;
        shown.extend((first..=last).take(MOST - shown.len()).map(|number| number.to_string()));
        next = next.max(last + 1);
    }
    let more = if count > MOST { " …" } else { "" };
    let plural = if count == 1 { "" } else { "s" };
    Explanation::whole(text, format!("{count} {noun}{plural}: {}{more}", shown.join(", ")))
}
