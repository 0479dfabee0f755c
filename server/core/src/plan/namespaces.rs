//! Namespaces other than that of mounts.

use super::Identity;
use super::lower::Lowering;
use super::step::{Link, Step};
use crate::schema::{Key, key::exec as of};
use crate::values::path;
use crate::values::protect_hostname::{self, Mode};

/// Those of the network and of System V and POSIX communication; one that exists
/// already wins over one of its own (`setup_shareable_ns` of `src/core/namespace.c`).
pub(super) fn early(low: &mut Lowering, links: &mut Vec<Link>) {
    share(low, links, of::PrivateNetwork, Step::PrivateNetwork, of::NetworkNamespacePath, Step::NetworkNamespace);
    share(low, links, of::PrivateIPC, Step::PrivateIpc, of::IPCNamespacePath, Step::IpcNamespace);
}

/// That of the host name.
pub(super) fn hostname(low: &mut Lowering, links: &mut Vec<Link>) {
    let Some(leaf) = low.optional(of::ProtectHostname, protect_hostname::parse) else { return };
    let Some(at) = leaf.at else { return };
    if leaf.value.mode == Mode::No {
        return;
    }
    let name = leaf.value.name.and_then(|name| low.expand_at(at, name.as_bytes()));
    links.push(Link { step: Step::PrivateHostname(name), from: vec![at] });
}

/// That of the users; only root can be known in it, as the maps for others
/// would have to be written from outside.
pub(super) fn users(low: &mut Lowering, identity: &Identity, links: &mut Vec<Link>) {
    let Some(leaf) = low.choice(of::PrivateUsers) else { return };
    let Some(at) = leaf.at.filter(|_| matches!(leaf.value, "yes" | "self")) else { return };
    if identity.is_root() {
        links.push(Link { step: Step::PrivateUsers, from: vec![at] });
    }
}

fn share(
    low: &mut Lowering,
    links: &mut Vec<Link>,
    private: Key,
    own: Step,
    path: Key,
    join: impl Fn(super::Bytes) -> Step,
) {
    let mut from = Vec::new();
    let private = low.boolean(private, false);
    from.extend(private.at);
    let mut step = private.value.then_some(own);
    if let Some(at) = low.last(path) {
        from.push(at);
        if let Some(word) = low.parse(at, path::parse)
            && let Some(path) = low.expand_at(at, word.bytes())
            && !path.is_empty()
        {
            step = Some(join(path));
        }
    }
    links.extend(step.map(|step| Link { step, from }));
}
