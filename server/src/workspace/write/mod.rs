//! Writing service directories: all of them or none.
//!
//! A directory that isn't there yet is made beside its place and renamed into
//! it. One that is there stays, as a supervisor may run in it: `runsv` and
//! `s6-supervise` keep their state and an open FIFO in its `supervise/`, and
//! would go on in a directory moved away. Its files are exchanged one by one,
//! each by a rename, so that there is a whole `run` at any time; what svlsp
//! hasn't written is left as it is.
//!
//! A directory belongs to svlsp if it holds its [`stamp`], and
//! to the user as soon as a file is no longer as the stamp says.
//!
//! Unit files lie side by side in a directory in which others have files too:
//! there one stamp knows those that svlsp has written, and all others are the user's.

mod commit;
mod diff;
mod flat;
mod survey;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use svlsp_core::backends::{Content, Directory};
use svlsp_core::fate::Backend;
use svlsp_core::units::UnitName;

use super::{Failure, stamp};

/// Where and how directories are written.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The directory that holds them.
    pub out: &'a Path,
    /// The supervisor that they are for.
    pub backend: Backend,
    /// Whether to replace what belongs to somebody else.
    pub force: bool,
    /// The most threads to use.
    pub threads: usize,
}

/// What a unit has become.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The unit.
    pub unit: &'a UnitName,
    /// What it is made from, as messages say it: `program:web (supervisord.conf:3)`.
    pub from: &'a str,
    /// Its directories.
    pub directories: &'a [Directory],
}

/// What writing would do; nothing is done yet.
#[derive(Debug)]
pub struct Survey<'a> {
    writer: Writer<'a>,
    /// One a directory, in the order of the units, then those that are left from earlier;
    /// of files that lie side by side one a file.
    pub changes: Vec<Change<'a>>,
    /// What stands in the way: nothing is written if there is anything.
    pub refusals: Vec<Failure>,
}

/// What is done to one directory, or to one file among others.
#[derive(Debug)]
pub struct Change<'a> {
    /// Its path.
    pub path: PathBuf,
    /// The directory that the files are in: itself, or what a file lies in.
    root: PathBuf,
    /// In a word.
    pub action: Action,
    /// What is written in it, the stamp last.
    puts: Vec<Put<'a>>,
    /// What is taken out of it.
    removes: Vec<String>,
    /// Directories in it that go if they are empty then, the innermost first.
    sweeps: Vec<String>,
}

/// What is done to a directory, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It isn't there yet.
    Create,
    /// Some of its files are exchanged.
    Update,
    /// It is as it shall be.
    Keep,
    /// Its unit doesn't become such a directory any more.
    Remove,
}

/// A file that is written.
#[derive(Debug)]
struct Put<'a> {
    path: &'a str,
    content: Cow<'a, Content>,
    /// Whether something is there that it takes the place of.
    replaces: bool,
}

impl<'a> Writer<'a> {
    /// Compares what is there with what shall be.
    pub fn survey(&self, made: &[Made<'a>]) -> Survey<'a> {
        survey::survey(*self, made)
    }
}

impl Survey<'_> {
    /// Does it.
    ///
    /// # Errors
    ///
    /// What went wrong; then everything is as it was before.
    pub fn commit(&self) -> Result<(), Vec<Failure>> {
        commit::commit(self)
    }

    /// What it would change, as a unified diff.
    pub fn diff(&self) -> String {
        diff::diff(self)
    }
}

impl Change<'_> {
    fn new(path: PathBuf, action: Action) -> Self {
        Change { root: path.clone(), path, action, puts: Vec::new(), removes: Vec::new(), sweeps: Vec::new() }
    }

    /// Whether it is about one file among others.
    fn is_file(&self) -> bool {
        self.root != self.path
    }

    /// The files that are written in it, but for the stamp; of a file none.
    pub fn writes(&self) -> impl Iterator<Item = &str> {
        self.puts.iter().map(|put| put.path).filter(|path| *path != stamp::NAME && !self.is_file())
    }

    /// The files that are taken out of it, but for the stamp.
    pub fn removes(&self) -> impl Iterator<Item = &str> {
        self.removes.iter().map(|path| &**path).filter(|path| *path != stamp::NAME)
    }
}

impl Action {
    /// As it is written in reports: `create`.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Keep => "keep",
            Action::Remove => "remove",
        }
    }
}
