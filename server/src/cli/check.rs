//! `svlsp check`

use std::ffi::OsStr;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use svlsp_core::backends::Target;
use svlsp_core::rules::MAX_FILE;
use svlsp_core::schema::Version;
use svlsp_core::units::{FileFacts, Role, is_supervisord};

use super::options::Options;
use super::{FINDINGS, TROUBLE, complain};
use crate::report::{Format, Paths, Report, escape, statistics};
use crate::workspace::check::Overlay;
use crate::workspace::discover::{Discovered, Search};
use crate::workspace::plan::Surroundings;
use crate::workspace::supervisord::{Reading, inside};
use crate::workspace::{Checker, Failure, Found, Outcome, Plan, Reach, config, fix};

/// Check unit files and drop-ins, and supervisord.conf
///
/// Reads unit files as systemd does, and supervisord.conf with the files that it
/// includes as supervisord does, and says what is wrong with them. Nothing outside
/// the given paths, or beside a given file of supervisord, is read unless --root
/// or --system says so.
///
/// The nearest svlsp.toml, looked for from the first PATH upwards, sets the
/// options that are listed last; its keys are their long names.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  svlsp check                                  everything below this directory
  svlsp check /etc/systemd/system --system     this machine's own units
  svlsp check --root image/                    the units of a system image
  svlsp check /etc/supervisor/supervisord.conf a configuration of supervisord, all its files
  svlsp check --fix --select unknown-directive one kind of mistake, mended
  svlsp check --diff                           what --fix would change
  svlsp check --backend runit,s6               what would be lost elsewhere
  svlsp check --format sarif > svlsp.sarif     for a code scanning service
  svlsp check --stdin-filename a.service - < a.service

Exit status: 0 no finding at or above the level to fail on, 1 findings, 2 wrong
usage or a file that can't be read (the others are still checked).

A finding is silenced by a comment on the line before, `# svlsp: ignore[RULE]`,
or for a whole file by `# svlsp: ignore-file[RULE]` at its top.")]
pub struct CheckArgs {
    /// Files and directories; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The name, and the place, of what comes on standard input
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,

    /// Mend what can be mended for sure, in place
    #[arg(long, conflicts_with = "diff")]
    fix: bool,

    /// Show what --fix would change; change nothing
    #[arg(long)]
    diff: bool,

    /// Read this file instead of looking for a svlsp.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Don't look for a svlsp.toml
    #[arg(long)]
    no_config: bool,

    #[command(flatten, next_help_heading = "Options that svlsp.toml can set")]
    options: Options,
}

/// Runs the subcommand; the value is the exit status.
///
/// # Errors
///
/// When standard output can't be written to.
pub fn run(args: &CheckArgs) -> io::Result<u8> {
    match Run::new(args) {
        Ok(mut run) => run.run(),
        Err(message) => {
            complain(&message);
            Ok(TROUBLE)
        }
    }
}

struct Run<'a> {
    args: &'a CheckArgs,
    options: Options,
    targets: Vec<Target>,
    plan: Plan,
    overlay: Overlay,
    failures: Vec<Failure>,
    /// How many of the plan's files could not be read after all.
    unread: usize,
}

impl<'a> Run<'a> {
    /// Makes sense of the arguments and finds the files.
    fn new(args: &'a CheckArgs) -> Result<Self, String> {
        let config = config::of(args.config.as_deref(), args.no_config, args.start())?;
        let options = args.options.clone().or(config.options.clone());
        let targets = options.backends().map(|backend| config.target(backend).clone()).collect();
        let mut paths = args.paths.clone();
        if paths.is_empty() && args.stdin_filename.is_some() {
            paths.push("-".into());
        }
        let stdin = paths.iter().any(|path| path == OsStr::new("-"));
        paths.retain(|path| path != OsStr::new("-"));
        let given = if stdin { Some(args.standard_input()?) } else { None };
        if paths.is_empty() && !stdin && options.root.is_none() {
            paths.push(".".into());
        }
        if let Some(root) = options.root.as_deref().filter(|root| !root.is_dir()) {
            return Err(format!("--root {}: is no directory", root.display()));
        }
        // A single file needs no second thread, nor to know how many there could be.
        let threads = if paths.iter().all(|path| path.is_file()) { 1 } else { options.threads() };
        let search = Search { paths: &paths, root: options.root.as_deref(), threads };
        let Discovered { mut files, failures } = match &options.root {
            Some(root) if paths.is_empty() && !stdin => Search::run_root(root),
            _ => search.run(),
        };
        let mut text = None;
        if let Some((found, bytes)) = given {
            files.retain(|file| file.path != found.path);
            let at = files.partition_point(|file| file.path < found.path);
            files.insert(at, found);
            text = Some(bytes);
        }
        let root = options.root.as_deref();
        let given = files.iter().filter(|file| file.reach == Reach::Given).map(|file| &*file.path);
        let inside = inside(paths.iter().map(|path| &**path).chain(given).chain(root));
        let reading = Reading { root, inside: Some(&inside), ..Reading::default() };
        let text_of = |file: &Found| match file.reach {
            Reach::Given => text.clone(),
            _ => None,
        };
        let configurations = reading.configurations(&mut files, text_of);
        let surroundings = Surroundings { root, system: options.system, configurations: &configurations };
        let given = files.iter().position(|file| file.reach == Reach::Given);
        let overlay = given.zip(text).map(|(at, text)| (at as u32, text)).into_iter().collect();
        let plan = Plan::new(files, &surroundings);
        Ok(Run { args, options, targets, plan, overlay, failures, unread: 0 })
    }

    fn run(&mut self) -> io::Result<u8> {
        let options = self.options.clone();
        let selection = options.selection();
        let format = options.format.unwrap_or_default();
        let checker = Checker {
            selection: &selection,
            version: options.systemd_version.unwrap_or(Version::LATEST),
            targets: &self.targets,
            excerpts: format == Format::Human && !self.args.diff,
            threads: options.threads(),
        };
        let mut outcome = checker.run(&mut self.plan, &self.overlay);
        let mut fixed = 0;
        let mut patch = String::new();
        if self.args.fix || self.args.diff {
            let mended = fix::mend(&checker, &mut self.plan, &self.overlay, outcome);
            fixed = mended.applied;
            if self.args.diff {
                patch = mended.diff(&self.plan);
                outcome = mended.before;
            } else {
                self.failures.extend(mended.write(&self.plan));
                outcome = mended.after;
            }
        }
        self.unread = outcome.failures.len();
        self.failures.append(&mut outcome.failures);
        self.failures.sort();
        let bad = outcome.findings.iter().any(|finding| finding.severity >= options.fail_on());
        let status = match (self.failures.is_empty(), bad) {
            (false, _) => TROUBLE,
            (true, true) => FINDINGS,
            (true, false) => 0,
        };
        let written = if self.args.diff {
            io::stdout().write_all(patch.as_bytes())
        } else {
            let color = options.color.unwrap_or_default().on_stdout();
            let report =
                Report { findings: &outcome.findings, paths: &self.plan, failures: &self.failures, status, color };
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            format.write(&report, &mut out).and_then(|()| out.flush())
        };
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(status),
            other => other?,
        }
        self.epilogue(&outcome, fixed);
        Ok(status)
    }

    /// What is said on standard error.
    fn epilogue(&self, outcome: &Outcome, fixed: usize) {
        let findings = &outcome.findings;
        for failure in &self.failures {
            complain(&format!("{}: {}", escape::path(&failure.path), escape::controls(&failure.message)));
        }
        let mut err = io::stderr().lock();
        if self.options.statistics {
            let _ = err.write_all(statistics::table(findings).as_bytes());
        }
        if self.options.quiet {
            return;
        }
        let foreign = outcome.foreign.len();
        let checked = self.plan.checked() - foreign - self.unread;
        let mut line = match checked {
            0 => "no unit files found".to_owned(),
            _ => format!("{} in {}", statistics::summary(findings), statistics::plural(checked, "file")),
        };
        let fixable = findings.iter().filter(|finding| finding.fixes.first().is_some_and(|fix| fix.certain)).count();
        if fixed > 0 {
            let verb = if self.args.diff { "would be fixed" } else { "fixed" };
            line.push_str(&format!(", {fixed} {verb}"));
        } else if fixable > 0 && !self.args.fix && !self.args.diff {
            line.push_str(&format!(", {fixable} fixable with --fix"));
        }
        if foreign > 0 {
            let files = statistics::plural(foreign, "file");
            line.push_str(&format!("; {files} of another format left out"));
        }
        if self.plan.outside > 0 {
            let links = statistics::plural(self.plan.outside, "symbolic link");
            line.push_str(&format!("; {links} to elsewhere not followed"));
        }
        let _ = writeln!(err, "{line}");
    }
}

impl CheckArgs {
    /// From where a svlsp.toml is looked for upwards.
    fn start(&self) -> &Path {
        match (self.paths.first(), &self.stdin_filename) {
            (Some(path), _) if path != OsStr::new("-") => path,
            (_, Some(name)) => name,
            _ => Path::new("."),
        }
    }

    /// Reads standard input, as the file that it is said to be.
    fn standard_input(&self) -> Result<(Found, Vec<u8>), String> {
        let Some(path) = self.stdin_filename.clone() else {
            return Err("standard input has no name; give one with --stdin-filename foo.service".to_owned());
        };
        if self.fix {
            return Err("--fix changes files; for standard input there is --diff".to_owned());
        }
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("standard input: {error}"))?;
        let by_text = || is_supervisord(&String::from_utf8_lossy(&bytes)).then_some(Role::Supervisord);
        let Some(role) = Role::of(&path.to_string_lossy()).or_else(by_text) else {
            let path = path.display();
            return Err(format!(
                "--stdin-filename {path} is no unit file by its name, nor one of supervisord by its text"
            ));
        };
        let facts = FileFacts { role: Some(role), ..FileFacts::default() };
        Ok((Found { path, real: None, reach: Reach::Given, facts }, bytes))
    }
}

impl Paths for Plan {
    fn path(&self, file: u32) -> &Path {
        &self.files[file as usize].path
    }
}
