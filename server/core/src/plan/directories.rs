//! `RuntimeDirectory=` and its like: directories that exist while, or since, a service runs.

use super::lower::Lowering;
use super::variables::Assignment;
use super::{At, Bytes, Identity, Leaf};
use crate::schema::{Key, key::exec as of};
use crate::values::{exec_directory, mode};

/// The directories of a service.
#[derive(Clone, Debug, Default)]
pub struct Directories {
    /// What is made at each start; parents before what is in them.
    pub made: Vec<Directory>,
    /// Who owns them: `User=`.
    pub user: Option<Bytes>,
    /// `Group=`; without it that of the user.
    pub group: Option<Bytes>,
    /// `RuntimeDirectoryPreserve=`
    pub preserve: Leaf<Preserve>,
    /// `PrivateTmp=`: whether a directory for temporary files goes with each run of the service.
    pub private_tmp: bool,
}

/// A directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Where it is, absolute.
    pub path: Bytes,
    /// Symbolic links to it, absolute.
    pub links: Vec<Bytes>,
    /// Its permissions.
    pub mode: u16,
    /// Which setting it belongs to.
    pub kind: DirectoryKind,
    /// The assignment.
    pub at: At,
}

/// What a directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DirectoryKind {
    /// `RuntimeDirectory=`, below `/run`
    Runtime,
    /// `StateDirectory=`, below `/var/lib`
    State,
    /// `CacheDirectory=`, below `/var/cache`
    Cache,
    /// `LogsDirectory=`, below `/var/log`
    Logs,
    /// `ConfigurationDirectory=`, below `/etc`; stays root's
    Configuration,
}

/// How long a runtime directory stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preserve {
    /// Until the service ends.
    #[default]
    No,
    /// Until it ends and isn't started again.
    Restart,
    /// For good.
    Yes,
}

impl DirectoryKind {
    /// All of them.
    pub const ALL: [DirectoryKind; 5] = [
        DirectoryKind::Runtime,
        DirectoryKind::State,
        DirectoryKind::Cache,
        DirectoryKind::Logs,
        DirectoryKind::Configuration,
    ];

    /// The directory that they are below.
    pub const fn base(self) -> &'static str {
        match self {
            DirectoryKind::Runtime => "/run",
            DirectoryKind::State => "/var/lib",
            DirectoryKind::Cache => "/var/cache",
            DirectoryKind::Logs => "/var/log",
            DirectoryKind::Configuration => "/etc",
        }
    }

    /// The variable in which the process finds them.
    pub const fn variable(self) -> &'static str {
        match self {
            DirectoryKind::Runtime => "RUNTIME_DIRECTORY",
            DirectoryKind::State => "STATE_DIRECTORY",
            DirectoryKind::Cache => "CACHE_DIRECTORY",
            DirectoryKind::Logs => "LOGS_DIRECTORY",
            DirectoryKind::Configuration => "CONFIGURATION_DIRECTORY",
        }
    }

    /// The setting that names them and the one about their permissions.
    const fn keys(self) -> (Key, Key) {
        match self {
            DirectoryKind::Runtime => (of::RuntimeDirectory, of::RuntimeDirectoryMode),
            DirectoryKind::State => (of::StateDirectory, of::StateDirectoryMode),
            DirectoryKind::Cache => (of::CacheDirectory, of::CacheDirectoryMode),
            DirectoryKind::Logs => (of::LogsDirectory, of::LogsDirectoryMode),
            DirectoryKind::Configuration => (of::ConfigurationDirectory, of::ConfigurationDirectoryMode),
        }
    }
}

impl Directories {
    pub(super) fn lower(low: &mut Lowering, identity: &Identity) -> Self {
        let name = |leaf: &Option<Leaf<Bytes>>| leaf.as_ref().map(|leaf| leaf.value.clone());
        let mut directories =
            Directories { user: name(&identity.user), group: name(&identity.group), ..Directories::default() };
        for kind in DirectoryKind::ALL {
            directories.add(low, kind);
        }
        directories.made.sort_by(|a, b| a.path.cmp(&b.path));
        directories.preserve = match low.choice(of::RuntimeDirectoryPreserve) {
            Some(Leaf { value: "restart", at }) => Leaf { value: Preserve::Restart, at },
            Some(Leaf { value: "yes", at }) => Leaf { value: Preserve::Yes, at },
            Some(Leaf { at, .. }) => Leaf { value: Preserve::No, at },
            None => Leaf::default(Preserve::No),
        };
        directories
    }

    /// Takes in the directories of one kind (`config_parse_exec_directories`).
    fn add(&mut self, low: &mut Lowering, kind: DirectoryKind) {
        let (names, modes) = kind.keys();
        let mode = low.optional(modes, mode::parse).map_or(0o755, |leaf| leaf.value.0);
        for at in low.all(names) {
            for named in low.parse(at, exec_directory::parse) {
                let Some(name) = low.expand_at(at, named.path.as_bytes()) else { continue };
                let mut links = Vec::new();
                if let Some(link) = &named.link
                    && let Some(link) = low.expand_at(at, link.as_bytes())
                {
                    links.push(below(kind, &link));
                }
                let path = below(kind, &name);
                match self.made.iter_mut().find(|made| made.path == path) {
                    Some(made) => made.links.append(&mut links),
                    None => self.made.push(Directory { path, links, mode, kind, at }),
                }
            }
        }
    }

    /// What the process finds in its environment (`build_environment` of `src/core/execute.c`).
    pub fn variables(&self) -> Vec<Leaf<Assignment>> {
        let of_kind = |kind| {
            let made: Vec<_> = self.made.iter().filter(|made| made.kind == kind).collect();
            let at = made.last()?.at;
            let value = made.iter().map(|made| &made.path[..]).collect::<Vec<_>>().join(&b':');
            Some(Leaf::new(Assignment { name: kind.variable().into(), value }, at))
        };
        DirectoryKind::ALL.into_iter().filter_map(of_kind).collect()
    }

    /// The assignments that it comes from.
    pub(super) fn places(&self, low: &Lowering) -> Vec<At> {
        let mut places: Vec<At> = self.made.iter().map(|made| made.at).collect();
        places.extend(DirectoryKind::ALL.into_iter().flat_map(|kind| low.all(kind.keys().1)));
        places.extend(self.preserve.at);
        places
    }
}

fn below(kind: DirectoryKind, name: &[u8]) -> Bytes {
    let mut path = kind.base().as_bytes().to_vec();
    for part in name.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b".")) {
        path.push(b'/');
        path.extend_from_slice(part);
    }
    path
}
