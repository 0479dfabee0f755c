//! `run` of a timer: waits until it is time, and starts another service.

use super::{Job, log, relations, run};
use crate::backends::shell::words;
use crate::backends::timer;
use crate::backends::tools::Tool;
use crate::plan::Timer;

/// Makes the directory; says whether there is one.
pub(super) fn render(job: &mut Job, timer: &Timer) -> bool {
    if !timer::fates(timer, &mut job.fates) {
        return false;
    }
    let mut script = job.script("waits until it is time");
    script.line("exec 2>&1");
    relations::before_start(job, &mut script);
    run::conditions(job, &mut script);
    for comment in timer::comments(timer) {
        script.comment(&comment);
    }
    let command = timer::command(timer, job.plan.name(), Tool::TriggerRunit, &mut job.directory);
    script.bytes(&[b"exec ", &words(&command)[..]].concat());
    job.directory.script("run", script.finish());
    log::render(job);
    true
}
