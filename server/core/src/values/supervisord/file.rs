//! Paths: log files, sockets, directories. Nothing is looked up: whether the directory
//! that supervisord demands is there, nobody can say here.

use crate::values::{Context, Problem, whole};

/// Where output is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFile<'t> {
    /// Nowhere: `NONE`, `OFF`.
    None,
    /// In a file of supervisord's choice in `childlogdir=`, gone after the next start: `AUTO`.
    Auto,
    /// In the system's log: `syslog`, which is deprecated.
    Syslog,
    /// In this file; `~` at its beginning is a home directory.
    Path(&'t str),
}

/// The log file of a program (`logfile_name`).
pub fn parse_log<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> LogFile<'t> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("none") || is("off") {
        LogFile::None
    } else if is("auto") {
        LogFile::Auto
    } else if is("syslog") {
        let name = context.directive.name.replace("logfile", "syslog");
        let message = format!("\"syslog\" as a file is deprecated; write {name}=true");
        problems.push(Problem::deprecated(whole(text), message));
        LogFile::Syslog
    } else {
        LogFile::Path(text)
    }
}

/// The log file of supervisord, which isn't read as those of programs are: only `syslog`
/// in small letters is none (`realize`, `loggers.handle_file`).
pub fn parse_daemon_log<'t>(text: &'t str, problems: &mut Vec<Problem>) -> LogFile<'t> {
    if text == "syslog" {
        return LogFile::Syslog;
    }
    if ["none", "off", "auto"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        let message = format!("this is a file called \"{text}\": supervisord's own log always is a file or \"syslog\"");
        problems.push(Problem::doubtful(whole(text), message).or("/dev/null", false));
    }
    LogFile::Path(text)
}
