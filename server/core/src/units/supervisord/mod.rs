//! What supervisord makes of its configuration: all files merged, values
//! expanded, programs multiplied (`ServerOptions.read_config` of
//! `supervisor/options.py`).
//!
//! Each process, group and socket is a [`Part`], and each part is a
//! [`Unit`], so that all that is done with units is done with it too.

mod expansions;
mod merge;
mod parts;
#[cfg(test)]
mod tests;

pub use expansions::{Expansion, Expansions};
pub use merge::{Assignment, Merged};
pub use parts::{Part, PartKind, Process, Program};

use super::{Origin, Unit};
use crate::syntax::File;
use crate::text::Span;

/// The configuration of one supervisord.
#[derive(Debug)]
pub struct Config<'a> {
    /// Its files: the one that it was started with, then those that it includes, in its order.
    pub files: &'a [File<'a>],
    /// The sections, those of one name merged, in the order in which supervisord meets them.
    pub sections: Vec<Merged<'a>>,
    /// What comes of it: processes, groups, sockets, and what belongs to none of them.
    pub parts: Vec<Part<'a>>,
    /// Why supervisord refuses it.
    pub problems: Vec<Problem>,
}

/// What is known beside the files.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The directory of each file, `%(here)s`; empty where nobody knows it.
    pub here: Vec<String>,
    /// The name of the host, `%(host_node_name)s`.
    pub host: Option<String>,
    /// The environment that supervisord is started with, as far as it is known.
    pub environment: Vec<(String, String)>,
}

/// Something that supervisord doesn't start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which of [`Config::files`].
    pub file: usize,
    /// Where.
    pub span: Span,
    /// What and why: lower case, no full stop.
    pub message: String,
}

impl<'a> Config<'a> {
    /// Puts `files` together, in supervisord's order.
    pub fn new(files: &'a [File<'a>], around: &Around) -> Self {
        let sections = merge::merge(files);
        let mut problems = Vec::new();
        let parts = parts::parts(&sections, around, &mut problems);
        Config { files, sections, parts, problems }
    }

    /// The section of this name: `program:web`.
    pub fn section(&self, name: &str) -> Option<&Merged<'a>> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// What comes of it, as units.
    pub fn units(&self) -> Vec<Unit<'_>> {
        self.parts
            .iter()
            .map(|part| Unit::of_settings(&part.name, self.files, part.settings.clone(), Origin::Supervisord(part)))
            .collect()
    }
}
