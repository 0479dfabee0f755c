//! Finding units by name: one sorted list, binary search.

use super::{Directory, EntryKind, LoadPath, Place};
use crate::units::UnitName;

/// How many aliases in a row are followed (`FOLLOW_MAX`).
const MAX_HOPS: usize = 8;

/// What [`LoadPath`] looks names up in.
#[derive(Debug)]
pub(super) struct Index {
    /// Sorted by name, each name once: the most important directory wins.
    pub(super) units: Vec<Indexed>,
    /// The directories that belong to units, sorted by name, then by importance.
    pub(super) folders: Vec<Place>,
    /// Pairs of a unit's own name and an alias that leads to it, sorted.
    aliases: Vec<(UnitName, UnitName)>,
}

/// A name and where it leads.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) place: Place,
    /// The name that it is an alias of.
    target: Option<UnitName>,
}

impl Index {
    /// Goes through the directories as `unit_file_build_name_map` does.
    pub(super) fn new(directories: &[Directory]) -> Self {
        let mut units = Vec::new();
        let mut folders = Vec::new();
        let paths: Vec<_> = directories.iter().map(|directory| normal(&directory.path, "")).collect();
        for (at, directory) in directories.iter().enumerate() {
            for (number, entry) in directory.entries.iter().enumerate() {
                let place = Place { directory: at as u32, entry: number as u32, inner: None };
                let target = match &entry.kind {
                    EntryKind::Directory(_) => {
                        folders.push(place);
                        continue;
                    }
                    EntryKind::File | EntryKind::Empty => None,
                    EntryKind::Link(target) => within(directory, target, &paths),
                };
                let Some(name) = UnitName::parse(&entry.name) else { continue };
                match target.map(|target| alias_of(&name, target)) {
                    None => units.push(Indexed { place, target: None }),
                    Some(Some(target)) if target != name => units.push(Indexed { place, target: Some(target) }),
                    Some(_) => {}
                }
            }
        }
        let name = |place: &Place| &*directories[place.directory as usize].entries[place.entry as usize].name;
        units.sort_by(|a, b| name(&a.place).cmp(name(&b.place)).then(a.place.cmp(&b.place)));
        units.dedup_by(|later, first| name(&later.place) == name(&first.place));
        folders.sort_by(|a, b| name(a).cmp(name(b)).then(a.cmp(b)));
        Index { units, folders, aliases: Vec::new() }
    }
}

impl LoadPath {
    /// Notes which alias leads to which unit in the end.
    pub(super) fn find_aliases(&mut self) {
        let mut aliases = Vec::new();
        for unit in self.index.units.iter().filter(|unit| unit.target.is_some()) {
            let Some(alias) = UnitName::parse(self.name(unit.place)) else { continue };
            let Some(place) = self.follow(alias.as_str()) else { continue };
            if let (false, Some(own)) = (self.is_mask(place), self.own_name(place, &alias)) {
                aliases.push((own, alias));
            }
        }
        aliases.sort();
        self.index.aliases = aliases;
    }

    /// The file that `name` leads to, aliases followed (`unit_ids_map_get`).
    pub(super) fn follow(&self, name: &str) -> Option<Place> {
        let mut unit = self.find(name)?;
        for _ in 0..MAX_HOPS {
            let Some(target) = &unit.target else { return Some(unit.place) };
            unit = self.find(target.as_str()).or_else(|| self.find(target.template()?.as_str()))?;
        }
        None
    }

    /// The name of the unit whose file is at `place`: `asked` says with what instance.
    pub(super) fn own_name(&self, place: Place, asked: &UnitName) -> Option<UnitName> {
        let name = UnitName::parse(self.name(place))?;
        match asked.instance() {
            Some(instance) if name.is_template() && !instance.is_empty() => name.with_instance(instance),
            _ => Some(name),
        }
    }

    /// The names other than `own` that lead to the same unit as `asked` does, sorted.
    pub(super) fn aliases(&self, own: &UnitName, asked: &UnitName) -> Vec<UnitName> {
        let mut found: Vec<UnitName> = self.aliases_of(own).cloned().collect();
        if let (Some(template), Some(instance)) = (own.template(), own.instance()) {
            let instances = self.aliases_of(&template).filter_map(|alias| alias.with_instance(instance));
            // An instance with a file or link of its own may lead elsewhere.
            found.extend(instances.filter(|alias| self.find(alias.as_str()).is_none()));
        }
        if asked != own {
            found.push(asked.clone());
        }
        found.sort();
        found.dedup();
        found
    }

    fn aliases_of(&self, own: &UnitName) -> impl Iterator<Item = &UnitName> {
        let all = &self.index.aliases;
        let start = all.partition_point(|(name, _)| name < own);
        let same = all[start..].iter().take_while(move |(name, _)| name == own);
        same.map(|(_, alias)| alias)
    }

    fn find(&self, name: &str) -> Option<&Indexed> {
        let units = &self.index.units;
        units.binary_search_by(|unit| self.name(unit.place).cmp(name)).ok().map(|at| &units[at])
    }

    /// The directories called `name`, the most important one first.
    pub(super) fn folders(&self, name: &str) -> &[Place] {
        let all = &self.index.folders;
        let start = all.partition_point(|place| self.name(*place) < name);
        let count = all[start..].partition_point(|place| self.name(*place) == name);
        &all[start..start + count]
    }
}

/// The last part of the place that a link in `directory` leads to, if that
/// lies in one of the directories; else the link is the unit's file itself.
fn within<'t>(directory: &Directory, target: &'t str, paths: &[Vec<&str>]) -> Option<&'t str> {
    let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
    paths.contains(&normal(&directory.path, folder)).then_some(name)
}

/// `path` as seen from `base`, without `.`, `..` and doubled slashes; `/lib`
/// is `/usr/lib`, as it is wherever the two have been merged.
fn normal<'t>(base: &'t str, path: &'t str) -> Vec<&'t str> {
    let base = if path.starts_with('/') { "" } else { base };
    let mut parts = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.first() == Some(&"lib") {
        parts.insert(0, "usr");
    }
    parts
}

/// The name that a link called `name` may be an alias of
/// (`unit_validate_alias_symlink_and_warn` of `src/basic/unit-file.c`);
/// `None` if systemd rejects it.
fn alias_of(name: &UnitName, target: &str) -> Option<UnitName> {
    let target = UnitName::parse(target)?;
    let same_form = match (name.instance(), target.instance()) {
        (None, None) | (Some(""), Some("")) => true,
        (Some(own), Some(other)) => !own.is_empty() && (other.is_empty() || own == other),
        _ => false,
    };
    (name.kind().may_have_alias() && same_form && name.kind() == target.kind()).then_some(target)
}
