//! runit: a directory for `runsv`, its scripts in POSIX sh.

mod chain;
mod finish;
mod log;
mod relations;
mod run;
mod socket;
mod stop;
mod timer;

use super::shell::Script;
use super::tools::Tool;
use super::waiting::Waiting;
use super::{Directory, Fates, Rendering, Target, Together, directory_name, listen, notify};
use crate::fate::Backend;
use crate::plan::{Body, Plan, Service};
use crate::units::Origin;

/// Everything that the scripts of one service are made from.
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
    let mut fates = Fates::new(plan, Backend::Runit);
    match &plan.body {
        Body::Service(service) => {
            let connection = plan.name().is_template() && listen::has_sockets(together, plan.name());
            let mut job = Job { connection, ..Job::new(plan, service, together, target) };
            job.render();
            if job.connection {
                listen::of_connection(plan, service, &mut job.fates);
            } else {
                listen::of_service(plan, service, together, target, &mut job.fates);
            }
            fates = job.fates;
            if job.connection {
                rendering.notes.push(listen::NOTE.to_owned());
            } else {
                rendering.directories.push(job.directory);
            }
        }
        Body::Socket(unit) => {
            listen::fates(plan, unit, together, target, &mut fates);
            if together.is_shared(plan.name()) {
                rendering.directories.extend(socket::hold(plan, unit, target));
            }
            if let Some(served) = listen::per_connection(plan, unit, together, target)
                && let Body::Service(service) = &served.body
            {
                let mut job = Job { connection: true, ..Job::new(&served, service, together, target) };
                if socket::render(&mut job, plan, unit) {
                    rendering.directories.push(job.directory);
                }
            }
        }
        // A group is a name that `sv` doesn't know.
        Body::Target if matches!(plan.unit.origin, Origin::Supervisord(_)) => {
            fates.keep(plan.relations.iter().filter_map(|leaf| leaf.at));
        }
        Body::Target => {
            let mut directory = Directory { name: together.group_name(plan, target), ..Directory::default() };
            relations::members(plan, together, target, &mut directory, &mut fates);
            rendering.directories.push(directory);
        }
        Body::Timer(_) | Body::Path(_) => {
            let Some(waits) = Waiting::of(&plan.body) else { return rendering };
            let mut job = Job::new(plan, waits.service(), together, target);
            if timer::render(&mut job, waits) {
                rendering.directories.push(job.directory);
            }
            fates = job.fates;
        }
        Body::Mount(_) | Body::Other => {}
    }
    rendering.fates = fates.finish();
    rendering
}

impl<'p, 'u, 't> Job<'p, 'u, 't> {
    fn new(plan: &'p Plan<'u>, service: &'p Service, together: &'p Together<'t>, target: &'p Target) -> Self {
        let directory = Directory { name: directory_name(plan.name()), ..Directory::default() };
        Job { plan, service, together, target, fates: Fates::new(plan, Backend::Runit), directory, connection: false }
    }

    fn render(&mut self) {
        let run = run::script(self);
        self.directory.script("run", run);
        let finish = finish::script(self);
        self.directory.script("finish", finish);
        let stop = stop::script(self);
        self.directory.script("control/t", stop);
        if let Some(check) = run::check(self) {
            self.directory.script("check", check);
        }
        if let Some(reload) = stop::reload(self) {
            self.directory.script("control/h", reload);
        }
        log::render(self);
        self.fates.keep(self.plan.autostart.at);
        if !self.plan.autostart.value || self.together.is_only_triggered(self.plan) {
            self.directory.text("down", "");
        }
    }

    /// Whether it says itself when it has started, and somebody listens.
    fn is_heard(&self) -> bool {
        !self.connection && notify::is_heard(self.service, self.target)
    }

    /// Adds a tool and gives its path as seen from the service directory.
    fn tool(&mut self, tool: Tool) -> String {
        self.directory.tool(tool);
        format!("./{}", tool.path())
    }

    /// A script that says what it is.
    fn script(&self, what: &str) -> Script {
        Script::new(what, self.plan)
    }
}
