//! What supervisord makes of its configuration: all files merged, values
//! expanded, programs multiplied (`ServerOptions.read_config` of
//! `supervisor/options.py`).
//!
//! Each process, group and socket is a [`Part`], and each part is a
//! [`Unit`], so that all that is done with units is done with it too.

mod expansions;
mod given;
mod groups;
mod include;
mod merge;
mod parts;
mod program;
mod reading;
mod server;
#[cfg(test)]
mod tests;

pub use expansions::{Expanded, Expansion, Expansions, unknown_name};
pub use given::{Address, Given, LogFile};
pub use include::{Pattern, include_patterns};
pub use merge::{Assignment, Merged};
pub use parts::{Part, PartKind, Process, Program, SocketValues};
pub use program::{ProgramValues, Stream};
pub use server::{Http, ServerValues};

use std::collections::HashMap;

use reading::Reading;

use super::{Origin, Unit, UnitName};
use crate::syntax::File;
use crate::text::Span;

/// The configuration of one supervisord.
#[derive(Debug)]
pub struct Config<'a> {
    /// Its files: the one that it was started with, then those that it includes, in its order.
    pub files: &'a [File<'a>],
    /// The sections, those of one name merged, in the order in which supervisord meets them.
    pub sections: Vec<Merged<'a>>,
    /// The words of `[include] files=` of the main file.
    pub includes: Vec<Pattern>,
    /// Those of them that no file matches, as [`Around::missing`] says.
    pub missing: Vec<Pattern>,
    /// What comes of it: processes, groups, sockets, and what belongs to none of them.
    pub parts: Vec<Part<'a>>,
    /// What supervisord itself is like.
    pub server: ServerValues<'a>,
    /// Why supervisord refuses it: all of it, where supervisord tells only the first.
    pub problems: Vec<Problem>,
    /// What supervisord tells, but takes.
    pub warnings: Vec<Problem>,
    /// What supervisord passes over without a word.
    pub ignored: Vec<Problem>,
    /// Where each section is in `sections`.
    by_name: HashMap<&'a str, usize>,
    /// Where the parts of each program are in `parts`.
    by_program: HashMap<String, Vec<usize>>,
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
    /// Whether there is nothing else in that environment; if not, other variables are unknown, not wrong.
    pub whole_environment: bool,
    /// Whether the files are only some of a configuration, such as one that is included: then the
    /// programs of groups and `[supervisord]` may be elsewhere.
    pub partial: bool,
    /// The patterns of `[include]`, expanded, that surely no file matches.
    pub missing: Vec<String>,
}

/// Something about a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Which of [`Config::files`].
    pub file: usize,
    /// Where.
    pub span: Span,
    /// What and why: lower case, no full stop.
    pub message: String,
}

impl<'a> Config<'a> {
    /// Puts `files` together, in supervisord's order: the main one, then those that it includes, each
    /// as often as a pattern finds it.
    pub fn new(files: &'a [File<'a>], around: &Around) -> Self {
        let sections = merge::merge(files, around);
        let mut reading = Reading::new(files, around);
        reading.tell_of_lines();
        let includes = include::patterns(&mut reading, &merge::merge(files.get(..1).unwrap_or_default(), around));
        let is_missing = |pattern: &&Pattern| pattern.unknown.is_empty() && around.missing.contains(&pattern.text);
        let missing = includes.iter().filter(is_missing).cloned().collect();
        let section = sections.iter().find(|section| section.name == "supervisord");
        if section.is_none() && !around.partial {
            reading.tell(0, Span::default(), "supervisord refuses a configuration without [supervisord]".to_owned());
        }
        let mut environment = Expansions::of_environment(around);
        let mut server = server::server(&mut reading, section, &environment);
        environment.extend_environment(&server.environment);
        server::plugins(&mut reading, &sections, &environment);
        let groups = groups::groups(&mut reading, &sections, &environment, &server);
        server.http = server::http(&mut reading, &sections, &environment);
        let parts = parts::parts(&sections, groups);
        let Reading { problems, warnings, ignored, .. } = reading;
        let by_name = sections.iter().enumerate().map(|(at, section)| (section.name, at)).collect();
        let by_program = by_program(&parts);
        Config { files, sections, includes, missing, parts, server, problems, warnings, ignored, by_name, by_program }
    }

    /// The section of this name: `program:web`.
    pub fn section(&self, name: &str) -> Option<&Merged<'a>> {
        self.by_name.get(name).and_then(|at| self.sections.get(*at))
    }

    /// The processes of the programs of this name, `web`, and their sockets; in the order of `parts`.
    pub fn parts_of(&self, program: &str) -> impl Iterator<Item = &Part<'a>> {
        let places = self.by_program.get(program).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|at| self.parts.get(*at))
    }

    /// What comes of it, as units.
    pub fn units(&self) -> Vec<Unit<'_>> {
        self.parts.iter().map(|part| self.unit(part)).collect()
    }

    /// One of its parts, as a unit.
    pub fn unit<'c>(&'c self, part: &'c Part<'a>) -> Unit<'c> {
        Unit::of_settings(&part.name, self.files, part.settings.clone(), Origin::Supervisord(part))
    }
}

fn by_program(parts: &[Part]) -> HashMap<String, Vec<usize>> {
    let of_process: HashMap<&UnitName, &str> =
        parts.iter().filter_map(|part| Some((&part.name, part.program()?))).collect();
    let mut programs: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, part) in parts.iter().enumerate() {
        let program = match &part.kind {
            PartKind::Socket { processes, .. } => processes.first().and_then(|name| of_process.get(name).copied()),
            PartKind::Process(_) | PartKind::Group { .. } | PartKind::Server => part.program(),
        };
        if let Some(program) = program {
            match programs.get_mut(program) {
                Some(places) => places.push(at),
                None => drop(programs.insert(program.to_owned(), vec![at])),
            }
        }
    }
    programs
}
