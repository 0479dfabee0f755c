//! What the features have in common where a file is supervisord.conf.

mod name;
mod target;

pub use name::{Name, NameKind, name_at, names, rename};
pub(super) use target::{links, target};

use std::collections::HashSet;

use super::{Configured, Document};
use crate::syntax::{Directive, Section};
use crate::text::Span;
use crate::units::supervisord::{Merged, Part, PartKind, Process, Program};
use crate::units::{Setting, Unit, UnitName};

impl<'a> Configured<'a> {
    /// All sections of the name of `section`, put together.
    pub(super) fn merged(&self, section: &Section) -> Option<&'a Merged<'a>> {
        self.config.section(&section.name)
    }

    /// Whether this assignment of the open file holds in `merged`.
    pub(super) fn holds(&self, merged: &Merged, directive: &Directive) -> bool {
        let held = merged.get(&directive.key);
        held.is_some_and(|held| held.file == self.at && held.directive.span == directive.span)
    }

    /// The processes of the program that `section` is, group by group.
    pub(super) fn processes(&self, section: &Section) -> impl Iterator<Item = (&'a Part<'a>, &'a Process<'a>)> {
        let (kind, title) = section.name.split_once(':').unwrap_or((&section.name, ""));
        let kind = kind.to_owned();
        self.config.parts_of(title.trim()).filter_map(move |part| match &part.kind {
            PartKind::Process(process) if is_of(process.program, &kind) => Some((part, &**process)),
            _ => None,
        })
    }

    /// The first part that an assignment of the open file makes, and which of its settings it is.
    pub(super) fn part_of(&self, directive: &Directive) -> Option<(&'a Part<'a>, usize)> {
        let is_this = |setting: &Setting| setting.file == self.at && setting.directive.span == directive.span;
        self.config.parts.iter().find_map(|part| Some((part, part.settings.iter().position(is_this)?)))
    }

    /// What comes of the section `only`, or of all of them.
    pub(super) fn parts(&self, only: Option<&str>) -> Vec<&'a Part<'a>> {
        let Some(only) = only else { return self.config.parts.iter().collect() };
        let (kind, title) = only.split_once(':').unwrap_or((only, ""));
        let title = title.trim();
        let all: Vec<&Part> = match kind {
            "group" => self.config.parts.iter().collect(),
            _ => self.config.parts_of(title).collect(),
        };
        let wanted = |process: &Process| match kind {
            "group" => process.group == title,
            _ => is_of(process.program, kind),
        };
        let names: HashSet<&UnitName> = all
            .iter()
            .filter(|part| matches!(&part.kind, PartKind::Process(process) if wanted(process)))
            .map(|part| &part.name)
            .collect();
        let is_wanted = |part: &&Part| match &part.kind {
            PartKind::Process(_) => names.contains(&part.name),
            PartKind::Socket { processes, .. } => processes.iter().any(|name| names.contains(name)),
            PartKind::Group { members } => kind == "group" && members.iter().any(|name| names.contains(name)),
            PartKind::Server => false,
        };
        all.into_iter().filter(is_wanted).collect()
    }

    /// The same without those that come of the same program as one before.
    pub(super) fn different_parts(&self, only: Option<&str>) -> Vec<&'a Part<'a>> {
        let mut seen = HashSet::new();
        let mut parts = self.parts(only);
        parts.retain(|part| match &part.kind {
            PartKind::Process(process) => seen.insert((process.program, &process.program_name)),
            PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => true,
        });
        parts
    }

    /// A part as the unit that it is.
    pub(super) fn unit(&self, part: &'a Part<'a>) -> Unit<'a> {
        self.config.unit(part)
    }
}

/// Whether such programs come of sections of this type.
fn is_of(program: Program, kind: &str) -> bool {
    match program {
        // A group makes plain programs of both.
        Program::Program => matches!(kind, "program" | "fcgi-program"),
        Program::Fcgi => kind == "fcgi-program",
        Program::Listener => kind == "eventlistener",
    }
}

/// What comes of a section of supervisord.conf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its header.
    pub header: Span,
    /// Its name: `program:web`.
    pub section: String,
    /// "8 processes: web_00, web_01, … web_07".
    pub title: String,
}

/// What comes of the programs in the open file, in order.
pub fn made(document: &Document) -> Vec<Made> {
    let Some(configured) = document.configured else { return Vec::new() };
    let of = |section: &Section| {
        let processes: Vec<&Process> = configured.processes(section).map(|(_, process)| process).collect();
        let title = match processes.len() {
            0 => return None,
            1 => format!("1 process: {}", full_name(processes[0])),
            count => {
                let names: Vec<String> = processes.into_iter().map(full_name).collect();
                format!("{count} processes: {}", few(names.into_iter()))
            }
        };
        Some(Made { header: section.header, section: section.name.to_string(), title })
    };
    document.file.sections.iter().filter_map(of).collect()
}

/// What `name` of `%(name)s` stands for, in a few words; Markdown.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "here" => "the directory of the configuration file",
        "program_name" => "the name of the program, behind the colon of its section",
        "group_name" => "the name of the group: that of the program, unless a `[group:x]` lists it",
        "host_node_name" => "the name of the host",
        "process_num" => "the number of the process, from `numprocs_start=` on",
        "numprocs" => "how many processes the program has",
        _ if name.starts_with("ENV_") => {
            "a variable of the environment that supervisord was started with, or of an `environment=` read before"
        }
        _ => return None,
    })
}

/// What supervisorctl calls it.
pub(super) fn full_name(process: &Process) -> String {
    match process.group == process.name {
        true => process.name.clone(),
        false => format!("{}:{}", process.group, process.name),
    }
}

/// The configuration that a document is part of, and the section of it.
pub(super) fn merged<'a>(document: &Document<'a>, section: &Section) -> Option<(Configured<'a>, &'a Merged<'a>)> {
    let configured = document.configured?;
    Some((configured, configured.merged(section)?))
}

/// `web_00`, `web_01`, … `web_07`: the first ones and the last one.
pub(super) fn few(mut all: impl ExactSizeIterator<Item = String>) -> String {
    const MOST: usize = 4;
    let count = all.len();
    if count <= MOST {
        return all.collect::<Vec<_>>().join(", ");
    }
    let first: Vec<String> = all.by_ref().take(MOST - 2).collect();
    let last = all.last().unwrap_or_default();
    format!("{}, … {last}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Open;
    use super::*;

    #[test]
    fn programs_say_how_many_they_are() {
        let text = "[program:a]\ncommand=a\nnumprocs=5\nprocess_name=%(process_num)d\n[program:b]\ncommand=b\n\
            [program:c]\ncommand=c\n[group:g]\nprograms=c\n[supervisorctl]\n";
        let told: Vec<String> = Open::new("supervisord.conf", text).with(|document| {
            made(document).into_iter().map(|made| format!("{} {}", made.section, made.title)).collect()
        });
        assert_eq!(
            told,
            ["program:a 5 processes: a:0, a:1, … a:4", "program:b 1 process: b", "program:c 1 process: g:c"]
        );
    }
}
