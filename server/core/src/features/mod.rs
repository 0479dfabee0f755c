//! What an editor shows of an open file: one file a feature.
//!
//! Each is a pure function of a [`Document`] and byte offsets in its text, and
//! gives plain values; the program's `lsp` module turns them into the
//! protocol's, and into lines and columns.

pub mod actions;
pub mod completion;
mod counts;
mod folds;
pub mod format;
mod generate;
mod highlights;
mod hints;
mod hover;
mod links;
mod mentions;
mod place;
mod rename;
mod selection;
pub mod supervisord;
mod symbols;
mod target;
#[cfg(test)]
mod testing;
mod tokens;

pub use completion::completion;
pub use counts::{Counting, Counts, counts};
pub use folds::{Fold, FoldKind, folds};
pub use generate::{Extent, Generated, generate, is_generated};
pub use highlights::{Highlight, highlights};
pub use hints::{Hint, hints};
pub use hover::{Hover, hover};
pub use links::{Link, links};
pub use mentions::{Mention, mentions};
pub use place::{Part, Place};
pub use rename::{Rename, Rewrite};
pub use selection::selection;
pub use symbols::{Symbol, symbols};
pub use target::{Target, target, unit_at};
pub use tokens::{Token, TokenKind, tokens};

use crate::backends::{self, Together};
use crate::rules;
use crate::schema::{self, FileKind};
use crate::syntax::{Directive, File, Section};
use crate::units::supervisord::Config;
use crate::units::{Unit, UnitName};
use crate::values;

/// An open file and what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The file.
    pub file: &'a File<'a>,
    /// What it is.
    pub kind: FileKind,
    /// The unit that it defines or adds to, where that is a single one.
    pub name: Option<&'a UnitName>,
    /// Whether it is a drop-in.
    pub drop_in: bool,
    /// The unit that it is part of, with its other files; `None` where nobody can say.
    pub whole: Option<Whole<'a>>,
    /// The configuration of supervisord that it is part of, if it is of supervisord.
    pub configured: Option<Configured<'a>>,
    /// For which systemd it is checked.
    pub target: rules::Target,
    /// For which other supervisors fates are told, the chosen ones first.
    pub backends: &'a [backends::Target],
    /// The units that exist in the same scope, by name; this one may be among them.
    pub neighbours: &'a [Neighbour],
    /// The units of the scope as backends see them.
    pub together: &'a Together<'a>,
    /// The users of the system that the units are for, where that is known; sorted.
    pub users: &'a [Box<str>],
    /// Its groups; sorted.
    pub groups: &'a [Box<str>],
}

/// A unit of which the open file is a part.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// All of it, drop-ins applied.
    pub unit: &'a Unit<'a>,
    /// Which of [`Unit::files`] the open file is.
    pub at: usize,
    /// The path of each of [`Unit::files`], as users see it.
    pub paths: &'a [Box<str>],
}

/// A configuration of supervisord of which the open file is a part.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'a> {
    /// All of it, its files merged.
    pub config: &'a Config<'a>,
    /// Which of [`Config::files`] the open file is.
    pub at: usize,
    /// The path of each of [`Config::files`], as users see it.
    pub paths: &'a [Box<str>],
}

/// A unit as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// One of its names.
    pub name: UnitName,
    /// Its `Description=`; may be empty.
    pub description: Box<str>,
    /// The path of its unit file, or of its first drop-in.
    pub path: Box<str>,
}

impl<'a> Document<'a> {
    /// What is known of a directive; `None` if there is none of this name where it stands.
    pub fn entry(&self, section: &Section, directive: &Directive) -> Option<&'static schema::Directive> {
        let kind = match self.kind {
            FileKind::Unit(kind) => kind,
            FileKind::Supervisord => return schema::supervisord::section(&section.name)?.get(&directive.key),
            FileKind::Other(_) => return None,
        };
        let section = schema::section(&section.name).filter(|known| known.belongs_to(kind))?;
        section.get(&directive.key).filter(|entry| entry.kinds.contains(kind))
    }

    /// How the values of a directive are read here.
    pub fn context(&self, entry: &'static schema::Directive) -> values::Context<'a> {
        let rules::Target { version, manager } = self.target;
        values::Context { directive: entry, version, manager, unit: self.name }
    }

    /// What stands at `offset`.
    pub fn place(&self, offset: u32) -> Place<'a> {
        Place::of(self.file, offset)
    }

    /// The unit called `name`, or the template it is an instance of.
    pub fn neighbour(&self, name: &UnitName) -> Option<&'a Neighbour> {
        let find = |name: &UnitName| {
            let at = self.neighbours.binary_search_by(|other| other.name.as_str().cmp(name.as_str())).ok()?;
            Some(&self.neighbours[at])
        };
        find(name).or_else(|| find(&name.template()?))
    }
}
