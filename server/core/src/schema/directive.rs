use super::{Kinds, UnitKind, sets, supervisord};
use crate::values::ValueType;

include!(concat!(env!("OUT_DIR"), "/directives.rs"));
include!(concat!(env!("OUT_DIR"), "/ranges.rs"));

/// A setting of unit files or of supervisord.conf.
#[derive(Debug)]
pub struct Directive {
    /// Its name, without the `=`.
    pub name: &'static str,
    /// The group it belongs to, which says in what sections it may stand.
    pub group: Group,
    /// Its key.
    pub key: Key,
    /// The kinds of unit that have it.
    pub kinds: Kinds,
    /// What may be assigned.
    pub value: ValueType,
    /// What holds when it isn't assigned, as one would write it; may be empty.
    pub default: &'static str,
    /// Whether several assignments add up; else the last one holds.
    pub list: bool,
    /// What an empty assignment does.
    pub empty: Empty,
    /// The systemd version that brought it; of supervisor 420 is 4.2; 0: older than anybody runs.
    pub since: u16,
    /// Set where it still works but shouldn't be used any more.
    pub deprecated: Option<Ending>,
    /// Set where systemd reads and ignores it by now, or doesn't know it any more.
    pub removed: Option<Ending>,
    /// The build option of systemd that it needs; may be empty.
    pub build: &'static str,
    /// The manual page that describes it; empty if none does.
    pub man: &'static str,
    /// What it does, in our own words; Markdown.
    pub doc: &'static str,
    /// A line or more as one would write it.
    pub example: &'static str,
}

/// A group of directives: those of one section, or those that several sections share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Group {
    Automount,
    /// supervisord.conf.
    Ctlplugin,
    /// supervisord.conf.
    Eventlistener,
    /// systemd.exec(5).
    Exec,
    /// supervisord.conf.
    FcgiProgram,
    /// supervisord.conf.
    Group,
    /// supervisord.conf.
    Include,
    /// supervisord.conf.
    InetHttpServer,
    Install,
    /// systemd.kill(5).
    Kill,
    Mount,
    Path,
    /// supervisord.conf: of programs, event listeners and FastCGI programs.
    Program,
    /// systemd.resource-control(5).
    ResourceControl,
    /// supervisord.conf.
    Rpcinterface,
    Scope,
    Service,
    Slice,
    Socket,
    /// supervisord.conf.
    Supervisorctl,
    /// supervisord.conf.
    Supervisord,
    Swap,
    Timer,
    Unit,
    /// supervisord.conf.
    UnixHttpServer,
}

/// Names one directive; [`key`] has a constant for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(crate) u16);

/// What an empty assignment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It is refused like any other bad value.
    Refused,
    /// It empties the list.
    Reset,
    /// It brings the default back.
    Default,
    /// It is a value like any other, or is silently passed over.
    Accepted,
}

/// When and how a setting went out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The systemd version, or 0 where nobody wrote it down.
    pub since: u16,
    /// The setting that took its place; may be empty.
    pub successor: &'static str,
    /// The section that one stands in, if it is another; else empty.
    pub section: &'static str,
    /// What else there is to say; may be empty.
    pub note: &'static str,
}

/// A systemd version: 252.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16);

/// Whose units they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Manager {
    /// The system's.
    #[default]
    System,
    /// A user's.
    User,
}

impl Version {
    /// The newest one that the knowledge base covers.
    pub const LATEST: Version = Version(262);
}

impl Key {
    /// How many there are: their numbers are below this.
    pub(crate) const COUNT: usize = DIRECTIVES.len() + supervisord::DIRECTIVES.len();

    /// What it names.
    pub fn directive(self) -> &'static Directive {
        match (self.0 as usize).checked_sub(DIRECTIVES.len()) {
            None => &DIRECTIVES[self.0 as usize],
            Some(at) => &supervisord::DIRECTIVES[at],
        }
    }
}

impl Directive {
    /// Which release brought it, if anybody runs older ones: "systemd 250", "supervisor 4.2.0".
    pub fn release(&self) -> Option<String> {
        let since = self.since;
        match self.value {
            _ if since == 0 => None,
            ValueType::Supervisord(_) if since <= 300 => None,
            ValueType::Supervisord(_) => Some(format!("supervisor {}.{}.{}", since / 100, since / 10 % 10, since % 10)),
            _ => Some(format!("systemd {since}")),
        }
    }

    /// Whether it is of supervisord.conf.
    pub fn is_of_supervisord(&self) -> bool {
        matches!(self.value, ValueType::Supervisord(_))
    }
}

impl Group {
    /// Its directives, sorted by name.
    pub fn directives(self) -> &'static [Directive] {
        let range = range(self);
        match range.start.checked_sub(DIRECTIVES.len()) {
            None => &DIRECTIVES[range],
            Some(start) => &supervisord::DIRECTIVES[start..start + range.len()],
        }
    }

    /// The directive `name` of this group.
    pub fn get(self, name: &str) -> Option<&'static Directive> {
        let directives = self.directives();
        directives.binary_search_by(|directive| directive.name.cmp(name)).ok().map(|at| &directives[at])
    }
}
