use std::borrow::Cow;

use super::{UnitName, supervisord};
use crate::schema::{self, Empty, Key, Manager, UnitKind, Version, key};
use crate::syntax::{self, File, Section};
use crate::text::Span;
use crate::values::boolean;
use crate::values::specifier;
use crate::values::words::{Style, Word, Words};
use crate::values::{Context, ValueType};

/// A unit as the service manager would load it.
#[derive(Debug)]
pub struct Unit<'a> {
    /// What it is called.
    pub name: &'a UnitName,
    /// The unit file, then its drop-ins in the order in which they apply.
    pub files: &'a [File<'a>],
    /// Whether the first of the files is the unit file; else all are drop-ins.
    pub has_fragment: bool,
    /// Whose unit it is.
    pub origin: Origin<'a>,
    /// What holds in the end, in the order of assignment.
    settings: Vec<Setting<'a>>,
}

/// Whose unit it is.
#[derive(Clone, Copy, Debug, Default)]
pub enum Origin<'a> {
    /// systemd's: its files are unit files.
    #[default]
    Systemd,
    /// A part of supervisord's configuration.
    Supervisord(&'a supervisord::Part<'a>),
}

/// One assignment that holds.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// What is assigned to.
    pub entry: &'static schema::Directive,
    /// The index of its file in [`Unit::files`].
    pub file: usize,
    /// The assignment itself.
    pub directive: &'a syntax::Directive<'a>,
}

/// One of the names in a list of units.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    /// The name; specifiers that depend on the host or on an instance not
    /// known are left in it.
    pub name: Cow<'a, str>,
    /// The assignment that it stands in.
    pub setting: Setting<'a>,
    /// Where it stands in its file.
    pub span: Span,
}

impl<'a> Unit<'a> {
    /// Applies `files`, the unit file first, one after the other.
    pub fn new(name: &'a UnitName, files: &'a [File<'a>]) -> Self {
        Unit::of_settings(name, files, settings(name.kind(), files), Origin::Systemd)
    }

    /// A unit of which is known what holds in the end.
    pub fn of_settings(
        name: &'a UnitName,
        files: &'a [File<'a>],
        settings: Vec<Setting<'a>>,
        origin: Origin<'a>,
    ) -> Self {
        Unit { name, files, has_fragment: true, origin, settings }
    }

    /// A unit of which only drop-ins are known.
    pub fn of_drop_ins(name: &'a UnitName, files: &'a [File<'a>]) -> Self {
        Unit { has_fragment: false, ..Unit::new(name, files) }
    }

    /// What kind of unit it is.
    pub fn kind(&self) -> UnitKind {
        self.name.kind()
    }

    /// Whether one of its files couldn't be read to its end.
    pub fn is_cut_off(&self) -> bool {
        let too_long = |problem: &syntax::Problem| problem.kind == syntax::ProblemKind::LineTooLong;
        self.files.iter().any(|file| file.problems.iter().any(too_long))
    }

    /// The last assignment of `key` that holds.
    pub fn get(&self, key: Key) -> Option<&Setting<'a>> {
        self.settings.iter().rev().find(|setting| setting.entry.key == key)
    }

    /// Every assignment of `key` that holds, in order.
    pub fn all(&self, key: Key) -> impl DoubleEndedIterator<Item = &Setting<'a>> {
        self.settings.iter().filter(move |setting| setting.entry.key == key)
    }

    /// Whether anything is assigned to `key` in the end.
    pub fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }

    /// Every assignment that holds, in order.
    pub fn settings(&self) -> &[Setting<'a>] {
        &self.settings
    }

    /// What is assigned to `key` last.
    pub fn text(&self, key: Key) -> Option<&'a str> {
        self.get(key).map(Setting::value)
    }

    /// The boolean assigned to `key`; `None` if there is none or it is no boolean.
    pub fn boolean(&self, key: Key) -> Option<bool> {
        boolean::read(self.text(key)?)
    }

    /// Whether the unit has the dependencies that its kind has by default.
    pub fn default_dependencies(&self) -> bool {
        self.boolean(key::unit::DefaultDependencies).unwrap_or(true)
    }

    /// The units that `key`, a list of them, names.
    pub fn references(&self, key: Key) -> impl Iterator<Item = Reference<'a>> {
        self.all(key).flat_map(|setting| self.references_of(*setting))
    }

    /// The units that one assignment of a list of them names.
    pub fn references_of(&self, setting: Setting<'a>) -> impl Iterator<Item = Reference<'a>> {
        let name = self.name;
        let words = Words::new(setting.value(), Style::TUPLES).map_while(Result::ok);
        words.map(move |word| Reference {
            span: setting.directive.value.source(word.span),
            name: resolve(word, name, setting.entry),
            setting,
        })
    }

    /// Every section called `name` with the index of its file.
    pub fn sections(&self, name: &str) -> impl DoubleEndedIterator<Item = (usize, &'a Section<'a>)> {
        let files = self.files.iter().enumerate();
        files.flat_map(move |(at, file)| {
            file.sections.iter().filter(move |section| section.name == name).map(move |section| (at, section))
        })
    }
}

impl<'a> Setting<'a> {
    /// What is assigned, continuation lines joined.
    pub fn value(&self) -> &'a str {
        self.directive.value.text()
    }

    /// Whether it assigns what would hold without it.
    pub fn says_the_default(&self) -> bool {
        let (value, default) = (self.value(), self.entry.default);
        let same_boolean = || boolean::read(default).is_some_and(|default| boolean::read(value) == Some(default));
        value == default || same_boolean()
    }

    /// Where the value stands in its file.
    pub fn span(&self) -> Span {
        self.directive.value.span()
    }
}

/// The assignments that hold in the end, in their order.
fn settings<'a>(kind: UnitKind, files: &'a [File<'a>]) -> Vec<Setting<'a>> {
    let mut settings = Vec::with_capacity(files.first().map_or(0, |file| file.directives.len()));
    for (at, file) in files.iter().enumerate() {
        for section in &file.sections {
            let Some(known) = schema::section(&section.name) else { continue };
            if known.kind.is_some_and(|of| of != kind) {
                continue;
            }
            for directive in file.directives_of(section) {
                let Some(entry) = known.get(&directive.key) else { continue };
                let mut before = settings.iter().filter(|other: &&Setting| other.entry.key == entry.key);
                if entry.value.first_holds() && before.any(|other| !other.value().is_empty()) {
                    continue;
                }
                settings.push(Setting { entry, file: at, directive });
            }
        }
    }
    // Seen from the end, a setting holds unless something behind it replaces or resets it.
    let mut over = Over::default();
    let mut held = settings.len();
    for at in (0..settings.len()).rev() {
        if over.keeps(&settings[at]) {
            held -= 1;
            settings.swap(at, held);
        }
    }
    settings.drain(..held);
    settings
}

/// What later assignments have replaced or reset.
#[derive(Default)]
struct Over {
    keys: [u64; Key::COUNT.div_ceil(64)],
    /// One bit a [`Group`].
    groups: u8,
}

/// Settings that are one list to systemd: an empty assignment to any of them
/// resets them all.
#[derive(Clone, Copy)]
enum Group {
    Conditions,
    Asserts,
    Listen,
    Timers,
    Paths,
    BindPaths,
    StandardInput,
}

impl Over {
    /// Whether `setting` still holds; notes what it puts an end to.
    fn keeps(&mut self, setting: &Setting) -> bool {
        let entry = setting.entry;
        let (word, bit) = (usize::from(entry.key.0) / 64, 1 << (entry.key.0 % 64));
        let group = Group::of(entry).map_or(0, |group| 1 << group as u8);
        let over = self.keys[word] & bit != 0 || self.groups & group != 0;
        if setting.value().is_empty() {
            if matches!(entry.empty, Empty::Reset | Empty::Default) {
                self.keys[word] |= bit;
                self.groups |= group;
            }
            // The one list whose default is everything: emptied, it says that nothing is left.
            return entry.key == key::exec::CapabilityBoundingSet && !over;
        }
        if !entry.list {
            self.keys[word] |= bit;
        }
        !over
    }
}

impl Group {
    fn of(entry: &schema::Directive) -> Option<Self> {
        Some(match entry.value {
            ValueType::ConditionPath | ValueType::ConditionString if entry.name.starts_with("Assert") => Group::Asserts,
            ValueType::ConditionPath | ValueType::ConditionString => Group::Conditions,
            ValueType::SocketAddress => Group::Listen,
            ValueType::Timer => Group::Timers,
            ValueType::WatchedPath => Group::Paths,
            ValueType::BindPaths => Group::BindPaths,
            ValueType::InputText | ValueType::InputData => Group::StandardInput,
            _ => return None,
        })
    }
}

/// A word of a list of units as a name, as far as it can be known.
pub(crate) fn resolve<'a>(word: Word<'a>, name: &UnitName, directive: &'static schema::Directive) -> Cow<'a, str> {
    let known =
        |letter: u8| specifier::is_of_name(letter) && (!name.is_template() || !specifier::is_of_instance(letter));
    let text = word.text;
    if !text.contains('%') || !specifier::find(&text).all(|(_, letter)| known(letter)) {
        return text;
    }
    let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: Some(name) };
    match specifier::expand(&text, &context).map(Cow::into_owned) {
        Some(expanded) => Cow::Owned(expanded),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::scan;

    /// The settings of a service with drop-ins, one a line.
    fn held(texts: &[&str]) -> String {
        let name = UnitName::parse("a.service").unwrap();
        let files: Vec<_> = texts.iter().map(|text| scan(text)).collect();
        let unit = Unit::new(&name, &files);
        let lines = unit.settings().iter().map(|setting| format!("{}={}", setting.entry.name, setting.value()));
        lines.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn single_values_replace_and_lists_add_up() {
        let unit = "[Service]\nRestart=no\nExecStart=a\nEnvironment=A=1\nRestart=always\n";
        let drop_in = "[Service]\nEnvironment=B=2\nExecStart=\nExecStart=b\n";
        assert_eq!(held(&[unit]), "ExecStart=a Environment=A=1 Restart=always");
        assert_eq!(held(&[unit, drop_in]), "Environment=A=1 Restart=always Environment=B=2 ExecStart=b");
    }

    #[test]
    fn an_empty_condition_resets_all_conditions_but_no_asserts() {
        let unit = "[Unit]\nConditionHost=a\nAssertHost=b\nConditionPathExists=/c\n";
        assert_eq!(held(&[unit, "[Unit]\nConditionPathExists=\nConditionUser=d"]), "AssertHost=b ConditionUser=d");
    }

    #[test]
    fn dependencies_are_never_reset() {
        assert_eq!(held(&["[Unit]\nAfter=a.service\n", "[Unit]\nAfter=\n"]), "After=a.service");
    }

    #[test]
    fn of_units_to_trigger_the_first_holds() {
        let name = UnitName::parse("a.timer").unwrap();
        let files =
            [scan("[Timer]\nUnit=\nUnit=b.service\nUnit=c.service\n"), scan("[Timer]\nUnit=\nUnit=d.service\n")];
        let unit = Unit::new(&name, &files);
        assert_eq!(unit.all(key::timer::Unit).map(Setting::value).collect::<Vec<_>>(), ["b.service"]);
    }

    #[test]
    fn sections_of_other_kinds_count_for_nothing() {
        assert_eq!(held(&["[Timer]\nOnBootSec=1\n[Foo]\nA=b\n[Service]\nType=simple\n"]), "Type=simple");
    }

    #[test]
    fn names_are_resolved_as_far_as_they_are_known() {
        let names = |unit: &str, value: &str| {
            let name = UnitName::parse(unit).unwrap();
            let text = format!("[Unit]\nAfter={value}\n");
            let files = [scan(&text)];
            let unit = Unit::new(&name, &files);
            unit.references(key::unit::After).map(|reference| reference.name.into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            names("a@b.service", "%n x@%i.service \"y.service\" %H.service"),
            "a@b.service x@b.service y.service %H.service"
        );
        assert_eq!(names("a@.service", "%p.socket x@%i.service"), "a.socket x@%i.service");
    }
}
