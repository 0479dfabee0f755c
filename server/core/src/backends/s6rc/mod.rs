//! s6-rc: source definition directories for `s6-rc-compile`.
//!
//! A service is a longrun as s6 has it, with a logger beside it; or a oneshot,
//! where its commands need nothing but themselves. A target is a bundle.

mod bundle;
mod relations;
#[cfg(test)]
mod tests;

use super::s6::{Job, log, oneshot, socket, timer};
use super::waiting::Waiting;
use super::{Directory, Fates, LogStyle, Rendering, Target, Together, listen, online};
use crate::plan::{Body, InstallKind, Plan, Type};
use crate::schema::UnitKind;
use crate::units::UnitName;

pub(super) fn render(plan: &Plan, together: &Together, target: &Target) -> Rendering {
    let mut rendering = Rendering::default();
    match &plan.body {
        Body::Service(service) => {
            let mut job = Job::new(plan, service, together, target);
            if job.is_connection() {
                // What it becomes there is said of it all the same.
                return super::s6::render(plan, together, target);
            }
            job.directory.name = name(job.directory.name);
            // What a timer starts must be there to be told, and down.
            if oneshot::fits(&job) && !together.is_triggered(plan.name()) {
                job.directory.text("type", "oneshot\n");
                oneshot::render(&mut job);
            } else {
                longrun(&mut job, &mut rendering);
            }
            let Job { mut fates, mut directory, .. } = job;
            relations::render(plan, together, target, &mut fates, &mut directory);
            rendering.directories.insert(0, directory);
            bundle::installed(plan, together, target, &mut fates, &mut rendering.directories);
            rendering.fates = fates.finish();
        }
        Body::Target => {
            let mut fates = Fates::new(plan, target.backend);
            rendering.directories.push(bundle::target(plan, together, target, &mut fates));
            bundle::installed(plan, together, target, &mut fates, &mut rendering.directories);
            rendering.fates = fates.finish();
        }
        Body::Socket(unit) => {
            let mut fates = Fates::new(plan, target.backend);
            listen::fates(plan, unit, together, target, &mut fates);
            if together.is_shared(plan.name())
                && let Some(mut directory) = socket::hold(plan, unit, target)
            {
                directory.text("type", "longrun\n");
                rendering.directories.push(directory);
            }
            if let Some(served) = listen::per_connection(plan, unit, together, target)
                && let Body::Service(service) = &served.body
            {
                let mut job = Job::of_connections(&served, service, together, target);
                if socket::render(&mut job, plan, unit) {
                    job.directory.name = name(job.directory.name);
                    job.directory.text("type", "longrun\n");
                    logger(&mut job, &mut rendering);
                    relations::render(plan, together, target, &mut fates, &mut job.directory);
                    rendering.directories.insert(0, job.directory);
                    bundle::installed(plan, together, target, &mut fates, &mut rendering.directories);
                }
            }
            rendering.fates = fates.finish();
        }
        Body::Timer(_) | Body::Path(_) => {
            let Some(waits) = Waiting::of(&plan.body) else { return rendering };
            let mut job = Job::new(plan, waits.service(), together, target);
            job.directory.name = name(job.directory.name);
            if !timer::script(&mut job, waits) {
                rendering.fates = job.fates.finish();
                return rendering;
            }
            job.directory.text("type", "longrun\n");
            logger(&mut job, &mut rendering);
            let Job { mut fates, mut directory, .. } = job;
            relations::render(plan, together, target, &mut fates, &mut directory);
            rendering.directories.insert(0, directory);
            bundle::installed(plan, together, target, &mut fates, &mut rendering.directories);
            rendering.fates = fates.finish();
        }
        Body::Mount(_) | Body::Other => rendering.fates = Fates::new(plan, target.backend).finish(),
    }
    rendering
}

/// What a unit that is converted too becomes; nothing comes of a socket that its service opens.
fn definition(unit: &UnitName, together: &Together, target: &Target) -> Option<String> {
    let plan = together.plan(unit.as_str())?;
    let own = || Some(name(together.group_name(plan, target)));
    match &plan.body {
        Body::Service(_) if unit.is_template() && listen::has_sockets(together, unit) => None,
        Body::Service(_) | Body::Target | Body::Mount(_) => own(),
        body @ (Body::Timer(_) | Body::Path(_)) => {
            own().filter(|_| Waiting::of(body).is_some_and(|waits| waits.unit().kind() == UnitKind::Service))
        }
        Body::Socket(socket) => {
            let served = listen::per_connection(plan, socket, together, target).is_some();
            own().filter(|_| served && listen::accepting(socket, target).is_some())
        }
        Body::Other => None,
    }
}

/// A name that isn't reserved.
fn name(name: String) -> String {
    match name.starts_with("s6rc-") || name.starts_with("s6-rc-") {
        true => format!("unit-{name}"),
        false => name,
    }
}

/// What is supervised.
fn longrun(job: &mut Job, rendering: &mut Rendering) {
    job.directory.text("type", "longrun\n");
    job.longrun();
    let timeout = job.service.start_timeout;
    let told = matches!(job.service.kind.value, Type::Oneshot | Type::Forking) || job.is_heard();
    if timeout.value != u64::MAX && (told || timeout.is_set()) {
        let wait = if job.waits_for_network() { u64::from(online::SECONDS) * 1000 } else { 0 };
        job.directory.text("timeout-up", format!("{}\n", timeout.value.div_ceil(1000) + wait));
    }
    logger(job, rendering);
}

/// The logger of what is supervised.
fn logger(job: &mut Job, rendering: &mut Rendering) {
    if !log::is_logged(job) {
        return;
    }
    let Some(script) = log::script(job, true) else { return };
    let name = &job.directory.name;
    let mut logger = Directory { name: format!("{name}-log"), ..Directory::default() };
    logger.text("type", "longrun\n");
    logger.script("run", script);
    logger.text("consumer-for", format!("{name}\n"));
    logger.text("pipeline-name", format!("{name}-pipeline\n"));
    if job.target.log == LogStyle::S6Log {
        logger.text("notification-fd", "3\n");
    }
    job.directory.text("producer-for", format!("{name}-log\n"));
    rendering.directories.push(logger);
}
