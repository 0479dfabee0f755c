//! `log/run`: who writes what it says.

use super::Job;
use crate::backends::{Flavour, LogStyle, log_place};
use crate::plan::{Output, Streams};

pub(super) fn render(job: &mut Job) {
    let Streams { output, error, input: _ } = &job.service.streams;
    let logged = |output: &Output| matches!(output, Output::Log { .. } | Output::Kept(_));
    let inherits = matches!(error.value, Output::Inherit);
    if !logged(&output.value) && (inherits || !logged(&error.value)) {
        return;
    }
    let place = log_place(job.target, job.plan.name(), job.service);
    let line = match (job.target.log, job.target.flavour) {
        (LogStyle::None, _) => return,
        (LogStyle::Svlogd, Flavour::Void) => "exec vlogger".to_owned(),
        // As dh-runit writes it; the user comes with the package runit-helper.
        (LogStyle::Svlogd, Flavour::Debian) => format!(
            "mkdir -p '{place}' && chown _runit-log:adm '{place}' && chmod 750 '{place}' &&\n\
             \texec chpst -u _runit-log svlogd -tt '{place}'"
        ),
        (LogStyle::Svlogd, _) => format!("mkdir -p '{place}' && exec svlogd -tt '{place}'"),
        (LogStyle::S6Log, _) => format!("mkdir -p '{place}' && exec s6-log T n20 s1000000 '{place}'"),
        (LogStyle::Cyclog, _) => format!("mkdir -p '{place}' && exec cyclog '{place}'"),
    };
    let mut script = job.script("who writes what it says");
    script.line(&line);
    let text = script.finish();
    job.directory.script("log/run", text);
}
