use crate::schema::{self, Section};
use crate::syntax::{self, File};
use crate::units::Setting;

/// All sections of one name.
#[derive(Debug)]
pub struct Merged<'a> {
    /// Between the brackets: `program:web`.
    pub name: &'a str,
    /// What is known of sections of its type.
    pub known: Option<&'static Section>,
    /// What is assigned in the end, each key once, in the order in which keys were first met.
    pub assignments: Vec<Assignment<'a>>,
    /// The headers: which file, and which of its sections.
    pub headers: Vec<(usize, usize)>,
}

/// An assignment that holds.
#[derive(Clone, Copy, Debug)]
pub struct Assignment<'a> {
    /// The index of its file.
    pub file: usize,
    /// The assignment itself.
    pub directive: &'a syntax::Directive<'a>,
}

/// The section whose assignments hold in all others too.
const DEFAULT: &str = "DEFAULT";

/// Merges the sections of one name; what is assigned last holds.
pub(super) fn merge<'a>(files: &'a [File<'a>]) -> Vec<Merged<'a>> {
    let mut sections: Vec<Merged> = Vec::new();
    for (file, text) in files.iter().enumerate() {
        for (at, section) in text.sections.iter().enumerate() {
            let found = sections.iter().position(|known| known.name == section.name);
            let index = found.unwrap_or_else(|| {
                let known = schema::supervisord::section(&section.name);
                sections.push(Merged { name: &section.name, known, assignments: Vec::new(), headers: Vec::new() });
                sections.len() - 1
            });
            let merged = &mut sections[index];
            merged.headers.push((file, at));
            for directive in text.directives_of(section) {
                merged.assign(Assignment { file, directive });
            }
        }
    }
    if let Some(at) = sections.iter().position(|section| section.name == DEFAULT) {
        let defaults = sections.remove(at).assignments;
        for section in &mut sections {
            let own = section.assignments.len();
            for default in &defaults {
                let has = |one: &Assignment| one.directive.key == default.directive.key;
                if !section.assignments[..own].iter().any(has) {
                    section.assignments.push(*default);
                }
            }
        }
    }
    sections
}

impl<'a> Merged<'a> {
    /// Its type: `program` of `program:web`.
    pub fn kind(&self) -> &'a str {
        self.name.split_once(':').map_or(self.name, |(kind, _)| kind)
    }

    /// What follows the colon; empty where nothing does.
    pub fn title(&self) -> &'a str {
        self.name.split_once(':').map_or("", |(_, title)| title).trim()
    }

    /// What is assigned to `key`.
    pub fn get(&self, key: &str) -> Option<&Assignment<'a>> {
        self.assignments.iter().find(|assignment| assignment.directive.key == key)
    }

    /// The text that is assigned to `key`, not expanded.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).map(|assignment| assignment.directive.value.text())
    }

    /// The assignments to keys that are known.
    pub fn settings(&self) -> impl Iterator<Item = Setting<'a>> {
        self.assignments.iter().filter_map(|Assignment { file, directive }| {
            Some(Setting { entry: self.known?.get(&directive.key)?, file: *file, directive })
        })
    }

    fn assign(&mut self, assignment: Assignment<'a>) {
        match self.assignments.iter_mut().find(|other| other.directive.key == assignment.directive.key) {
            Some(other) => *other = assignment,
            None => self.assignments.push(assignment),
        }
    }
}
