//! `log/run`: who writes what it says.

use super::Job;
use crate::backends::logs::{self, Sizes, is_logged};
use crate::backends::shell::quoted;
use crate::backends::{Flavour, LogStyle, log_place};
use crate::plan::{Output, Streams};

pub(super) fn render(job: &mut Job) {
    let Streams { output, error, input: _ } = &job.service.streams;
    let inherits = matches!(error.value, Output::Inherit);
    if !is_logged(&output.value) && (inherits || !is_logged(&error.value)) {
        return;
    }
    let place = log_place(job.target, job.plan.name(), job.service);
    let sizes = Sizes::of(&job.service.streams, job.target, &place, &mut job.fates);
    // Where sizes are said, lines are written as they are.
    let times = if sizes.is_some() { "" } else { " -tt" };
    let config = sizes.map_or_else(String::new, |sizes| {
        format!("printf '%s\\n' {} >'{place}/config' &&\n\t", sizes.config().join(" "))
    });
    let line = match (job.target.log, job.target.flavour) {
        (LogStyle::None, _) => return,
        (LogStyle::Svlogd, Flavour::Void) if sizes.is_none() => "exec vlogger".to_owned(),
        // As dh-runit writes it; the user comes with the package runit-helper.
        (LogStyle::Svlogd, Flavour::Debian) => format!(
            "mkdir -p '{place}' && chown _runit-log:adm '{place}' && chmod 750 '{place}' &&\n\
             \t{config}exec chpst -u _runit-log svlogd{times} '{place}'"
        ),
        (LogStyle::Svlogd, _) if sizes.is_some() => {
            format!("mkdir -p '{place}' &&\n\t{config}exec svlogd '{place}'")
        }
        (LogStyle::Svlogd, _) => format!("mkdir -p '{place}' && exec svlogd -tt '{place}'"),
        (style, _) => {
            let words = logs::words(style, sizes, &place, false);
            let words: Vec<_> = words.iter().map(|word| quoted(word.as_bytes())).collect();
            let make = if style == LogStyle::Syslog { String::new() } else { format!("mkdir -p '{place}' && ") };
            format!("{make}exec {}", String::from_utf8_lossy(&words.join(&b' ')))
        }
    };
    let mut script = job.script("who writes what it says");
    script.line(&line);
    let text = script.finish();
    job.directory.script("log/run", text);
}
