//! The bundle of a timer: waits until it is time, and starts another service.

use super::{AGAIN, Job};
use crate::backends::shell::words;
use crate::backends::timer;
use crate::backends::tools::Tool;
use crate::plan::Timer;

/// Makes the scripts; says whether there are any.
pub(super) fn render(job: &mut Job, timer: &Timer) -> bool {
    if !timer::fates(timer, &mut job.fates) {
        return false;
    }
    let mut script = job.script("waits until it is time");
    for comment in timer::comments(timer) {
        script.comment(&comment);
    }
    let command = timer::command(timer, job.plan.name(), Tool::TriggerNosh, &mut job.directory);
    script.bytes(&[b"exec ", &words(&command)[..]].concat());
    job.directory.script("service/run", script.finish());
    job.nothing("start");
    job.nothing("stop");
    job.directory.script("service/restart", AGAIN);
    true
}
