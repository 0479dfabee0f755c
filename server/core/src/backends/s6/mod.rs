//! s6: a directory for `s6-supervise`, its scripts in execline.

mod chain;
mod finish;
pub(super) mod log;
pub(super) mod oneshot;
mod relations;
mod run;
mod script;
pub(super) mod socket;
mod stop;
mod stream;
#[cfg(test)]
mod tests;
pub(super) mod timer;

use super::tools::Tool;
use super::waiting::Waiting;
use super::{Directory, Fates, Rendering, Target, Together, conditions, directory_name, listen, notify, online, quote};
use crate::fate::Backend;
use crate::plan::{Body, Cause, Plan, Service, Type};
use crate::units::Origin;

pub(super) use script::{Arguments, Script};

/// The file descriptor on which `run` says that it has started.
const NOTIFICATION: u32 = 3;

/// Everything that the scripts of one service are made from.
pub(super) struct Job<'p, 'u> {
    pub plan: &'p Plan<'u>,
    pub service: &'p Service,
    pub target: &'p Target,
    pub together: &'p Together<'u>,
    pub fates: Fates<'p, 'u>,
    pub directory: Directory,
    /// Whether `run` tells in `supervise/phase` how far it has come.
    phases: bool,
    /// Whether there is a directory to have tools in, and a control group.
    supervised: bool,
    /// Whether it is started for each connection of a socket.
    connection: bool,
}

pub(super) fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let mut rendering = Rendering::default();
    match &plan.body {
        Body::Service(service) => {
            let mut job = Job::new(plan, service, together, target);
            job.connection = job.is_connection();
            relations::fates(&mut job);
            job.longrun();
            log::render(&mut job);
            rendering.fates = job.fates.finish();
            match job.connection {
                true => rendering.notes.push(listen::NOTE.to_owned()),
                false => rendering.directories.push(job.directory),
            }
        }
        Body::Socket(socket) => {
            let mut fates = Fates::new(plan, target.backend);
            listen::fates(plan, socket, together, target, &mut fates);
            if together.is_shared(plan.name()) {
                rendering.directories.extend(socket::hold(plan, socket, target));
            }
            rendering.fates = fates.finish();
            if let Some(served) = listen::per_connection(plan, socket, together, target)
                && let Body::Service(service) = &served.body
            {
                let mut job = Job::of_connections(&served, service, together, target);
                if socket::render(&mut job, plan, socket) {
                    log::render(&mut job);
                    rendering.directories.push(job.directory);
                }
            }
        }
        Body::Timer(_) | Body::Path(_) => {
            let Some(waits) = Waiting::of(&plan.body) else { return rendering };
            let mut job = Job::new(plan, waits.service(), together, target);
            if timer::render(&mut job, waits) {
                rendering.directories.push(job.directory);
            }
            rendering.fates = job.fates.finish();
        }
        Body::Target if matches!(plan.unit.origin, Origin::Supervisord(_)) => {
            let mut fates = Fates::new(plan, target.backend);
            fates.keep(plan.relations.iter().filter_map(|leaf| leaf.at));
            rendering.fates = fates.finish();
        }
        Body::Target | Body::Mount(_) | Body::Other => rendering.fates = Fates::new(plan, target.backend).finish(),
    }
    rendering
}

impl<'p, 'u> Job<'p, 'u> {
    /// Nothing has been written yet.
    pub(super) fn new(
        plan: &'p Plan<'u>,
        service: &'p Service,
        together: &'p Together<'u>,
        target: &'p Target,
    ) -> Self {
        let directory = Directory { name: directory_name(plan.name()), ..Directory::default() };
        let fates = Fates::new(plan, target.backend);
        Job { plan, service, target, together, fates, directory, phases: false, supervised: true, connection: false }
    }

    /// The same of a service that is started for each connection of a socket.
    pub(super) fn of_connections(
        plan: &'p Plan<'u>,
        service: &'p Service,
        together: &'p Together<'u>,
        target: &'p Target,
    ) -> Self {
        Job { connection: true, ..Job::new(plan, service, together, target) }
    }
}

impl Job<'_, '_> {
    /// Whether it has no directory of its own, as it is started for each connection of a socket.
    pub(super) fn is_connection(&self) -> bool {
        self.plan.name().is_template() && listen::has_sockets(self.together, self.plan.name())
    }

    /// What is supervised, but for its logger.
    pub(super) fn longrun(&mut self) {
        let conditions = conditions::script(self.plan, &mut self.fates);
        let has_conditions = conditions.is_some();
        if let Some(script) = conditions {
            self.directory.script(conditions::PATH, script);
        }
        self.phases = has_conditions || run::has_phases(self) || self.waits_for_network();
        let run = run::script(self);
        self.directory.script("run", run);
        let finish = finish::script(self);
        self.directory.script("finish", finish);
        stop::files(self);
        if let Some(reload) = run::reload(self) {
            self.directory.script("data/reload", reload);
        }
        if self.notifies() || self.is_heard() || self.service.restart.attempts().is_some() {
            self.directory.text("notification-fd", format!("{NOTIFICATION}\n"));
        }
        self.fates.keep(self.plan.autostart.at);
        let waits = !self.plan.autostart.value || self.together.is_only_triggered(self.plan);
        if self.target.backend == Backend::S6 && waits {
            self.directory.text("down", "");
        }
        match self.is_connection() {
            true => listen::of_connection(self.plan, self.service, &mut self.fates),
            false => listen::of_service(self.plan, self.service, self.together, self.target, &mut self.fates),
        }
    }

    /// Whether it tells when it has started: what it does first may take long.
    fn notifies(&self) -> bool {
        matches!(self.service.kind.value, Type::Oneshot | Type::Forking)
    }

    /// Whether its start waits until the network can be used.
    pub(super) fn waits_for_network(&self) -> bool {
        !self.connection && online::waits(self.plan, self.together, self.target)
    }

    /// Whether it says itself when it has started, and somebody listens.
    pub(super) fn is_heard(&self) -> bool {
        !self.connection && notify::is_heard(self.service, self.target)
    }

    /// The name of its control group, as it is written in a script.
    fn group(&self) -> String {
        let mut word = Vec::new();
        quote::execline::word(self.directory.name.as_bytes(), &mut word);
        String::from_utf8_lossy(&word).into_owned()
    }

    /// Adds a tool and gives its path as seen from the service directory.
    fn tool(&mut self, tool: Tool) -> String {
        self.directory.tool(tool);
        format!("./{}", tool.path())
    }

    /// The end that s6-supervise takes `cause` for. Where `trap` stays in
    /// between, a death by signal 15 is an exit with status 128 + 15.
    fn seen(&self, cause: Cause) -> Cause {
        match cause {
            Cause::Exit(status @ 129..=192) if run::is_trapped(self.service) => Cause::Signal(status - 128),
            cause => cause,
        }
    }

    /// A script that says what it is.
    pub(super) fn script(&self, arguments: Arguments, what: &str) -> Script {
        Script::new(&self.target.execlineb, arguments, what, self.plan)
    }
}
