//! Reads what is planned, runs the rules, places what they find.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use svlsp_core::backends::{self, Together};
use svlsp_core::diagnostic::Diagnostic;
use svlsp_core::rules::{self, Check, MAX_FILE, Quiet, Rule, Selection, Suppressions, Target};
use svlsp_core::schema::{Group, Version};
use svlsp_core::syntax::{self, Dialect, File};
use svlsp_core::text::{self, Decoded};
use svlsp_core::units::supervisord::{Around, Config, PartKind, Program};
use svlsp_core::units::{Origin, Role, Setting, Summary, Unit, is_foreign};

use super::place::{Placer, about_file};
use super::plan::{Part, Plan, Task};
use super::supervisord::Configuration;
use super::{Failure, Reach, discover, read};
use crate::report::{Finding, Related};

/// From how many files on a second thread is worth its start.
const FILES_PER_THREAD: usize = 32;

/// Checks what a [`Plan`] holds.
#[derive(Debug)]
pub struct Checker<'a> {
    /// Which rules run.
    pub selection: &'a Selection,
    /// The systemd that shall read the units.
    pub version: Version,
    /// For which other supervisors losses are told.
    pub targets: &'a [backends::Target],
    /// Whether findings carry the lines they are about.
    pub excerpts: bool,
    /// The most threads to use.
    pub threads: usize,
}

/// Texts that count instead of those on the disk, by file of the plan.
pub type Overlay = BTreeMap<u32, Vec<u8>>;

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// By path, then by place.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub failures: Vec<Failure>,
    /// Which of the plan's files have the name of a unit file, but are somebody else's.
    pub foreign: Vec<u32>,
}

impl Checker<'_> {
    /// Checks all there is.
    pub fn run(&self, plan: &mut Plan, overlay: &Overlay) -> Outcome {
        let mut outcome = self.check_units(plan, overlay);
        outcome.findings.append(&mut self.check_workspaces(plan, overlay));
        plan.scopes.iter_mut().for_each(|scope| scope.workspace.units = Vec::new());
        sort(&mut outcome, plan);
        outcome
    }

    /// Checks every unit, but not what they are to each other; the plan's
    /// scopes know them then.
    pub fn check_units(&self, plan: &mut Plan, overlay: &Overlay) -> Outcome {
        let threads = self.threads.min(plan.tasks.len() / FILES_PER_THREAD).max(1);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut worker = Worker::new(self, plan, overlay);
            // Some at once, so that the threads rarely meet.
            const STEP: usize = 8;
            loop {
                let start = next.fetch_add(STEP, Ordering::Relaxed);
                let Some(tasks) = plan.tasks.get(start..) else { break };
                if tasks.is_empty() {
                    break;
                }
                tasks.iter().take(STEP).for_each(|task| worker.task(task));
            }
            worker.results
        };
        let mut all = Results::default();
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            all.add(work());
            for other in others {
                match other.join() {
                    Ok(results) => all.add(results),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        let Results { outcome, units } = all;
        for &file in &outcome.foreign {
            let planned = &plan.files[file as usize];
            plan.scopes[planned.scope as usize].workspace.files[planned.local as usize].role = None;
        }
        for (scope, mut units) in units {
            units.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            plan.scopes[scope as usize].workspace.units = units;
        }
        outcome
    }

    /// Checks one unit by itself; what others have to know of it comes along. What is found all
    /// right is remembered in `quiet`, which must always be of the same selection of rules.
    pub fn check_unit(
        &self,
        plan: &Plan,
        task: &Task,
        overlay: &Overlay,
        quiet: &mut Quiet,
    ) -> (Vec<Finding>, Option<Summary>) {
        let mut worker = Worker::new(self, plan, overlay);
        worker.quiet = Some(quiet);
        worker.task(task);
        let Results { outcome, units } = worker.results;
        (outcome.findings, units.into_values().flatten().next())
    }

    fn target(&self, plan: &Plan, scope: u32) -> Target {
        Target { version: self.version, manager: plan.scopes[scope as usize].manager }
    }

    /// Checks what the units of each scope, known from [`Checker::check_units`], are to each other.
    pub fn check_workspaces(&self, plan: &mut Plan, overlay: &Overlay) -> Vec<Finding> {
        let mut found: BTreeMap<u32, Vec<(u32, Diagnostic)>> = BTreeMap::new();
        for at in 0..plan.scopes.len() {
            plan.lend_names(at);
            let scope = &plan.scopes[at];
            for diagnostic in rules::check_workspace(&scope.workspace, self.selection) {
                if let Some(&file) = scope.files.get(diagnostic.file) {
                    found.entry(file).or_default().push((at as u32, diagnostic));
                }
            }
        }
        let mut worker = Worker::new(self, plan, overlay);
        for (file, diagnostics) in found {
            worker.place_later(file, diagnostics);
        }
        worker.results.outcome.findings
    }
}

/// What a thread has found.
#[derive(Debug, Default)]
struct Results {
    outcome: Outcome,
    /// By the scope they are of.
    units: BTreeMap<u32, Vec<Summary>>,
}

impl Results {
    fn add(&mut self, mut other: Results) {
        for (scope, mut units) in other.units {
            self.units.entry(scope).or_default().append(&mut units);
        }
        self.outcome.findings.append(&mut other.outcome.findings);
        self.outcome.failures.append(&mut other.outcome.failures);
        self.outcome.foreign.append(&mut other.outcome.foreign);
    }
}

/// One thread's work.
struct Worker<'a> {
    checker: &'a Checker<'a>,
    plan: &'a Plan,
    overlay: &'a Overlay,
    /// One for each file of a task; kept so that their memory is used again.
    buffers: Vec<Vec<u8>>,
    /// By scope, the units in it; empty where nobody asks for other supervisors.
    together: Vec<Together<'a>>,
    /// What was found all right before, where somebody checks again and again.
    quiet: Option<&'a mut Quiet>,
    results: Results,
}

impl<'a> Worker<'a> {
    fn new(checker: &'a Checker<'a>, plan: &'a Plan, overlay: &'a Overlay) -> Self {
        let mut names = vec![Vec::new(); plan.scopes.len()];
        if !checker.targets.is_empty() {
            for task in &plan.tasks {
                names[task.scope as usize].extend(&task.unit);
            }
        }
        let together = names.into_iter().map(Together::named).collect();
        Worker { checker, plan, overlay, buffers: Vec::new(), together, quiet: None, results: Results::default() }
    }

    fn task(&mut self, task: &Task) {
        let mut buffers = std::mem::take(&mut self.buffers);
        while buffers.len() < task.files.len() {
            buffers.push(Vec::new());
        }
        let mut parts: Vec<(Part, Decoded)> = Vec::with_capacity(task.files.len());
        let mut fragment = task.fragment;
        for (at, (part, buffer)) in task.files.iter().zip(&mut buffers).enumerate() {
            let decoded = if self.read(*part, buffer) { Some(text::decode(buffer)) } else { None };
            match decoded.filter(|decoded| self.is_ours(*part, &decoded.text)) {
                Some(decoded) => parts.push((*part, decoded)),
                None if at == 0 => fragment = false,
                None => {}
            }
        }
        self.check(task, fragment, &parts);
        drop(parts);
        self.buffers = buffers;
    }

    /// Reads a file; a file that can't be read is told of and left out.
    fn read(&mut self, part: Part, buffer: &mut Vec<u8>) -> bool {
        let file = &self.plan.files[part.file as usize];
        if let Some(text) = self.overlay.get(&part.file) {
            buffer.clear();
            buffer.extend_from_slice(text);
        } else {
            let Reach::Disk(size) = file.reach else { return false };
            let path = file.real.as_deref().unwrap_or(&file.path);
            if let Err(error) = read::read_into(path, size, MAX_FILE + 1, buffer) {
                if part.own {
                    self.results.outcome.failures.push(Failure::new(&file.path, error));
                }
                return false;
            }
            if buffer.len() as u64 > MAX_FILE {
                if part.own {
                    let finding = rules::file_too_large(size.max(MAX_FILE + 1));
                    self.results.outcome.findings.push(about_file(part.file, finding));
                }
                return false;
            }
        }
        true
    }

    /// Whether a file is a unit file by its text too.
    fn is_ours(&mut self, part: Part, text: &str) -> bool {
        let Some(role) = self.role(part.file) else { return false };
        let foreign = is_foreign(role.kind(), text);
        if foreign && part.own {
            self.results.outcome.foreign.push(part.file);
        }
        !foreign
    }

    fn check(&mut self, task: &Task, fragment: bool, parts: &[(Part, Decoded)]) {
        let Checker { selection, targets, .. } = *self.checker;
        let target = self.checker.target(self.plan, task.scope);
        let dialect = |part: &Part| self.role(part.file).map_or(Dialect::Systemd, |role| role.kind().dialect());
        let files: Vec<File> = parts.iter().map(|(part, decoded)| syntax::read(decoded, dialect(part))).collect();
        let mut found: Vec<Diagnostic> = Vec::new();
        for (at, ((part, _), file)) in parts.iter().zip(&files).enumerate() {
            if part.own {
                let Some(role) = self.role(part.file) else { continue };
                let (kind, unit, drop_in) = (role.kind(), role.unit(), role.is_drop_in());
                let quiet = self.quiet.as_deref_mut();
                let diagnostics = rules::check_file_again(file, kind, unit, drop_in, target, selection, quiet);
                found.extend(diagnostics.into_iter().map(|diagnostic| diagnostic.in_file(at)));
            }
        }
        let unit = task.unit.as_ref().filter(|_| fragment).map(|name| Unit::new(name, &files));
        let mut whole = unit.is_some();
        if let Some(unit) = &unit {
            found.append(&mut rules::check_unit(unit, target, selection));
            let local: Vec<u32> = parts.iter().map(|(part, _)| self.plan.files[part.file as usize].local).collect();
            let mut summary = Summary::of(unit, &local);
            summary.aliases.extend(task.aliases.iter().cloned());
            summary.fragment = local.first().copied();
            self.results.units.entry(task.scope).or_default().push(summary);
            found.append(&mut rules::check_backends(unit, targets, self.together(task), selection));
        } else if files.first().is_some_and(|file| file.dialect == Dialect::Supervisord) {
            whole = self.check_configuration(task, parts, &files, &mut found);
        } else if let Some(name) = parts.first().and_then(|(part, _)| self.role(part.file)?.unit()) {
            let drop_ins = Unit::of_drop_ins(name, &files);
            found.append(&mut rules::check_backends(&drop_ins, targets, self.together(task), selection));
        }
        if found.is_empty() && files.iter().all(|file| !speaks_to_us(file)) {
            return;
        }
        self.keep(parts, &files, whole, found);
    }

    /// Checks a configuration of supervisord, or what of one is known; whether it is all known.
    fn check_configuration(
        &self,
        task: &Task,
        parts: &[(Part, Decoded)],
        files: &[File],
        found: &mut Vec<Diagnostic>,
    ) -> bool {
        let Checker { selection, targets, .. } = *self.checker;
        let path = |part: &(Part, Decoded)| &self.plan.files[part.0.file as usize].path;
        let configuration = task.configuration.as_deref();
        let directories = configuration.map(Configuration::directories).unwrap_or_default();
        let here = |part: &(Part, Decoded)| directories.get(&**path(part)).copied().unwrap_or_default().to_owned();
        let all = configuration.is_some_and(|known| known.complete && known.files.len() == files.len());
        let around = Around {
            here: parts.iter().map(here).collect(),
            partial: !all,
            missing: configuration.map_or_else(Vec::new, Configuration::without_file),
            ..Around::default()
        };
        let config = Config::new(files, &around);
        let target = self.checker.target(self.plan, task.scope);
        found.append(&mut rules::check_config(&config, all, target, selection));
        if targets.is_empty() {
            return all;
        }
        let units = config.units();
        let together = Together::named(units.iter().map(|unit| unit.name).collect());
        let place = |finding: &Diagnostic| (finding.rule, finding.file, finding.span);
        let mut told: HashSet<_> = found.iter().map(place).collect();
        for unit in &units {
            let mut new = rules::check_backends(unit, targets, &together, selection);
            // What befalls one process of a program befalls the others; what isn't converted inherits nothing.
            new.retain(|finding| !told.contains(&place(finding)) && !is_inherited_by_listener(unit, finding));
            told.extend(new.iter().map(place));
            found.append(&mut new);
        }
        all
    }

    /// Keeps what isn't silenced, and tells of comments that silence nothing.
    fn keep(&mut self, parts: &[(Part, Decoded)], files: &[File], whole: bool, found: Vec<Diagnostic>) {
        let selection = self.checker.selection;
        let mut kept = Vec::with_capacity(found.len());
        let mut silent: Vec<Suppressions> = Vec::with_capacity(files.len());
        for (at, (file, (part, _))) in files.iter().zip(parts).enumerate() {
            let (suppressions, problems) = Suppressions::read(file);
            silent.push(suppressions);
            let wanted =
                Vec::from(problems).into_iter().filter(|problem| part.own && selected(selection, problem.rule));
            kept.extend(wanted.map(|problem| problem.in_file(at)));
        }
        kept.extend(found.into_iter().filter(|diagnostic| {
            let suppressions = silent.get_mut(diagnostic.file);
            !suppressions.is_some_and(|suppressions| suppressions.silence(diagnostic))
        }));
        for (at, ((part, _), suppressions)) in parts.iter().zip(&silent).enumerate() {
            if !part.own || !selected(selection, "unused-ignore") {
                continue;
            }
            let alone = self.plan.files[part.file as usize].uses == 1;
            let dialect = files[at].dialect;
            let ran = |rule: &Rule| {
                selection.contains(rule)
                    && match rule.check(dialect) {
                        Some(Check::Value(_) | Check::Directive(_) | Check::File(_)) => true,
                        Some(Check::Unit(_) | Check::Config(_)) => whole && alone,
                        Some(Check::Workspace(_) | Check::Other) | None => false,
                    }
            };
            kept.extend(Vec::from(suppressions.unused(ran)).into_iter().map(|hint| hint.in_file(at)));
        }
        let mut placers: Vec<Option<Placer>> = Vec::new();
        placers.resize_with(files.len(), || None);
        for diagnostic in kept {
            let at = diagnostic.file;
            if at >= files.len() {
                continue;
            }
            let mut place = |at: usize| {
                placers[at].get_or_insert_with(|| Placer::new(files[at].text, self.checker.excerpts));
            };
            place(at);
            diagnostic.related.iter().filter(|other| other.file < files.len()).for_each(|other| place(other.file));
            let related = diagnostic.related.iter().filter_map(|other| {
                let placer = placers.get(other.file)?.as_ref()?;
                let spot = placer.spot(parts[other.file].0.file, other.span);
                Some(Related { spot, message: other.message.clone() })
            });
            let related = related.collect();
            if let Some(placer) = &placers[at] {
                self.results.outcome.findings.push(placer.finding(parts[at].0.file, diagnostic, related));
            }
        }
    }

    /// Places what the rules that look across units found in a file, which is
    /// read once more for it.
    fn place_later(&mut self, file: u32, mut diagnostics: Vec<(u32, Diagnostic)>) {
        let mut texts = BTreeMap::from([(file, self.text(file))]);
        let (mut suppressions, _) = Suppressions::read(&syntax::scan(&texts[&file]));
        diagnostics.retain(|(_, diagnostic)| !suppressions.silence(diagnostic));
        let plan = self.plan;
        let elsewhere = |scope: u32, other: usize| plan.scopes[scope as usize].files.get(other).copied();
        for (scope, diagnostic) in &diagnostics {
            for other in diagnostic.related.iter().filter_map(|other| elsewhere(*scope, other.file)) {
                texts.entry(other).or_insert_with(|| self.text(other));
            }
        }
        let placers: BTreeMap<u32, Placer> =
            texts.iter().map(|(file, text)| (*file, Placer::new(text, self.checker.excerpts))).collect();
        for (scope, diagnostic) in diagnostics {
            let related = diagnostic.related.iter().filter_map(|other| {
                let elsewhere = elsewhere(scope, other.file)?;
                let spot = placers.get(&elsewhere)?.spot(elsewhere, other.span);
                Some(Related { spot, message: other.message.clone() })
            });
            let related = related.collect();
            self.results.outcome.findings.push(placers[&file].finding(file, diagnostic, related));
        }
    }

    /// A file's text; empty where there is none, as for a link that isn't followed.
    fn text(&self, file: u32) -> String {
        let buffer = match self.overlay.get(&file) {
            Some(text) => Cow::Borrowed(&text[..]),
            None => Cow::Owned(self.plan.files[file as usize].read()),
        };
        match text::decode(&buffer).text {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        }
    }

    /// The units that are converted along with that of `task`, if it is.
    fn together(&self, task: &Task) -> &Together<'a> {
        &self.together[task.scope as usize]
    }

    fn role(&self, file: u32) -> Option<&'a Role> {
        let planned = &self.plan.files[file as usize];
        self.plan.scopes[planned.scope as usize].workspace.files[planned.local as usize].role.as_ref()
    }
}

/// Whether a finding is about what an event listener, which isn't converted, has from `[supervisord]`.
fn is_inherited_by_listener(unit: &Unit, finding: &Diagnostic) -> bool {
    let Origin::Supervisord(part) = unit.origin else { return false };
    let is_listener = matches!(&part.kind, PartKind::Process(process) if process.program == Program::Listener);
    let is_there = |setting: &Setting| setting.file == finding.file && setting.directive.key_span == finding.span;
    is_listener
        && unit
            .settings()
            .iter()
            .find(|setting| is_there(setting))
            .is_some_and(|it| it.entry.group == Group::Supervisord)
}

/// Whether a comment may be for us.
fn speaks_to_us(file: &File) -> bool {
    file.comments.iter().any(|&comment| file.text[comment].contains("svlsp:"))
}

fn selected(selection: &Selection, rule: &str) -> bool {
    rules::get(rule).is_some_and(|rule| selection.contains(rule))
}

fn sort(outcome: &mut Outcome, plan: &Plan) {
    let path = |file: u32| discover::bytes(&plan.files[file as usize].path);
    outcome.findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.spot.span, finding.rule);
        path(a.spot.file)
            .cmp(path(b.spot.file))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
    outcome.findings.dedup_by(|a, b| {
        a.spot.file == b.spot.file && a.spot.span == b.spot.span && a.rule == b.rule && a.message == b.message
    });
    outcome.failures.sort();
    outcome.failures.dedup();
}
