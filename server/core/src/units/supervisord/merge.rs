use std::collections::HashMap;
use std::sync::Arc;

use super::Around;
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
    /// What is assigned in the end, each key once, in the order in which keys were first met; what
    /// only `[DEFAULT]` assigns isn't here.
    pub assignments: Vec<Assignment<'a>>,
    /// The headers: which file, and which of its sections.
    pub headers: Vec<(usize, usize)>,
    /// Where each key is in `assignments`.
    keys: HashMap<&'a str, usize>,
    /// `[DEFAULT]`
    defaults: Option<Arc<Merged<'a>>>,
}

/// An assignment that holds.
#[derive(Clone, Debug)]
pub struct Assignment<'a> {
    /// The index of its file.
    pub file: usize,
    /// The assignment itself.
    pub directive: &'a syntax::Directive<'a>,
    /// What it is once supervisord has replaced `%(here)s` in the text.
    replaced: Option<String>,
}

/// The section whose assignments hold in all others too.
const DEFAULT: &str = "DEFAULT";

/// What is replaced in the text of all values once there is an `[include]`: also behind a `%`, also
/// in values that aren't expanded (`UnhosedConfigParser.expand_here`).
const HERE: &str = "%(here)s";

/// Merges the sections of one name; what is assigned last holds.
///
/// `%(here)s` is replaced after each file, with its directory.
pub(super) fn merge<'a>(files: &'a [File<'a>], around: &Around) -> Vec<Merged<'a>> {
    let mut merging = Merging { sections: Vec::new(), names: HashMap::new(), defaults: Merged::new(DEFAULT) };
    let mut replace = false;
    for (at, file) in files.iter().enumerate() {
        let known = merging.sections.len();
        let touched = merging.read(at, file);
        replace = replace || (at == 0 && merging.names.contains_key("include"));
        let here = around.here.get(at).filter(|here| replace && !here.is_empty());
        if let Some(here) = here {
            merging.replace_here(here, &touched, known);
        }
    }
    merging.finish()
}

struct Merging<'a> {
    sections: Vec<Merged<'a>>,
    names: HashMap<&'a str, usize>,
    defaults: Merged<'a>,
}

/// What a file assigns: the index of the section, none for the defaults, and that of the assignment.
type Touched = Vec<(Option<usize>, usize)>;

impl<'a> Merging<'a> {
    fn read(&mut self, at: usize, file: &'a File<'a>) -> Touched {
        let mut touched = Vec::with_capacity(file.directives.len());
        for (number, section) in file.sections.iter().enumerate() {
            let name: &'a str = &section.name;
            let index = (name != DEFAULT).then(|| {
                *self.names.entry(name).or_insert_with(|| {
                    self.sections.push(Merged::new(name));
                    self.sections.len() - 1
                })
            });
            let merged = match index {
                Some(index) => &mut self.sections[index],
                None => &mut self.defaults,
            };
            merged.headers.push((at, number));
            for directive in file.directives_of(section) {
                touched.push((index, merged.assign(Assignment { file: at, directive, replaced: None })));
            }
        }
        touched
    }

    /// Replaces `%(here)s` in what has been read since; sections from `known` on are new.
    ///
    /// A default that has it becomes the section's own.
    fn replace_here(&mut self, here: &str, touched: &Touched, known: usize) {
        let mut from = known;
        for (section, at) in touched {
            match section {
                Some(section) => self.sections[*section].assignments[*at].replace_here(here),
                None => from = 0,
            }
        }
        let defaults = &self.defaults;
        let has_here = |default: &Assignment| default.text().contains(HERE);
        let mut open = true;
        for section in &mut self.sections[from..] {
            let Some(known) = section.known else { continue };
            let own: Vec<Assignment> = match known.open && std::mem::take(&mut open) {
                // What a plug-in takes nobody knows; one section stands for all.
                true => defaults.assignments.iter().filter(|default| has_here(default)).cloned().collect(),
                false => known
                    .directives()
                    .filter_map(|it| defaults.get(it.name))
                    .filter(|it| has_here(it))
                    .cloned()
                    .collect(),
            };
            for default in own {
                if !section.keys.contains_key(&*default.directive.key) {
                    let at = section.assign(default);
                    section.assignments[at].replace_here(here);
                }
            }
        }
    }

    fn finish(self) -> Vec<Merged<'a>> {
        let Merging { mut sections, names: _, defaults } = self;
        if !defaults.assignments.is_empty() {
            let defaults = Arc::new(defaults);
            sections.iter_mut().for_each(|section| section.defaults = Some(defaults.clone()));
        }
        sections
    }
}

impl<'a> Merged<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        let known = schema::supervisord::section(name);
        Merged { name, known, assignments: Vec::new(), headers: Vec::new(), keys: HashMap::new(), defaults: None }
    }

    /// Its type: `program` of `program:web`.
    pub fn kind(&self) -> &'a str {
        self.name.split_once(':').map_or(self.name, |(kind, _)| kind)
    }

    /// What follows the colon, blanks around it stripped; empty where nothing does.
    pub fn title(&self) -> &'a str {
        self.name.split_once(':').map_or("", |(_, title)| title).trim_matches(syntax::supervisord::is_blank)
    }

    /// What is assigned to `key`, here or in `[DEFAULT]`.
    pub fn get(&self, key: &str) -> Option<&Assignment<'a>> {
        let own = self.keys.get(key).map(|at| &self.assignments[*at]);
        own.or_else(|| self.defaults.as_ref()?.get(key))
    }

    /// What only `[DEFAULT]` assigns.
    pub fn defaults(&self) -> impl Iterator<Item = &Assignment<'a>> {
        let defaults = self.defaults.iter().flat_map(|defaults| &defaults.assignments);
        defaults.filter(|default| !self.keys.contains_key(&*default.directive.key))
    }

    /// The text that is assigned to `key`, not expanded.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(Assignment::text)
    }

    /// The assignments to keys that are known.
    pub fn settings(&self) -> impl Iterator<Item = Setting<'a>> {
        let defaults = self.defaults.iter().flat_map(move |defaults| {
            let known = self.known.into_iter().flat_map(Section::directives);
            known.filter(|it| !self.keys.contains_key(it.name)).filter_map(|it| defaults.get(it.name))
        });
        self.assignments.iter().chain(defaults).filter_map(|assignment| self.setting(assignment))
    }

    /// An assignment as a setting, if its key is known.
    pub fn setting(&self, assignment: &Assignment<'a>) -> Option<Setting<'a>> {
        let Assignment { file, directive, replaced: _ } = assignment;
        Some(Setting { entry: self.known?.get(&directive.key)?, file: *file, directive })
    }

    /// Lets an assignment hold; says where it is.
    fn assign(&mut self, assignment: Assignment<'a>) -> usize {
        let key: &'a str = &assignment.directive.key;
        let at = *self.keys.entry(key).or_insert(self.assignments.len());
        match self.assignments.get_mut(at) {
            Some(other) => *other = assignment,
            None => self.assignments.push(assignment),
        }
        at
    }
}

impl Assignment<'_> {
    /// What supervisord has before it expands names: the value as it is written, but for `%(here)s`,
    /// which it replaces in all texts of a configuration that includes others.
    pub fn text(&self) -> &str {
        self.replaced.as_deref().unwrap_or(self.directive.value.text())
    }

    fn replace_here(&mut self, here: &str) {
        if self.text().contains(HERE) {
            self.replaced = Some(self.text().replace(HERE, here));
        }
    }
}
