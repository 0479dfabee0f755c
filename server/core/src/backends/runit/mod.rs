//! runit: a directory for `runsv`, its scripts in POSIX sh.

mod chain;
mod finish;
mod log;
mod relations;
mod run;
mod script;
mod stop;

use super::tools::Tool;
use super::{Directory, Fates, Rendering, Target, Together, directory_name};
use crate::fate::Backend;
use crate::plan::{Body, Plan, Service};

pub(super) use finish::{patterns, wait};
pub(super) use script::{Script, words};
pub(super) use stop::name_of;

/// Everything that the scripts of one service are made from.
struct Job<'p, 'u, 't> {
    plan: &'p Plan<'u>,
    service: &'p Service,
    together: &'p Together<'t>,
    target: &'p Target,
    fates: Fates<'p, 'u>,
    directory: Directory,
}

pub(super) fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let mut rendering = Rendering::default();
    match &plan.body {
        Body::Service(service) => {
            let mut job = Job {
                plan,
                service,
                together,
                target,
                fates: Fates::new(plan, Backend::Runit),
                directory: Directory { name: directory_name(plan.name()), files: Vec::new() },
            };
            job.render();
            rendering.fates = job.fates.finish();
            rendering.directories.push(job.directory);
        }
        Body::Target | Body::Timer(_) | Body::Other => rendering.fates = Fates::new(plan, Backend::Runit).finish(),
    }
    rendering
}

impl Job<'_, '_, '_> {
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
