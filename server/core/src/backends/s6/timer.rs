//! `run` of a timer or a path: waits until it is time, and starts another service.

use super::script::{Arguments, literal};
use super::{Job, log, relations};
use crate::backends::conditions;
use crate::backends::tools::Tool;
use crate::backends::waiting::Waiting;

/// Makes the directory; says whether there is one.
pub(super) fn render(job: &mut Job, waits: Waiting) -> bool {
    let starts = script(job, waits);
    if starts {
        relations::fates(job);
        log::render(job);
    }
    starts
}

/// Makes `run`, if there is to be one.
pub(in crate::backends) fn script(job: &mut Job, waits: Waiting) -> bool {
    if !waits.fates(&mut job.fates) {
        return false;
    }
    let mut script = job.script(Arguments::None, waits.what());
    script.line("fdmove -c 2 1");
    if let Some(text) = conditions::script(job.plan, &mut job.fates) {
        job.directory.script(conditions::PATH, text);
        script.line(&format!("ifelse -n {{ ./{} }} {{ s6-svc -d . }}", conditions::PATH));
    }
    for comment in waits.comments() {
        script.comment(&comment);
    }
    let command = waits.command(job.plan.name(), Tool::TriggerS6, &mut job.directory);
    script.words(&literal(&command));
    job.directory.script("run", script.finish());
    true
}
