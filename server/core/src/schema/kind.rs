use crate::syntax::Dialect;

/// What a unit is, by its suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum UnitKind {
    Service,
    Socket,
    Target,
    Device,
    Mount,
    Automount,
    Swap,
    Timer,
    Path,
    Slice,
    Scope,
}

/// A set of unit kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u16);

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A unit file or a drop-in of this kind of unit.
    Unit(UnitKind),
    /// A file of the same syntax whose settings aren't in the knowledge base:
    /// `.network`, `.netdev`, `.link`, `.nspawn`, `.dnssd`, Quadlet's.
    Other(&'static str),
    /// supervisord.conf, or a file that it includes.
    Supervisord,
}

impl FileKind {
    /// Who reads it.
    pub fn dialect(self) -> Dialect {
        match self {
            FileKind::Unit(_) | FileKind::Other(_) => Dialect::Systemd,
            FileKind::Supervisord => Dialect::Supervisord,
        }
    }
}

impl UnitKind {
    /// Every kind there is.
    pub const ALL: [UnitKind; 11] = [
        UnitKind::Service,
        UnitKind::Socket,
        UnitKind::Target,
        UnitKind::Device,
        UnitKind::Mount,
        UnitKind::Automount,
        UnitKind::Swap,
        UnitKind::Timer,
        UnitKind::Path,
        UnitKind::Slice,
        UnitKind::Scope,
    ];

    /// The suffix of its names, without the dot.
    pub fn suffix(self) -> &'static str {
        match self {
            UnitKind::Service => "service",
            UnitKind::Socket => "socket",
            UnitKind::Target => "target",
            UnitKind::Device => "device",
            UnitKind::Mount => "mount",
            UnitKind::Automount => "automount",
            UnitKind::Swap => "swap",
            UnitKind::Timer => "timer",
            UnitKind::Path => "path",
            UnitKind::Slice => "slice",
            UnitKind::Scope => "scope",
        }
    }

    /// The kind with this suffix.
    pub fn from_suffix(suffix: &str) -> Option<Self> {
        UnitKind::ALL.into_iter().find(|kind| kind.suffix() == suffix)
    }

    /// Whether there may be templates and instances of it
    /// (`unit_type_may_template` of `src/basic/unit-file.c`).
    pub fn may_be_template(self) -> bool {
        use UnitKind::{Path, Service, Socket, Target, Timer};
        matches!(self, Service | Socket | Target | Timer | Path)
    }

    /// Whether its units may have other names (`unit_type_may_alias` of `src/basic/unit-file.c`).
    pub fn may_have_alias(self) -> bool {
        self.may_be_template() || self == UnitKind::Device
    }

    /// Whether its units are there only if somebody has written a file; others
    /// systemd or its generators make: devices, mounts, swaps, slices and scopes.
    pub fn needs_file(self) -> bool {
        self.may_be_template()
    }

    /// The section of its own settings: `Service`; those of targets
    /// and devices have no settings, so they have `None`.
    pub fn section(self) -> Option<&'static str> {
        match self {
            UnitKind::Service => Some("Service"),
            UnitKind::Socket => Some("Socket"),
            UnitKind::Mount => Some("Mount"),
            UnitKind::Automount => Some("Automount"),
            UnitKind::Swap => Some("Swap"),
            UnitKind::Timer => Some("Timer"),
            UnitKind::Path => Some("Path"),
            UnitKind::Slice => Some("Slice"),
            UnitKind::Scope => Some("Scope"),
            UnitKind::Target | UnitKind::Device => None,
        }
    }
}

impl Kinds {
    /// Every kind.
    pub const ALL: Kinds = Kinds(u16::MAX);

    /// These kinds.
    pub const fn of(kinds: &[UnitKind]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u16;
            at += 1;
        }
        Kinds(bits)
    }

    /// Whether `kind` is among them.
    pub const fn contains(self, kind: UnitKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }
}
