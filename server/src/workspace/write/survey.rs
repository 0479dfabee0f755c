//! What is there, what shall be, and who owns it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use svlsp_core::backends::{Content, Directory, File};

use super::{Action, Change, Made, Put, Survey, Writer, flat};
use crate::workspace::stamp::{self, Print, Stamp, Stamped};
use crate::workspace::{Failure, parallel, read};

/// The longest name that a file may have, in bytes.
const MAX_NAME: usize = 255;

/// The file that keeps a service from being started, the administrator's switch.
const DOWN: &str = "down";

/// What stands for the unit of a directory that several units have files in.
pub(super) const SHARED: &str = "-";

/// How many names a message lists.
const MAX_LIST: usize = 5;

pub(super) fn survey<'a>(writer: Writer<'a>, made: &[Made<'a>]) -> Survey<'a> {
    let mut refusals = Vec::new();
    if writer.out.metadata().is_ok_and(|metadata| !metadata.is_dir()) {
        refusals.push(Failure::new(writer.out, "is no directory"));
        return Survey { writer, changes: Vec::new(), refusals };
    }
    let mut owners: BTreeMap<&str, (&Made, &Directory)> = BTreeMap::new();
    let mut jobs: Vec<(&Made<'a>, &'a Directory)> = Vec::new();
    let mut shared: BTreeMap<&str, Vec<(&Made<'a>, &'a File)>> = BTreeMap::new();
    let mut flat = Vec::new();
    for unit in made {
        for directory in unit.directories {
            if directory.name.is_empty() {
                flat.extend(directory.files.iter().map(|file| (unit.unit.as_str(), file)));
                continue;
            }
            if let Err(message) = check_names(directory) {
                refusals.push(Failure::new(unit.unit.as_str(), message));
                continue;
            }
            if directory.shared {
                let files = directory.files.iter().map(|file| (unit, file));
                shared.entry(&directory.name).or_default().extend(files);
                continue;
            }
            if let Some((other, _)) = owners.insert(&directory.name, (unit, directory)) {
                let (first, second) = (other.from, unit.from);
                let message = match first == second {
                    true => format!("{first} is there twice; convert one of the files at a time"),
                    false => format!("{first} and {second} would both become this directory"),
                };
                refusals.push(Failure::new(writer.out.join(&directory.name), message));
                continue;
            }
            jobs.push((unit, directory));
        }
    }
    let looked = parallel::map(&jobs, writer.threads, |(unit, directory)| look(&writer, unit, directory));
    let mut changes = Vec::with_capacity(looked.len());
    let mut left = BTreeSet::new();
    let mut withdrawn = BTreeSet::new();
    for (looked, (unit, _)) in looked.into_iter().zip(&jobs) {
        changes.push(looked.change);
        refusals.extend(looked.refusals);
        withdrawn.extend(looked.withdrawn);
        let siblings = looked.siblings.into_iter().filter(|name| !owners.contains_key(&**name));
        left.extend(siblings.map(|name| (name, unit.unit.as_str())));
    }
    for (name, files) in shared {
        let looked = look_shared(&writer, name, files, owners.get(name).map(|(_, directory)| *directory));
        changes.push(looked.change);
        refusals.extend(looked.refusals);
    }
    for (name, unit) in left {
        if let Some(looked) = look_left(&writer, &name, unit) {
            changes.push(looked.change);
            refusals.extend(looked.refusals);
        }
    }
    if !flat.is_empty() {
        flat::look(&writer, &flat, &mut changes, &mut refusals);
    }
    withdrawn.iter().for_each(|file| withdraw(&writer, file, &mut changes));
    Survey { writer, changes, refusals }
}

/// Takes a file that a unit had in a directory of several units out of it, if it is as it was written.
fn withdraw(writer: &Writer, file: &Stamped, changes: &mut Vec<Change>) {
    let Some((name, inner)) = file.path.split_once('/') else { return };
    let path = writer.out.join(name);
    let same = |is| matches!(is, Ok(Is::Other(Some(print))) if print == file.print);
    if !path.symlink_metadata().is_ok_and(|found| found.is_dir()) || !same(compare(&path, inner, &Content::Directory)) {
        return;
    }
    let at = changes.iter().position(|change| change.path == path).unwrap_or_else(|| {
        changes.push(Change::new(path, Action::Keep));
        changes.len() - 1
    });
    changes[at].removes.push(inner.to_owned());
    if changes[at].action == Action::Keep {
        changes[at].action = Action::Update;
    }
}

/// What there is to do and to say about one directory.
struct Looked<'a> {
    change: Change<'a>,
    refusals: Vec<Failure>,
    /// The directories that its unit had become before.
    siblings: Vec<String>,
    /// What its unit had in directories of several units before, and has no more.
    withdrawn: Vec<Stamped>,
}

/// Looks at a directory that shall be written.
fn look<'a>(writer: &Writer, unit: &Made, directory: &'a Directory) -> Looked<'a> {
    let path = writer.out.join(&directory.name);
    let stamp = Stamp::new(unit.unit.as_str(), writer.backend, unit.directories, directory);
    let stamped =
        Put { path: stamp::NAME, content: Cow::Owned(Content::Text(stamp.to_string().into_bytes())), replaces: false };
    let change = Change::new(path, Action::Create);
    let mut looked = Looked { change, refusals: Vec::new(), siblings: Vec::new(), withdrawn: Vec::new() };
    let put = |file: &'a File| Put { path: &file.path, content: Cow::Borrowed(&file.content), replaces: false };
    if let Err(message) = is_directory(&looked.change.path) {
        looked.refuse(message);
        return looked;
    }
    if looked.change.path.symlink_metadata().is_err() {
        looked.change.puts = directory.files.iter().map(put).collect();
        looked.change.puts.push(stamped);
        return looked;
    }
    looked.change.action = Action::Update;
    let old = read_stamp(&looked.change.path);
    match &old {
        Some(old) if old.unit == SHARED && old.backend == writer.backend => {}
        Some(old) if old.unit != unit.unit.as_str() && !writer.force => {
            looked.refuse(format!("was made from {}; --force replaces it", old.unit));
        }
        Some(old) if old.backend != writer.backend && !writer.force => {
            looked.refuse(format!("was made for {}; --force replaces it", old.backend.name()));
        }
        Some(old) => {
            looked.siblings.clone_from(&old.with);
            looked.withdrawn = old.added.iter().filter(|file| !stamp.added.contains(file)).cloned().collect();
        }
        None if !writer.force => looked.refuse("is there and not written by svlsp; --force replaces it"),
        None => {}
    }
    let mut changed = Vec::new();
    for file in &directory.files {
        let before = old.as_ref().and_then(|old| old.get(&file.path));
        match compare(&looked.change.root, &file.path, &file.content) {
            // Who takes this away wants the service to be started.
            Ok(Is::Absent) if before.is_some() && file.path == DOWN => {}
            Ok(Is::Absent) => {
                if before.is_some() {
                    changed.push(&*file.path);
                }
                looked.change.puts.push(put(file));
            }
            Ok(Is::Same) => {}
            Ok(Is::Other(print)) => {
                if before.is_none_or(|before| Some(before.print) != print) {
                    changed.push(&*file.path);
                }
                looked.change.puts.push(Put { replaces: true, ..put(file) });
            }
            Err(message) => looked.refuse_file(&file.path, message),
        }
    }
    let changed: Vec<String> = changed.into_iter().map(str::to_owned).collect();
    let stale = match &old {
        Some(old) => old.files.iter().filter(|file| !directory.files.iter().any(|new| new.path == file.path)).collect(),
        None => Vec::new(),
    };
    looked.take_away(stale.into_iter().map(|file| (&*file.path, file.print)), changed, writer.force || old.is_none());
    if old.is_none() && writer.force {
        looked.take_foreign(directory);
    }
    looked.change.sweeps.retain(|folder| !directory.files.iter().any(|file| file.path == *folder));
    // What a supervisor reads first is exchanged last.
    looked.change.puts.sort_by_key(|put| !put.path.contains('/') && matches!(*put.content, Content::Script(_)));
    if old.as_ref() != Some(&stamp) {
        let replaces = looked.change.root.join(stamp::NAME).symlink_metadata().is_ok();
        looked.change.puts.push(Put { replaces, ..stamped });
    }
    if looked.change.puts.is_empty() && looked.change.removes.is_empty() {
        looked.change.action = Action::Keep;
    }
    looked
}

/// Looks at a directory that several units have files in, and others perhaps
/// too: files are added. `own` is what is written there beside them.
fn look_shared<'a>(
    writer: &Writer,
    name: &str,
    files: Vec<(&Made<'a>, &'a File)>,
    own: Option<&'a Directory>,
) -> Looked<'a> {
    let path = writer.out.join(name);
    let mut known: BTreeMap<&str, (Option<&Made>, &Content)> = BTreeMap::new();
    known.extend(own.into_iter().flat_map(|own| &own.files).map(|file| (&*file.path, (None, &file.content))));
    let change = Change::new(path, Action::Update);
    let mut looked = Looked { change, refusals: Vec::new(), siblings: Vec::new(), withdrawn: Vec::new() };
    if let Err(message) = is_directory(&looked.change.path) {
        looked.refuse(message);
        return looked;
    }
    let exists = looked.change.path.symlink_metadata().is_ok();
    for (unit, file) in files {
        match known.insert(&file.path, (Some(unit), &file.content)) {
            Some((_, content)) if *content == file.content => continue,
            Some((other, _)) => {
                let other = other.map_or("its own unit", |other| other.unit.as_str());
                let message = format!("{} and {other} each have something else to write there", unit.unit.as_str());
                looked.refuse_file(&file.path, message);
                continue;
            }
            None => {}
        }
        let put = Put { path: &file.path, content: Cow::Borrowed(&file.content), replaces: false };
        match compare(&looked.change.root, &file.path, &file.content) {
            Ok(Is::Absent) => looked.change.puts.push(put),
            Ok(Is::Same) => {}
            Ok(Is::Other(_)) if writer.force => looked.change.puts.push(Put { replaces: true, ..put }),
            Ok(Is::Other(_)) => {
                looked.refuse_file(&file.path, "is there with something else in it; --force overwrites it".to_owned());
            }
            Err(message) => looked.refuse_file(&file.path, message),
        }
    }
    if !exists && own.is_none() {
        let stamp = Stamp {
            unit: SHARED.to_owned(),
            backend: writer.backend,
            with: vec![name.to_owned()],
            files: Vec::new(),
            added: Vec::new(),
        };
        let content = Cow::Owned(Content::Text(stamp.to_string().into_bytes()));
        looked.change.puts.push(Put { path: stamp::NAME, content, replaces: false });
        looked.change.action = Action::Create;
    } else if looked.change.puts.is_empty() {
        looked.change.action = Action::Keep;
    }
    looked
}

/// Whether a path is one of a directory, or nothing is there.
fn is_directory(path: &Path) -> Result<(), String> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(metadata) if metadata.is_symlink() => {
            let target = fs::read_link(path).unwrap_or_default();
            Err(format!("is a symbolic link to {}, which isn't followed", target.display()))
        }
        Ok(metadata) if !metadata.is_dir() => Err("is there and no directory".to_owned()),
        Ok(_) => Ok(()),
    }
}

/// Looks at a directory that a unit had become before and doesn't any more.
fn look_left<'a>(writer: &Writer, name: &str, unit: &str) -> Option<Looked<'a>> {
    let path = writer.out.join(name);
    if !stamp::is_inner(name) || name.contains('/') || !path.symlink_metadata().ok()?.is_dir() {
        return None;
    }
    let old = read_stamp(&path).filter(|old| old.unit == unit && old.backend == writer.backend)?;
    let change = Change::new(path, Action::Remove);
    let mut looked = Looked { change, refusals: Vec::new(), siblings: Vec::new(), withdrawn: Vec::new() };
    looked.take_away(old.files.iter().map(|file| (&*file.path, file.print)), Vec::new(), writer.force);
    looked.change.removes.push(stamp::NAME.to_owned());
    looked.change.sweeps.push(String::new());
    Some(looked)
}

impl Looked<'_> {
    fn refuse(&mut self, message: impl ToString) {
        self.refusals.push(Failure::new(&self.change.path, message));
    }

    fn refuse_file(&mut self, file: &str, message: String) {
        self.refusals.push(Failure::new(self.change.root.join(file), message));
    }

    /// Takes files away that svlsp has written, and tells of those that have
    /// been changed since, beside those already known to be.
    fn take_away<'f>(&mut self, files: impl Iterator<Item = (&'f str, Print)>, mut changed: Vec<String>, force: bool) {
        for (path, print) in files {
            if let Some((folder, _)) = path.rsplit_once('/') {
                self.sweep(folder);
            }
            match compare(&self.change.root, path, &Content::Directory) {
                Ok(Is::Absent) => {}
                Ok(Is::Same) if print == Print::Directory => self.sweep(path),
                Ok(Is::Other(now)) => {
                    if now != Some(print) {
                        changed.push(path.to_owned());
                    }
                    self.change.removes.push(path.to_owned());
                }
                Ok(Is::Same) => self.refuse_file(path, "is a directory where svlsp had written a file".to_owned()),
                Err(message) => self.refuse_file(path, message),
            }
        }
        if !changed.is_empty() && !force {
            let more = changed.len().saturating_sub(MAX_LIST);
            let mut list = changed[..changed.len() - more].join(", ");
            if more > 0 {
                list.push_str(&format!(" and {more} more"));
            }
            self.refuse(format!(
                "has been changed since svlsp wrote it: {list}; --force overwrites that, --diff shows it"
            ));
        }
    }

    /// A directory that goes if nothing is left in it, as do those that it lies in.
    fn sweep(&mut self, folder: &str) {
        let mut folder = Some(folder);
        while let Some(path) = folder {
            if !self.change.sweeps.iter().any(|known| known == path) {
                self.change.sweeps.push(path.to_owned());
            }
            folder = path.rsplit_once('/').map(|(outer, _)| outer);
        }
        self.change.sweeps.sort_by_key(|path| std::cmp::Reverse(path.matches('/').count()));
    }

    /// Takes everything away that isn't to be written, but for what a supervisor keeps there.
    fn take_foreign(&mut self, directory: &Directory) {
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.change.root.join(&folder)) {
                Ok(entries) => entries.flatten(),
                Err(error) => return self.refuse(error),
            };
            for entry in entries {
                let Ok(name) = entry.file_name().into_string() else {
                    return self.refuse("holds a file whose name isn't UTF-8; take it away first");
                };
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if is_state(&path) || path == stamp::NAME {
                    continue;
                }
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => {
                        self.sweep(&path);
                        folders.push(path);
                    }
                    Ok(_) if directory.files.iter().any(|file| file.path == path) => {}
                    Ok(_) => self.change.removes.push(path),
                    Err(error) => self.refuse(error),
                }
            }
        }
    }
}

/// What a file is, compared with what it shall be.
pub(super) enum Is {
    Absent,
    Same,
    /// Something else; `None` for what svlsp never writes.
    Other(Option<Print>),
}

/// Compares a file with what it shall be; what can't be replaced by it is an error.
pub(super) fn compare(root: &Path, inner: &str, content: &Content) -> Result<Is, String> {
    for (at, _) in inner.match_indices('/') {
        let folder = &inner[..at];
        match root.join(folder).symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if metadata.is_symlink() => {
                return Err(format!("isn't written, as {folder} is a symbolic link, which isn't followed"));
            }
            Ok(_) => return Err(format!("can't be written, as {folder} is no directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Is::Absent),
            Err(error) => return Err(error.to_string()),
        }
    }
    let path = root.join(inner);
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Is::Absent),
        Err(error) => return Err(error.to_string()),
    };
    let text = |error: io::Error| error.to_string();
    if metadata.is_dir() {
        return match content {
            Content::Directory => Ok(Is::Same),
            _ => Err("is a directory, where a file shall be".to_owned()),
        };
    }
    if metadata.is_symlink() {
        let target = fs::read_link(&path).map_err(text)?;
        return Ok(match content {
            Content::Link(wanted) if target.as_os_str() == wanted.as_str() => Is::Same,
            _ => Is::Other(target.to_str().map(|target| Print::of(&Content::Link(target.to_owned())))),
        });
    }
    if !metadata.is_file() {
        return Err(format!("is {}, where a file shall be", read::what(metadata.file_type())));
    }
    let bytes = fs::read(&path).map_err(text)?;
    let executable = !cfg!(unix) || read::mode(&metadata) & 0o111 != 0;
    Ok(match content {
        Content::Script(wanted) if executable && *wanted == bytes => Is::Same,
        Content::Text(wanted) if (!executable || !cfg!(unix)) && *wanted == bytes => Is::Same,
        _ if executable => Is::Other(Some(Print::of(&Content::Script(bytes)))),
        _ => Is::Other(Some(Print::of(&Content::Text(bytes)))),
    })
}

pub(super) fn read_stamp(directory: &Path) -> Option<Stamp> {
    let path = directory.join(stamp::NAME);
    let regular = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    regular.then(|| fs::read_to_string(path).ok().and_then(|text| Stamp::parse(&text))).flatten()
}

/// Whether a supervisor, its logger or the administrator keeps it in a service directory.
fn is_state(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    matches!(name, "supervise" | "event") || matches!(path, DOWN | "log/main" | "log/down")
}

/// Refuses names that would lead out of the directory, or that no supervisor would see.
fn check_names(directory: &Directory) -> Result<(), String> {
    let name = &directory.name;
    let shown = crate::report::escape::controls(name);
    if name.is_empty() || name.contains(|c: char| c == '/' || c.is_control() || c.is_whitespace()) {
        return Err(format!("would become \"{shown}\", which is no name for a directory"));
    }
    if name.starts_with('.') {
        return Err(format!("would become \"{shown}\", at which no supervisor looks, as it begins with a dot"));
    }
    if name.len() > MAX_NAME {
        return Err(format!("would become a directory with a name of {} bytes, {MAX_NAME} are the most", name.len()));
    }
    directory.files.iter().try_for_each(check_name)
}

/// The same for the path of a file.
pub(super) fn check_name(file: &File) -> Result<(), String> {
    if !stamp::is_inner(&file.path) || file.path == stamp::NAME {
        let shown = crate::report::escape::controls(&file.path);
        return Err(format!("would have a file \"{shown}\", which isn't allowed"));
    }
    if file.path.split('/').any(|part| part.len() > MAX_NAME) {
        return Err(format!("would have a file with a name of more than {MAX_NAME} bytes"));
    }
    Ok(())
}
