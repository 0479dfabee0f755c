//! What a unit asks for, independent of any supervisor.
//!
//! A [`Plan`] is in systemd's own vocabulary. Whatever holds by default is
//! spelled out in it, and every [`Leaf`] knows the assignment it comes from, so
//! that a backend can say of each assignment what became of it.

mod command;
mod condition;
mod control_group;
mod directories;
mod identity;
mod lower;
mod mount;
mod mounts;
mod namespaces;
mod path;
mod relation;
mod restart;
mod scheduling;
mod service;
mod socket;
mod step;
mod stop;
mod stream;
mod supervisord;
mod text;
mod timer;
mod variables;

pub use command::{Argument, Command, Commands};
pub use condition::{Condition, Test};
pub use directories::{Directories, Directory, DirectoryKind, Preserve};
pub use identity::{Capabilities, Identity};
pub use lower::{Facts, Fault, lower};
pub use mount::Mount as MountUnit;
pub use mounts::{Mount, MountKind, Mounts, WorkingDirectory};
pub use path::{PathUnit, WatchKind, Watched};
pub use relation::{Install, InstallKind, Relation, RelationKind};
pub use restart::{Attempts, Cause, Restart, StartLimit, Statuses};
pub use scheduling::{CpuScheduling, IoScheduling, Limit, Numa};
pub use service::{Service, Type};
pub use socket::{Listen, ListenKind, Socket};
pub use step::{Chain, ControlGroup, Link, Step};
pub use stop::{KillMode, Stop};
pub use stream::{Input, LogFile, Output, Streams};
pub use text::{Bytes, Unknown};
pub use timer::{Since, Timer, Trigger};
pub use variables::{Assignment, DEFAULT_PATH, Environment, EnvironmentFile};

use crate::fate::Fate;
use crate::units::{Setting, Unit, UnitName};

/// A unit, lowered.
#[derive(Clone, Debug)]
pub struct Plan<'u> {
    /// The unit that it comes from.
    pub unit: &'u Unit<'u>,
    /// What it is.
    pub body: Body,
    /// What other units it pulls in, follows or excludes; in the order of the unit.
    pub relations: Vec<Leaf<Relation>>,
    /// `RequiresMountsFor=` and `WantsMountsFor=`: paths whose file systems are needed.
    pub mounts: Vec<Leaf<Bytes>>,
    /// Whether the unit has the dependencies that its kind has by default.
    pub default_dependencies: Leaf<bool>,
    /// `Condition…=` and `Assert…=`, in the order of the unit.
    pub conditions: Vec<Leaf<Condition>>,
    /// The `[Install]` section.
    pub install: Vec<Leaf<Install>>,
    /// Whether it is started along with the supervisor; a unit that isn't enabled
    /// is none of the supervisor's, so that all units of systemd are.
    pub autostart: Leaf<bool>,
    /// `Description=`, specifiers resolved.
    pub description: Option<Leaf<String>>,
    /// Assignments that are settled: what the unit is called, or how many there are.
    pub settled: Vec<At>,
    /// Assignments with the same fate everywhere: another one makes them void, or nobody can follow them.
    pub fated: Vec<(At, Fate)>,
    /// Assignments that can't be lowered; each has its reason.
    pub faults: Vec<Fault>,
}

/// What a unit is, by its kind.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Body {
    /// A `.service`.
    Service(Service),
    /// A `.socket`.
    Socket(Socket),
    /// A `.target`: nothing but its relations.
    Target,
    /// A `.timer`.
    Timer(Timer),
    /// A `.path`.
    Path(PathUnit),
    /// A `.mount` or a `.swap`.
    Mount(MountUnit),
    /// A kind that no backend has anything for.
    Other,
}

/// Where an assignment stands in [`Unit::settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub u32);

/// A value and the assignment it comes from; `None`: it holds by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<T> {
    /// What holds.
    pub value: T,
    /// Where it was assigned.
    pub at: Option<At>,
}

impl<T> Leaf<T> {
    /// What was assigned at `at`.
    pub fn new(value: T, at: At) -> Self {
        Leaf { value, at: Some(at) }
    }

    /// What holds by default.
    pub fn default(value: T) -> Self {
        Leaf { value, at: None }
    }

    /// Whether somebody has written it.
    pub fn is_set(&self) -> bool {
        self.at.is_some()
    }
}

impl<'u> Plan<'u> {
    /// What the unit is called.
    pub fn name(&self) -> &'u UnitName {
        self.unit.name
    }

    /// The assignment at `at`.
    pub fn setting(&self, at: At) -> &Setting<'u> {
        &self.unit.settings()[at.0 as usize]
    }
}
