//! Ports that a service may or may not bind: `tcp:80`, `ipv4:1024-65535`, `any`
//! (`parse_socket_bind_item`, `src/shared/parse-helpers.c`).

use std::ops::RangeInclusive;

use super::number::unsigned32;
use super::words::{Style, Words};
use super::{Context, Problem, whole};
use crate::schema::Version;

/// A rule; what it leaves out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketBind {
    /// Whether it is about IPv4 or IPv6: 4 or 6.
    pub family: Option<u8>,
    /// Whether it is about UDP; else about TCP.
    pub udp: Option<bool>,
    /// The ports.
    pub ports: Option<RangeInclusive<u16>>,
}

/// Reads a directive's rule: family, protocol and ports in this order, each of which may be left out.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<SocketBind> {
    let rule = read(text, context.version);
    if rule.is_none() {
        let expected = "a rule such as any, tcp:80 or ipv4:udp:1024-65535";
        problems.push(context.takes(expected, text, whole(text)));
    }
    rule
}

fn read(text: &str, version: Version) -> Option<SocketBind> {
    let mut rule = SocketBind::default();
    let mut stage = 0;
    for word in Words::new(text, Style::COLONS) {
        let word = word.ok()?.text;
        let is = |protocol: &str| word.eq_ignore_ascii_case(protocol);
        stage = match (&*word, stage) {
            (family @ ("ipv4" | "ipv6"), 0) => {
                rule.family = Some(if family == "ipv4" { 4 } else { 6 });
                1
            }
            (_, 0..=1) if is("tcp") || is("udp") => {
                rule.udp = Some(is("udp"));
                2
            }
            ("any", 0..=2) => 3,
            (_, 0..=2) => {
                rule.ports = Some(ports(&word, version)?);
                3
            }
            _ => return None,
        };
    }
    Some(rule)
}

/// Reads a port or a range of them (`parse_ip_port_range`, `src/basic/parse-util.c`).
fn ports(text: &str, version: Version) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text| u16::try_from(unsigned32(text).ok()?).ok();
    let (first, last) = (port(first)?, port(last)?);
    let zero = first == 0 && version < Version(255);
    (first <= last && !zero).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_their_order() {
        let rule = |family, udp, ports| Some(SocketBind { family, udp, ports });
        for (text, expected) in [
            ("any", rule(None, None, None)),
            ("ipv6", rule(Some(6), None, None)),
            ("ipv4:tcp:80", rule(Some(4), Some(false), Some(80..=80))),
            ("udp:1024-65535", rule(None, Some(true), Some(1024..=65535))),
            ("443", rule(None, None, Some(443..=443))),
            ("tcp:any", rule(None, Some(false), None)),
            ("tcp:ipv4", None),
            ("80:tcp", None),
            ("ipv4:", None),
            ("any:any", None),
            ("9-8", None),
            ("0", None),
            ("65536", None),
            ("sctp", None),
        ] {
            assert_eq!(read(text, Version(252)), expected, "{text}");
        }
    }
}
