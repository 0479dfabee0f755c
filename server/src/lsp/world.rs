//! The unit files of one folder, open or not, and what they are to each other.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use svlsp_core::diagnostic::Severity;
use svlsp_core::features::Neighbour;
use svlsp_core::rules::{self, Check, MAX_EDITED, Quiet, Selection};
use svlsp_core::schema::Manager;
use svlsp_core::syntax;
use svlsp_core::units::{FileFacts, Owner, Role, Summary, UnitName, kind_of_text, load_path};

use super::document::{Document, Language};
use super::mentions::Named;
use super::settings::Settings;
use crate::report::Finding;
use crate::workspace::check::Overlay;
use crate::workspace::discover::Search;
use crate::workspace::plan::{PlannedFile, Scope, Surroundings, Task};
use crate::workspace::supervisord::{Reading, inside};
use crate::workspace::{Checker, Found, Plan, Reach, about_file, root};

/// Files that see each other, and the settings that hold for them.
#[derive(Debug)]
pub(super) struct World {
    /// Files, units and scopes; the scopes know all units.
    pub(super) plan: Plan,
    /// The texts of open documents, by file.
    pub(super) overlay: Overlay,
    /// What holds for its files.
    pub(super) settings: Arc<Settings>,
    /// By file: which of the plan's tasks checks it.
    tasks: Vec<Option<u32>>,
    /// By file: where it names units; made when it is asked for.
    pub(super) mentions: Vec<OnceCell<Box<[Named]>>>,
    /// Files that have changed since their units were looked at.
    changed: BTreeSet<u32>,
    files: HashMap<PathBuf, u32>,
    /// What was found all right before.
    quiet: Quiet,
    /// By scope; made when it is asked for.
    neighbours: Vec<OnceCell<Arc<[Neighbour]>>>,
    /// The users of the root that the settings name.
    pub(super) users: Vec<Box<str>>,
    /// Its groups.
    pub(super) groups: Vec<Box<str>>,
}

impl World {
    /// Finds and reads the units of a folder; `open` are the documents that count instead of what is
    /// on the disk.
    pub(super) fn scan(folder: &Path, settings: Arc<Settings>, open: &[Document]) -> Self {
        let threads = settings.config.options.threads();
        let found = Search { paths: &[folder.to_owned()], root: None, threads }.run();
        let mut files = found.files;
        for document in open {
            let Some(path) = document.path.as_deref().filter(|path| path.starts_with(folder)) else { continue };
            match files.binary_search_by(|file| bytes(&file.path).cmp(bytes(path))) {
                // What is open counts anyway, until it is closed.
                Ok(at) if matches!(files[at].reach, Reach::Disk(_)) => {}
                Ok(at) => files[at].reach = Reach::Given,
                Err(at) => {
                    if let Some(found) = given(document) {
                        files.insert(at, found);
                    }
                }
            }
        }
        let options = &settings.config.options;
        let root = options.root.as_deref();
        let inside = inside([folder]);
        let reading = Reading { root, inside: Some(&inside), ..Reading::default() };
        let configurations = reading.configurations(&mut files, |found| text_of(open, &found.path));
        let around = Surroundings { root, system: options.system, configurations: &configurations };
        let mut world = World::of(Plan::new(files, &around), settings.clone());
        for document in open {
            if let Some(file) = document.path.as_deref().and_then(|path| world.file(path)) {
                world.overlay.insert(file, document.text.as_bytes().to_vec());
            }
        }
        settings.checker().check_units(&mut world.plan, &world.overlay);
        world.read_mentions();
        world
    }

    /// A document that lies in no folder, with the other files of its unit that lie beside it.
    pub(super) fn alone(document: &Document, settings: Arc<Settings>) -> Self {
        let mut files = given(document).map_or_else(Vec::new, |found| beside(&found));
        let found = given(document).unwrap_or_else(|| {
            if document.language == Language::Supervisord {
                let facts = FileFacts { role: Some(Role::Supervisord), ..FileFacts::default() };
                return Found { path: document.uri.path().as_str().into(), real: None, reach: Reach::Given, facts };
            }
            let kind = kind_of_text(&syntax::scan(&document.text));
            let name = kind.and_then(|kind| UnitName::parse(&format!("unnamed.{}", kind.suffix())));
            let path = name.as_ref().map_or_else(|| document.uri.path().as_str(), UnitName::as_str).into();
            let facts = FileFacts { role: name.map(Role::Unit), ..FileFacts::default() };
            Found { path, real: None, reach: Reach::Given, facts }
        });
        files.retain(|file| file.path != found.path);
        files.push(found);
        files.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        let configurations = match (document.language, document.path.is_some()) {
            (Language::Supervisord, true) => {
                let inside = inside(files.iter().map(|file| &*file.path));
                let reading = Reading { inside: Some(&inside), ..Reading::default() };
                reading.configurations(&mut files, |found| text_of(std::slice::from_ref(document), &found.path))
            }
            _ => Vec::new(),
        };
        let around = Surroundings { configurations: &configurations, ..Surroundings::default() };
        World::of(Plan::new(files, &around), settings)
    }

    fn of(plan: Plan, settings: Arc<Settings>) -> Self {
        let mut tasks = vec![None; plan.files.len()];
        for (at, task) in plan.tasks.iter().enumerate() {
            for part in task.files.iter().filter(|part| part.own) {
                tasks[part.file as usize] = Some(at as u32);
            }
        }
        let files = plan.files.iter().zip(0..).map(|(file, at)| (file.path.clone(), at)).collect();
        let neighbours = vec![OnceCell::new(); plan.scopes.len()];
        let mentions = vec![OnceCell::new(); plan.files.len()];
        let root = settings.config.options.root.as_deref();
        let [users, groups] = ["etc/passwd", "etc/group"].map(|file| root.map(|root| accounts(root, Path::new(file))));
        let (users, groups) = (users.unwrap_or_default(), groups.unwrap_or_default());
        World {
            plan,
            overlay: Overlay::new(),
            settings,
            tasks,
            mentions,
            changed: BTreeSet::new(),
            files,
            quiet: Quiet::default(),
            neighbours,
            users,
            groups,
        }
    }

    /// The number of the file at `path`.
    pub(super) fn file(&self, path: &Path) -> Option<u32> {
        self.files.get(path).copied()
    }

    /// What a file is; `None` for one that only has the name of a unit file.
    pub(super) fn role(&self, file: u32) -> Option<&Role> {
        let planned = &self.plan.files[file as usize];
        self.scope(file).workspace.files[planned.local as usize].role.as_ref()
    }

    /// Whose units those of the scope of `file` are.
    pub(super) fn manager(&self, file: u32) -> Manager {
        self.scope(file).manager
    }

    /// The names of the units of the scope of `file`.
    pub(super) fn names(&self, file: u32) -> Vec<&UnitName> {
        let scope = self.plan.files[file as usize].scope;
        self.plan.tasks.iter().filter(|task| task.scope == scope).filter_map(|task| task.unit.as_ref()).collect()
    }

    /// The files that are checked.
    pub(super) fn checked(&self) -> impl Iterator<Item = u32> {
        let checked = self.tasks.iter().zip(0..).filter(|(task, _)| task.is_some());
        checked.map(|(_, file)| file).filter(|&file| self.role(file).is_some())
    }

    /// What is in a file; nothing if it can't be read.
    pub(super) fn bytes(&self, file: u32) -> Cow<'_, [u8]> {
        match self.overlay.get(&file) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.plan.files[file as usize].read()),
        }
    }

    fn scope(&self, file: u32) -> &Scope {
        &self.plan.scopes[self.plan.files[file as usize].scope as usize]
    }

    /// The path of a file.
    pub(super) fn path(&self, file: u32) -> &Path {
        &self.plan.files[file as usize].path
    }

    /// The unit that a file is checked with, its other files along.
    pub(super) fn task(&self, file: u32) -> Option<&Task> {
        self.tasks[file as usize].map(|at| &self.plan.tasks[at as usize])
    }

    /// Checks a file with its unit, and what all units are to each other; `text` is what is in it now.
    pub(super) fn check(&mut self, file: u32, text: &str) -> Vec<Finding> {
        self.update(file, text);
        let settings = self.settings.clone();
        let checker = settings.checker();
        let Some(task) = self.tasks[file as usize] else { return Vec::new() };
        let task = &self.plan.tasks[task as usize];
        if text.len() > MAX_EDITED {
            let checker = Checker { selection: &Selection::of_syntax(), targets: &[], ..checker };
            let (mut findings, _) = checker.check_unit(&self.plan, task, &self.overlay, &mut Quiet::default());
            findings.push(about_file(file, rules::only_syntax(text.len())));
            findings.retain(|finding| finding.spot.file == file);
            order(&mut findings);
            return findings;
        }
        let (mut findings, unit) = checker.check_unit(&self.plan, task, &self.overlay, &mut self.quiet);
        self.renew(file, unit);
        findings.extend(checker.check_workspaces(&mut self.plan, &self.overlay));
        findings.retain(|finding| finding.spot.file == file);
        order(&mut findings);
        findings
    }

    /// Takes what others have to know of the unit of a file.
    fn renew(&mut self, file: u32, unit: Option<Summary>) {
        self.changed.remove(&file);
        let Some(unit) = unit else { return };
        let scope = self.plan.files[file as usize].scope as usize;
        let units = &mut self.plan.scopes[scope].workspace.units;
        match units.binary_search_by(|other| other.name.cmp(&unit.name)) {
            Ok(at) if units[at].description == unit.description => units[at] = unit,
            Ok(at) => {
                units[at] = unit;
                self.neighbours[scope].take();
            }
            Err(at) => {
                units.insert(at, unit);
                self.neighbours[scope].take();
            }
        }
    }

    /// Looks at the units again whose files have changed.
    pub(super) fn refresh(&mut self) {
        let settings = self.settings.clone();
        let checker = settings.checker();
        for file in std::mem::take(&mut self.changed) {
            if let Some(task) = self.tasks[file as usize] {
                let task = &self.plan.tasks[task as usize];
                let (_, unit) = checker.check_unit(&self.plan, task, &self.overlay, &mut self.quiet);
                self.renew(file, unit);
            }
        }
    }

    /// What is wrong in each file.
    pub(super) fn check_all(&mut self) -> BTreeMap<u32, Vec<Finding>> {
        let settings = self.settings.clone();
        let checker = settings.checker();
        let mut findings = checker.check_units(&mut self.plan, &self.overlay).findings;
        self.neighbours.iter_mut().for_each(|neighbours| drop(neighbours.take()));
        findings.extend(checker.check_workspaces(&mut self.plan, &self.overlay));
        let mut files: BTreeMap<u32, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            files.entry(finding.spot.file).or_default().push(finding);
        }
        files.values_mut().for_each(order);
        files
    }

    /// What systemd wouldn't take of the unit of a file, in any of its files.
    pub(super) fn errors(&self, file: u32) -> Vec<Finding> {
        let Some(task) = self.task(file) else { return Vec::new() };
        let chosen = &self.settings.selection;
        let selection =
            Selection::of(|rule| chosen.contains(rule) && !matches!(rule.systemd, Some(Check::Workspace(_))));
        let checker = Checker { selection: &selection, targets: &[], ..self.settings.checker() };
        let (mut findings, _) = checker.check_unit(&self.plan, task, &self.overlay, &mut Quiet::default());
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    }

    /// Takes what is in a file now.
    pub(super) fn update(&mut self, file: u32, text: &str) {
        let known = self.overlay.entry(file).or_default();
        if known == text.as_bytes() {
            return;
        }
        known.clear();
        known.extend_from_slice(text.as_bytes());
        self.change(file);
    }

    /// From now on what is on the disk counts.
    pub(super) fn forget(&mut self, file: u32) {
        if self.overlay.remove(&file).is_some() {
            self.change(file);
        }
    }

    /// Forgets all open documents but those at these paths.
    pub(super) fn retain(&mut self, open: impl Fn(&Path) -> bool) {
        let closed: Vec<u32> = self.overlay.keys().copied().filter(|&file| !open(self.path(file))).collect();
        closed.into_iter().for_each(|file| self.forget(file));
    }

    /// Has the files that aren't open read again when somebody asks what units they name: nobody may
    /// have told us that they have changed.
    pub(super) fn reread_mentions(&mut self) {
        for (file, mentions) in (0..).zip(&mut self.mentions) {
            if !self.overlay.contains_key(&file) {
                mentions.take();
            }
        }
    }

    fn change(&mut self, file: u32) {
        self.mentions[file as usize].take();
        self.changed.insert(file);
        // A text that only had the name of a unit file may be one by now; the next check tells.
        let PlannedFile { scope, local, path, .. } = &self.plan.files[file as usize];
        let facts = &mut self.plan.scopes[*scope as usize].workspace.files[*local as usize];
        if facts.role.is_none() {
            facts.role = Role::of(&path.to_string_lossy());
        }
    }

    /// The units of the scope of `file`, by name.
    pub(super) fn units(&self, file: u32) -> &[Summary] {
        &self.scope(file).workspace.units
    }

    /// The files of the scope of `file`.
    pub(super) fn scope_files(&self, file: u32) -> &[u32] {
        &self.scope(file).files
    }

    /// The units of the scope of `file` as features take them.
    pub(super) fn neighbours(&self, file: u32) -> &[Neighbour] {
        let at = self.plan.files[file as usize].scope as usize;
        self.neighbours[at].get_or_init(|| self.find_neighbours(&self.plan.scopes[at]))
    }

    /// The unit called `name` of any scope whose units somebody has asked for.
    pub(super) fn neighbour(&self, name: &str) -> Option<&Neighbour> {
        let known = self.neighbours.iter().filter_map(OnceCell::get);
        known.filter_map(|all| all.binary_search_by(|unit| unit.name.as_str().cmp(name)).ok().map(|at| &all[at])).next()
    }

    fn find_neighbours(&self, scope: &Scope) -> Arc<[Neighbour]> {
        let mut all = Vec::new();
        for unit in &scope.workspace.units {
            let local = unit.fragment.or_else(|| unit.edges.first().map(|edge| edge.file));
            let path = local.and_then(|local| scope.files.get(local as usize)).map(|file| self.path(*file));
            let path: Box<str> = path.map_or_else(String::new, |path| path.to_string_lossy().into_owned()).into();
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                let description = unit.description.clone();
                all.push(Neighbour { name: name.clone(), description, path: path.clone() });
            }
        }
        all.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
        all.into()
    }
}

/// The names in a file such as etc/passwd of `root`, sorted; none where it can't be read.
fn accounts(root: &Path, file: &Path) -> Vec<Box<str>> {
    let real = root::resolve(root, file).ok().filter(|real| real.is_file());
    let text = real.and_then(|real| std::fs::read(real).ok()).unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| line.split(|byte| *byte == b':').next());
    let mut names: Vec<Box<str>> = lines.filter_map(|name| Some(std::str::from_utf8(name).ok()?.into())).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names
}

/// As they stand in their file.
fn order(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| (a.spot.span, a.rule, &a.message).cmp(&(b.spot.span, b.rule, &b.message)));
    findings.dedup_by(|a, b| (a.spot.span, a.rule, &a.message) == (b.spot.span, b.rule, &b.message));
}

/// The unit file and the drop-ins on the disk of the unit that a file belongs to.
fn beside(found: &Found) -> Vec<Found> {
    if found.facts.role == Some(Role::Supervisord) {
        return main_files(&found.path);
    }
    let (name, folder) = match &found.facts.role {
        Some(Role::Unit(name)) => (name, found.path.parent()),
        Some(Role::DropIn(Owner::Unit(name))) => (name, found.path.parent().and_then(Path::parent)),
        _ => return Vec::new(),
    };
    let Some(folder) = folder.filter(|folder| folder.is_absolute()) else { return Vec::new() };
    let units = [Some(name.clone()), name.template()].into_iter().flatten().map(|name| name.as_str().to_owned());
    let mut paths: Vec<PathBuf> = units.chain(load_path::folders(name)).map(|name| folder.join(name)).collect();
    // A link may lead anywhere.
    paths.retain(|path| path.symlink_metadata().is_ok_and(|found| !found.is_symlink()));
    Search { paths: &paths, root: None, threads: 1 }.run().files
}

/// The files on the disk that may include the one at `path`: by custom they lie beside its folder.
fn main_files(path: &Path) -> Vec<Found> {
    let folders = path.parent().into_iter().flat_map(|folder| [Some(folder), folder.parent()]).flatten();
    let names = ["supervisord.conf", "supervisor.conf"];
    let mut paths: Vec<PathBuf> =
        folders.flat_map(|folder| names.map(|name| folder.join(name))).filter(|main| main != path).collect();
    paths.retain(|path| path.symlink_metadata().is_ok_and(|found| found.is_file()));
    Search { paths: &paths, root: None, threads: 1 }.run().files
}

/// The text of an open document at `path`.
fn text_of(open: &[Document], path: &Path) -> Option<Vec<u8>> {
    let document = open.iter().find(|document| document.path.as_deref() == Some(path))?;
    Some(document.text.as_bytes().to_vec())
}

/// A document as if it had been found on the disk; `None` if its name says nothing.
fn given(document: &Document) -> Option<Found> {
    let path = document.path.clone()?;
    let role = match document.language {
        Language::Systemd => Role::of(&path.to_string_lossy())?,
        Language::Supervisord => Role::Supervisord,
    };
    let facts = FileFacts { role: Some(role), ..FileFacts::default() };
    Some(Found { path, real: None, reach: Reach::Given, facts })
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}
