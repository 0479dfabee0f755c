use std::collections::HashSet;

use super::{Around, Assignment, Expanded, Expansions, Given, Merged, Problem};
use crate::schema::{self, Manager, Version};
use crate::syntax::{File, ProblemKind as Line};
use crate::text::Span;
use crate::values::{self, Context, ProblemKind};

/// How many processes, and names that these know, are looked at.
const BUDGET: usize = 200_000;

/// Reads the values of sections and keeps what is wrong with them.
pub(super) struct Reading<'r, 'a> {
    pub(super) files: &'a [File<'a>],
    pub(super) around: &'r Around,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    pub(super) ignored: Vec<Problem>,
    /// A value is read once a process, but its problem is told once.
    told: HashSet<Problem>,
    spent: usize,
}

/// What is assigned to a key, expanded.
pub(super) struct Found<'s, 'a> {
    pub(super) assignment: &'s Assignment<'a>,
    pub(super) text: String,
    pub(super) unknown: Vec<String>,
}

impl<'r, 'a> Reading<'r, 'a> {
    pub(super) fn new(files: &'a [File<'a>], around: &'r Around) -> Self {
        let (problems, warnings, ignored) = (Vec::new(), Vec::new(), Vec::new());
        Reading { files, around, problems, warnings, ignored, told: HashSet::new(), spent: 0 }
    }

    /// Says which lines make supervisord refuse all.
    pub(super) fn tell_of_lines(&mut self) {
        for (at, file) in self.files.iter().enumerate() {
            for problem in &file.problems {
                let message = match problem.kind {
                    Line::AfterHeader => continue,
                    Line::OutsideSection => "there is no section above this line; supervisord refuses the file",
                    Line::MissingEquals => "this line is no assignment: \"=\" or \":\" is missing",
                    Line::MissingKey => "the key is missing",
                    Line::InvalidText => "this isn't UTF-8; supervisord refuses the file",
                    Line::UnclosedHeader | Line::UnsafeHeader | Line::LineTooLong | Line::DanglingBackslash => {
                        "supervisord refuses this line"
                    }
                };
                self.tell(at, problem.span, message.to_owned());
            }
        }
    }

    /// What is assigned to `key`, names expanded; nothing if it is refused.
    pub(super) fn expanded<'s>(
        &mut self,
        section: &'s Merged<'a>,
        key: &str,
        expansions: &Expansions,
    ) -> Option<Found<'s, 'a>> {
        let assignment = section.get(key)?;
        let Expanded { text, unknown } = self.expand(assignment, assignment.text(), expansions)?;
        Some(Found { assignment, text, unknown })
    }

    /// What is assigned to `key`, names expanded twice.
    pub(super) fn expanded_twice<'s>(
        &mut self,
        section: &'s Merged<'a>,
        key: &str,
        once: &Expansions,
        again: &Expansions,
    ) -> Option<Found<'s, 'a>> {
        let found = self.expanded(section, key, once).filter(|found| found.unknown.is_empty())?;
        let Expanded { text, unknown } = self.expand(found.assignment, &found.text, again)?;
        Some(Found { text, unknown, ..found })
    }

    /// Expands a text that comes from `assignment`.
    pub(super) fn expand(&mut self, assignment: &Assignment, text: &str, expansions: &Expansions) -> Option<Expanded> {
        expansions.expand(text).map_err(|problem| self.refuse_part(assignment, text, problem)).ok()
    }

    /// The value of `key`, or `default`.
    pub(super) fn value<T>(
        &mut self,
        section: &Merged<'a>,
        key: &str,
        expansions: &Expansions,
        default: T,
        parse: impl FnOnce(&str, &Context, &mut Vec<values::Problem>) -> Option<T>,
    ) -> Given<'a, T> {
        match self.expanded(section, key, expansions) {
            Some(found) => self.parsed(section, found, default, parse),
            None => Given::default_of(default),
        }
    }

    /// The value of what was found.
    pub(super) fn parsed<T>(
        &mut self,
        section: &Merged<'a>,
        found: Found<'_, 'a>,
        default: T,
        parse: impl FnOnce(&str, &Context, &mut Vec<values::Problem>) -> Option<T>,
    ) -> Given<'a, T> {
        let Found { assignment, text, unknown } = found;
        let from = section.setting(assignment);
        let directive = from.map(|from| from.entry).or(schema::supervisord::DIRECTIVES.first());
        let (Some(directive), true) = (directive, unknown.is_empty()) else {
            return Given { value: default, from, unknown };
        };
        let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: None };
        let mut problems = Vec::new();
        let value = parse(&text, &context, &mut problems);
        let mut refused = false;
        for problem in problems.into_iter().filter(|problem| problem.kind == ProblemKind::Refused) {
            self.refuse_part(assignment, &text, problem);
            refused = true;
        }
        Given { value: value.filter(|_| !refused).unwrap_or(default), from, unknown }
    }

    /// Says that supervisord refuses what is assigned.
    pub(super) fn refuse(&mut self, assignment: &Assignment, message: impl Into<String>) {
        self.tell(assignment.file, assignment.directive.value.span(), message.into());
    }

    /// Says that supervisord refuses a part of what is assigned, which has become `text`.
    fn refuse_part(&mut self, assignment: &Assignment, text: &str, problem: values::Problem) {
        self.refuse_at(assignment, text, problem.span, problem.message);
    }

    /// The same of the part at `span` of `text`.
    pub(super) fn refuse_at(&mut self, assignment: &Assignment, text: &str, span: Span, message: String) {
        let source = &assignment.directive.value;
        let span = if text == source.text() { source.source(span) } else { source.span() };
        self.tell(assignment.file, span, message);
    }

    /// Says that supervisord refuses what is assigned to `key`, or that nothing is.
    pub(super) fn refuse_key(&mut self, section: &Merged, key: &str, message: impl Into<String>) {
        match section.get(key) {
            Some(assignment) => self.refuse(assignment, message),
            None => self.refuse_section(section, message),
        }
    }

    /// Says that supervisord refuses a section for its name, or for what isn't in it.
    pub(super) fn refuse_section(&mut self, section: &Merged, message: impl Into<String>) {
        let (file, span) = self.header(section);
        self.tell(file, span, message.into());
    }

    pub(super) fn tell(&mut self, file: usize, span: Span, message: String) {
        let problem = Problem { file, span, message };
        if self.told.insert(problem.clone()) {
            self.problems.push(problem);
        }
    }

    /// Says what supervisord only warns of.
    pub(super) fn warn(&mut self, section: &Merged, key: &str, message: String) {
        let (file, span) = match section.get(key) {
            Some(assignment) => (assignment.file, assignment.directive.value.span()),
            None => self.header(section),
        };
        let problem = Problem { file, span, message };
        if self.told.insert(problem.clone()) {
            self.warnings.push(problem);
        }
    }

    /// Says what supervisord passes over without a word.
    pub(super) fn ignore(&mut self, section: &Merged, message: impl Into<String>) {
        let (file, span) = self.header(section);
        let problem = Problem { file, span, message: message.into() };
        if self.told.insert(problem.clone()) {
            self.ignored.push(problem);
        }
    }

    /// Takes something from the budget; whether that was left.
    pub(super) fn spend(&mut self, cost: usize) -> bool {
        self.spent += cost;
        self.spent <= BUDGET
    }

    /// How many things of this cost, which isn't 0, are left in the budget.
    pub(super) fn affords(&self, cost: usize) -> usize {
        BUDGET.saturating_sub(self.spent) / cost
    }

    fn header(&self, section: &Merged) -> (usize, Span) {
        let (file, at) = section.headers.first().copied().unwrap_or_default();
        let header = self.files.get(file).and_then(|file| file.sections.get(at)).map(|section| section.header);
        (file, header.unwrap_or_default())
    }
}
