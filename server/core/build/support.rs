//! `data/support/*.toml`: what becomes of each directive on each backend.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::directives::{self, Groups};

/// The promises for one directive. Those for s6 hold for s6-rc too, and those
/// for all others where one has none of its own; systemd has what is its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    all: Option<Promise>,
    runit: Option<Promise>,
    s6: Option<Promise>,
    s6_rc: Option<Promise>,
    nosh: Option<Promise>,
    systemd: Option<Promise>,
}

/// A `Fate` of the library.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Promise {
    Native { native: String },
    Emulated { emulated: String },
    Approximated { approximated: String, loses: String },
    Lost { lost: String },
    Irrelevant { irrelevant: String },
}

/// The Rust source of the table: each fate once, and by directive and backend which one it
/// is, the directives of each folder behind those of the one before; the first holds systemd's own.
pub fn tables(promised: &[(PathBuf, Groups)]) -> String {
    let mut fates = Vec::new();
    let mut rows = String::new();
    for (at, (folder, groups)) in promised.iter().enumerate() {
        let support = read(folder, groups);
        for (group, directives) in groups {
            for (name, directive) in directives {
                let place = format!("{}/{group}.toml: `{name}`", folder.display());
                let entry = support.get(group).and_then(|entries| entries.get(name));
                let entry = entry.unwrap_or_else(|| panic!("{place} is missing"));
                let own = (at == 0).then(|| Promise::of_systemd(directive));
                let row = entry.promises(own.as_ref()).map(|(backend, promise)| {
                    let promise = promise.unwrap_or_else(|| panic!("{place} says nothing of {backend}"));
                    index_of(promise.source(), &mut fates)
                });
                writeln!(rows, "{row:?},").unwrap();
            }
        }
    }
    format!(
        "/// Each fate that is promised.\nstatic FATES: &[Fate] = &[\n{}\n];\n\
         /// By directive, in the order of the backends: which of [`FATES`].\n\
         static PROMISES: &[[u16; 5]] = &[\n{rows}];\n",
        fates.join(",\n")
    )
}

fn read(folder: &Path, groups: &Groups) -> BTreeMap<String, BTreeMap<String, Entry>> {
    let mut support: BTreeMap<String, BTreeMap<String, Entry>> = BTreeMap::new();
    for (group, path, text) in super::toml_files(folder) {
        let entries: BTreeMap<String, Entry> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let known = groups.get(&group).unwrap_or_else(|| panic!("{}: no group is called `{group}`", path.display()));
        for name in entries.keys() {
            assert!(known.contains_key(name), "{}: `{name}` has no entry as a directive", path.display());
        }
        support.insert(group, entries);
    }
    support
}

/// Where `fate` is in `fates`, once it is there.
fn index_of(fate: String, fates: &mut Vec<String>) -> usize {
    fates.iter().position(|other| *other == fate).unwrap_or_else(|| {
        fates.push(fate);
        fates.len() - 1
    })
}

impl Entry {
    /// In the order of `Backend::ALL`.
    fn promises<'p>(&'p self, own: Option<&'p Promise>) -> [(&'static str, Option<&'p Promise>); 5] {
        let Entry { all, runit, s6, s6_rc, nosh, systemd } = self;
        [
            ("runit", runit.as_ref().or(all.as_ref())),
            ("s6", s6.as_ref().or(all.as_ref())),
            ("s6-rc", s6_rc.as_ref().or(s6.as_ref()).or(all.as_ref())),
            ("nosh", nosh.as_ref().or(all.as_ref())),
            ("systemd", systemd.as_ref().or(own).or(all.as_ref())),
        ]
    }
}

impl Promise {
    /// What becomes of systemd's own settings there, in the newest version.
    fn of_systemd(directive: &directives::Entry) -> Self {
        match directive.removed_since() {
            None => Promise::Native { native: "the same".to_owned() },
            Some(0) => Promise::Irrelevant { irrelevant: "systemd ignores it".to_owned() },
            Some(since) => Promise::Irrelevant { irrelevant: format!("systemd ignores it since {since}") },
        }
    }

    fn source(&self) -> String {
        match self {
            Promise::Native { native } => format!("Fate::Native {{ with: Cow::Borrowed({native:?}) }}"),
            Promise::Emulated { emulated } => format!("Fate::Emulated {{ with: Cow::Borrowed({emulated:?}) }}"),
            Promise::Approximated { approximated, loses } => format!(
                "Fate::Approximated {{ with: Cow::Borrowed({approximated:?}), loses: Cow::Borrowed({loses:?}) }}"
            ),
            Promise::Lost { lost } => format!("Fate::Lost {{ why: Cow::Borrowed({lost:?}) }}"),
            Promise::Irrelevant { irrelevant } => format!("Fate::Irrelevant {{ why: Cow::Borrowed({irrelevant:?}) }}"),
        }
    }
}
