//! Makes service directories of loaded units, in memory.

use std::path::Path;

use svlsp_core::backends::{self, Directory, Target, Together};
use svlsp_core::diagnostic::{Diagnostic, Severity};
use svlsp_core::fate::Fate;
use svlsp_core::plan::{self, Fault};
use svlsp_core::syntax;
use svlsp_core::text::{self, Decoded, LineIndex};
use svlsp_core::units::{FileFacts, Role, Unit, UnitName};

use super::check::Overlay;
use super::load::{Loaded, LoadedUnit};
use super::place::Placer;
use super::plan::Surroundings;
use super::{Checker, Found, Plan, Reach, parallel};
use crate::report::{Finding, Paths};

/// What a fault that isn't systemd's is called.
const RULE: &str = "not-convertible";

/// Converts what is [`Loaded`].
#[derive(Debug)]
pub struct Converter<'a> {
    /// Where the services are going to live.
    pub target: &'a Target,
    /// Finds units in error; what it says of threads and excerpts holds for all.
    pub checker: Checker<'a>,
}

/// What has become of the units; nothing is written yet.
#[derive(Debug, Default)]
pub struct Converted {
    /// In the order in which they were named.
    pub units: Vec<ConvertedUnit>,
    /// Why some of them are in error, by file, then by place; files are those of [`Loaded::files`].
    pub findings: Vec<Finding>,
}

/// What has become of one unit.
#[derive(Clone, Debug)]
pub struct ConvertedUnit {
    /// What it is called.
    pub name: UnitName,
    /// Which of [`Loaded::files`] it was made of, the unit file first.
    pub files: Vec<u32>,
    /// Its directories.
    pub directories: Vec<Directory>,
    /// What became of each assignment, in the order of the files.
    pub rows: Vec<Row>,
    /// What else there is to say: lower case, no full stop.
    pub notes: Vec<String>,
}

/// What became of one assignment.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which of [`Loaded::files`] it stands in.
    pub file: u32,
    /// Its line, from 1.
    pub line: u32,
    /// What is assigned to: `Nice`.
    pub directive: &'static str,
    /// What is assigned, continuation lines joined.
    pub value: String,
    /// What became of it.
    pub fate: Fate,
}

impl Converter<'_> {
    /// Converts every unit.
    pub fn run(&self, loaded: &Loaded) -> Converted {
        let mut findings = self.check(loaded);
        let decode = |unit: &LoadedUnit| -> Vec<Decoded> {
            unit.files.iter().map(|file| text::decode(&loaded.files[*file as usize].bytes)).collect()
        };
        let texts = parallel::map(&loaded.units, self.checker.threads, decode);
        let files = parallel::map(&texts, self.checker.threads, |texts: &Vec<_>| -> Vec<_> {
            texts.iter().map(syntax::scan_decoded).collect()
        });
        let units: Vec<Unit> =
            loaded.units.iter().zip(&files).map(|(unit, files)| Unit::new(&unit.name, files)).collect();
        let plans = parallel::map(&units, self.checker.threads, |unit| plan::lower(unit, &self.target.facts));
        let together = Together::of(&plans);
        let sources: Vec<_> = loaded.units.iter().zip(&texts).zip(&plans).collect();
        let converted = parallel::map(&sources, self.checker.threads, |((unit, texts), plan)| {
            self.convert(unit, texts, plan, &together)
        });
        let (units, faults): (Vec<_>, Vec<_>) = converted.into_iter().unzip();
        for fault in faults.into_iter().flatten() {
            // What a rule has found too is said better there.
            if !findings.iter().any(|other| *other == fault || overlap(other, &fault)) {
                findings.push(fault);
            }
        }
        findings.sort_by_key(|finding| (finding.spot.file, finding.spot.span.start));
        Converted { units, findings }
    }

    /// What systemd wouldn't take of the units, as `svlsp check` finds it.
    fn check(&self, loaded: &Loaded) -> Vec<Finding> {
        let mut order: Vec<u32> = (0..loaded.files.len() as u32).collect();
        order.sort_by(|a, b| loaded.path(*a).cmp(loaded.path(*b)));
        order.dedup_by(|a, b| loaded.path(*a) == loaded.path(*b));
        let found = |file: &u32| {
            let path = loaded.path(*file).to_owned();
            let role = Role::of(&std::path::absolute(&path).unwrap_or_else(|_| path.clone()).to_string_lossy());
            Found { path, real: None, reach: Reach::Given, facts: FileFacts { role, ..FileFacts::default() } }
        };
        let mut plan = Plan::new(order.iter().map(found).collect(), &Surroundings::default());
        let overlay: Overlay =
            order.iter().zip(0..).map(|(file, at)| (at, loaded.files[*file as usize].bytes.clone())).collect();
        let mut findings = self.checker.run(&mut plan, &overlay).findings;
        findings.retain(|finding| finding.severity == Severity::Error);
        for finding in &mut findings {
            let related = finding.related.iter_mut().map(|other| &mut other.spot);
            for spot in related.chain(std::iter::once(&mut finding.spot)) {
                spot.file = order[spot.file as usize];
            }
        }
        findings
    }

    fn convert(
        &self,
        LoadedUnit { name, files: numbers }: &LoadedUnit,
        texts: &[Decoded],
        plan: &plan::Plan,
        together: &Together,
    ) -> (ConvertedUnit, Vec<Finding>) {
        let lines: Vec<_> = texts.iter().map(|decoded| LineIndex::new(&decoded.text)).collect();
        let unit = plan.unit;
        let rendering = backends::render(plan, together, self.target);
        let row = |(setting, fate): (&svlsp_core::units::Setting, Fate)| Row {
            file: numbers[setting.file],
            line: lines[setting.file].line(setting.directive.span.start as usize) as u32 + 1,
            directive: setting.entry.name,
            value: setting.value().to_owned(),
            fate,
        };
        let mut rows: Vec<Row> = unit.settings().iter().zip(rendering.fates).map(row).collect();
        rows.sort_by_key(|row| (numbers.iter().position(|file| *file == row.file), row.line));
        let finding = |Fault { at, span, message, refused }: Fault| {
            let setting = plan.setting(at);
            let value = &setting.directive.value;
            let span = if span.is_empty() { value.span() } else { value.source(span) };
            let rule = if refused { "invalid-value" } else { RULE };
            let placer = Placer::new(&texts[setting.file].text, self.checker.excerpts);
            placer.finding(numbers[setting.file], Diagnostic::new(rule, Severity::Error, span, message), Vec::new())
        };
        let faults = rendering.faults.into_iter().map(finding).collect();
        let converted = ConvertedUnit {
            name: name.clone(),
            files: numbers.clone(),
            directories: rendering.directories,
            rows,
            notes: rendering.notes,
        };
        (converted, faults)
    }
}

fn overlap(a: &Finding, b: &Finding) -> bool {
    let (a, b) = (&a.spot, &b.spot);
    a.file == b.file && a.span.start < b.span.end && b.span.start < a.span.end
}

impl Loaded {
    /// The path of a file, as users see it.
    pub fn path(&self, file: u32) -> &Path {
        &self.files[file as usize].path
    }
}

impl Paths for Loaded {
    fn path(&self, file: u32) -> &Path {
        Loaded::path(self, file)
    }
}
