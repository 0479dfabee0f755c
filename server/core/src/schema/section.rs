use super::{Directive, Group, UnitKind};

include!(concat!(env!("OUT_DIR"), "/sections.rs"));

/// A section of unit files.
#[derive(Debug)]
pub struct Section {
    /// Its name, without the brackets.
    pub name: &'static str,
    /// The groups of directives it holds.
    pub groups: &'static [Group],
    /// The kind of unit it belongs to; `None` if every kind has it.
    pub kind: Option<UnitKind>,
    /// Whether a name follows behind a colon: `[program:web]`.
    pub title: Title,
    /// Whether it takes settings that aren't in the knowledge base: what they mean is
    /// up to a plugin.
    pub open: bool,
    /// The manual page that describes it; empty if none does.
    pub man: &'static str,
    /// What it is for, in our own words; Markdown.
    pub doc: &'static str,
    /// Lines as one would write them, its header the first.
    pub example: &'static str,
}

/// Whether a name follows behind a colon in a section's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    /// `[supervisord]`.
    Never,
    /// `[inet_http_server]` or `[inet_http_server:lan]`.
    Maybe,
    /// `[program:web]`.
    Always,
}

/// The section `name`.
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.binary_search_by(|section| section.name.cmp(name)).ok().map(|at| &SECTIONS[at])
}

/// The sections that units of `kind` have.
pub fn sections_of(kind: UnitKind) -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().filter(move |section| section.belongs_to(kind))
}

impl Section {
    /// Whether units of `kind` have it.
    pub fn belongs_to(&self, kind: UnitKind) -> bool {
        self.kind.is_none_or(|of| of == kind)
    }

    /// The directive `name`, if it may stand here.
    pub fn get(&self, name: &str) -> Option<&'static Directive> {
        self.groups.iter().find_map(|group| group.get(name))
    }

    /// All directives that may stand here.
    pub fn directives(&self) -> impl Iterator<Item = &'static Directive> {
        self.groups.iter().flat_map(|group| group.directives())
    }
}
