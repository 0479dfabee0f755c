//! `log/run`: who writes what it says.

use super::Job;
use super::script::{Arguments, literal};
use crate::backends::logs::{self, Sizes};
use crate::backends::{LogStyle, log_place};
use crate::plan::{Output, Streams};

pub(super) fn render(job: &mut Job) {
    if !is_logged(job) {
        return;
    }
    if let Some(script) = script(job, false) {
        job.directory.script("log/run", script);
    }
}

/// Whether anything that it says goes to a log of its own.
pub(in crate::backends) fn is_logged(job: &Job) -> bool {
    let Streams { output, error, input: _ } = &job.service.streams;
    logs::is_logged(&output.value) || logs::is_logged(&error.value) || matches!(output.value, Output::Inherit)
}

/// What writes the log; `notify`: and says on file descriptor 3 that it has started.
pub(in crate::backends) fn script(job: &mut Job, notify: bool) -> Option<Vec<u8>> {
    let place = &log_place(job.target, job.plan.name(), job.service);
    let sizes = Sizes::of(&job.service.streams, job.target, place, &mut job.fates);
    let mut script = job.script(Arguments::None, "who writes what it says");
    if job.target.log == LogStyle::None {
        return None;
    }
    if job.target.log == LogStyle::Syslog {
        script.words(&literal(&logs::words(LogStyle::Syslog, None, place, false)));
        return Some(script.finish());
    }
    // s6-log makes the last directory of a path only.
    let user = job.target.log_user.as_deref();
    let make = match user {
        Some(user) => literal(&["install", "-d", "-o", user, "--", place]),
        None => literal(&["mkdir", "-p", "--", place]),
    };
    let make = script.written(&make);
    script.bytes(&[b"if { ", make.as_slice(), b" }"].concat());
    if let Some(user) = user {
        script.words(&literal(&["s6-setuidgid", user]));
    }
    script.words(&literal(&logs::words(job.target.log, sizes, place, notify)));
    Some(script.finish())
}
