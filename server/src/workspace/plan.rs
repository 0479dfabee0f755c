//! Which files make up which unit, and which units belong together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::rules::MAX_FILE;
use svlsp_core::schema::Manager;
use svlsp_core::units::load_path::{self, Directory, Entry, EntryKind, Fragment, Place};
use svlsp_core::units::{LoadPath, Owner, Role, UnitName, Workspace};

use super::discover::{Found, Reach, bytes, is_unit_folder};
use super::supervisord::Configuration;
use super::{read, root};

/// All there is to do in one run.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every file, in the order of their paths.
    pub files: Vec<PlannedFile>,
    /// Units that see each other.
    pub scopes: Vec<Scope>,
    /// What is to be read and checked in one go.
    pub tasks: Vec<Task>,
    /// Symbolic links that lead out of the given paths and aren't followed.
    pub outside: usize,
    /// What exists, whether or not it is checked.
    names: Names,
}

/// A file and where it belongs.
#[derive(Debug)]
pub struct PlannedFile {
    /// As users see it.
    pub path: PathBuf,
    /// Where it is read, if that is another path.
    pub real: Option<PathBuf>,
    /// How it may be read.
    pub reach: Reach,
    /// Which of [`Plan::scopes`].
    pub scope: u32,
    /// Which of the scope's files.
    pub local: u32,
    /// How many tasks read it.
    pub uses: u32,
}

/// Directories whose units see each other: those of one search path, or a
/// single directory elsewhere.
#[derive(Debug)]
pub struct Scope {
    /// Whose units they are.
    pub manager: Manager,
    /// What the rules that look across units see; its units are filled in by
    /// the run.
    pub workspace: Workspace,
    /// Which of [`Plan::files`] the workspace's files are.
    pub files: Vec<u32>,
}

/// A unit with its drop-ins, a configuration of supervisord, or a file that is part of neither here.
#[derive(Debug)]
pub struct Task {
    /// Which of [`Plan::scopes`].
    pub scope: u32,
    /// The unit, if it is one.
    pub unit: Option<UnitName>,
    /// The unit's other names.
    pub aliases: Vec<UnitName>,
    /// Whether the first of the files is the unit's own.
    pub fragment: bool,
    /// What is read, the unit file first.
    pub files: Box<[Part]>,
    /// The configuration of supervisord, if it is one.
    pub configuration: Option<Box<Configuration>>,
}

/// A file in a task.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Which of [`Plan::files`].
    pub file: u32,
    /// Whether this task is the one that checks the file for itself.
    pub own: bool,
}

/// What is known beside the files to check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// A directory that stands for `/`.
    pub root: Option<&'a Path>,
    /// Whether the units of this machine count as existing.
    pub system: bool,
    /// Which of the files make up configurations of supervisord.
    pub configurations: &'a [Configuration],
}

impl PlannedFile {
    /// What is in it, no more than [`MAX_FILE`] bytes; nothing where it isn't read from the disk or can't be.
    pub fn read(&self) -> Vec<u8> {
        let mut buffer = Vec::new();
        if let Reach::Disk(size) = self.reach {
            let path = self.real.as_deref().unwrap_or(&self.path);
            if read::read_into(path, size, MAX_FILE, &mut buffer).is_err() {
                buffer.clear();
            }
        }
        buffer
    }
}

impl Plan {
    /// Sorts out `files`, which come in the order of their paths.
    pub fn new(files: Vec<Found>, around: &Surroundings) -> Self {
        let mut plan = Plan::default();
        let mut sketches = sketch(&files, around);
        plan.outside = files.iter().filter(|file| file.reach == Reach::Outside).count();
        plan.files = Vec::with_capacity(files.len());
        for Sketch { manager, files, .. } in &sketches {
            let workspace = Workspace { files: Vec::with_capacity(files.len()), ..Workspace::default() };
            plan.scopes.push(Scope { manager: *manager, workspace, files: files.clone() });
        }
        plan.tasks.reserve_exact(files.len());
        let mut scope_of = vec![0; files.len()];
        for (at, scope) in sketches.iter().enumerate() {
            scope.files.iter().for_each(|&file| scope_of[file as usize] = at as u32);
        }
        for (file, scope) in files.into_iter().zip(scope_of) {
            let facts = &mut plan.scopes[scope as usize].workspace.files;
            let local = facts.len() as u32;
            facts.push(file.facts);
            let Found { path, real, reach, .. } = file;
            plan.files.push(PlannedFile { path, real, reach, scope, local, uses: 0 });
        }
        for (at, scope) in sketches.iter_mut().enumerate() {
            plan.add_tasks(at as u32, scope);
        }
        around.configurations.iter().for_each(|configuration| plan.add_configuration(configuration));
        plan.add_orphans();
        plan.add_names(around);
        plan
    }

    /// How many files are read and checked.
    pub fn checked(&self) -> usize {
        self.files.iter().filter(|file| file.uses > 0).count()
    }

    fn add_tasks(&mut self, at: u32, scope: &mut Sketch) {
        let directories = scope.directories.iter_mut().map(|sketch| std::mem::take(&mut sketch.directory)).collect();
        let path = LoadPath::new(directories);
        let mut instances = Vec::new();
        for sketch in &scope.directories {
            instances.extend(sketch.owners.iter().filter(|name| name.instance().is_some_and(|part| !part.is_empty())));
        }
        let manager = self.scopes[at as usize].manager;
        for name in path.names().chain(instances.into_iter().cloned()) {
            let unit = path.resolve(&name);
            let own = unit.name == name;
            self.names.of(manager).push(name);
            let (Fragment::File(place), true) = (unit.fragment, own) else { continue };
            let first = scope.file(place).filter(|&file| self.readable(file));
            let drop_ins = unit.drop_ins.iter().filter_map(|&place| scope.file(place));
            let drop_ins = drop_ins.filter(|&file| self.readable(file));
            let files: Vec<u32> = first.into_iter().chain(drop_ins).collect();
            self.add_task(at, Some(unit.name), unit.aliases, first.is_some(), &files);
        }
    }

    fn add_task(&mut self, scope: u32, unit: Option<UnitName>, aliases: Vec<UnitName>, fragment: bool, files: &[u32]) {
        let mut part = |file: &u32| {
            let planned = &mut self.files[*file as usize];
            planned.uses += 1;
            Part { file: *file, own: planned.uses == 1 }
        };
        let files = files.iter().map(&mut part).collect();
        self.tasks.push(Task { scope, unit, aliases, fragment, files, configuration: None });
    }

    fn add_configuration(&mut self, configuration: &Configuration) {
        let at = |path: &PathBuf| self.files.binary_search_by(|file| bytes(&file.path).cmp(bytes(path)));
        let files: Vec<u32> = configuration.files.iter().filter_map(|path| at(path).ok()).map(|at| at as u32).collect();
        let Some(&main) = files.first() else { return };
        self.add_task(self.files[main as usize].scope, None, Vec::new(), false, &files);
        if let Some(task) = self.tasks.last_mut() {
            task.configuration = Some(Box::new(configuration.clone()));
        }
    }

    /// What is part of no unit is checked for itself.
    fn add_orphans(&mut self) {
        for at in 0..self.files.len() {
            let PlannedFile { uses, scope, local, .. } = self.files[at];
            let is_link = self.scopes[scope as usize].workspace.files[local as usize].link.is_some();
            if uses == 0 && !is_link && self.readable(at as u32) {
                self.add_task(scope, None, Vec::new(), false, &[at as u32]);
            }
        }
    }

    fn readable(&self, file: u32) -> bool {
        matches!(self.files[file as usize].reach, Reach::Disk(_) | Reach::Given)
    }

    /// Lets a scope see the names of all units; the scope that had them before
    /// sees them no more.
    pub(super) fn lend_names(&mut self, scope: usize) {
        let manager = self.scopes[scope].manager;
        let last = self.names.lent.replace(scope);
        if let Some(last) = last {
            let names = std::mem::take(&mut self.scopes[last].workspace.others);
            *self.names.of(self.scopes[last].manager) = names;
        }
        self.scopes[scope].workspace.others = std::mem::take(self.names.of(manager));
    }

    /// The units of the root or of the machine exist too.
    fn add_names(&mut self, around: &Surroundings) {
        let root = match around {
            Surroundings { root: Some(root), .. } => Some(*root),
            Surroundings { system: true, .. } => Some(Path::new("/")),
            _ => None,
        };
        for manager in [Manager::System, Manager::User] {
            let list = self.names.of(manager);
            let mut scopes = self.scopes.iter_mut().filter(|scope| scope.manager == manager).peekable();
            if scopes.peek().is_none() {
                continue;
            }
            if let Some(root) = root {
                list_names(root, manager, list);
                let complete = list.iter().any(|name| name.as_str() == "basic.target");
                scopes.for_each(|scope| scope.workspace.complete = complete);
            }
            list.sort_unstable();
            list.dedup();
        }
    }
}

/// The names of all units, by manager.
#[derive(Debug, Default)]
struct Names {
    system: Vec<UnitName>,
    user: Vec<UnitName>,
    /// The scope that has a manager's names for now.
    lent: Option<usize>,
}

impl Names {
    fn of(&mut self, manager: Manager) -> &mut Vec<UnitName> {
        match manager {
            Manager::System => &mut self.system,
            Manager::User => &mut self.user,
        }
    }
}

/// A scope in the making.
#[derive(Debug)]
struct Sketch {
    manager: Manager,
    files: Vec<u32>,
    directories: Vec<DirectorySketch>,
}

/// A directory of units in the making.
#[derive(Debug, Default)]
struct DirectorySketch {
    /// Its place in the search path; 0 if it is alone.
    rank: usize,
    directory: Directory,
    /// For each entry of the directory its file, or its entries' files.
    ids: Vec<Ids>,
    /// The units whose drop-in directories it has.
    owners: Vec<UnitName>,
}

#[derive(Debug)]
enum Ids {
    File(u32),
    Folder(Vec<u32>),
}

impl Sketch {
    /// Which of the files is at a place of the load path.
    fn file(&self, place: Place) -> Option<u32> {
        match (self.directories.get(place.directory as usize)?.ids.get(place.entry as usize)?, place.inner) {
            (Ids::File(file), None) => Some(*file),
            (Ids::Folder(files), Some(at)) => files.get(at as usize).copied(),
            _ => None,
        }
    }
}

/// Puts files into directories and directories into scopes.
fn sketch(files: &[Found], around: &Surroundings) -> Vec<Sketch> {
    let mut directories: BTreeMap<PathBuf, (DirectorySketch, Vec<u32>)> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let (container, folder) = container(&file.path);
        if !directories.contains_key(container) {
            directories.insert(container.to_owned(), Default::default());
        }
        let Some((sketch, ids)) = directories.get_mut(container) else { continue };
        ids.push(at as u32);
        sketch.add(file, folder, at as u32);
    }
    let mut scopes: BTreeMap<(String, bool), Sketch> = BTreeMap::new();
    for (container, (mut sketch, ids)) in directories {
        let seat = Seat::of(&unit_path(&container, around.root));
        sketch.rank = seat.rank;
        sketch.directory.path = seat.path.into();
        let key = (seat.prefix, seat.manager == Manager::User);
        let scope = scopes.entry(key).or_insert_with(|| Sketch {
            manager: seat.manager,
            files: Vec::new(),
            directories: Vec::new(),
        });
        scope.files.extend(ids);
        scope.directories.push(sketch);
    }
    let mut scopes: Vec<Sketch> = scopes.into_values().collect();
    for scope in &mut scopes {
        scope.files.sort_unstable();
        scope.directories.sort_by_key(|sketch| sketch.rank);
    }
    scopes
}

impl DirectorySketch {
    fn add(&mut self, file: &Found, folder: Option<&str>, at: u32) {
        if !matches!(file.facts.role, Some(Role::Unit(_) | Role::DropIn(_))) {
            return;
        }
        let entry = Entry { name: file_name(&file.path).into(), kind: entry_kind(file) };
        let Some(folder) = folder else {
            self.directory.entries.push(entry);
            self.ids.push(Ids::File(at));
            return;
        };
        let last = self.directory.entries.last().is_some_and(|last| &*last.name == folder);
        if !last {
            self.directory.entries.push(Entry { name: folder.into(), kind: EntryKind::Directory(Vec::new()) });
            self.ids.push(Ids::Folder(Vec::new()));
            if let Some(Role::DropIn(Owner::Unit(name))) = &file.facts.role {
                self.owners.push(name.clone());
            }
        }
        let listing = self.directory.entries.last_mut().map(|entry| &mut entry.kind);
        if let (Some(EntryKind::Directory(entries)), Some(Ids::Folder(files))) = (listing, self.ids.last_mut()) {
            entries.push(entry);
            files.push(at);
        }
    }
}

/// Where a directory stands in a search path.
struct Seat {
    /// What the search path begins with, or the directory itself if it is alone.
    prefix: String,
    /// Its path as the units see it.
    path: String,
    manager: Manager,
    rank: usize,
}

impl Seat {
    fn of(path: &str) -> Self {
        let mut best: Option<(&str, Manager, usize)> = None;
        for (list, manager) in [(load_path::SYSTEM, Manager::System), (load_path::USER, Manager::User)] {
            for (rank, &place) in list.iter().enumerate() {
                if path.ends_with(place) && best.is_none_or(|(other, ..)| other.len() < place.len()) {
                    best = Some((place, manager, rank));
                }
            }
        }
        match best {
            Some((place, manager, rank)) => {
                let prefix = path[..path.len() - place.len()].to_owned();
                Seat { prefix, path: place.to_owned(), manager, rank }
            }
            None => {
                let manager = if path.ends_with("/user") { Manager::User } else { Manager::System };
                Seat { prefix: path.to_owned(), path: path.to_owned(), manager, rank: 0 }
            }
        }
    }
}

/// The directory of units that a file belongs to, and the drop-in or
/// dependency directory in it.
fn container(path: &Path) -> (&Path, Option<&str>) {
    let folder = path.parent().unwrap_or(Path::new(""));
    match folder.file_name().and_then(|name| name.to_str()) {
        Some(name) if is_unit_folder(name) => (folder.parent().unwrap_or(Path::new("")), Some(name)),
        _ => (folder, None),
    }
}

/// An absolute path, without the root it lies under.
pub(super) fn unit_path(container: &Path, root: Option<&Path>) -> String {
    let absolute = |path: &Path| match path.as_os_str().is_empty() {
        true => std::env::current_dir(),
        false => std::path::absolute(path),
    };
    let path = absolute(container).unwrap_or_else(|_| container.to_owned());
    let below =
        root.and_then(|root| path.strip_prefix(absolute(root).ok()?).ok().map(|rest| Path::new("/").join(rest)));
    below.unwrap_or(path).to_string_lossy().into_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn entry_kind(file: &Found) -> EntryKind {
    match (&file.facts.link, file.reach) {
        (_, Reach::Disk(0)) => EntryKind::Empty,
        (Some(target), _) => EntryKind::Link(target.clone()),
        (None, _) => EntryKind::File,
    }
}

/// The names in the unit directories below `root`.
fn list_names(root: &Path, manager: Manager, names: &mut Vec<UnitName>) {
    let places = match manager {
        Manager::System => load_path::SYSTEM,
        Manager::User => load_path::USER,
    };
    for place in places {
        let Ok(real) = root::resolve(root, Path::new(place)) else { continue };
        let Ok(entries) = fs::read_dir(real) else { continue };
        names.extend(entries.flatten().filter_map(|entry| UnitName::parse(entry.file_name().to_str()?)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_has_its_place_in_a_search_path() {
        for (path, prefix, place, manager) in [
            ("/etc/systemd/system", "", "/etc/systemd/system", Manager::System),
            ("/pkg/usr/lib/systemd/system", "/pkg", "/usr/lib/systemd/system", Manager::System),
            ("/pkg/lib/systemd/system", "/pkg", "/lib/systemd/system", Manager::System),
            ("/pkg/usr/local/lib/systemd/system", "/pkg", "/usr/local/lib/systemd/system", Manager::System),
            ("/pkg/usr/lib/systemd/user", "/pkg", "/usr/lib/systemd/user", Manager::User),
            (
                "/home/a/.config/systemd/user",
                "/home/a/.config/systemd/user",
                "/home/a/.config/systemd/user",
                Manager::User,
            ),
            ("/src/units", "/src/units", "/src/units", Manager::System),
            ("/src/superuser", "/src/superuser", "/src/superuser", Manager::System),
        ] {
            let seat = Seat::of(path);
            assert_eq!((&*seat.prefix, &*seat.path, seat.manager), (prefix, place, manager), "{path}");
        }
        assert!(Seat::of("/a/etc/systemd/system").rank < Seat::of("/a/usr/lib/systemd/system").rank);
    }

    #[test]
    fn a_drop_in_belongs_to_the_directory_above() {
        for (path, directory, folder) in [
            ("a/b.service", "a", None),
            ("b.service", "", None),
            ("a/b.service.d/c.conf", "a", Some("b.service.d")),
            ("service.d/c.conf", "", Some("service.d")),
            ("a/b.target.wants/c.service", "a", Some("b.target.wants")),
            ("a/units.d/c.service", "a/units.d", None),
        ] {
            assert_eq!(container(Path::new(path)), (Path::new(directory), folder), "{path}");
        }
    }
}
