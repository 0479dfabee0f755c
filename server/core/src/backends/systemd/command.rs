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

    /// Whether an assignment of one of these says more than the plan knows: how it shall be run, or
    /// dollar signs that mean something else than what they look like.
    pub(super) fn says_more(&self, keys: &[Key]) -> bool {
        let mut settings = self.plan.unit.settings().iter().filter(|setting| keys.contains(&setting.entry.key));
        settings.any(|setting| {
            let value = setting.value();
            let prefixes = &value[..value.len() - value.trim_start_matches(['-', '@', ':', '+', '!', '|']).len()];
            prefixes.contains([':', '|']) || prefixes.contains("!!") || has_odd_variable(value)
        })
    }
}

/// Whether there is a `$$`, or a `${` in front of what is no name of a variable.
fn has_odd_variable(value: &str) -> bool {
    let name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    value.split('$').skip(1).any(|behind| match behind.strip_prefix('{') {
        Some(braced) => braced.split_once('}').is_none_or(|(inner, _)| !name(inner)),
        None => behind.is_empty(),
    })
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
    // `env` runs whatever isn't an assignment to it, and unlike the shell leaves the environment alone.
    match (is_program(program), program.contains(&b'=')) {
        (true, _) => {}
        (false, true) => words.extend([&b"/bin/sh"[..], b"-c", b"exec \"$0\" \"$@\""].map(<[u8]>::to_vec)),
        (false, false) if words.is_empty() => words.extend([&b"/usr/bin/env"[..], b"--"].map(<[u8]>::to_vec)),
        (false, false) => {}
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
    quote::systemd::doubled(&dollars(word), b'%')
}

/// Doubles dollar signs where one alone would be the sign of a variable (`replace_env_argv` of
/// `src/basic/env-util.c`): at the beginning, before a brace, and where there are several.
fn dollars(word: &[u8]) -> Bytes {
    let mut out = Bytes::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = memchr::memchr(b'$', rest) {
        let run = rest[at..].iter().take_while(|byte| **byte == b'$').count();
        let first = out.is_empty() && at == 0;
        let (before, behind) = (&rest[..at], &rest[at + run..]);
        out.extend_from_slice(before);
        let times = if first || run > 1 || behind.starts_with(b"{") { 2 } else { 1 };
        out.extend(std::iter::repeat_n(b'$', times * run));
        rest = behind;
    }
    out.extend_from_slice(rest);
    out
}

/// Whether systemd takes it for a program (`config_parse_exec` of `src/core/load-fragment.c`): an
/// absolute path or a name, in which nothing has a meaning of its own.
fn is_program(program: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(program) else { return false };
    let (parts, name) = text.rsplit_once('/').map_or(("/", text), |(parts, name)| (parts, name));
    let odd = |letter: char| letter.is_control() || !is_text(letter) || matches!(letter, '"' | '\'' | '\\' | '$');
    !matches!(name, "" | "." | "..")
        && (text == name || parts.is_empty() || parts.starts_with('/'))
        && !text.starts_with(['-', '@', ':', '+', '!', '|'])
        && !text.contains(odd)
}
