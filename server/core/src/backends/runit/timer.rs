//! `run` of a timer or a path: waits until it is time, and starts another service.

use super::{Job, log, relations, run};
use crate::backends::shell::words;
use crate::backends::tools::Tool;
use crate::backends::waiting::Waiting;

/// Makes the directory; says whether there is one.
pub(super) fn render(job: &mut Job, waits: Waiting) -> bool {
    if !waits.fates(&mut job.fates) {
        return false;
    }
    let mut script = job.script(waits.what());
    script.line("exec 2>&1");
    relations::before_start(job, &mut script);
    run::conditions(job, &mut script);
    for comment in waits.comments() {
        script.comment(&comment);
    }
    let command = waits.command(job.plan.name(), Tool::TriggerRunit, &mut job.directory);
    script.bytes(&[b"exec ", &words(&command)[..]].concat());
    job.directory.script("run", script.finish());
    log::render(job);
    true
}
