//! The directories in which units are looked for, as listings.

mod drop_ins;
mod index;
#[cfg(test)]
mod tests;

pub use drop_ins::folders;

use super::{LinkFolder, Owner, UnitName};
use index::Index;

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
    /// An empty file, or a link to one: it masks a unit or drop-in, as a link
    /// to /dev/null does.
    Empty,
    /// A symbolic link to this place, as it is written. One to a directory
    /// counts as that directory.
    Link(Box<str>),
    /// A directory, listed if its name ends in `.d`, `.wants`, `.requires` or
    /// `.upholds`.
    Directory(Vec<Entry>),
}

/// The directories in which the service manager looks for units, listed.
#[derive(Debug)]
pub struct LoadPath {
    directories: Vec<Directory>,
    index: Index,
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
    /// Its drop-ins, in the order in which they apply; none for a masked unit.
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
    pub from: Owner,
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
        let mut path = LoadPath { index: Index::new(&directories), directories };
        path.find_aliases();
        path
    }

    /// What was given to [`LoadPath::new`].
    pub fn directories(&self) -> &[Directory] {
        &self.directories
    }

    /// The entry at a place; `None` for a place of another load path.
    pub fn entry(&self, place: Place) -> Option<&Entry> {
        let entry = self.directories.get(place.directory as usize)?.entries.get(place.entry as usize)?;
        match (place.inner, &entry.kind) {
            (None, _) => Some(entry),
            (Some(at), EntryKind::Directory(entries)) => entries.get(at as usize),
            _ => None,
        }
    }

    /// The path of an entry, as the units see it.
    pub fn path(&self, place: Place) -> String {
        let directory = self.directories.get(place.directory as usize).map_or("", |directory| &directory.path);
        let name = |place| self.entry(place).map_or("", |entry: &Entry| &entry.name);
        let outer = name(Place { inner: None, ..place });
        match place.inner {
            Some(_) => format!("{directory}/{outer}/{}", name(place)),
            None => format!("{directory}/{outer}"),
        }
    }

    /// The names of all units that have a file, a mask or an alias here,
    /// templates included, sorted.
    pub fn names(&self) -> impl Iterator<Item = UnitName> {
        self.index.units.iter().filter_map(|unit| UnitName::parse(self.name(unit.place)))
    }

    /// What the service manager would load as `name`
    /// (`unit_file_find_fragment` of `src/basic/unit-file.c`).
    pub fn resolve(&self, name: &UnitName) -> Resolved {
        let place = self.follow(name.as_str()).or_else(|| self.follow(name.template()?.as_str()));
        let own = place.and_then(|place| self.own_name(place, name)).unwrap_or_else(|| name.clone());
        let aliases = self.aliases(&own, name);
        let fragment = match place {
            None => Fragment::None,
            Some(place) if self.is_mask(place) => Fragment::Masked(place),
            Some(place) => Fragment::File(place),
        };
        let drop_ins = match fragment {
            Fragment::Masked(_) => Vec::new(),
            _ => self.drop_ins(std::iter::once(&own).chain(&aliases)),
        };
        Resolved { name: own, aliases, fragment, drop_ins }
    }

    /// The entries of all `.wants`, `.requires` and `.upholds` directories,
    /// without those that are masked.
    pub fn link_edges(&self) -> impl Iterator<Item = LinkEdge> {
        self.index.folders.iter().flat_map(|folder| {
            let (from, kind) = LinkFolder::of(self.name(*folder)).unzip();
            let entries = if kind.is_some() { self.listing(*folder) } else { &[] };
            entries.iter().enumerate().filter_map(move |(at, entry)| {
                if entry.is_mask() {
                    return None;
                }
                let place = Place { inner: Some(at as u32), ..*folder };
                Some(LinkEdge { from: from.clone()?, kind: kind?, to: UnitName::parse(&entry.name)?, place })
            })
        })
    }

    fn name(&self, place: Place) -> &str {
        self.entry(place).map_or("", |entry| &entry.name)
    }

    fn is_mask(&self, place: Place) -> bool {
        self.entry(place).is_some_and(Entry::is_mask)
    }

    fn listing(&self, folder: Place) -> &[Entry] {
        match self.entry(folder) {
            Some(Entry { kind: EntryKind::Directory(entries), .. }) => entries,
            _ => &[],
        }
    }
}

impl Entry {
    /// Whether it masks what it is the name of.
    pub fn is_mask(&self) -> bool {
        match &self.kind {
            EntryKind::Empty => true,
            EntryKind::Link(target) => &**target == "/dev/null",
            _ => false,
        }
    }
}
