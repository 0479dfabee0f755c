use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Document;
use crate::backends::{self, Target};
use crate::fate::Level;
use crate::text::Span;
use crate::units::UnitName;

/// How many settings of a unit have which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counts {
    pub native: usize,
    pub emulated: usize,
    pub approximated: usize,
    pub lost: usize,
    pub irrelevant: usize,
}

/// Counts what becomes of a document and of its parts; looks at each part once.
#[derive(Debug)]
pub struct Counting<'d, 'a> {
    document: &'d Document<'a>,
    target: &'d Target,
    /// What becomes of the settings of each part of a configuration, by their places.
    parts: HashMap<&'a UnitName, Vec<(usize, Span, Level)>>,
}

/// What becomes of the settings of the whole unit, as [`Counting::of`] has it.
pub fn counts(document: &Document, target: &Target) -> Option<Counts> {
    Counting::new(document, target).of(None)
}

impl<'d, 'a> Counting<'d, 'a> {
    /// Of `document` on `target`.
    pub fn new(document: &'d Document<'a>, target: &'d Target) -> Self {
        Counting { document, target, parts: HashMap::new() }
    }

    /// What becomes of the settings of the whole unit, drop-ins applied; `None` where it isn't known.
    ///
    /// Of a configuration of supervisord, what becomes of those in the section `only`, or in all of them.
    pub fn of(&mut self, only: Option<&str>) -> Option<Counts> {
        let Counting { document, target, .. } = *self;
        if let Some(configured) = document.configured {
            let mut told = HashSet::new();
            let mut levels = Vec::new();
            for part in configured.different_parts(only) {
                let settings = self.parts.entry(&part.name).or_insert_with(|| {
                    let unit = configured.unit(part);
                    let fates = backends::fates(&unit, target, document.together);
                    let settings = unit.settings().iter().zip(&fates);
                    settings.map(|(setting, fate)| (setting.file, setting.directive.span, fate.level())).collect()
                });
                let once = settings.iter().filter(|(file, span, _)| told.insert((*file, *span)));
                levels.extend(once.map(|(_, _, level)| *level));
            }
            return Some(Counts::of(levels.into_iter()));
        }
        let whole = document.whole.filter(|whole| !whole.unit.is_cut_off())?;
        let fates = backends::fates(whole.unit, target, document.together);
        Some(Counts::of(fates.iter().map(|fate| fate.level())))
    }
}

impl Counts {
    /// Counts these.
    pub fn of(levels: impl Iterator<Item = Level>) -> Self {
        let mut counts = Counts::default();
        for level in levels {
            let count = match level {
                Level::Native => &mut counts.native,
                Level::Emulated => &mut counts.emulated,
                Level::Approximated => &mut counts.approximated,
                Level::Lost => &mut counts.lost,
                Level::Irrelevant => &mut counts.irrelevant,
            };
            *count += 1;
        }
        counts
    }
}

/// "12 native, 3 emulated, 1 lost": what is there, from the best to the worst; of what makes no
/// difference nothing is said.
impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { native, emulated, approximated, lost, .. } = *self;
        let levels = [Level::Native, Level::Emulated, Level::Approximated, Level::Lost];
        let told = [native, emulated, approximated, lost].into_iter().zip(levels);
        let told: Vec<String> =
            told.filter(|(count, _)| *count > 0).map(|(count, level)| format!("{count} {}", level.name())).collect();
        match told.is_empty() {
            true => formatter.write_str("nothing to convert"),
            false => formatter.write_str(&told.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Open;
    use super::*;
    use crate::fate::Backend;

    #[test]
    fn what_is_there_is_told() {
        let text =
            "[Unit]\nDescription=A\n[Service]\nExecStart=/bin/a\nUser=www-data\nSystemCallFilter=@system-service\n";
        let of = |path| {
            Open::new(path, text)
                .with(|document| counts(document, &Target::new(Backend::S6)).map(|counts| counts.to_string()))
        };
        assert_eq!(of("a.service").as_deref(), Some("2 native, 1 lost"));
        assert_eq!(of("a.conf"), None);
        assert_eq!(Counts::default().to_string(), "nothing to convert");
    }
}
