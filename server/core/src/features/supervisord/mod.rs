//! What the features have in common where a file is supervisord.conf.

mod expansion;
mod name;

pub(super) use expansion::{Used, meaning, used};
pub use name::{Name, NameKind, name_at, names, rename};

use super::{Configured, Document};
use crate::syntax::{Directive, Section};
use crate::units::supervisord::{Merged, Part, PartKind, Process, Program};
use crate::units::{Setting, Unit};

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
        let (kind, title) = (kind.to_owned(), title.trim().to_owned());
        self.config.parts.iter().filter_map(move |part| match &part.kind {
            PartKind::Process(process) if is_of(process.program, &kind) && process.program_name == title => {
                Some((part, &**process))
            }
            _ => None,
        })
    }

    /// The first part that an assignment of the open file makes, and which of its settings it is.
    pub(super) fn part_of(&self, directive: &Directive) -> Option<(&'a Part<'a>, usize)> {
        let is_this = |setting: &Setting| setting.file == self.at && setting.directive.span == directive.span;
        self.config.parts.iter().find_map(|part| Some((part, part.settings.iter().position(is_this)?)))
    }

    /// One part for each section: of several processes of a program the first.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'a Part<'a>> {
        self.config.parts.iter().filter(|part| match &part.kind {
            PartKind::Process(process) => self.is_first(process),
            PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => true,
        })
    }

    fn is_first(&self, process: &Process) -> bool {
        let same = |other: &Process| (other.program, &other.program_name) == (process.program, &process.program_name);
        let mut processes = self.config.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Process(other) => Some(&**other),
            _ => None,
        });
        processes.find(|other| same(other)).is_some_and(|first| std::ptr::eq(first, process))
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
