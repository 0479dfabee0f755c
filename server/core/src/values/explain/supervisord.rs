//! Values of supervisord.conf.

use super::super::Context;
use super::super::supervisord::choice::{self, Autorestart};
use super::super::supervisord::file::{self, LogFile};
use super::super::supervisord::{Kind, address, name, number, python, signal};
use super::{Explanation, list, number as shown, word};
use crate::schema::sets;
use crate::text::markdown::code;

/// What a value means, or the word of it at `offset`.
pub(super) fn at(text: &str, kind: Kind, context: &Context, offset: u32) -> Option<Explanation> {
    let unheard = &mut Vec::new();
    let markdown = match kind {
        Kind::Boolean => {
            let word = if choice::boolean(text)? { "true" } else { "false" };
            if text == word { code(word) } else { format!("{}: the same as `{word}`", code(text)) }
        }
        Kind::Autorestart => match choice::parse_autorestart(text, context, unheard)? {
            Autorestart::Always => "started again whenever it ends",
            Autorestart::Never => "not started again",
            Autorestart::Unexpected => "started again unless its exit code is among `exitcodes=`",
        }
        .to_owned(),
        Kind::LogLevel => word::of_set(sets::SUPERVISORD_LOG_LEVEL.get(text)?, &sets::SUPERVISORD_LOG_LEVEL),
        Kind::Signal => list::signal_shown(signal::read(text)?),
        Kind::Size => match number::parse_size(text, context, unheard)? {
            0 if context.directive.name.ends_with("logfile_maxbytes") => "never rotated".to_owned(),
            size => shown::bytes_shown(size.try_into().ok()?),
        },
        Kind::OctalMode => {
            let mode = number::parse_mode(text, context, unheard)?;
            shown::mode_shown(mode.try_into().ok()?, context.directive.name == "umask")
        }
        Kind::LogFile | Kind::DaemonLogFile => {
            let log = match kind {
                Kind::LogFile => file::parse_log(text, context, unheard),
                _ => file::parse_daemon_log(text, unheard),
            };
            match log {
                LogFile::None => "kept nowhere".to_owned(),
                LogFile::Auto => "a file in `childlogdir=`; the next start of supervisord removes it".to_owned(),
                LogFile::Syslog => "the system's log".to_owned(),
                LogFile::Path(_) => return None,
            }
        }
        Kind::Port => {
            let address::Port { host, port } = address::parse_port(text, context, unheard)?;
            match host.as_str() {
                "" => format!("TCP port {port} of all addresses: reached from everywhere"),
                "localhost" => format!("TCP port {port}, reached from this machine only"),
                host if host.starts_with("127.") => format!("TCP port {port}, reached from this machine only"),
                host => format!("TCP port {port} of {}", code(host)),
            }
        }
        Kind::ExitCodes => {
            let (code, span) = python::split_commas(text).find(|(_, span)| touches(*span, offset))?;
            let status = u8::try_from(python::int(code, 10)?).ok()?;
            return Some(Explanation { span, markdown: list::status_shown(status) });
        }
        Kind::EventTypes => {
            let events = name::parse_events(text, unheard);
            let (_, span, known) = events.into_iter().find(|(_, span, _)| touches(*span, offset))?;
            let known = known?;
            let mut markdown = word::of_set(known, &sets::SUPERVISORD_EVENT);
            if !known.members.is_empty() {
                markdown += &format!("\n\nAlso all of `{}`.", known.members.join("`, `"));
            }
            return Some(Explanation { span, markdown });
        }
        Kind::Backlog
        | Kind::BufferSize
        | Kind::Command
        | Kind::Directory
        | Kind::EntryPoint
        | Kind::Environment
        | Kind::Globs
        | Kind::Integer
        | Kind::Owner
        | Kind::Password
        | Kind::Path
        | Kind::ProcessName
        | Kind::Programs
        | Kind::Socket
        | Kind::Text
        | Kind::Url
        | Kind::User => return None,
    };
    Explanation::whole(text, markdown)
}

fn touches(span: crate::text::Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

#[cfg(test)]
mod tests {
    use crate::schema::{Manager, Version, supervisord};
    use crate::values::Context;
    use crate::values::explain::{Scene, explain};

    #[test]
    fn words_of_values() {
        for (section, name, text, offset, expected) in [
            ("program", "autostart", "YES", 0, "`YES`: the same as `true`"),
            ("program", "autorestart", "unexpected", 0, "started again unless its exit code is among `exitcodes=`"),
            ("program", "stopsignal", "quit", 0, "**SIGQUIT**, signal 3"),
            ("program", "stdout_logfile_maxbytes", "10MB", 0, "10485760 bytes (10 MiB)"),
            ("program", "stdout_logfile_maxbytes", "0", 0, "never rotated"),
            (
                "program",
                "umask",
                "027",
                0,
                "what new files don't permit: files get `rw-r-----`, directories `rwxr-x---`",
            ),
            ("program", "stderr_logfile", "NONE", 0, "kept nowhere"),
            ("program", "exitcodes", "0, 2", 3, "exit status 2"),
            ("eventlistener", "events", "TICK,EVENT", 0, "**TICK**, an event type"),
            ("inet_http_server", "port", "*:9001", 0, "TCP port 9001 of all addresses: reached from everywhere"),
            ("unix_http_server", "chmod", "0700", 0, "`rwx------`: the owner may read, write and execute"),
        ] {
            let directive = supervisord::section_of_type(section).and_then(|section| section.get(name)).expect("a key");
            let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: None };
            let found = explain(text, &Scene { context, now: None, variables: &[] }, offset);
            let found = found.map(|found| found.markdown).unwrap_or_default();
            assert!(found.starts_with(expected), "{name}={text}: {found}");
        }
    }
}
