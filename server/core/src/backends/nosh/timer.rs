//! The bundle of a timer or a path: waits until it is time, and starts another service.

use super::{AGAIN, Job};
use crate::backends::shell::words;
use crate::backends::tools::Tool;
use crate::backends::waiting::Waiting;

/// Makes the scripts; says whether there are any.
pub(super) fn render(job: &mut Job, waits: Waiting) -> bool {
    if !waits.fates(&mut job.fates) {
        return false;
    }
    let mut script = job.script(waits.what());
    for comment in waits.comments() {
        script.comment(&comment);
    }
    let command = waits.command(job.plan.name(), Tool::TriggerNosh, &mut job.directory);
    script.bytes(&[b"exec ", &words(&command)[..]].concat());
    job.directory.script("service/run", script.finish());
    job.nothing("start");
    job.nothing("stop");
    job.directory.script("service/restart", AGAIN);
    true
}
