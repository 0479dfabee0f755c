//! IP addresses and networks: `10.0.0.0/8`, `::1`, `localhost`
//! (`config_parse_in_addr_prefixes`, `src/shared/in-addr-prefix-util.c`).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::list::{self, Item};
use super::number::unsigned;
use super::words::{Style, Words};
use super::{Context, Problem};

/// Addresses that have their first bits in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// One network, or one address: it and how many of its bits count.
    Network(IpAddr, u8),
    /// Every address.
    Any,
    /// 127.0.0.0/8 and ::1.
    Localhost,
    /// 169.254.0.0/16 and fe80::/64.
    LinkLocal,
    /// 224.0.0.0/4 and ff00::/8.
    Multicast,
}

const NAMES: [&str; 4] = ["any", "localhost", "link-local", "multicast"];

/// Reads a directive's addresses and networks.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<Prefix>> {
    list::parse(Words::new(text, Style::BARE), problems, |word| {
        prefix(&word.text).ok_or_else(|| {
            let expected = "addresses and networks such as 10.0.0.0/8, any, localhost, link-local or multicast";
            context.takes(expected, &word.text, word.span).or_nearest(&word.text, NAMES)
        })
    })
}

/// Reads an IPv4 address as `inet_pton` does: four decimal numbers.
pub(super) fn ipv4(text: &str) -> Option<Ipv4Addr> {
    text.parse().ok()
}

/// Reads an IPv6 address as `inet_pton` does.
pub(super) fn ipv6(text: &str) -> Option<Ipv6Addr> {
    text.parse().ok()
}

fn prefix(text: &str) -> Option<Prefix> {
    match text {
        "any" => return Some(Prefix::Any),
        "link-local" => return Some(Prefix::LinkLocal),
        "multicast" => return Some(Prefix::Multicast),
        _ if is_localhost(text) => return Some(Prefix::Localhost),
        _ => {}
    }
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address = ipv4(address).map(IpAddr::V4).or_else(|| ipv6(address).map(IpAddr::V6))?;
    let bits: u8 = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        None => bits,
        Some(length) => u8::try_from(unsigned(length).ok()?).ok().filter(|length| *length <= bits)?,
    };
    Some(Prefix::Network(address, length))
}

/// Whether it is one of the names of the own host (`is_localhost`, `src/basic/hostname-util.c`).
fn is_localhost(name: &str) -> bool {
    let ends = |suffix: &str| {
        let start = name.len().checked_sub(suffix.len());
        start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    ["localhost", "localhost.", "localhost.localdomain", "localhost.localdomain."]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
        || [".localhost", ".localhost.", ".localhost.localdomain", ".localhost.localdomain."].into_iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_names() {
        let network = |address: &str, length| Some(Prefix::Network(address.parse().unwrap(), length));
        for (text, expected) in [
            ("10.0.0.0/8", network("10.0.0.0", 8)),
            ("10.1.2.3", network("10.1.2.3", 32)),
            ("::1", network("::1", 128)),
            ("fe80::/0x40", network("fe80::", 64)),
            ("::ffff:1.2.3.4/128", network("::ffff:1.2.3.4", 128)),
            ("any", Some(Prefix::Any)),
            ("LOCALHOST", Some(Prefix::Localhost)),
            ("a.localhost", Some(Prefix::Localhost)),
            ("10.0.0.0/33", None),
            ("10.0.0.0/", None),
            ("10.0.0", None),
            ("010.0.0.1", None),
            ("Any", None),
            ("::1%lo", None),
            ("[::1]", None),
        ] {
            assert_eq!(prefix(text), expected, "{text}");
        }
    }
}
