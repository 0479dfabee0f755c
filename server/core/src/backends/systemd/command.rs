//! `ExecStart=` and its like.

use super::{Job, quote};
use crate::plan::{Argument, Bytes, Command, Leaf};
use crate::schema::Key;
use crate::syntax::is_text;
use crate::values::exec::Privileges;

impl Job<'_, '_> {
    /// Commands, one a line; `before` are words in front of each.
    pub(super) fn commands(&mut self, key: Key, commands: &[Leaf<Command>], before: &[Bytes]) {
        for command in commands {
            self.set(key, line(&command.value, before), command.at);
        }
    }

    /// Whether one of these assignments has a prefix that the plan has resolved already.
    pub(super) fn has_shell_prefix(&self, keys: &[Key]) -> bool {
        let mut lines = self.plan.unit.settings().iter().filter(|setting| keys.contains(&setting.entry.key));
        lines.any(|setting| {
            let prefixes = setting.value().trim_start_matches(['-', '@', ':', '+', '!']);
            prefixes.starts_with('|')
        })
    }
}

/// A command as systemd reads it.
fn line(command: &Command, before: &[Bytes]) -> String {
    let Command { program, argv0, arguments, ignore_failure, privileges } = command;
    let mut line = String::new();
    if *ignore_failure {
        line.push('-');
    }
    let direct = before.is_empty() && is_program(program);
    if argv0.is_some() && direct {
        line.push('@');
    }
    line.push_str(match privileges {
        Privileges::Normal => "",
        Privileges::Full => "+",
        Privileges::KeepUser => "!",
        Privileges::AmbientOrKeepUser => "!!",
    });
    let mut words: Vec<Bytes> = before.to_vec();
    if !is_program(program) {
        words.extend([&b"/bin/sh"[..], b"-c", b"exec \"$0\" \"$@\""].map(<[u8]>::to_vec));
    }
    words.push(program.clone());
    words.extend(argv0.iter().filter(|_| direct).cloned());
    let mut words: Vec<Bytes> = words.iter().map(|word| fixed(word)).collect();
    words.extend(arguments.iter().map(|argument| match argument {
        Argument::Fixed(bytes) => fixed(bytes),
        Argument::Variable(bytes) => quote::systemd::doubled(bytes, b'%'),
    }));
    line.push_str(&quote::systemd::words(words.iter().map(|word| &word[..])));
    line
}

/// A word in which nothing is resolved.
fn fixed(word: &[u8]) -> Bytes {
    quote::systemd::doubled(&quote::systemd::doubled(word, b'%'), b'$')
}

/// Whether systemd takes it for a program (`config_parse_exec` of `src/core/load-fragment.c`): an
/// absolute path or a name, in which nothing has a meaning of its own; others a shell can run.
fn is_program(program: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(program) else { return false };
    let (parts, name) = text.rsplit_once('/').map_or(("/", text), |(parts, name)| (parts, name));
    let odd = |letter: char| letter.is_control() || !is_text(letter) || matches!(letter, '"' | '\'' | '\\' | '$');
    !matches!(name, "" | "." | "..")
        && (text == name || parts.is_empty() || parts.starts_with('/'))
        && !text.starts_with(['-', '@', ':', '+', '!', '|'])
        && !text.contains(odd)
}
