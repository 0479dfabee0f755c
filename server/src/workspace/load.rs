//! Finding the units that somebody names, with their drop-ins, as the service
//! manager finds them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::plan::{self, Body};
use svlsp_core::rules::MAX_FILE;
use svlsp_core::schema::{self, FileKind, UnitKind};
use svlsp_core::syntax;
use svlsp_core::text::{self, LineIndex, Position};
use svlsp_core::units::load_path::{self, Directory, Entry, EntryKind, Fragment, Place};
use svlsp_core::units::{LoadPath, NameProblem, Owner, Role, Unit, UnitName, escape, is_foreign};

use super::discover::{NOT_OURS, bytes, role, role_of_text};
use super::supervisord::{Configuration, Missing, Reading, Why};
use super::{Failure, Found, parallel, read, root};

/// Units, and the files that they are made of.
#[derive(Debug, Default)]
pub struct Loaded {
    /// In the order in which they were named, those of a directory by name.
    pub units: Vec<LoadedUnit>,
    /// Configurations of supervisord, by the path of their main file.
    pub configurations: Vec<LoadedConfiguration>,
    /// Every file, once.
    pub files: Vec<LoadedFile>,
    /// Templates met in a directory, of which no instance was asked for and that no socket starts.
    pub templates: Vec<UnitName>,
    /// What there is to say of files that are all right.
    pub notes: Vec<Failure>,
    /// What could not be found or read.
    pub failures: Vec<Failure>,
}

/// A configuration of supervisord.
#[derive(Clone, Debug)]
pub struct LoadedConfiguration {
    /// Its files, the main one first: which of [`Loaded::files`].
    pub files: Vec<u32>,
    /// Where they are, and whether they are all.
    pub configuration: Configuration,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedUnit {
    /// What it is called.
    pub name: UnitName,
    /// The unit file, then its drop-ins in the order in which they apply: which of [`Loaded::files`].
    pub files: Vec<u32>,
}

/// A file with its text.
#[derive(Debug)]
pub struct LoadedFile {
    /// As users see it.
    pub path: PathBuf,
    /// Where it lies, links followed.
    real: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Where and how units are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Paths of units, of configurations of supervisord and of directories with such, and bare names.
    pub units: &'a [PathBuf],
    /// The instance of the templates among them.
    pub instance: Option<&'a str>,
    /// Whether templates stay templates where no instance is asked for.
    pub templates: bool,
    /// A directory that stands for `/` when a name is looked up.
    pub root: Option<&'a Path>,
    /// What is known of the environment of the target's supervisord.
    pub environment: &'a [(String, String)],
    /// The name of the target, where it is known.
    pub host: Option<&'a str>,
    /// How many threads read.
    pub threads: usize,
}

impl Request<'_> {
    /// Finds and reads them all.
    pub fn load(&self) -> Loaded {
        let mut loader = Loader {
            request: *self,
            loaded: Loaded::default(),
            shelves: BTreeMap::new(),
            seen: BTreeSet::new(),
            postponed: Vec::new(),
            supervisords: Vec::new(),
            used: false,
        };
        self.units.iter().for_each(|unit| loader.take(unit));
        loader.loaded.read(0, self.threads);
        if !loader.postponed.is_empty() {
            let read = loader.loaded.files.len();
            loader.take_templates();
            loader.loaded.read(read, self.threads);
        }
        loader.take_configurations();
        loader.finish()
    }
}

impl Loaded {
    /// Reads the files from this one on.
    fn read(&mut self, from: usize, threads: usize) {
        let files = &mut self.files[from..];
        let texts = parallel::map(files, threads, |file| load_file(&file.real));
        for (file, text) in files.iter_mut().zip(texts) {
            match text {
                Ok(bytes) => file.bytes = bytes,
                Err(message) => self.failures.push(Failure::new(&file.path, message)),
            }
        }
    }

    /// The templates of which a socket starts an instance for each connection.
    fn accepting(&self) -> BTreeSet<String> {
        let sockets = self.units.iter().filter(|unit| unit.name.kind() == UnitKind::Socket);
        let template = |unit: &LoadedUnit| {
            let texts: Vec<_> = unit.files.iter().map(|file| text::decode(&self.files[*file as usize].bytes)).collect();
            let files: Vec<_> = texts.iter().map(syntax::scan_decoded).collect();
            match plan::lower(&Unit::new(&unit.name, &files), &plan::Facts::default()).body {
                Body::Socket(socket) if socket.accept.value => Some(socket.service.value),
                _ => None,
            }
        };
        sockets.filter_map(template).collect()
    }
}

/// The work in progress.
struct Loader<'a> {
    request: Request<'a>,
    loaded: Loaded,
    /// By the directory; that of the whole load path has no path.
    shelves: BTreeMap<PathBuf, Shelf>,
    /// The units that are in already, with their files.
    seen: BTreeSet<(UnitName, u32)>,
    /// Templates that are taken only if a socket starts them.
    postponed: Vec<Postponed>,
    /// Files of supervisord, and whether the user has named them.
    supervisords: Vec<(PathBuf, bool)>,
    /// Whether the instance was asked for by something.
    used: bool,
}

/// A template of which no instance was asked for.
struct Postponed {
    name: UnitName,
    /// Its shelf.
    at: PathBuf,
    /// What the user has named; `None`: its directory.
    argument: Option<PathBuf>,
    /// How many units come before it, other templates left out.
    before: usize,
}

/// Directories in which units are found.
struct Shelf {
    path: LoadPath,
    /// For each directory its path as users see it, and where it lies.
    places: Vec<(PathBuf, PathBuf)>,
    /// Which of [`Loaded::files`] has been loaded from a place.
    files: BTreeMap<Place, u32>,
}

impl Loader<'_> {
    /// Takes what the user has named.
    fn take(&mut self, argument: &Path) {
        if argument.is_dir() {
            return self.take_directory(argument);
        }
        if is_supervisords(argument) {
            return self.supervisords.push((argument.to_owned(), true));
        }
        let bare = argument.components().count() == 1 && argument.parent() == Some(Path::new(""));
        let Some(text) = argument.file_name().and_then(|name| name.to_str()) else {
            return self.fail(argument, "is no unit file by its name");
        };
        let folder = argument.parent().unwrap_or(Path::new(""));
        let is_ini = text.ends_with(".conf") || text.ends_with(".ini");
        if (is_ini || !bare)
            && UnitName::check(text).is_err()
            && let Err(error) = argument.metadata()
        {
            return self.fail(argument, &error.to_string());
        }
        // A bare name may lack its suffix, as for systemctl.
        let name = match UnitName::explain(text) {
            Err(_) if bare && !argument.exists() => {
                UnitName::explain(&format!("{text}.service")).or(UnitName::explain(text))
            }
            name => name,
        };
        let name = match name {
            Ok(name) => name,
            Err(NameProblem::BadSuffix { near: None }) if argument.is_file() => return self.fail(argument, NOT_OURS),
            Err(problem) => return self.fail(argument, &format!("is no name of a unit: {problem}")),
        };
        let is_here = argument.symlink_metadata().is_ok();
        match bare && !is_here && !self.shelf(Path::new(".")).knows(&name) {
            true => self.take_unit(argument, PathBuf::new(), &name),
            false => self.take_unit(argument, here(folder), &name),
        }
    }

    /// Takes one unit from the shelf `at`.
    fn take_unit(&mut self, argument: &Path, at: PathBuf, name: &UnitName) {
        if name.is_template() {
            let argument = Some(argument.to_owned());
            return self.postponed.push(Postponed {
                name: name.clone(),
                at,
                argument,
                before: self.loaded.units.len(),
            });
        }
        self.find_unit(argument, at, name);
    }

    /// Takes one unit as it is.
    fn find_unit(&mut self, argument: &Path, at: PathBuf, name: &UnitName) {
        let whole = at.as_os_str().is_empty();
        let root = self.request.root.unwrap_or(Path::new("/")).to_owned();
        let resolved = self.shelf(&at).path.resolve(name);
        match resolved.fragment {
            Fragment::File(place) => self.add(&at, resolved.name, place, &resolved.drop_ins),
            Fragment::Masked(place) => {
                let mask = self.shelf(&at).shown(place);
                let message = match mask == argument {
                    true => "is masked, as it is empty or a link to /dev/null".to_owned(),
                    false => format!("is masked by {}", mask.display()),
                };
                self.fail(argument, &message);
            }
            Fragment::None if whole => {
                let names: Vec<UnitName> = self.shelf(&at).path.names().collect();
                let alike = names.iter().filter(|other| other.kind() == name.kind()).map(UnitName::stem);
                let near = schema::nearest(name.stem(), alike)
                    .map_or(String::new(), |near| format!("; did you mean '{near}.{}'?", name.kind().suffix()));
                let message =
                    format!("is neither a file here nor a unit in the load path below {}{near}", root.display());
                self.fail(argument, &message);
            }
            Fragment::None => {
                let error = fs::metadata(argument).err().map(|error| error.to_string());
                self.fail(argument, &error.unwrap_or_else(|| "systemd doesn't load it from there".to_owned()));
            }
        }
    }

    /// Takes every unit below a directory.
    fn take_directory(&mut self, directory: &Path) {
        let mut folders = vec![directory.to_owned()];
        let mut found = false;
        while let Some(folder) = folders.pop() {
            let mut below = Vec::new();
            match fs::read_dir(&folder) {
                Ok(entries) => below.extend(entries.flatten().filter_map(|entry| {
                    let name = entry.file_name();
                    if role(&entry.path()) == Some(Role::Supervisord) && entry.path().is_file() {
                        found = true;
                        self.supervisords.push((entry.path(), false));
                        return None;
                    }
                    let inner = entry.file_type().is_ok_and(|kind| kind.is_dir());
                    let hidden = name.as_encoded_bytes().starts_with(b".");
                    (inner && !hidden && !super::discover::is_unit_folder(&name.to_string_lossy()))
                        .then(|| entry.path())
                })),
                Err(error) => self.fail(&folder, &error.to_string()),
            }
            below.sort_unstable_by(|a, b| b.cmp(a));
            folders.append(&mut below);
            let at = here(&folder);
            let names: Vec<UnitName> = self.shelf(&at).path.names().collect();
            for name in names {
                let resolved = self.shelf(&at).path.resolve(&name);
                let Fragment::File(place) = resolved.fragment else { continue };
                found = true;
                if resolved.name != name {
                    continue;
                }
                if name.is_template() {
                    let before = self.loaded.units.len();
                    self.postponed.push(Postponed { name, at: at.clone(), argument: None, before });
                    continue;
                }
                self.add(&at, resolved.name, place, &resolved.drop_ins);
            }
        }
        if !found {
            self.fail(directory, "has no units in it");
        }
    }

    /// Takes templates: those that a socket starts as they are, of others the instance asked for.
    fn take_templates(&mut self) {
        let accepting = self.loaded.accepting();
        let mut inserted = 0;
        for Postponed { name, at, argument, before } in std::mem::take(&mut self.postponed) {
            let stays = self.request.templates && self.request.instance.is_none();
            let started = stays || accepting.contains(name.as_str());
            if !started && argument.is_none() && self.request.instance.is_none() {
                self.loaded.templates.push(name);
                continue;
            }
            let argument = argument.unwrap_or_else(|| at.join(name.as_str()));
            let unit = if started { Ok(name) } else { self.instantiate(&name) };
            let count = self.loaded.units.len();
            match unit {
                Ok(unit) => self.find_unit(&argument, at, &unit),
                Err(message) => self.fail(&argument, &message),
            }
            if self.loaded.units.len() > count {
                self.loaded.units[before + inserted..].rotate_right(1);
                inserted += 1;
            }
        }
    }

    /// Takes the configurations of supervisord, each with what it includes.
    fn take_configurations(&mut self) {
        let Request { root, environment, host, threads, .. } = self.request;
        let mut found = Vec::new();
        let mut named = BTreeSet::new();
        for (path, is_named) in std::mem::take(&mut self.supervisords) {
            match Found::supervisords(&path) {
                Ok(file) => {
                    named.extend(is_named.then(|| file.path.clone()));
                    found.push(file);
                }
                Err(error) => self.fail(&path, &error.to_string()),
            }
        }
        found.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        found.dedup_by(|a, b| a.path == b.path);
        let reading = Reading { root, inside: None, environment, host };
        let configurations = reading.configurations(&mut found, |_| None);
        let from = self.loaded.files.len();
        let mut numbers: BTreeMap<PathBuf, u32> = BTreeMap::new();
        for configuration in configurations {
            let mut files = Vec::with_capacity(configuration.files.len());
            for path in &configuration.files {
                let number = *numbers.entry(path.clone()).or_insert_with(|| {
                    let known = found.iter().find(|file| file.path == *path);
                    let real = known.and_then(|file| file.real.clone()).unwrap_or_else(|| path.clone());
                    self.loaded.files.push(LoadedFile { path: path.clone(), real, bytes: Vec::new() });
                    (self.loaded.files.len() - 1) as u32
                });
                files.push(number);
            }
            self.loaded.configurations.push(LoadedConfiguration { files, configuration });
        }
        self.loaded.read(from, threads);
        let Loaded { configurations, files, notes, .. } = &mut self.loaded;
        configurations.retain(|one| {
            let main = &files[one.files[0] as usize];
            let text = String::from_utf8_lossy(&main.bytes);
            named.contains(&main.path) || !is_foreign(FileKind::Supervisord, &text)
        });
        notes.extend(configurations.iter().flat_map(|one| left_out(&one.configuration, &files[one.files[0] as usize])));
    }

    /// The unit of the template `name` with the instance asked for.
    fn instantiate(&mut self, name: &UnitName) -> Result<UnitName, String> {
        let prefix = name.prefix();
        let Some(instance) = self.request.instance else {
            return Err(format!(
                "is a template, of which only instances run; \
                 name one with --instance NAME, or as {prefix}@NAME.{}",
                name.kind().suffix()
            ));
        };
        self.used = true;
        if instance.is_empty() {
            return Err("--instance: the name of an instance can't be empty".to_owned());
        }
        name.with_instance(instance).ok_or_else(|| {
            format!(
                "--instance: \"{}\" can't be part of a unit's name; escaped it is \"{}\"",
                crate::report::escape::controls(instance),
                escape(instance)
            )
        })
    }

    /// Adds a unit, once.
    fn add(&mut self, at: &Path, name: UnitName, fragment: Place, drop_ins: &[Place]) {
        let root = if at.as_os_str().is_empty() { Some(self.request.root.unwrap_or(Path::new("/"))) } else { None };
        let Some(shelf) = self.shelves.get_mut(at) else { return };
        let mut files = Vec::with_capacity(1 + drop_ins.len());
        for &place in std::iter::once(&fragment).chain(drop_ins) {
            let number = match shelf.files.get(&place) {
                Some(number) => *number,
                None => {
                    let path = shelf.shown(place);
                    let real = match shelf.real(place, root) {
                        Ok(real) => real,
                        Err(error) => return self.fail(&path, &error.to_string()),
                    };
                    let number = self.loaded.files.len() as u32;
                    self.loaded.files.push(LoadedFile { path, real, bytes: Vec::new() });
                    shelf.files.insert(place, number);
                    number
                }
            };
            files.push(number);
        }
        if self.seen.insert((name.clone(), files[0])) {
            self.loaded.units.push(LoadedUnit { name, files });
        }
    }

    /// The shelf of one directory; without a path that of the whole load path.
    fn shelf(&mut self, at: &Path) -> &Shelf {
        let root = self.request.root;
        self.shelves.entry(at.to_owned()).or_insert_with(|| match at.as_os_str().is_empty() {
            true => Shelf::of_root(root),
            false => Shelf::of_directory(at),
        })
    }

    fn fail(&mut self, path: &Path, message: &str) {
        self.loaded.failures.push(Failure::new(path, message));
    }

    fn finish(mut self) -> Loaded {
        if self.request.instance.is_some() && !self.used && self.loaded.failures.is_empty() {
            self.fail(Path::new("--instance"), "none of the units is a template");
        }
        self.loaded
    }
}

impl Shelf {
    /// One directory.
    fn of_directory(at: &Path) -> Self {
        let seen = std::path::absolute(at).unwrap_or_else(|_| at.to_owned());
        let directory = Directory { path: seen.to_string_lossy().into(), entries: list(at, None) };
        let shown = at.strip_prefix(".").unwrap_or(at).to_owned();
        Shelf { path: LoadPath::new(vec![directory]), places: vec![(shown, at.to_owned())], files: BTreeMap::new() }
    }

    /// The load path of the system's manager below `root`; below `/` if there is none.
    fn of_root(root: Option<&Path>) -> Self {
        let root = root.unwrap_or(Path::new("/"));
        let mut directories = Vec::new();
        let mut places: Vec<(PathBuf, PathBuf)> = Vec::new();
        for place in load_path::SYSTEM {
            let Ok(real) = root::resolve(root, Path::new(place)) else { continue };
            if !real.is_dir() || places.iter().any(|(_, known)| *known == real) {
                continue;
            }
            let entries = list(&real, Some((root, Path::new(place))));
            directories.push(Directory { path: (*place).into(), entries });
            places.push((root.join(place.trim_start_matches('/')), real));
        }
        Shelf { path: LoadPath::new(directories), places, files: BTreeMap::new() }
    }

    /// Whether there is something by that name, or a template for it.
    fn knows(&self, name: &UnitName) -> bool {
        self.path.resolve(name).fragment != Fragment::None
    }

    /// The path of a place as users see it.
    fn shown(&self, place: Place) -> PathBuf {
        self.below(place, &self.places[place.directory as usize].0)
    }

    /// Where the file of a place lies.
    fn real(&self, place: Place, root: Option<&Path>) -> std::io::Result<PathBuf> {
        match root {
            Some(root) => {
                let directory = &self.path.directories()[place.directory as usize].path;
                root::resolve(root, &self.below(place, Path::new(&**directory)))
            }
            None => Ok(self.below(place, &self.places[place.directory as usize].1)),
        }
    }

    fn below(&self, place: Place, directory: &Path) -> PathBuf {
        let name = |place| self.path.entry(place).map_or("", |entry| &*entry.name);
        let outer = directory.join(name(Place { inner: None, ..place }));
        if place.inner.is_some() { outer.join(name(place)) } else { outer }
    }
}

/// Lists a directory of units: `root` is what its links are followed in, and
/// where it lies there.
fn list(real: &Path, root: Option<(&Path, &Path)>) -> Vec<Entry> {
    let mut listing = Vec::new();
    for entry in fs::read_dir(real).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let folder = name.strip_suffix(".d").is_some_and(|owner| Owner::of(owner).is_some());
        if !folder && UnitName::check(&name).is_err() {
            continue;
        }
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_dir() && folder => EntryKind::Directory(list_drop_ins(&entry.path())),
            Ok(kind) if kind.is_symlink() && folder => {
                let target = match root {
                    Some((root, place)) => root::resolve(root, &place.join(&name)).ok(),
                    None => Some(entry.path()),
                };
                match target.filter(|target| target.is_dir()) {
                    Some(target) => EntryKind::Directory(list_drop_ins(&target)),
                    None => continue,
                }
            }
            Ok(kind) if kind.is_dir() || folder => continue,
            Ok(_) => file_kind(&entry),
            Err(_) => continue,
        };
        listing.push(Entry { name: name.into(), kind });
    }
    listing
}

fn list_drop_ins(folder: &Path) -> Vec<Entry> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let conf = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.ends_with(".conf"))?;
        let is_dir = entry.file_type().ok()?.is_dir();
        (!is_dir).then(|| Entry { name: name.into(), kind: file_kind(&entry) })
    };
    entries.filter_map(conf).collect()
}

fn file_kind(entry: &fs::DirEntry) -> EntryKind {
    if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
        let target = fs::read_link(entry.path()).unwrap_or_default();
        return EntryKind::Link(target.to_string_lossy().into());
    }
    match entry.metadata() {
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => EntryKind::Empty,
        _ => EntryKind::File,
    }
}

/// Whether a file that was named is supervisord's.
fn is_supervisords(path: &Path) -> bool {
    match role(path) {
        Some(role) => role == Role::Supervisord && path.is_file(),
        None => fs::metadata(path).is_ok_and(|metadata| role_of_text(path, &metadata).is_some()),
    }
}

/// What a regular file holds; else why it isn't read.
fn load_file(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err(format!("is {}", read::what(metadata.file_type())));
    }
    let mut bytes = Vec::new();
    read::read_into(path, metadata.len(), MAX_FILE + 1, &mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("has more than {MAX_FILE} bytes, which no unit file has"));
    }
    Ok(bytes)
}

/// A directory that has a path.
fn here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}
/// What a configuration includes and isn't there.
fn left_out(configuration: &Configuration, main: &LoadedFile) -> Vec<Failure> {
    let decoded = text::decode(&main.bytes);
    let lines = LineIndex::new(&decoded.text);
    let known = configuration.missing.iter().filter(|missing| missing.why != Why::Unknown);
    let note = |Missing { pattern, span, .. }: &Missing| {
        let Position { line, column, .. } = lines.position(span.start as usize, &decoded.text);
        let place = format!("{}:{}:{}", main.path.display(), line + 1, column + 1);
        Failure::new(place, format!("includes {pattern}, which leads to no file here"))
    };
    known.map(note).collect()
}
