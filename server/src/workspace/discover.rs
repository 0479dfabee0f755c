//! What is to be checked: the files that lie in the given paths.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};
use svlsp_core::rules::MAX_FILE;
use svlsp_core::units::load_path;
use svlsp_core::units::{FileFacts, LinkFolder, Owner, Role, is_supervisord};

use super::{Failure, read, root};

/// One file that has to do with units.
#[derive(Debug)]
pub struct Found {
    /// As users see it.
    pub path: PathBuf,
    /// Where it is read, if that is another path.
    pub real: Option<PathBuf>,
    /// How it may be read.
    pub reach: Reach,
    /// What there is to know of it beside its text.
    pub facts: FileFacts,
}

/// Whether and how a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From the disk; it had this many bytes when it was found.
    Disk(u64),
    /// It comes with its text: standard input.
    Given,
    /// It is a symbolic link that isn't followed: its target is found by
    /// itself, or it says what it says by its name.
    Link,
    /// It is a symbolic link that leads out of the given paths, or nowhere.
    Outside,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// In the order of their paths.
    pub files: Vec<Found>,
    /// What could not be looked at.
    pub failures: Vec<Failure>,
}

/// Where files are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The given files and directories.
    pub paths: &'a [PathBuf],
    /// A directory that stands for `/`; nothing outside of it is read.
    pub root: Option<&'a Path>,
    /// How many threads walk directories.
    pub threads: usize,
}

/// Where supervisord looks for its configuration; what is in a directory above its program is nowhere here.
const SUPERVISORD: [&str; 2] = ["etc/supervisord.conf", "etc/supervisor/supervisord.conf"];

/// Version control keeps its own files in these; no unit is there.
const SKIPPED: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

impl Search<'_> {
    /// Looks at every path; directories are walked, ignore files respected.
    pub fn run(&self) -> Discovered {
        let mut found = Discovered::default();
        let mut folders: Vec<&Path> = Vec::new();
        for path in self.paths {
            match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => folders.push(path),
                Ok(metadata) => found.add_named(path, &metadata),
                Err(error) => found.add_missing(path, &error),
            }
        }
        if !folders.is_empty() {
            self.walk(&folders, &mut found);
        }
        found.files.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        found.files.dedup_by(|a, b| a.path == b.path);
        found
    }

    /// Takes the directories below the root in which units are looked for, and the files that
    /// supervisord begins with.
    pub fn run_root(root: &Path) -> Discovered {
        let mut found = Discovered::default();
        let mut seen = Vec::new();
        for place in load_path::SYSTEM.iter().chain(load_path::USER) {
            let Ok(real) = root::resolve(root, Path::new(place)) else { continue };
            if seen.contains(&real) || !real.is_dir() {
                continue;
            }
            found.list(root, Path::new(place.trim_start_matches('/')), &real);
            seen.push(real);
        }
        for place in SUPERVISORD {
            let real = root::resolve(root, Path::new(place)).ok();
            if let Some(Ok(file)) = real.map(|real| Found::supervisords(&real)) {
                let path = root.join(place);
                found.files.push(Found { real: Some(file.path), path, ..file });
            }
        }
        found.files.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        found
    }

    fn walk(&self, folders: &[&Path], found: &mut Discovered) {
        let inside: Vec<PathBuf> = folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        let mut builder = WalkBuilder::new(folders[0]);
        for folder in &folders[1..] {
            builder.add(folder);
        }
        builder.hidden(false).git_global(false).threads(self.threads);
        builder.filter_entry(|entry| !SKIPPED.iter().any(|name| entry.file_name() == *name));
        let all = Mutex::new(std::mem::take(found));
        builder.build_parallel().run(|| {
            Box::new(|entry| {
                let item = match entry {
                    Ok(entry) => take(&entry, &inside, self.root),
                    Err(error) => Some(Err(walk_failure(&error))),
                };
                if let Some(item) = item {
                    let mut all = all.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    match item {
                        Ok(file) => all.files.push(file),
                        Err(failure) => all.failures.push(failure),
                    }
                }
                WalkState::Continue
            })
        });
        *found = all.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    }
}

impl Found {
    /// A file of supervisord.
    ///
    /// # Errors
    ///
    /// When there is none, or what is there is no regular file.
    pub(super) fn supervisords(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::other(format!("is {}", read::what(metadata.file_type()))));
        }
        let facts = facts(Role::Supervisord, 0, None);
        Ok(Found { path: tidy(path), real: None, reach: Reach::Disk(metadata.len()), facts })
    }
}

impl Discovered {
    /// A file that the user named: anything wrong with it is told.
    fn add_named(&mut self, path: &Path, metadata: &Metadata) {
        let Some(role) = role(path).or_else(|| role_of_text(path, metadata)) else {
            self.failures.push(Failure::new(tidy(path), NOT_OURS));
            return;
        };
        let link = fs::read_link(path).ok();
        let masks = link.as_deref() == Some(Path::new("/dev/null"));
        if !metadata.is_file() && !masks {
            self.failures.push(Failure::new(tidy(path), format!("is {}", read::what(metadata.file_type()))));
            return;
        }
        let reach = if masks { Reach::Link } else { Reach::Disk(metadata.len()) };
        let facts = match masks {
            true => facts(role, 0o644, link.as_deref()),
            false => facts(role, read::mode(metadata), None),
        };
        self.files.push(Found { path: tidy(path), real: None, reach, facts });
    }

    /// A path that the user named and that leads nowhere.
    fn add_missing(&mut self, path: &Path, error: &std::io::Error) {
        let message = match fs::read_link(path) {
            Ok(target) => format!("is a symbolic link to {}, which can't be read: {error}", target.display()),
            Err(_) => error.to_string(),
        };
        self.failures.push(Failure::new(tidy(path), message));
    }

    /// Lists one directory of units below `root`: `place` as users see it,
    /// `real` as it lies on the disk.
    fn list(&mut self, root: &Path, place: &Path, real: &Path) {
        let entries = match fs::read_dir(real) {
            Ok(entries) => entries,
            Err(error) => return self.failures.push(Failure::new(root.join(place), error)),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.failures.push(Failure::new(root.join(place), error)),
            };
            let path = root.join(place).join(entry.file_name());
            let below = root::resolve(root, &place.join(entry.file_name()));
            if let Ok(folder) = below.as_deref()
                && folder.is_dir()
                && is_unit_folder(&entry.file_name().to_string_lossy())
            {
                self.list(root, &place.join(entry.file_name()), folder);
                continue;
            }
            let Some(role) = role(&path) else { continue };
            match take_rooted(path, &entry.path(), below, role) {
                Some(Ok(file)) => self.files.push(file),
                Some(Err(failure)) => self.failures.push(failure),
                None => {}
            }
        }
    }
}

/// What an entry met on a walk is to us; `None`: nothing.
fn take(entry: &DirEntry, inside: &[PathBuf], root: Option<&Path>) -> Option<Result<Found, Failure>> {
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    let path = entry.path();
    if kind.is_symlink() && is_unit_folder(&path.file_name()?.to_string_lossy()) && path.is_dir() {
        let facts = FileFacts { link: link_text(path), ..FileFacts::default() };
        return Some(Ok(Found { path: tidy(path), real: None, reach: Reach::Outside, facts }));
    }
    let role = role(path)?;
    if kind.is_symlink() {
        return Some(Ok(take_link(path, role, inside, root)));
    }
    if !kind.is_file() {
        return Some(Err(Failure::new(tidy(path), format!("is {}", read::what(kind)))));
    }
    Some(match entry.metadata() {
        Ok(metadata) => Ok(Found {
            path: tidy(path),
            real: None,
            reach: Reach::Disk(metadata.len()),
            facts: facts(role, read::mode(&metadata), None),
        }),
        Err(error) => Err(walk_failure(&error)),
    })
}

/// A symbolic link met on a walk. It is read only if its target lies in the
/// given paths and isn't found there by itself.
fn take_link(path: &Path, role: Role, inside: &[PathBuf], root: Option<&Path>) -> Found {
    let mut facts = facts(role, 0o644, None);
    facts.link = link_text(path);
    let mut found = Found { path: tidy(path), real: None, reach: Reach::Link, facts };
    if found.facts.link.as_deref() == Some("/dev/null") || matches!(found.facts.role, Some(Role::Dependency { .. })) {
        return found;
    }
    // Below another root, where an absolute link leads can't be told from here.
    if root.is_some() && found.facts.link.as_deref().is_some_and(|link| link.starts_with('/')) {
        return found;
    }
    match path.canonicalize() {
        Err(_) => {
            found.facts.dangling = true;
            found.reach = Reach::Outside;
        }
        Ok(target) if !inside.iter().any(|folder| target.starts_with(folder)) => found.reach = Reach::Outside,
        Ok(target) if self::role(&target).is_some() => {}
        Ok(target) => {
            if let Ok(metadata) = target.metadata()
                && metadata.is_file()
            {
                found.reach = Reach::Disk(metadata.len());
            }
        }
    }
    found
}

/// An entry of a unit directory below a root; `below` is where it lies in truth.
fn take_rooted(
    path: PathBuf,
    entry: &Path,
    below: std::io::Result<PathBuf>,
    role: Role,
) -> Option<Result<Found, Failure>> {
    let link = link_text(entry);
    let mut found = Found { path, real: None, reach: Reach::Link, facts: facts(role, 0o644, None) };
    found.facts.link = link;
    if found.facts.link.as_deref() == Some("/dev/null") || matches!(found.facts.role, Some(Role::Dependency { .. })) {
        return Some(Ok(found));
    }
    let Ok(real) = below else {
        found.facts.dangling = true;
        found.reach = Reach::Outside;
        return Some(Ok(found));
    };
    let metadata = match real.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(metadata) => {
            return Some(Err(Failure::new(found.path, format!("is {}", read::what(metadata.file_type())))));
        }
        Err(error) => return Some(Err(Failure::new(found.path, error))),
    };
    let mode = read::mode(&metadata);
    found.facts.executable = mode & 0o111 != 0;
    found.facts.world_writable = mode & 0o002 != 0;
    found.reach = Reach::Disk(metadata.len());
    found.real = Some(real);
    Some(Ok(found))
}

pub(super) const NOT_OURS: &str = "is neither a unit file by its name, which ends in .service, .socket, .timer and so on \
     or is that of a drop-in, NAME.service.d/*.conf, nor supervisord's by its sections, such as [program:NAME]";

/// What a file is by its text, where its name doesn't tell.
pub(super) fn role_of_text(path: &Path, metadata: &Metadata) -> Option<Role> {
    if !metadata.is_file() {
        return None;
    }
    let mut text = Vec::new();
    read::read_into(path, metadata.len(), MAX_FILE, &mut text).ok()?;
    is_supervisord(&String::from_utf8_lossy(&text)).then_some(Role::Supervisord)
}

/// What a file is by its path.
pub(super) fn role(path: &Path) -> Option<Role> {
    let role = Role::of(&path.to_string_lossy());
    // In a drop-in directory that is the current one, the path lacks its name.
    if role.is_none() && path.extension().is_some_and(|suffix| suffix == "conf") && tidy(path).components().count() == 1
    {
        return Role::of(&std::path::absolute(path).ok()?.to_string_lossy());
    }
    role
}

/// Whether a directory by this name holds drop-ins or dependencies.
pub(super) fn is_unit_folder(name: &str) -> bool {
    name.strip_suffix(".d").is_some_and(|owner| Owner::of(owner).is_some()) || LinkFolder::of(name).is_some()
}

/// A path's bytes, by which paths are sorted.
pub(super) fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn facts(role: Role, mode: u32, link: Option<&Path>) -> FileFacts {
    // Only systemd minds the modes of its files.
    let mode = if role == Role::Supervisord { 0 } else { mode };
    FileFacts {
        role: Some(role),
        executable: mode & 0o111 != 0,
        world_writable: mode & 0o002 != 0,
        link: link.map(|link| link.to_string_lossy().into()),
        dangling: false,
    }
}

fn link_text(path: &Path) -> Option<Box<str>> {
    fs::read_link(path).ok().map(|target| target.to_string_lossy().into())
}

/// Without a `./` in front.
fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

fn walk_failure(error: &ignore::Error) -> Failure {
    match error {
        ignore::Error::WithPath { path, err } => Failure::new(tidy(path), innermost(err)),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => walk_failure(err),
        _ => Failure::new("", error),
    }
}

fn innermost(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => innermost(err),
        _ => error.to_string(),
    }
}
