use crate::plan::{At, Fault, Leaf};
use crate::schema::supervisord::key::{program, supervisord};
use crate::schema::{Key, Manager, Version};
use crate::text::Span;
use crate::units::Unit;
use crate::units::supervisord::{Expansion, Expansions, Part};
use crate::values::supervisord::environment;
use crate::values::{Context, Problem, ProblemKind};

/// The work in progress.
pub(super) struct Lowering<'u> {
    pub part: &'u Part<'u>,
    pub faults: Vec<Fault>,
    pub settled: Vec<At>,
    pub void: Vec<(At, String)>,
    unit: &'u Unit<'u>,
    expansions: Expansions,
}

impl<'u> Lowering<'u> {
    /// Nothing has been read, but for the variables that other values may speak of.
    pub(super) fn new(unit: &'u Unit<'u>, part: &'u Part<'u>) -> Self {
        let expansions = part.expansions.clone();
        let mut low = Lowering { part, faults: Vec::new(), settled: Vec::new(), void: Vec::new(), unit, expansions };
        for key in [supervisord::environment, program::environment] {
            let Some(at) = low.at(key) else { continue };
            for (name, value) in low.variables(at) {
                low.expansions.set(format!("ENV_{name}"), Expansion::Text(value));
            }
        }
        low
    }

    /// Where `key` is assigned.
    pub(super) fn at(&self, key: Key) -> Option<At> {
        self.unit.settings().iter().position(|setting| setting.entry.key == key).map(|at| At(at as u32))
    }

    /// What is assigned at `at`, expanded; `None` with a fault where that can't be done.
    pub(super) fn text(&mut self, at: At) -> Option<String> {
        let written = self.unit.settings()[at.0 as usize].value();
        self.expansions.expand(written).map_err(|message| self.refuse(at, message)).ok()
    }

    /// Reads the value of `key` with one of the parsers of [`crate::values::supervisord`].
    pub(super) fn read<T>(
        &mut self,
        key: Key,
        read: impl FnOnce(&str, &Context, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<Leaf<T>> {
        let at = self.at(key)?;
        let text = self.text(at)?;
        let context = Context {
            directive: self.unit.settings()[at.0 as usize].entry,
            version: Version::LATEST,
            manager: Manager::System,
            unit: Some(self.unit.name),
        };
        let mut problems = Vec::new();
        let value = read(&text, &context, &mut problems);
        for problem in problems.into_iter().filter(|problem| problem.kind == ProblemKind::Refused) {
            self.refuse(at, problem.message);
        }
        value.map(|value| Leaf::new(value, at))
    }

    /// The variables of an `environment=`, of two with one name the last.
    pub(super) fn variables(&mut self, at: At) -> Vec<(String, String)> {
        let Some(text) = self.text(at) else { return Vec::new() };
        let mut problems = Vec::new();
        let mut variables: Vec<(String, String)> = Vec::new();
        for environment::Assignment { name, value, .. } in environment::parse(&text, &mut problems) {
            variables.retain(|(known, _)| *known != name);
            variables.push((name.into_owned(), value));
        }
        for problem in problems.into_iter().filter(|problem| problem.kind == ProblemKind::Refused) {
            self.refuse(at, problem.message);
        }
        variables
    }

    /// Notes that supervisord doesn't take what is assigned at `at`.
    pub(super) fn refuse(&mut self, at: At, message: String) {
        self.note(Fault { at, span: Span::default(), message, refused: true });
    }

    /// Notes that `at` can't be translated.
    pub(super) fn fault(&mut self, at: At, message: impl Into<String>) {
        self.note(Fault { at, span: Span::default(), message: message.into(), refused: false });
    }

    /// Notes that an assignment of `key` is settled, if there is one.
    pub(super) fn settle(&mut self, keys: &[Key]) {
        let places = keys.iter().filter_map(|key| self.at(*key));
        let places: Vec<At> = places.collect();
        self.settled.extend(places);
    }

    /// Notes that assignments of these keys change nothing.
    pub(super) fn void(&mut self, keys: &[Key], why: &str) {
        let places: Vec<At> = keys.iter().filter_map(|key| self.at(*key)).collect();
        self.void.extend(places.into_iter().map(|at| (at, why.to_owned())));
    }

    /// Notes a fault once, however often the value is read.
    fn note(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}
