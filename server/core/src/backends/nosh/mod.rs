//! nosh: a bundle for `system-control`, its scripts for `nosh` where that will do.
//!
//! `service-manager` runs the scripts of `service/` in that directory: `start`
//! at the first start, then `run`, `restart` at each end of `run`, also where
//! somebody stops the service, and at last `stop`. What scripts share lies in
//! `data/`, beside `supervise/`. Facts are from the manual page
//! service-bundle(5) and from `source/service-manager.cpp` of nosh 1.40.

mod chain;
mod environment;
mod identity;
mod links;
mod log;
mod main;
mod restart;
mod run;
mod socket;
mod spell;
mod streams;
#[cfg(test)]
mod tests;
mod timer;

use super::shell::Script;
use super::tools::Tool;
use super::waiting::Waiting;
use super::{Content, Directory, Fates, File, Rendering, Target, Together, directory_name, listen, quote};
use crate::fate::Backend;
use crate::plan::{Body, Plan, Service, Socket};
use crate::schema::UnitKind;
use crate::units::UnitName;

/// Everything that the bundle of one service is made from.
struct Job<'p, 'u, 't> {
    plan: &'p Plan<'u>,
    service: &'p Service,
    together: &'p Together<'t>,
    target: &'p Target,
    fates: Fates<'p, 'u>,
    directory: Directory,
    /// Whether it is started for each connection of a socket.
    connection: bool,
}

pub(super) fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let mut rendering = Rendering::default();
    let mut fates = Fates::new(plan, Backend::Nosh);
    let others = links::Others { together, target };
    let mut directory = Directory { name: bundle_name(plan.name(), together), ..Directory::default() };
    match &plan.body {
        Body::Service(service) => {
            let connection = plan.name().is_template() && listen::has_sockets(together, plan.name());
            let mut job = Job { plan, service, together, target, fates, directory, connection };
            run::render(&mut job);
            restart::render(&mut job);
            main::flags(&mut job);
            main::reload(&mut job);
            let logger = log::render(&mut job);
            Job { fates, directory, .. } = job;
            links::render(plan, others, &mut fates, &mut directory);
            if connection {
                listen::of_connection(plan, service, &mut fates);
                rendering.notes.push(listen::NOTE.to_owned());
                rendering.fates = fates.finish();
                return rendering;
            }
            rendering.directories.extend(logger);
        }
        Body::Target => {
            target_scripts(plan, &mut directory);
            links::render(plan, others, &mut fates, &mut directory);
        }
        Body::Timer(_) | Body::Path(_) => {
            let Some(waits) = Waiting::of(&plan.body) else { return rendering };
            let service = waits.service();
            let mut job = Job { plan, service, together, target, fates, directory, connection: false };
            let starts = timer::render(&mut job, waits);
            let logger = if starts { log::render(&mut job) } else { None };
            Job { fates, directory, .. } = job;
            links::render(plan, others, &mut fates, &mut directory);
            if !starts {
                rendering.fates = fates.finish();
                return rendering;
            }
            rendering.directories.extend(logger);
        }
        Body::Socket(unit) => {
            socket::fates(plan, unit, together, target, &mut fates);
            let Some(logger) = accepting(plan, unit, together, target, &mut directory) else {
                rendering.fates = fates.finish();
                return rendering;
            };
            links::render(plan, others, &mut fates, &mut directory);
            rendering.directories.extend(logger);
        }
        Body::Mount(_) | Body::Other => {
            rendering.fates = fates.finish();
            return rendering;
        }
    }
    rendering.directories.insert(0, directory);
    rendering.fates = fates.finish();
    rendering
}

/// Fills the bundle of a socket with a service for each connection, and gives that of its logger
/// if it has one; `None` if nothing of it can be opened.
fn accepting(
    plan: &Plan,
    socket: &Socket,
    together: &Together,
    target: &Target,
    directory: &mut Directory,
) -> Option<Option<Directory>> {
    let served = listen::per_connection(plan, socket, together, target)?;
    let Body::Service(service) = &served.body else { return None };
    let fates = Fates::new(&served, Backend::Nosh);
    let own = Directory { name: directory_name(plan.name()), ..Directory::default() };
    let mut job = Job { plan: &served, service, together, target, fates, directory: own, connection: true };
    if !socket::connections(&mut job, socket) {
        return None;
    }
    let logger = log::render(&mut job);
    *directory = job.directory;
    Some(logger)
}

/// The name of the bundle of `unit`: without the suffix, as nosh has it, but
/// for timers, which stand beside their services, and targets that do.
fn bundle_name(unit: &UnitName, together: &Together) -> String {
    match unit.kind() {
        UnitKind::Target if together.get(&format!("{}.service", unit.stem())).is_some() => directory_name(unit),
        UnitKind::Timer | UnitKind::Path | UnitKind::Swap => directory_name(unit),
        UnitKind::Mount => links::mount_name(unit),
        _ => unit.stem().to_owned(),
    }
}

/// A `restart` that says yes; nosh's own scripts take no arguments, and this one gets some.
const AGAIN: &str = "#!/bin/sh\nexit 0\n";
/// One that says no.
const NEVER: &str = "#!/bin/sh\nexit 1\n";

/// A target runs nothing and stays up.
fn target_scripts(plan: &Plan, directory: &mut Directory) {
    let header = header(plan, "it is up as long as nobody stops it");
    directory.script("service/run", [b"#!/bin/nosh\n", &header[..], b"true\n"].concat());
    directory.script("service/start", "#!/bin/nosh\ntrue\n");
    directory.script("service/stop", "#!/bin/nosh\ntrue\n");
    directory.script("service/restart", NEVER);
    directory.text("service/remain", "");
}

/// The comment at the top of a script.
fn header(plan: &Plan, what: &str) -> Vec<u8> {
    let mut header = Vec::new();
    quote::comment(super::title(plan, what).as_bytes(), &mut header);
    header
}

impl Job<'_, '_, '_> {
    /// Adds a tool and gives its path as seen from the bundle.
    fn tool(&mut self, tool: Tool) -> String {
        self.directory.tool(tool);
        format!("./{}", tool.path())
    }

    /// The control group of the service as seen from that of the service manager.
    fn control_group(&self) -> String {
        format!("../{}.service", self.directory.name)
    }

    /// The same as a word of sh.
    fn quoted_control_group(&self) -> String {
        let mut word = Vec::new();
        super::quote::sh::word(self.control_group().as_bytes(), &mut word);
        String::from_utf8_lossy(&word).into_owned()
    }

    /// The comment at the top of a script.
    fn header(&self, what: &str) -> Vec<u8> {
        header(self.plan, what)
    }

    /// A script for sh, at home in the bundle.
    fn script(&self, what: &str) -> Script {
        let mut script = Script::new(what, self.plan);
        script.line("cd ..");
        script
    }

    /// Adds a script that does nothing but to succeed.
    fn nothing(&mut self, name: &str) {
        self.directory.script(&format!("service/{name}"), "#!/bin/nosh\ntrue\n");
    }
}
