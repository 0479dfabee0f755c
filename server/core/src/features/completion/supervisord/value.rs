use std::collections::HashSet;

use crate::features::completion::slot::{BLANKS, Slot};
use crate::features::completion::words::{self, Text};
use crate::features::completion::{Completions, Item, Kind, Rank, path};
use crate::features::supervisord::{NameKind, names};
use crate::schema::Set;
use crate::schema::sets::{SUPERVISORD_EVENT, SUPERVISORD_LOG_LEVEL};
use crate::values::ValueType;
use crate::values::supervisord::Kind as Type;

const BOOLEANS: &[Text] = &[("true", ""), ("false", "")];

const RESTARTS: &[Text] = &[
    ("true", "whatever it exits with"),
    ("false", "never"),
    ("unexpected", "if it exits with a code that isn't in `exitcodes=`, or a signal ends it"),
];

const SIGNALS: &[Text] = &[
    ("TERM", "the usual request to end"),
    ("INT", "as Ctrl-C sends it"),
    ("QUIT", "to many programs: end gracefully, or dump core"),
    ("HUP", "to many programs: read the configuration again"),
    ("USR1", "as the program has it"),
    ("USR2", "as the program has it"),
    ("WINCH", "to some servers: end gracefully"),
    ("KILL", "ends it at once, and it can't do anything about it"),
];

const LOGS: &[Text] = &[
    ("AUTO", "a file in `childlogdir=` that goes when supervisord starts again"),
    ("NONE", "nowhere"),
    ("/dev/stdout", "supervisord's own standard output; needs the maximum 0"),
    ("/dev/stderr", "supervisord's own standard error; needs the maximum 0"),
];

const LOG_FOLDERS: &[Text] = &[("/var/log/", "logs"), ("/var/log/supervisor/", "logs, as Debian has them")];

const DAEMON_LOGS: &[Text] = &[("syslog", "the system log"), ("/dev/null", "nowhere")];

const NAMES: &[Text] = &[
    ("%(program_name)s", "of one process"),
    ("%(program_name)s_%(process_num)02d", "of several processes"),
    ("%(process_num)d", "of several processes: the number alone"),
];

const SOCKETS: &[Text] =
    &[("unix:///run/", "a socket in the file system"), ("tcp://127.0.0.1:9000", "a port of this machine")];

const PORTS: &[Text] = &[
    ("127.0.0.1:9001", "for this machine alone"),
    ("localhost:9001", "for this machine alone"),
    ("*:9001", "for everybody who reaches this machine"),
];

const URLS: &[Text] = &[
    ("unix:///run/supervisor.sock", "a socket in the file system"),
    ("http://127.0.0.1:9001", "a port of this machine"),
    ("AUTO", "as supervisord itself finds out"),
];

const MODES: &[Text] = &[
    ("0700", "the owner only"),
    ("0770", "the owner and the group"),
    ("0777", "everybody"),
    ("0766", "the owner, and everybody may connect"),
];

const MASKS: &[Text] =
    &[("022", "others may read"), ("027", "the group may read, others nothing"), ("077", "the owner only")];

const PLUGINS: &[Text] = &[("supervisor.rpcinterface:make_main_rpcinterface", "what `supervisorctl` talks to")];

const SIZES: &[Text] = &[("0", "without limit"), ("1MB", ""), ("10MB", ""), ("50MB", ""), ("100MB", ""), ("1GB", "")];

/// What may stand at a place of a value.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let ValueType::Supervisord(kind) = slot.entry.value else { return None };
    let whole = |texts| words::texts(slot, texts);
    match kind {
        Type::Boolean => whole(BOOLEANS),
        Type::Autorestart => whole(RESTARTS),
        Type::LogLevel => of_set(slot, &SUPERVISORD_LOG_LEVEL),
        Type::Signal => whole(SIGNALS),
        Type::LogFile => paths(slot, LOGS, LOG_FOLDERS),
        Type::DaemonLogFile => paths(slot, DAEMON_LOGS, LOG_FOLDERS),
        Type::Path | Type::Directory => path::one(slot, &[], path::ANY),
        Type::Command => Some(command(slot)),
        Type::Globs => Some(path::list(slot, path::ANY)),
        Type::User => accounts(slot, &[]),
        Type::Owner => accounts(slot, &[':']),
        Type::Programs => Some(programs(slot)),
        Type::EventTypes => Some(words::listed(
            slot,
            &[',', ' ', '\t'],
            words::Choice { sets: &[&SUPERVISORD_EVENT], ..words::Choice::default() },
        )),
        Type::ProcessName => whole(NAMES),
        Type::Socket => whole(SOCKETS),
        Type::Port => whole(PORTS),
        Type::Url => whole(URLS),
        Type::OctalMode => whole(if slot.entry.name == "umask" { MASKS } else { MODES }),
        Type::EntryPoint => whole(PLUGINS),
        Type::Size => whole(SIZES),
        Type::Backlog | Type::BufferSize | Type::Integer | Type::ExitCodes => default(slot),
        Type::Environment | Type::Password | Type::Text => None,
    }
}

fn of_set<'a>(slot: &Slot<'_, 'a>, set: &'static Set) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    offers.set(set, slot.document.target);
    Some(offers.finish())
}

fn default<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    if !slot.entry.default.is_empty() {
        offers.push(Item::new(Kind::Value, slot.entry.default).detail("the default"));
    }
    Some(offers.finish())
}

fn paths<'a>(slot: &Slot<'_, 'a>, words: &[Text], places: &[Text]) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    offers.texts(Kind::Value, words);
    offers.places(places);
    Some(offers.finish())
}

/// The program, then paths that it takes.
fn command<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let first = !slot.head.trim_start().contains(BLANKS);
    path::list(slot, if first { path::PROGRAMS } else { path::ANY })
}

/// A user, or behind one of `separators` a group.
fn accounts<'a>(slot: &Slot<'_, 'a>, separators: &[char]) -> Option<Completions<'a>> {
    if slot.is_continued() {
        return None;
    }
    let group = !separators.is_empty() && slot.before().contains(separators);
    let mut offers = slot.word(separators);
    for name in if group { slot.document.groups } else { slot.document.users } {
        offers.push(Item::new(Kind::Account, &**name));
    }
    Some(offers.finish())
}

/// The programs of the configuration that no group has yet come first.
fn programs<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let files = slot.document.configured.map(|configured| configured.config.files).unwrap_or_default();
    let all: Vec<_> = names(files).filter(|name| name.kind == NameKind::Program).collect();
    let is_listener = |name: &crate::features::supervisord::Name| {
        files[name.file].text[..name.span.start as usize].trim_end().ends_with("[eventlistener:")
    };
    words::rest(slot, &[',', ' ', '\t'], |offers| {
        let grouped: HashSet<&str> = all.iter().filter(|name| !name.sets).map(|name| name.name).collect();
        let mut seen = HashSet::new();
        for name in all.iter().filter(|name| name.sets && !is_listener(name)) {
            if !seen.insert(name.name) {
                continue;
            }
            let rank = if grouped.contains(name.name) { Rank::Later } else { Rank::Usual };
            offers.push(Item::new(Kind::Unit, name.name).ranked(rank));
        }
    })
}
