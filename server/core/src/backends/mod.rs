//! Writing a service for another supervisor.
//!
//! A backend spells the steps of a [`Plan`] in its own words. The directories
//! it makes are values in memory; whoever asked for them writes them.
//!
//! What no stock tool does is done by a few constant chain-loading scripts
//! ([`tools`]), which are copied into `data/` of the directories that need them.

pub mod chain;
pub mod conditions;
mod environment;
mod fates;
mod listen;
mod logs;
mod losses;
#[cfg(test)]
mod no_silent_drop;
mod nosh;
mod notify;
mod online;
pub mod quote;
mod runit;
mod s6;
mod s6rc;
pub mod sandbox;
pub mod settings;
mod shell;
mod systemd;
mod target;
#[cfg(test)]
mod tests;
pub mod timer;
mod together;
pub mod tools;
mod waiting;

pub use fates::{Fates, fates, fates_and_directories};
pub use target::{Flavour, Layout, LogStyle, Target, ToolSet, Version};
pub use together::{Edge, Place, Together};

use std::borrow::Cow;

use crate::fate::{Backend, Fate, Level};
use crate::plan::{At, Body, Fault, Plan, RelationKind, Restart, Service};
use crate::schema;
use crate::units::supervisord::PartKind;
use crate::units::{Origin, UnitName};

/// What one unit becomes.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The directories, relative to the one where services are kept; most units become one.
    pub directories: Vec<Directory>,
    /// What became of each assignment, in the order of [`crate::units::Unit::settings`].
    pub fates: Vec<Fate>,
    /// Assignments in error; a unit with such is not written.
    pub faults: Vec<Fault>,
    /// What else there is to say about the unit as a whole: lower case, no full stop.
    pub notes: Vec<String>,
}

/// A directory of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Its name: a single component of a path; empty: its files lie where services are kept, beside others'.
    pub name: String,
    /// What is in it, parents left out; sorted by path.
    pub files: Vec<File>,
    /// Whether others too have files in it: these are added, and nothing is taken away.
    pub shared: bool,
}

/// A file of a [`Directory`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the directory: `log/run`.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file to read; mode 0644.
    Text(Vec<u8>),
    /// A file to run; mode 0755.
    Script(Vec<u8>),
    /// A symbolic link to this path.
    Link(String),
    /// An empty directory.
    Directory,
}

/// Renders `plan` for `target`.
pub fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    match target.backend {
        Backend::Systemd => systemd::render(plan, together, target),
        Backend::Runit => translate(plan, together, target, runit::render),
        Backend::Nosh => translate(plan, together, target, nosh::render),
        Backend::S6 => translate(plan, together, target, s6::render),
        Backend::S6rc => translate(plan, together, target, s6rc::render),
    }
}

/// How a backend makes directories of its own of a plan.
type Render = fn(&Plan, &Together, &Target) -> Rendering;

/// Renders `plan` for a supervisor that has services only.
fn translate(plan: &Plan, together: &Together, target: &Target, render: Render) -> Rendering {
    let (plan, places) = as_service(plan);
    let (plan, losses) = losses::adapt(&plan, target);
    let (plan, mut told) = logs::adapt(plan);
    let plan = &*plan;
    let target = &*logs::with_syslog(plan, target, &mut told);
    told.extend(priorities(plan, target.backend));
    told.extend(of_socket(plan, together, target));
    let mut rendering = render(plan, together, target);
    rendering.faults.extend(plan.faults.iter().cloned());
    for (At(at), fate) in losses {
        if let Some(slot) = rendering.fates.get_mut(at as usize)
            && slot.level() <= fate.level()
        {
            *slot = fate;
        }
    }
    for At(at) in places.iter().chain(&plan.settled).copied() {
        if let (Some(slot), Some(setting)) =
            (rendering.fates.get_mut(at as usize), plan.unit.settings().get(at as usize))
        {
            *slot = schema::support(setting.entry.key, target.backend).clone();
        }
    }
    for (At(at), fate) in told {
        if let Some(slot) = rendering.fates.get_mut(at as usize) {
            *slot = fate;
        }
    }
    for (At(at), fate) in &plan.fated {
        if let Some(slot) = rendering.fates.get_mut(*at as usize) {
            *slot = fate.clone();
        }
    }
    tell_losses(plan, &mut rendering);
    for directory in &mut rendering.directories {
        directory.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    rendering
}

/// A mount as the service that it is, and the assignments that its commands are made from.
fn as_service<'p, 'u>(plan: &'p Plan<'u>) -> (Cow<'p, Plan<'u>>, Vec<At>) {
    match &plan.body {
        Body::Mount(mount) if !mount.service.commands.start.is_empty() => {
            let body = Body::Service(mount.service.clone());
            (Cow::Owned(Plan { body, ..plan.clone() }), mount.places.clone())
        }
        _ => (Cow::Borrowed(plan), Vec::new()),
    }
}

/// What becomes of the settings that a process of supervisord has its socket from: the same as by the socket.
fn of_socket(plan: &Plan, together: &Together, target: &Target) -> Vec<(At, Fate)> {
    let Origin::Supervisord(part) = plan.unit.origin else { return Vec::new() };
    let PartKind::Process(process) = &part.kind else { return Vec::new() };
    let socket = process.socket.as_ref().and_then(|name| together.plan(name.as_str()));
    let Some(socket) = socket else { return Vec::new() };
    let fates = render(socket, together, target).fates;
    let fates: Vec<_> = socket.unit.settings().iter().zip(fates).collect();
    let settings = plan.unit.settings().iter().enumerate();
    let same = settings.filter_map(|(at, setting)| {
        let (_, fate) = fates.iter().find(|(of_socket, _)| of_socket.entry.key == setting.entry.key)?;
        Some((At(at as u32), fate.clone()))
    });
    same.collect()
}

/// What becomes of the priorities of supervisord's programs, where they make an order.
fn priorities(plan: &Plan, backend: Backend) -> Option<(At, Fate)> {
    let after = matches!(plan.unit.origin, Origin::Supervisord(_)).then(|| plan.relations.first()).flatten()?;
    let at = after.at.filter(|_| after.value.kind == RelationKind::After)?;
    let fate = match backend {
        Backend::Runit => Fate::emulated("`run` waits until those of the next lower priority have started"),
        Backend::S6rc => Fate::approximated("`dependencies.d`", "those of the next lower priority are started with it"),
        Backend::Nosh => Fate::approximated("`after/`", "it doesn't wait until the others have run for a while"),
        Backend::Systemd => {
            Fate::emulated("`After=`; those of the next lower priority are up once `startsecs` have passed")
        }
        Backend::S6 => return None,
    };
    Some((at, fate))
}

/// What it is written from, as a comment tells.
fn source(plan: &Plan) -> &'static str {
    match plan.unit.origin {
        Origin::Systemd => "the unit",
        Origin::Supervisord(_) => "supervisord.conf",
    }
}

/// The first line of a script: what it is for, and who has written it.
fn title(plan: &Plan, what: &str) -> String {
    let name = plan.name().as_str();
    match plan.unit.origin {
        Origin::Systemd => format!("{name}: {what}. Written by svlsp from the unit file."),
        Origin::Supervisord(_) => format!("{}: {what}. Written by svlsp from supervisord.conf.", plan.name().stem()),
    }
}

/// When it is started again, as it was asked for.
fn policy(plan: &Plan, restart: &Restart) -> String {
    match plan.unit.origin {
        Origin::Systemd => format!("Restart={}", restart.policy.value),
        Origin::Supervisord(_) => {
            let written = restart.policy.at.map_or("unexpected", |at| plan.setting(at).value());
            format!("autorestart={written}")
        }
    }
}

/// Tells in the header of the script that people read first what isn't as in the unit.
fn tell_losses(plan: &Plan, rendering: &mut Rendering) {
    let mut header = Vec::new();
    for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
        if matches!(fate.level(), Level::Approximated | Level::Lost) {
            let line = format!("  {}={}: {fate}", setting.entry.name, setting.value());
            quote::comment(line.as_bytes(), &mut header);
        }
    }
    if header.is_empty() {
        return;
    }
    header.splice(0..0, format!("#\n# Not quite as in {}:\n", source(plan)).into_bytes());
    let mut files = rendering.directories.iter_mut().flat_map(|directory| &mut directory.files);
    let run = files.find(|file| matches!(&*file.path, "run" | "service/run"));
    if let Some(File { content: Content::Script(text), .. }) = run {
        // Behind the line that says whose script it is, which a word to shellcheck may precede.
        let title =
            1 + text.split(|byte| *byte == b'\n').skip(1).take_while(|line| line.starts_with(b"# shellcheck")).count();
        let mut ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        if let Some(behind) = ends.nth(title) {
            text.splice(behind..behind, header);
        }
    }
}

/// The name of the service directory of `unit`: `web` of `web.service`,
/// `web@a` of `web@a.service`; of other kinds the whole name, its dot a dash.
pub fn directory_name(unit: &UnitName) -> String {
    use crate::schema::UnitKind;
    match unit.kind() {
        UnitKind::Service => unit.stem().to_owned(),
        kind => format!("{}-{}", unit.stem(), kind.suffix()),
    }
}

/// Where the log of a service is kept: in a directory of the same name as the
/// service, or as its unit if that is one of its own (`LogsDirectory=`). In
/// syslog lines have the service's name.
fn log_place(target: &Target, unit: &UnitName, service: &Service) -> String {
    if target.log == LogStyle::Syslog {
        return directory_name(unit);
    }
    let base = target.log_directory.trim_end_matches('/');
    let place = format!("{base}/{}", directory_name(unit));
    let taken = service.directories.made.iter().any(|made| made.path == place.as_bytes());
    if taken { format!("{base}/{}", unit.as_str()) } else { place }
}

impl Directory {
    /// The paths that it is known by: its own, or those of its files where it has none.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let own = (!self.name.is_empty()).then_some(&*self.name);
        let files = self.files.iter().map(|file| &*file.path).filter(move |_| own.is_none());
        own.into_iter().chain(files)
    }

    /// The path of a file in it.
    pub fn path_of(&self, file: &File) -> String {
        match &*self.name {
            "" => file.path.clone(),
            name => format!("{name}/{}", file.path),
        }
    }

    /// Adds a file to read, once.
    pub fn text(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        if self.files.iter().any(|file| file.path == path) {
            return;
        }
        self.files.push(File { path: path.to_owned(), content: Content::Text(text.into()) });
    }

    /// Adds a file to run.
    pub fn script(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        self.files.push(File { path: path.to_owned(), content: Content::Script(text.into()) });
    }

    /// Adds a symbolic link, once.
    pub fn link(&mut self, path: &str, to: &str) {
        if !self.files.iter().any(|file| file.path == path) {
            self.files.push(File { path: path.to_owned(), content: Content::Link(to.to_owned()) });
        }
    }

    /// Adds a tool, once.
    pub fn tool(&mut self, tool: tools::Tool) {
        let path = tool.path();
        if !self.files.iter().any(|file| file.path == path) {
            self.script(path, tool.text());
        }
    }
}
