use crate::fate::Fate;
use crate::plan::{At, Fault, Leaf};
use crate::schema::{Key, Manager, Version};
use crate::text::Span;
use crate::units::supervisord::{self, Given, Part};
use crate::units::{Setting, Unit};
use crate::values::{Context, Problem};

/// The work in progress.
pub(super) struct Lowering<'u> {
    pub part: &'u Part<'u>,
    pub faults: Vec<Fault>,
    pub settled: Vec<At>,
    pub fated: Vec<(At, Fate)>,
    unit: &'u Unit<'u>,
}

impl<'u> Lowering<'u> {
    /// Nothing has been read.
    pub(super) fn new(unit: &'u Unit<'u>, part: &'u Part<'u>) -> Self {
        Lowering { part, faults: Vec::new(), settled: Vec::new(), fated: Vec::new(), unit }
    }

    /// Where `key` is assigned.
    pub(super) fn at(&self, key: Key) -> Option<At> {
        self.unit.settings().iter().position(|setting| setting.entry.key == key).map(|at| At(at as u32))
    }

    /// A value and where it comes from; what only the target knows is a fault.
    pub(super) fn leaf<T: Clone>(&mut self, given: &Given<'u, T>) -> Leaf<T> {
        let at = given.from.and_then(|setting| self.at_of(&setting));
        if let (Some(at), Some(name)) = (at, given.unknown.first()) {
            self.unknown(at, name);
        }
        Leaf { value: given.value.clone(), at }
    }

    /// The same of a value that may be missing.
    pub(super) fn optional<T: Clone>(&mut self, given: &Given<'u, Option<T>>) -> Option<Leaf<T>> {
        let Leaf { value, at } = self.leaf(given);
        value.map(|value| Leaf { value, at })
    }

    /// Reads a value of `[supervisord]`, which is none of the part's own, with a parser of
    /// [`crate::values::supervisord`].
    pub(super) fn inherited<T>(
        &mut self,
        key: Key,
        read: impl FnOnce(&str, &Context, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<Leaf<T>> {
        let at = self.at(key)?;
        let setting = &self.unit.settings()[at.0 as usize];
        let expanded = self.part.expansions.expand(setting.value()).ok()?;
        if let Some(name) = expanded.unknown.first() {
            self.unknown(at, name);
            return None;
        }
        let context = Context {
            directive: setting.entry,
            version: Version::LATEST,
            manager: Manager::System,
            unit: Some(self.unit.name),
        };
        // What supervisord refuses, the configuration has told of.
        read(&expanded.text, &context, &mut Vec::new()).map(|value| Leaf::new(value, at))
    }

    /// Notes a name that only the target knows.
    fn unknown(&mut self, at: At, name: &str) {
        self.fault(at, supervisord::unknown_name(name));
    }

    /// Notes that `at` can't be translated.
    pub(super) fn fault(&mut self, at: At, message: impl Into<String>) {
        let fault = Fault { at, span: Span::default(), message: message.into(), refused: false };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Notes that assignments of these keys are settled, if there are any.
    pub(super) fn settle(&mut self, keys: &[Key]) {
        let places: Vec<At> = keys.iter().filter_map(|key| self.at(*key)).collect();
        self.settled.extend(places);
    }

    /// Notes that assignments of these keys change nothing.
    pub(super) fn void(&mut self, keys: &[Key], why: &'static str) {
        let places: Vec<At> = keys.iter().filter_map(|key| self.at(*key)).collect();
        self.fated.extend(places.into_iter().map(|at| (at, Fate::irrelevant(why))));
    }

    fn at_of(&self, setting: &Setting) -> Option<At> {
        let same = |other: &Setting| std::ptr::eq(other.directive, setting.directive);
        self.unit.settings().iter().position(same).map(|at| At(at as u32))
    }
}
