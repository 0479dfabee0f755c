//! Makes service directories of loaded units, in memory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use svlsp_core::backends::{self, Directory, Target, Together};
use svlsp_core::diagnostic::{Diagnostic, Severity};
use svlsp_core::fate::Fate;
use svlsp_core::plan::{self, Fault};
use svlsp_core::schema::{self, Group};
use svlsp_core::syntax::{self, Dialect, File};
use svlsp_core::text::{self, Decoded, LineIndex};
use svlsp_core::units::supervisord::{Around, Config, PartKind, Problem, Process, Program, unknown_name};
use svlsp_core::units::{FileFacts, Origin, Role, Unit, UnitName, unescape};

use super::check::Overlay;
use super::discover::bytes;
use super::load::Loaded;
use super::place::Placer;
use super::plan::Surroundings;
use super::supervisord::Configuration;
use super::{Checker, Failure, Found, Plan, Reach, parallel};
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
    /// What is known of the environment of the target's supervisord.
    pub environment: &'a [(String, String)],
    /// The programs of supervisord to convert, by the names that supervisorctl takes; none: all.
    pub programs: &'a [String],
}

/// What has become of the units; nothing is written yet.
#[derive(Debug, Default)]
pub struct Converted {
    /// In the order in which they were named.
    pub units: Vec<ConvertedUnit>,
    /// Why some of them are in error, by file, then by place; files are those of [`Loaded::files`].
    pub findings: Vec<Finding>,
    /// The programs asked for that there aren't.
    pub failures: Vec<Failure>,
}

/// What has become of one unit.
#[derive(Clone, Debug)]
pub struct ConvertedUnit {
    /// What it is called.
    pub name: UnitName,
    /// The section of supervisord's configuration that it is made from: `program:web`.
    pub section: Option<String>,
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
    /// Whether it stands in `[supervisord]` and bears on a program.
    pub inherited: bool,
    /// What is assigned, continuation lines joined.
    pub value: String,
    /// What became of it.
    pub fate: Fate,
}

impl Converter<'_> {
    /// Converts every unit, and every program of supervisord.
    pub fn run(&self, loaded: &Loaded) -> Converted {
        let threads = self.checker.threads;
        let mut findings = self.check(loaded);
        let of_units = loaded.units.iter().map(|unit| (&unit.files, Dialect::Systemd));
        let of_supervisord = loaded.configurations.iter().map(|one| (&one.files, Dialect::Supervisord));
        let jobs: Vec<_> = of_units.chain(of_supervisord).collect();
        let texts: Vec<Vec<Decoded>> = parallel::map(&jobs, threads, |(files, _)| {
            files.iter().map(|file| text::decode(&loaded.files[*file as usize].bytes)).collect()
        });
        let jobs: Vec<_> = jobs.into_iter().zip(&texts).collect();
        let sources: Vec<Source> = parallel::map(&jobs, threads, |((numbers, dialect), texts)| Source {
            numbers,
            lines: texts.iter().map(|decoded| LineIndex::new(&decoded.text)).collect(),
            files: texts.iter().map(|decoded| syntax::read(decoded, *dialect)).collect(),
        });
        let (of_units, of_supervisord) = sources.split_at(loaded.units.len());
        let configs: Vec<Config> = of_supervisord
            .iter()
            .zip(&loaded.configurations)
            .map(|(source, one)| Config::new(&source.files, &self.around(&one.configuration)))
            .collect();
        for (config, source) in configs.iter().zip(of_supervisord) {
            let refused = config.problems.iter().map(|problem| self.refused(problem, source));
            add_faults(&mut findings, refused.collect());
            let unknown = config.includes.iter().filter_map(|pattern| {
                let message = unknown_name(pattern.unknown.first()?);
                Some(self.refused(&Problem { file: 0, span: pattern.span, message }, source))
            });
            add_faults(&mut findings, unknown.collect());
        }
        let units =
            loaded.units.iter().zip(of_units).map(|(unit, source)| (Unit::new(&unit.name, &source.files), source));
        let programs = configs.iter().zip(of_supervisord);
        let programs =
            programs.flat_map(|(config, source)| self.wanted(config).into_iter().map(move |unit| (unit, source)));
        let (units, sources): (Vec<Unit>, Vec<&Source>) = units.chain(programs).unzip();
        let plans = parallel::map(&units, threads, |unit| plan::lower(unit, &self.target.facts));
        let together = Together::of(&plans);
        let jobs: Vec<_> = plans.iter().zip(sources).collect();
        let converted = parallel::map(&jobs, threads, |(plan, source)| self.convert(plan, source, &together));
        let (units, faults): (Vec<_>, Vec<_>) = converted.into_iter().unzip();
        add_faults(&mut findings, faults.into_iter().flatten().collect());
        findings.sort_by_key(|finding| (finding.spot.file, finding.spot.span.start));
        Converted { units, findings, failures: self.unknown(&configs) }
    }

    /// What is known beside the files of a configuration.
    fn around(&self, configuration: &Configuration) -> Around {
        Around {
            here: configuration.here.clone(),
            host: self.target.facts.get(b'H').map(str::to_owned),
            environment: self.environment.to_vec(),
            whole_environment: false,
            partial: !configuration.complete,
            missing: Vec::new(),
        }
    }

    /// Those parts of a configuration that shall be converted.
    fn wanted<'c>(&self, config: &'c Config) -> Vec<Unit<'c>> {
        let mut units = config.units();
        if self.programs.is_empty() {
            return units;
        }
        let is_wanted = |process: &Process| self.programs.iter().any(|name| process.is_called(name));
        let process = |name: &UnitName| {
            let part = config.parts.iter().find(|part| part.name == *name);
            part.is_some_and(|part| matches!(&part.kind, PartKind::Process(process) if is_wanted(process)))
        };
        units.retain(|unit| match unit.origin {
            Origin::Supervisord(part) => match &part.kind {
                PartKind::Process(process) => is_wanted(process),
                PartKind::Socket { processes, .. } => processes.iter().any(process),
                PartKind::Group { members } => !members.is_empty() && members.iter().all(process),
                PartKind::Server => false,
            },
            Origin::Systemd => true,
        });
        units
    }

    /// The programs asked for that no configuration has.
    fn unknown(&self, configs: &[Config]) -> Vec<Failure> {
        let parts = || configs.iter().flat_map(|config| &config.parts);
        let processes: Vec<&Process> = parts()
            .filter_map(|part| match &part.kind {
                PartKind::Process(process) => Some(&**process),
                PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => None,
            })
            .collect();
        let unknown = self.programs.iter().filter(|name| !processes.iter().any(|process| process.is_called(name)));
        let message = |name: &String| {
            let names = processes.iter().map(|process| &*process.program_name);
            let near = schema::nearest(name, names).map_or(String::new(), |near| format!("; did you mean '{near}'?"));
            Failure::new("--program", format!("there is no program '{name}'{near}"))
        };
        unknown.map(message).collect()
    }

    /// What systemd wouldn't take of the units, and supervisord of its configuration, as `svlsp check` finds it.
    fn check(&self, loaded: &Loaded) -> Vec<Finding> {
        let mut order: Vec<u32> = (0..loaded.files.len() as u32).collect();
        order.sort_by(|a, b| bytes(loaded.path(*a)).cmp(bytes(loaded.path(*b))));
        order.dedup_by(|a, b| loaded.path(*a) == loaded.path(*b));
        let of_supervisord: BTreeSet<&Path> =
            loaded.configurations.iter().flat_map(|one| &one.configuration.files).map(PathBuf::as_path).collect();
        let found = |file: &u32| {
            let path = loaded.path(*file).to_owned();
            let role = match of_supervisord.contains(&*path) {
                true => Some(Role::Supervisord),
                false => Role::of(&std::path::absolute(&path).unwrap_or_else(|_| path.clone()).to_string_lossy()),
            };
            Found { path, real: None, reach: Reach::Given, facts: FileFacts { role, ..FileFacts::default() } }
        };
        let configurations: Vec<_> = loaded.configurations.iter().map(|one| one.configuration.clone()).collect();
        let around = Surroundings { configurations: &configurations, ..Surroundings::default() };
        let mut plan = Plan::new(order.iter().map(found).collect(), &around);
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

    /// Why supervisord refuses a configuration, or what of it isn't known here.
    fn refused(&self, problem: &Problem, source: &Source) -> Finding {
        let message = problem.message.clone();
        source.finding(
            problem.file,
            Diagnostic::new(RULE, Severity::Error, problem.span, message),
            self.checker.excerpts,
        )
    }

    fn convert(&self, plan: &plan::Plan, source: &Source, together: &Together) -> (ConvertedUnit, Vec<Finding>) {
        let unit = plan.unit;
        let rendering = backends::render(plan, together, self.target);
        let row = |(setting, fate): (&svlsp_core::units::Setting, Fate)| Row {
            file: source.numbers[setting.file],
            line: source.lines[setting.file].line(setting.directive.span.start as usize) as u32 + 1,
            directive: setting.entry.name,
            inherited: setting.entry.group == Group::Supervisord,
            value: setting.value().to_owned(),
            fate,
        };
        let mut rows: Vec<Row> = unit.settings().iter().zip(rendering.fates).map(row).collect();
        rows.sort_by_key(|row| (source.numbers.iter().position(|file| *file == row.file), row.line));
        let finding = |Fault { at, span, message, refused }: Fault| {
            let setting = plan.setting(at);
            let value = &setting.directive.value;
            let span = if span.is_empty() { value.span() } else { value.source(span) };
            let rule = if refused { "invalid-value" } else { RULE };
            let diagnostic = Diagnostic::new(rule, Severity::Error, span, message);
            source.finding(setting.file, diagnostic, self.checker.excerpts)
        };
        let faults = rendering.faults.into_iter().map(finding).collect();
        let converted = ConvertedUnit {
            name: unit.name.clone(),
            section: section(unit),
            files: source.numbers.to_vec(),
            directories: rendering.directories,
            rows,
            notes: rendering.notes,
        };
        (converted, faults)
    }
}

/// The files of a unit or of a configuration, read.
struct Source<'t> {
    /// Which of [`Loaded::files`] they are.
    numbers: &'t [u32],
    files: Vec<File<'t>>,
    lines: Vec<LineIndex>,
}

impl Source<'_> {
    /// A finding about one of its files.
    fn finding(&self, file: usize, diagnostic: Diagnostic, excerpts: bool) -> Finding {
        Placer::new(self.files[file].text, excerpts).finding(self.numbers[file], diagnostic, Vec::new())
    }
}

/// What of supervisord's configuration a unit is made from: `program:web`, for instance.
fn section(unit: &Unit) -> Option<String> {
    let Origin::Supervisord(part) = unit.origin else { return None };
    Some(match &part.kind {
        PartKind::Process(process) => {
            let kind = match process.program {
                Program::Program => "program",
                Program::Fcgi => "fcgi-program",
                Program::Listener => "eventlistener",
            };
            format!("{kind}:{}", process.program_name)
        }
        PartKind::Group { .. } => format!("group:{}", unescape(unit.name.stem()).unwrap_or_default()),
        PartKind::Socket { .. } => format!("fcgi-program:{}", unescape(unit.name.stem()).unwrap_or_default()),
        PartKind::Server => "supervisord".to_owned(),
    })
}

/// Adds what isn't among the findings; what a rule has found too is said better there.
fn add_faults(findings: &mut Vec<Finding>, faults: Vec<Finding>) {
    for fault in faults {
        if !findings.iter().any(|other| *other == fault || overlap(other, &fault)) {
            findings.push(fault);
        }
    }
}

fn overlap(a: &Finding, b: &Finding) -> bool {
    let (a, b) = (&a.spot, &b.spot);
    a.file == b.file && (a.span == b.span || a.span.start < b.span.end && b.span.start < a.span.end)
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
