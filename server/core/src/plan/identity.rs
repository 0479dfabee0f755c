//! Who a process is and what it may do.

use super::lower::Lowering;
use super::step::{Link, Step};
use super::{At, Bytes, Leaf};
use crate::schema::{Key, key::exec as of, sets};
use crate::values::{boolean, capability, secure_bits, text, user};

/// `User=`, `Group=`, `SupplementaryGroups=`: names or numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `User=`; without it the process stays root.
    pub user: Option<Leaf<Bytes>>,
    /// `Group=`; without it the user's own.
    pub group: Option<Leaf<Bytes>>,
    /// `SupplementaryGroups=`, beside those that the user has.
    pub supplementary: Vec<Leaf<Bytes>>,
    /// `SetLoginEnvironment=`: whether `HOME`, `LOGNAME`, `SHELL` and `USER` are
    /// set; by default they are if there is a `User=`.
    pub login_environment: Option<Leaf<bool>>,
    /// `DynamicUser=`
    pub dynamic: Leaf<bool>,
}

/// `CapabilityBoundingSet=` and `AmbientCapabilities=`, one bit a capability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The only ones that are left; `None`: all.
    pub bounding: Option<u64>,
    /// Those that stay over the change of user.
    pub ambient: u64,
}

impl<T> Default for Leaf<T>
where
    T: Default,
{
    fn default() -> Self {
        Leaf { value: T::default(), at: None }
    }
}

impl Identity {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let mut name = |key| {
            let at = low.last(key)?;
            let word = low.parse(at, user::parse)?;
            low.expand_at(at, word.bytes()).map(|name| Leaf::new(name, at))
        };
        let mut identity = Identity { user: name(of::User), group: name(of::Group), ..Identity::default() };
        for at in low.all(of::SupplementaryGroups) {
            for word in low.parse(at, user::parse_list) {
                identity.supplementary.extend(low.expand_at(at, word.bytes()).map(|name| Leaf::new(name, at)));
            }
        }
        identity.login_environment = low.optional(of::SetLoginEnvironment, boolean::parse);
        identity.dynamic = low.boolean(of::DynamicUser, false);
        identity
    }

    /// Whether anything changes at all.
    pub fn is_root(&self) -> bool {
        self.user.is_none() && self.group.is_none() && self.supplementary.is_empty()
    }

    /// Whether the process gets `HOME`, `LOGNAME`, `SHELL` and `USER`.
    pub fn sets_login_environment(&self) -> bool {
        self.login_environment.map_or(self.user.is_some(), |leaf| leaf.value)
    }
}

impl Capabilities {
    /// The names of those in `mask`, `chown` first.
    pub fn names(mask: u64) -> impl Iterator<Item = String> {
        let by_number = move |number: u32| {
            let known = sets::CAPABILITY.words.iter().find(|word| word.number == Some(number));
            known.map(|word| word.text.trim_start_matches("CAP_").to_ascii_lowercase())
        };
        (0..64).filter(move |number| mask & (1 << number) != 0).filter_map(by_number)
    }
}

/// The steps about privileges, in systemd's order.
pub(super) fn privileges(low: &mut Lowering, links: &mut Vec<Link>) {
    let bounding = mask(low, of::CapabilityBoundingSet, u64::MAX);
    let ambient = mask(low, of::AmbientCapabilities, 0);
    let mut from = low.all(of::CapabilityBoundingSet);
    from.extend(low.all(of::AmbientCapabilities));
    let (withheld, why) = withheld(low);
    from.extend(why);
    let bounding = bounding & !withheld;
    if !from.is_empty() {
        let bounding = Some(bounding).filter(|mask| *mask != u64::MAX);
        links.push(Link { step: Step::Capabilities(Capabilities { bounding, ambient }), from });
    }
    let from = low.all(of::SecureBits);
    let mut bits = Vec::new();
    for at in &from {
        bits.extend(low.parse(*at, secure_bits::parse).into_iter().map(|item| item.value));
    }
    if !from.is_empty() {
        links.push(Link { step: Step::SecureBits(bits), from });
    }
}

/// The capabilities that other settings take away (`unit_patch_contexts` of `src/core/unit.c`).
fn withheld(low: &mut Lowering) -> (u64, Vec<At>) {
    let table: [(Key, &[&str]); 4] = [
        (of::PrivateDevices, &["CAP_MKNOD", "CAP_SYS_RAWIO"]),
        (of::ProtectKernelModules, &["CAP_SYS_MODULE"]),
        (of::ProtectKernelLogs, &["CAP_SYSLOG"]),
        (of::ProtectClock, &["CAP_SYS_TIME", "CAP_WAKE_ALARM"]),
    ];
    let (mut mask, mut from) = (0, Vec::new());
    for (key, names) in table {
        let leaf = low.boolean(key, false);
        if leaf.value {
            mask |= names.iter().fold(0, |mask, name| mask | bit(name));
            from.extend(leaf.at);
        }
    }
    (mask, from)
}

/// What systemd filters system calls for; who may not do so for good without it
/// gets no new privileges (`context_has_no_new_privileges` of `src/core/execute.c`).
const FILTERS: [Key; 15] = [
    of::SystemCallFilter,
    of::SystemCallLog,
    of::SystemCallArchitectures,
    of::RestrictAddressFamilies,
    of::MemoryDenyWriteExecute,
    of::RestrictRealtime,
    of::RestrictSUIDSGID,
    of::RestrictNamespaces,
    of::ProtectClock,
    of::ProtectKernelTunables,
    of::ProtectKernelModules,
    of::ProtectKernelLogs,
    of::PrivateDevices,
    of::LockPersonality,
    of::ProtectHostname,
];

/// Why there are no new privileges; nothing if there may be some.
fn no_new_privileges(low: &mut Lowering, identity: &Identity) -> Vec<At> {
    let asked = low.boolean(of::NoNewPrivileges, false);
    if asked.value {
        return asked.at.into_iter().collect();
    }
    let dynamic = Some(identity.dynamic).filter(|leaf| leaf.value).and_then(|leaf| leaf.at);
    if let Some(at) = dynamic {
        return vec![at];
    }
    let mighty = mask(low, of::AmbientCapabilities, 0) & bit("CAP_SYS_ADMIN") != 0;
    if identity.user.is_none() || mighty {
        return Vec::new();
    }
    let says = |key| low.last(key).filter(|at| !matches!(boolean::read(low.value(*at)), Some(false)));
    FILTERS.into_iter().filter_map(says).collect()
}

/// The steps about what the kernel's security modules shall know, and the last ones of all.
pub(super) fn labels(low: &mut Lowering, identity: &Identity, links: &mut Vec<Link>) {
    for key in [of::SELinuxContext, of::AppArmorProfile] {
        let Some(at) = low.last(key) else { continue };
        let Some(label) = low.parse(at, text::parse_label) else { continue };
        let optional = label.optional;
        let Some(bytes) = low.expand_at(at, label.text.bytes()) else { continue };
        let step = match key == of::SELinuxContext {
            true => Step::SelinuxContext { context: bytes, optional },
            false => Step::ApparmorProfile { profile: bytes, optional },
        };
        links.push(Link { step, from: vec![at] });
    }
    let from = no_new_privileges(low, identity);
    if !from.is_empty() {
        links.push(Link { step: Step::NoNewPrivileges, from });
    }
}

/// What the assignments of `key` come to (`config_parse_capability_set`); `initial` holds without any.
fn mask(low: &mut Lowering, key: crate::schema::Key, initial: u64) -> u64 {
    let mut mask = initial;
    for at in low.all(key) {
        let set = low.parse(at, capability::parse);
        let sum = set.words.iter().fold(0, |sum, word| sum | bit(&word.text));
        let fresh = sum == 0 || mask == initial;
        mask = match (fresh, set.inverted) {
            (true, true) => !sum,
            (true, false) => sum,
            (false, true) => mask & !sum,
            (false, false) => mask | sum,
        };
    }
    mask
}

fn bit(name: &str) -> u64 {
    let number = sets::CAPABILITY.get(name).and_then(|word| word.number).or_else(|| name.parse().ok());
    number.filter(|number| *number < 64).map_or(0, |number| 1 << number)
}
