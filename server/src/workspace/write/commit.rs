//! Doing what a survey has found, step by step, each with its way back.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use svlsp_core::backends::Content;
use tempfile::TempDir;

use super::{Action, Change, Put, Survey};
use crate::workspace::{Failure, parallel, read};

/// What the directories begin with in which things are prepared; supervisors
/// don't look at names that begin with a dot.
const PREFIX: &str = ".svlsp-";

pub(super) fn commit(survey: &Survey) -> Result<(), Vec<Failure>> {
    if survey.changes.iter().all(|change| change.action == Action::Keep) {
        return Ok(());
    }
    let out = survey.writer.out;
    let mut folders = Vec::new();
    let done = make_all(out, &mut folders).map_err(|error| vec![Failure::new(out, error)]).and_then(|()| {
        let staging = tempfile::Builder::new().prefix(PREFIX).tempdir_in(out);
        commit_in(survey, staging.map_err(|error| vec![Failure::new(out, error)])?)
    });
    if done.is_err() {
        for folder in folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
    done
}

/// Prepares everything in `staging`, then puts it into its places.
fn commit_in(survey: &Survey, staging: TempDir) -> Result<(), Vec<Failure>> {
    let creator = Creator::new(&staging.path().join("probe"));
    let creator = creator.map_err(|error| vec![Failure::new(survey.writer.out, error)])?;
    let numbered: Vec<(usize, &Change)> = survey.changes.iter().enumerate().collect();
    let staged = parallel::map(&numbered, survey.writer.threads, |(number, change)| {
        creator
            .stage(&staging.path().join(number.to_string()), change)
            .map_err(|(file, error)| Failure::new(change.root.join(file), error))
    });
    let failures: Vec<Failure> = staged.into_iter().filter_map(Result::err).collect();
    if !failures.is_empty() {
        return Err(failures);
    }
    let mut journal = Journal::new(staging.path().join("old"));
    for (number, change) in &numbered {
        let staged = staging.path().join(number.to_string());
        if let Err((path, error)) = put_into_place(&staged, change, &mut journal) {
            let mut failures = vec![Failure::new(path, error)];
            let stuck = journal.roll_back();
            if !stuck.is_empty() {
                // What is lost otherwise lies there.
                let kept = staging.keep();
                let told = |path| Failure::new(path, format!("not restored; what it was lies in {}", kept.display()));
                failures.extend(stuck.into_iter().map(told));
            }
            return Err(failures);
        }
    }
    for (_, change) in &numbered {
        for folder in &change.sweeps {
            // It stays if there is something in it.
            let _ = fs::remove_dir(change.root.join(folder));
        }
    }
    Ok(())
}

/// Makes a directory and those it lies in; `made` are those that weren't there.
fn make_all(path: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_all(parent, made)?;
    }
    match fs::create_dir(path) {
        Ok(()) => made.push(path.to_owned()),
        // Such as `a/..`, or somebody else was faster.
        Err(_) if path.is_dir() => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Makes files of a mode that the umask doesn't change.
#[derive(Clone, Copy, Debug)]
struct Creator {
    /// Whether the umask would take something away.
    masked: bool,
}

impl Creator {
    /// Tries the umask with a file called `probe`.
    fn new(probe: &Path) -> io::Result<Self> {
        Creator { masked: false }.create(probe, b"", 0o755)?;
        let mode = read::mode(&fs::symlink_metadata(probe)?) & 0o777;
        Ok(Creator { masked: mode != 0o755 })
    }

    /// Writes the new files of a directory below `staged`.
    fn stage<'c>(self, staged: &Path, change: &'c Change) -> Result<(), (&'c str, io::Error)> {
        if change.puts.is_empty() {
            return Ok(());
        }
        fs::create_dir(staged).map_err(|error| ("", error))?;
        let mut made = "";
        for put in &change.puts {
            let path = staged.join(put.path);
            let folder = put.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder != made && !folder.is_empty() {
                fs::create_dir_all(staged.join(folder)).map_err(|error| (put.path, error))?;
                made = folder;
            }
            let done = match &*put.content {
                Content::Text(bytes) => self.create(&path, bytes, 0o644),
                Content::Script(bytes) => self.create(&path, bytes, 0o755),
                Content::Link(target) => link(target, &path),
                Content::Directory => fs::create_dir_all(&path),
            };
            done.map_err(|error| (put.path, error))?;
        }
        Ok(())
    }

    fn create(self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        #[cfg(unix)]
        if self.masked {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        #[cfg(not(unix))]
        let _ = mode;
        Ok(())
    }
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::Error::other("needs a symbolic link, which this system doesn't have"))
}

fn put_into_place(staged: &Path, change: &Change, journal: &mut Journal) -> Result<(), (PathBuf, io::Error)> {
    match change.action {
        Action::Keep => return Ok(()),
        Action::Create if !change.is_file() => {
            return journal.place(staged, &change.path).map_err(|error| (change.path.clone(), error));
        }
        Action::Create | Action::Update | Action::Remove => {}
    }
    let mut made = "";
    for Put { path, content, replaces } in &change.puts {
        let to = change.root.join(path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut done = Ok(());
        if folder != made {
            done = journal.folders(&change.root, folder);
            made = folder;
        }
        let done = done.and_then(|()| match (&**content, replaces) {
            (Content::Directory, _) => journal.folders(&change.root, path),
            (_, true) => journal.exchange(&staged.join(path), &to),
            (_, false) => journal.place(&staged.join(path), &to),
        });
        done.map_err(|error| (to, error))?;
    }
    for path in &change.removes {
        let path = change.root.join(path);
        journal.remove(&path).map_err(|error| (path, error))?;
    }
    Ok(())
}

/// The steps done so far, and how each is undone.
#[derive(Debug)]
struct Journal {
    /// Where what is replaced is kept.
    backups: PathBuf,
    /// How many there are.
    kept: usize,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// A directory was made.
    Folder(PathBuf),
    /// Something was moved to where nothing was.
    Placed { from: PathBuf, to: PathBuf },
    /// Something was taken away; it lies in `backup`.
    Gone { backup: PathBuf, path: PathBuf },
}

impl Journal {
    fn new(backups: PathBuf) -> Self {
        Journal { backups, kept: 0, steps: Vec::new() }
    }

    /// Moves something to where nothing is.
    fn place(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        self.steps.push(Step::Placed { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    /// Puts a file into the place of another one at one stroke.
    fn exchange(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let backup = self.backup()?;
        if fs::hard_link(to, &backup).is_err() {
            // No second name is to be had here: the place is empty for a moment.
            fs::rename(to, &backup)?;
        }
        self.steps.push(Step::Gone { backup, path: to.to_owned() });
        fs::rename(from, to)
    }

    /// Takes a file away.
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let backup = self.backup()?;
        fs::rename(path, &backup)?;
        self.steps.push(Step::Gone { backup, path: path.to_owned() });
        Ok(())
    }

    /// Makes the directories on the way from `root` to `inner`.
    fn folders(&mut self, root: &Path, inner: &str) -> io::Result<()> {
        let mut path = root.to_owned();
        for part in inner.split('/') {
            path.push(part);
            match fs::create_dir(&path) {
                Ok(()) => self.steps.push(Step::Folder(path.clone())),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Where the next thing that is replaced is kept.
    fn backup(&mut self) -> io::Result<PathBuf> {
        if self.kept == 0 {
            fs::create_dir(&self.backups)?;
        }
        self.kept += 1;
        Ok(self.backups.join(self.kept.to_string()))
    }

    /// Undoes every step, the last one first; what could not be undone is returned.
    fn roll_back(self) -> Vec<PathBuf> {
        let undo = |step| match step {
            Step::Folder(path) => fs::remove_dir(&path).err().map(|_| path),
            Step::Placed { from, to } => fs::rename(&to, from).err().map(|_| to),
            Step::Gone { backup, path } => fs::rename(backup, &path).err().map(|_| path),
        };
        self.steps.into_iter().rev().filter_map(undo).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file below a directory with what is in it, on one line.
    fn tree(root: &Path) -> String {
        let mut found = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let shown = path.strip_prefix(root).unwrap().display().to_string();
                match path.is_dir() {
                    true => folders.push(path),
                    false => found.push(format!("{shown}={}", fs::read_to_string(path).unwrap())),
                }
            }
        }
        found.sort();
        found.join(" ")
    }

    #[test]
    fn every_step_can_be_undone() {
        let scratch = tempfile::tempdir().unwrap();
        let (new, out) = (scratch.path().join("new"), scratch.path().join("out"));
        for (path, text) in [("new/run", "2"), ("new/b/run", "2"), ("out/a/run", "1"), ("out/a/finish", "1")] {
            let path = scratch.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let before = tree(&out);
        let mut journal = Journal::new(scratch.path().join("old"));
        journal.exchange(&new.join("run"), &out.join("a/run")).unwrap();
        journal.remove(&out.join("a/finish")).unwrap();
        journal.folders(&out.join("a"), "log/x").unwrap();
        journal.place(&new.join("b"), &out.join("b")).unwrap();
        assert_eq!(tree(&out), "a/run=2 b/run=2");
        assert!(journal.place(&new.join("missing"), &out.join("c")).is_err());
        assert!(journal.exchange(&new.join("missing"), &out.join("a/run")).is_err());
        assert_eq!(journal.roll_back(), Vec::<PathBuf>::new());
        assert_eq!(tree(&out), before);
        assert!(!out.join("a/log").exists());
    }
}
