//! From a [`Unit`] to a [`Plan`].

use std::ops::RangeInclusive;

use super::text::{self, Bytes, Unknown};
use super::{
    At, Body, Condition, Install, Leaf, MountUnit, PathUnit, Plan, Relation, Service, Socket, Timer, relation,
    supervisord,
};
use crate::schema::{Key, Manager, UnitKind, Version, key};
use crate::text::Span;
use crate::units::{Origin, Unit};
use crate::values::set::{self, Choice};
use crate::values::time_span::{self, BareUnit};
use crate::values::{Context, Problem, ProblemKind, ValueType, boolean, number, path_list, signal};

/// What is known of the target when a unit is lowered: what the specifiers
/// stand for that depend on the host.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By letter: `H` → the host's name.
    pub specifiers: Vec<(u8, String)>,
    /// Whether a program of supervisord.conf is started once those of a lower priority have
    /// started; supervisord itself starts them in that order and waits for none.
    pub priorities: bool,
}

/// An assignment that can't be lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which one.
    pub at: At,
    /// Where in its value; empty: all of it.
    pub span: Span,
    /// Why: lower case, no full stop.
    pub message: String,
    /// Whether systemd refuses it too; else only the translation can't be made.
    pub refused: bool,
}

/// Lowers `unit`; what can't be read is a [`Fault`] and left out.
pub fn lower<'u>(unit: &'u Unit<'u>, facts: &Facts) -> Plan<'u> {
    if let Origin::Supervisord(part) = unit.origin {
        return supervisord::lower(unit, part, facts);
    }
    let mut low = Lowering { unit, facts, faults: Vec::new() };
    let body = match unit.kind() {
        UnitKind::Service => Body::Service(Service::lower(&mut low)),
        UnitKind::Socket => Body::Socket(Socket::lower(&mut low)),
        UnitKind::Target => Body::Target,
        UnitKind::Timer => Body::Timer(Timer::lower(&mut low)),
        UnitKind::Path => Body::Path(PathUnit::lower(&mut low)),
        UnitKind::Mount => Body::Mount(MountUnit::lower(&mut low)),
        UnitKind::Swap => Body::Mount(MountUnit::lower_swap(&mut low)),
        _ => Body::Other,
    };
    let description = low.last(key::unit::Description);
    // A text to read: what can't be resolved in it stays as it is.
    let description = description.map(|at| {
        let written = low.value(at).as_bytes();
        let text = low.expand(written).unwrap_or_else(|_| written.to_vec());
        Leaf::new(String::from_utf8_lossy(&text).into_owned(), at)
    });
    Plan {
        unit,
        body,
        relations: Relation::lower(&mut low),
        mounts: relation::mounts(&mut low),
        default_dependencies: low.boolean(key::unit::DefaultDependencies, true),
        conditions: Condition::lower(&mut low),
        install: Install::lower(&mut low),
        autostart: Leaf::default(true),
        description,
        settled: Vec::new(),
        fated: Vec::new(),
        faults: low.faults,
    }
}

impl Facts {
    /// What `%letter` stands for.
    pub fn get(&self, letter: u8) -> Option<&str> {
        self.specifiers.iter().find(|(known, _)| *known == letter).map(|(_, value)| &**value)
    }
}

/// The work in progress.
pub(super) struct Lowering<'u, 'f> {
    pub unit: &'u Unit<'u>,
    pub facts: &'f Facts,
    pub faults: Vec<Fault>,
}

impl<'u> Lowering<'u, '_> {
    /// Every assignment of `key`, in order.
    pub(super) fn all(&self, key: Key) -> Vec<At> {
        let settings = self.unit.settings().iter().enumerate();
        settings.filter(|(_, setting)| setting.entry.key == key).map(|(at, _)| At(at as u32)).collect()
    }

    /// The last assignment of `key`.
    pub(super) fn last(&self, key: Key) -> Option<At> {
        self.unit.settings().iter().rposition(|setting| setting.entry.key == key).map(|at| At(at as u32))
    }

    /// What is assigned at `at`.
    pub(super) fn value(&self, at: At) -> &'u str {
        self.unit.settings()[at.0 as usize].value()
    }

    /// Reads the value at `at` with one of the parsers of [`crate::values`].
    pub(super) fn parse<T>(&mut self, at: At, read: impl FnOnce(&'u str, &Context, &mut Vec<Problem>) -> T) -> T {
        let setting = &self.unit.settings()[at.0 as usize];
        let context = Context {
            directive: setting.entry,
            version: Version::LATEST,
            manager: Manager::System,
            unit: Some(self.unit.name),
        };
        let mut problems = Vec::new();
        let value = read(setting.value(), &context, &mut problems);
        for problem in problems.into_iter().filter(|problem| problem.kind == ProblemKind::Refused) {
            self.note(Fault { at, span: problem.span, message: problem.message, refused: true });
        }
        value
    }

    /// Notes that `at` can't be translated.
    pub(super) fn fault(&mut self, at: At, message: impl Into<String>) {
        self.note(Fault { at, span: Span::default(), message: message.into(), refused: false });
    }

    /// Notes a fault once, however often the value is read.
    fn note(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Notes a specifier that nobody knows here.
    pub(super) fn unknown(&mut self, at: At, Unknown(letter): Unknown) {
        let letter = letter as char;
        self.fault(
            at,
            format!("only the target knows what \"%{letter}\" stands for; say it with --specifier {letter}=…"),
        );
    }

    /// Resolves the specifiers of a text.
    pub(super) fn expand(&self, text: &[u8]) -> Result<Bytes, Unknown> {
        text::expand(text, self.unit.name, self.facts)
    }

    /// The same for a text of the assignment at `at`; `None` with a fault where one isn't known.
    pub(super) fn expand_at(&mut self, at: At, text: &[u8]) -> Option<Bytes> {
        self.expand(text).map_err(|unknown| self.unknown(at, unknown)).ok()
    }

    /// A single value: what `read` makes of the last assignment of `key`, else `default`.
    pub(super) fn single<T>(
        &mut self,
        key: Key,
        default: T,
        read: impl FnOnce(&'u str, &Context, &mut Vec<Problem>) -> Option<T>,
    ) -> Leaf<T> {
        self.optional(key, read).unwrap_or_else(|| Leaf::default(default))
    }

    /// The same without a default.
    pub(super) fn optional<T>(
        &mut self,
        key: Key,
        read: impl FnOnce(&'u str, &Context, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<Leaf<T>> {
        let at = self.last(key)?;
        self.parse(at, read).map(|value| Leaf::new(value, at))
    }

    /// A boolean.
    pub(super) fn boolean(&mut self, key: Key, default: bool) -> Leaf<bool> {
        self.single(key, default, boolean::parse)
    }

    /// A word of a closed set.
    pub(super) fn choice(&mut self, key: Key) -> Option<Leaf<&'static str>> {
        let ValueType::Set(words) = key.directive().value else { return None };
        self.optional(key, |text, context, problems| match set::parse(text, words, context, problems)? {
            Choice::Word(word) => Some(word.text),
            Choice::Number(number) => words.words.iter().find(|word| word.number == Some(number)).map(|word| word.text),
        })
    }

    /// A number.
    pub(super) fn signed(&mut self, key: Key, range: RangeInclusive<i64>) -> Option<Leaf<i64>> {
        self.optional(key, |text, context, problems| number::parse_signed(text, range, context, problems))
    }

    /// A signal.
    pub(super) fn signal(&mut self, key: Key, default: u8) -> Leaf<u8> {
        self.single(key, default, |text, context, problems| Some(signal::parse(text, context, problems)?.0))
    }

    /// Lists of paths, joined with colons.
    pub(super) fn joined(&mut self, key: Key) -> Option<Leaf<Bytes>> {
        let mut joined: Option<Leaf<Bytes>> = None;
        for at in self.all(key) {
            for word in self.parse(at, path_list::parse_colons) {
                let Some(path) = self.expand_at(at, word.bytes()) else { continue };
                match &mut joined {
                    Some(leaf) => {
                        leaf.value.push(b':');
                        leaf.value.extend(path);
                        leaf.at = Some(at);
                    }
                    None => joined = Some(Leaf::new(path, at)),
                }
            }
        }
        joined
    }

    /// A time span in µs; a number alone counts seconds.
    pub(super) fn seconds(&mut self, key: Key) -> Option<Leaf<u64>> {
        let read = |text, context: &Context, problems: &mut Vec<Problem>| {
            Some(time_span::parse(text, BareUnit::Seconds, context, problems)?.0)
        };
        self.optional(key, read)
    }
}
