//! The bundle of who writes the log.

use super::{Job, streams};
use crate::backends::logs::{self, Sizes};
use crate::backends::{Content, Directory, LogStyle, log_place, quote};

/// A bundle beside that of the service, which `log` links to.
pub(super) fn render(job: &mut Job) -> Option<Directory> {
    if !streams::are_logged(&job.service.streams) {
        return None;
    }
    let service = &job.directory.name;
    let syslog = job.target.log == LogStyle::Syslog;
    let name = format!("{}@{service}", if syslog { "logger" } else { "cyclog" });
    let place = log_place(job.target, job.plan.name(), job.service);
    let sizes = Sizes::of(&job.service.streams, job.target, &place, &mut job.fates);
    if job.target.log == LogStyle::None {
        return None;
    }
    let words = logs::words(job.target.log, sizes, &place, false);
    let writer = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(&b' ');
    let make = match syslog {
        true => b"true".to_vec(),
        false => [b"install -d -m 0750 -- ", &quoted(&place)[..]].concat(),
    };
    let mut directory = Directory { name: name.clone(), ..Directory::default() };
    let header = [b"#!/bin/nosh\n", &job.header("who writes what it says")[..]].concat();
    directory.script("service/start", [&header[..], &make, b"\n"].concat());
    directory.script("service/run", [&header[..], &writer, b"\n"].concat());
    directory.script("service/restart", super::AGAIN);
    directory.script("service/stop", "#!/bin/nosh\ntrue\n");
    super::links::defaults(&mut directory);
    let mut link = |folder: &str, name: &str, to: String| super::links::add(&mut job.directory, folder, name, to);
    link("after", &name, format!("../../{name}"));
    link("wants", &name, format!("../../{name}"));
    job.directory
        .files
        .push(crate::backends::File { path: "log".to_owned(), content: Content::Link(format!("../{name}")) });
    Some(directory)
}

fn quoted(word: &str) -> Vec<u8> {
    let mut out = Vec::new();
    quote::nosh::word(word.as_bytes(), &mut out);
    out
}
