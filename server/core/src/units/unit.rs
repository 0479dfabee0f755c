use super::UnitName;
use crate::schema::{self, Empty, Key, UnitKind};
use crate::syntax::{self, File};
use crate::text::Span;

/// A unit as the service manager would load it.
#[derive(Debug)]
pub struct Unit<'a> {
    /// What it is called.
    pub name: &'a UnitName,
    /// The unit file, then its drop-ins in the order in which they apply.
    pub files: &'a [File<'a>],
    /// What holds in the end, in the order of assignment.
    settings: Vec<Setting<'a>>,
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

impl<'a> Unit<'a> {
    /// Applies `files`, the unit file first, one after the other.
    pub fn new(name: &'a UnitName, files: &'a [File<'a>]) -> Self {
        let mut unit = Unit { name, files, settings: Vec::new() };
        for (at, file) in files.iter().enumerate() {
            for section in &file.sections {
                let Some(known) = schema::section(&section.name) else { continue };
                for directive in file.directives_of(section) {
                    let Some(entry) = known.get(&directive.key) else { continue };
                    unit.assign(Setting { entry, file: at, directive });
                }
            }
        }
        unit
    }

    /// What kind of unit it is.
    pub fn kind(&self) -> UnitKind {
        self.name.kind()
    }

    /// The last assignment of `key` that holds.
    pub fn get(&self, key: Key) -> Option<&Setting<'a>> {
        self.settings.iter().rev().find(|setting| setting.entry.key == key)
    }

    /// Every assignment of `key` that holds, in order.
    pub fn all(&self, key: Key) -> impl DoubleEndedIterator<Item = &Setting<'a>> {
        self.settings.iter().filter(move |setting| setting.entry.key == key)
    }

    /// Every assignment that holds, in order.
    pub fn settings(&self) -> &[Setting<'a>] {
        &self.settings
    }

    fn assign(&mut self, setting: Setting<'a>) {
        let key = setting.entry.key;
        if setting.value().is_empty() {
            match setting.entry.empty {
                Empty::Reset | Empty::Default => self.settings.retain(|earlier| earlier.entry.key != key),
                Empty::Refused | Empty::Accepted => {}
            }
            return;
        }
        if !setting.entry.list {
            self.settings.retain(|earlier| earlier.entry.key != key);
        }
        self.settings.push(setting);
    }
}

impl<'a> Setting<'a> {
    /// What is assigned, continuation lines joined.
    pub fn value(&self) -> &'a str {
        self.directive.value.text()
    }

    /// Where the value stands in its file.
    pub fn span(&self) -> Span {
        self.directive.value.span()
    }
}
