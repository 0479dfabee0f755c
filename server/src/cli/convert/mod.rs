//! `svlsp convert`

mod human;
mod json;
mod options;
mod tables;

pub use options::ConvertOptions;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::rules::{Check, Selection};
use svlsp_core::schema::Version;

use self::options::{ConvertOptions as Options, Deny, Dependencies, Pair};
use self::tables::tables;
use super::{Color, FINDINGS, TROUBLE, complain};
use crate::report::statistics::plural;
use crate::report::{Format, Report, escape};
use crate::workspace::config::{self, Config};
use crate::workspace::convert::{Converted, ConvertedUnit, Converter};
use crate::workspace::load::{Loaded, Request};
use crate::workspace::write::{Action, Made, Survey, Writer};
use crate::workspace::{Checker, Failure};

/// Convert units and supervisord.conf for runit, s6, s6-rc, nosh or systemd
///
/// A UNIT is a unit file, which is taken with the drop-in directories beside
/// it; a configuration of supervisord, with the files that it includes; a
/// directory, for all such below it; or a name, which is looked up in the load
/// path of this machine or of --root, with all its drop-ins.
///
/// What becomes of each setting is listed. Either every directory is written
/// or none: not if a unit is in error, if --deny refuses, or if a directory is
/// there that svlsp hasn't written or that somebody has changed since.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  svlsp convert web.service --to runit --out /etc/sv
  svlsp convert nginx --to s6 --out svc          a unit of this machine, by name
  svlsp convert getty@tty1 --to s6 --out svc     an instance of a template
  svlsp convert units/ --to s6-rc --out source   all of them, that know each other
  svlsp convert supervisord.conf --to systemd --out units
                                                 every program of supervisord; one: --program web
  svlsp convert supervisord.conf --to s6-rc --out source --dependencies priority
                                                 a program waits for those of a lower priority
  svlsp convert ssh --root image/ --to nosh --out image/var/sv
  svlsp convert web.service --to runit --out sv --dry-run
                                                 what would be written, and what is lost
  svlsp convert web.service --to runit --out sv --diff
                                                 what would change
  svlsp convert web.service --to runit --out sv --deny lost
                                                 nothing is written if something is lost
  svlsp convert web.service --to runit --out sv --target flavour=void --target tools=+s6

Keys of --target, and of [target.BACKEND] in svlsp.toml:
  version=2.13.1               for s6 and s6-rc: the version of s6
  version=252                  for systemd: the one that shall read the units
  tools=util-linux,s6          the programs that are there, all others not; of util-linux, s6,
                               s6-networking
  tools=+s6,-util-linux        the same, as a difference from the default
  log=none                     who writes the log: svlogd, s6-log, cyclog, syslog, none
  log-directory=/var/log       where
  cgroups=no                   whether there are control groups v2 to write to
  flavour=void                 for runit: plain, void, debian, artix
  layout=s6-overlay            for s6-rc: plain, s6-overlay
  unit=network.target:net      what takes the place of a unit that isn't converted

Exit status: 0 done, whatever is lost on the way unless --deny says otherwise;
1 nothing written, as --deny refuses or a unit is in error; 2 nothing written,
as the usage is wrong, something can't be read or written, or is in the way.")]
pub struct ConvertArgs {
    /// Unit files, supervisord.conf, directories with such, and names of units
    #[arg(value_name = "UNIT", required = true)]
    units: Vec<PathBuf>,

    /// The instance of the templates among them
    #[arg(short, long, value_name = "NAME")]
    instance: Option<String>,

    /// Of supervisord's programs only this one, by its name, its group's, or GROUP:NAME
    #[arg(long, value_name = "NAME")]
    program: Vec<String>,

    /// Take DIR for / when the name of a unit is looked up
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// List what would be written; write nothing
    #[arg(long)]
    dry_run: bool,

    /// Show what would change in the directories; write nothing
    #[arg(long, conflicts_with = "dry_run")]
    diff: bool,

    /// Replace directories that svlsp hasn't written, and files changed since it has
    #[arg(long)]
    force: bool,

    /// Say something of the target; the keys are listed below
    #[arg(long, value_name = "KEY=VALUE", value_parser = options::pair)]
    target: Vec<Pair>,

    /// The same as --target layout=LAYOUT: `s6-overlay`, with s6-rc
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<String>,

    /// How what became of the settings is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: OutputFormat,

    /// Also list the settings that make no difference, and the files written
    #[arg(short, long)]
    verbose: bool,

    /// Write nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    color: Color,

    /// Read this file instead of looking for a svlsp.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Don't look for a svlsp.toml
    #[arg(long)]
    no_config: bool,

    #[command(flatten, next_help_heading = "Options that [convert] in svlsp.toml can set")]
    options: ConvertOptions,
}

/// How what became of the settings is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    /// For people: a table for each unit, the worst first
    #[default]
    Human,
    /// One object
    Json,
}

/// Runs the subcommand; the value is the exit status.
///
/// # Errors
///
/// When standard output can't be written to.
pub(super) fn run(args: &ConvertArgs) -> io::Result<u8> {
    match Run::new(args) {
        Ok(run) => run.run(),
        Err(message) => {
            complain(&message);
            Ok(TROUBLE)
        }
    }
}

struct Run<'a> {
    args: &'a ConvertArgs,
    config: Config,
    target: Target,
    out: PathBuf,
    deny: Option<Deny>,
    environment: Vec<(String, String)>,
    threads: usize,
}

/// All that is said in the end.
struct Outcome<'r> {
    args: &'r ConvertArgs,
    backend: Backend,
    out: &'r Path,
    loaded: &'r Loaded,
    converted: &'r Converted,
    survey: Option<&'r Survey<'r>>,
    failures: &'r [Failure],
    written: bool,
    status: u8,
}

impl<'a> Run<'a> {
    /// Makes sense of the arguments.
    fn new(args: &'a ConvertArgs) -> Result<Self, String> {
        let first = args.units.first().filter(|path| path.exists());
        let start = first.map_or(Path::new("."), PathBuf::as_path);
        let config = config::of(args.config.as_deref(), args.no_config, start)?;
        let options = args.options.clone().or(config.convert.clone());
        let names = Backend::ALL.map(Backend::name).join(", ");
        let to = options.to.ok_or_else(|| format!("for which supervisor? say --to with one of {names}"))?;
        let out = options.out.ok_or("where to? say --out DIR, the directory that holds the service directories")?;
        let mut target = config.target(to).clone();
        for Pair { key, value } in &args.target {
            target.set(key, value).map_err(|message| format!("--target {key}={value}: {message}"))?;
        }
        if let Some(layout) = &args.layout {
            target.set("layout", layout).map_err(|message| format!("--layout {layout}: {message}"))?;
        }
        target.facts.specifiers = options.specifier.iter().map(|known| (known.letter, known.text.clone())).collect();
        if let Some(root) = args.root.as_deref().filter(|root| !root.is_dir()) {
            return Err(format!("--root {}: is no directory", escape::path(root)));
        }
        let threads = config.options.threads();
        target.facts.priorities = options.dependencies == Some(Dependencies::Priority);
        let Options { deny, environment, .. } = options;
        Ok(Run { args, config, target, out, deny, environment, threads })
    }

    fn run(&self) -> io::Result<u8> {
        let Run { args, threads, .. } = *self;
        let root = args.root.as_deref().or(self.config.options.root.as_deref());
        let environment = &self.environment;
        let host = self.target.facts.get(b'H');
        let instance = args.instance.as_deref();
        let templates = self.target.backend == Backend::Systemd;
        let request = Request { units: &args.units, instance, templates, root, environment, host, threads };
        let mut loaded = request.load();
        let mut failures = std::mem::take(&mut loaded.failures);
        // What units do to each other makes none of them a unit in error.
        let chosen = self.config.options.selection();
        let selection =
            Selection::of(|rule| chosen.contains(rule) && !matches!(rule.systemd, Some(Check::Workspace(_))));
        let checker = Checker {
            selection: &selection,
            version: self.config.options.systemd_version.unwrap_or(Version::LATEST),
            targets: &[],
            excerpts: args.format == OutputFormat::Human,
            threads,
        };
        let mut converted = Converted::default();
        if failures.is_empty() {
            converted = Converter { target: &self.target, checker, environment, programs: &args.program }.run(&loaded);
            failures.append(&mut converted.failures);
        }
        let from = |unit: &ConvertedUnit| {
            let row = unit.rows.iter().find(|row| !row.inherited);
            let (file, line) = row.map_or((unit.files[0], 1), |row| (row.file, row.line));
            let name = unit.section.as_deref().unwrap_or(unit.name.as_str());
            format!("{name} ({}:{line})", loaded.path(file).display())
        };
        let from: Vec<String> = converted.units.iter().map(from).collect();
        let made = converted.units.iter().zip(&from);
        let made: Vec<Made> =
            made.map(|(unit, from)| Made { unit: &unit.name, from, directories: &unit.directories }).collect();
        let backend = self.target.backend;
        let writer = Writer { out: &self.out, backend, force: args.force, threads };
        let fine = failures.is_empty() && converted.findings.is_empty();
        let survey = fine.then(|| writer.survey(&made));
        let denied = self.deny.map_or(0, |deny| deny.count(&converted));
        let mut written = false;
        if let Some(survey) = &survey {
            failures.extend(survey.refusals.iter().cloned());
            if failures.is_empty() && denied == 0 && !args.dry_run && !args.diff {
                match survey.commit() {
                    Ok(()) => written = true,
                    Err(errors) => failures.extend(errors),
                }
            }
        }
        let status = match (failures.is_empty(), converted.findings.is_empty() && denied == 0) {
            (false, _) => TROUBLE,
            (true, false) => FINDINGS,
            (true, true) => 0,
        };
        let outcome = Outcome {
            args,
            backend,
            out: &self.out,
            loaded: &loaded,
            converted: &converted,
            survey: survey.as_ref(),
            failures: &failures,
            written,
            status,
        };
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        match outcome.write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(status),
            other => other?,
        }
        outcome.epilogue(self.deny.map(|deny| (deny, denied)));
        Ok(status)
    }
}

impl Outcome<'_> {
    /// What is said on standard output.
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Outcome { args, loaded, converted, survey, .. } = *self;
        if args.diff {
            return survey.map_or(Ok(()), |survey| out.write_all(survey.diff().as_bytes()));
        }
        if args.format == OutputFormat::Json {
            return json::write(self, out);
        }
        let color = args.color.on_stdout();
        if !converted.findings.is_empty() {
            let findings = &converted.findings;
            let report = Report { findings, paths: loaded, failures: &[], status: self.status, color };
            return Format::Human.write(&report, out);
        }
        if args.quiet {
            return Ok(());
        }
        let paper = human::Paper { out: self.out, loaded, color, verbose: args.verbose };
        tables(converted).iter().try_for_each(|table| paper.write(table, out))?;
        match survey {
            Some(survey) if args.verbose || args.dry_run => human::list(survey, self.written, out),
            _ => Ok(()),
        }
    }

    /// What is said on standard error.
    fn epilogue(&self, denied: Option<(Deny, usize)>) {
        let Outcome { args, loaded, converted, survey, .. } = *self;
        for failure in self.failures {
            complain(&format!("{}: {}", escape::path(&failure.path), escape::controls(&failure.message)));
        }
        if args.quiet && self.status == 0 {
            return;
        }
        let mut err = io::stderr().lock();
        if !args.quiet {
            for Failure { path, message } in &loaded.notes {
                let _ = writeln!(err, "{} {}", escape::path(path), escape::controls(message));
            }
        }
        if !args.quiet && !loaded.templates.is_empty() {
            let names: Vec<&str> = loaded.templates.iter().map(|name| name.as_str()).collect();
            let _ = writeln!(err, "left out, as only instances run (see --instance): {}", names.join(", "));
        }
        let line = match (self.failures.is_empty(), denied) {
            (false, _) => "nothing written".to_owned(),
            (true, Some((deny, count))) if count > 0 => {
                format!("nothing written: {}, which --deny {} refuses", deny.describe(count), deny.name())
            }
            _ if !converted.findings.is_empty() => {
                let files = converted.findings.chunk_by(|a, b| a.spot.file == b.spot.file).count();
                format!("nothing written: {} in error", plural(files, "file"))
            }
            _ => survey.map_or(String::new(), |survey| self.sum_up(survey)),
        };
        let _ = writeln!(err, "{line}");
    }

    /// `2 directories made, 1 updated in sv`
    fn sum_up(&self, survey: &Survey) -> String {
        let count = |action: Action| survey.changes.iter().filter(|change| change.action == action).count();
        let mut parts = Vec::new();
        for action in [Action::Create, Action::Update, Action::Remove, Action::Keep] {
            match count(action) {
                0 => {}
                count if parts.is_empty() => {
                    let noun = match (self.backend, count) {
                        (Backend::Systemd, 1) => "unit file",
                        (Backend::Systemd, _) => "unit files",
                        (_, 1) => "directory",
                        (_, _) => "directories",
                    };
                    parts.push(format!("{count} {noun} {}", human::word(action, self.written)));
                }
                count => parts.push(format!("{count} {}", human::word(action, self.written))),
            }
        }
        match parts.is_empty() {
            true => format!("nothing to write for {}", self.backend.name()),
            false => format!("{} in {}", parts.join(", "), escape::path(self.out)),
        }
    }
}
