//! Words of lists: capabilities, system calls, file systems, signals and other members of sets.

use super::super::exit_status;
use super::super::signal::{self, Signal};
use super::super::words::{Style, Words};
use super::super::{Context, boolean, number};
use super::{Explanation, word};
use crate::schema::{Set, Word, sets};
use crate::text::Span;
use crate::text::markdown::code;

/// The most members of a group that are told one by one.
const MOST: usize = 60;

/// Explains the word at `offset`, or the `~` in front of all.
///
/// `say` is told whether there is one.
pub(super) fn member(
    text: &str,
    style: Style,
    offset: u32,
    say: impl FnOnce(&str, bool) -> Option<String>,
) -> Option<Explanation> {
    let inverted = text.starts_with('~');
    if inverted && offset == 0 {
        let markdown = "`~`: what follows is taken away or forbidden; without it, it is what is there or allowed";
        return Some(Explanation { span: Span::new(0, 1), markdown: markdown.to_owned() });
    }
    let mut words = Words::behind(text, usize::from(inverted), style).map_while(Result::ok);
    let word = words.find(|word| word.span.start <= offset && offset <= word.span.end)?;
    Some(Explanation { span: word.span, markdown: say(&word.text, inverted)? })
}

/// A word of a list of words of `set`, or a boolean where that may stand for all of it.
pub(super) fn of_set(text: &str, set: &'static Set, offset: u32) -> Option<Explanation> {
    if let Some(all) = boolean::read(text) {
        return Explanation::whole(text, if all { "`yes`: all of them" } else { "`no`: none of them" });
    }
    member(text, Style::QUOTED, offset, |text, _| set.get(text).map(|found| word::of_set(found, set)))
}

/// A capability, by name or number.
pub(super) fn capability(text: &str, offset: u32) -> Option<Explanation> {
    member(text, Style::QUOTED, offset, |text, inverted| {
        let set = &sets::CAPABILITY;
        let numbered = || {
            let number = u32::try_from(number::signed(text).ok()?).ok()?;
            set.words.iter().find(|word| word.number == Some(number))
        };
        let found = set.get(text).or_else(numbered)?;
        let taken = if inverted { "\n\nTaken away by the `~` in front." } else { "" };
        Some(format!("{}{taken}", numbered_word(found, set)))
    })
}

/// A system call, or a group of them with its members.
pub(super) fn system_call(text: &str, offset: u32) -> Option<Explanation> {
    member(text, Style::QUOTED, offset, |text, inverted| {
        let (name, error) = text.split_once(':').map_or((text, None), |(name, error)| (name, Some(error)));
        let mut out = match name.starts_with('@') {
            true => group(sets::SYSCALL_GROUP.get(name)?, &sets::SYSCALL_GROUP),
            false => word::of_set(sets::SYSCALL.get(name)?, &sets::SYSCALL),
        };
        out += match error {
            Some("kill") => "\n\nWhoever calls it is killed.",
            Some(_) => "\n\nForbidden: whoever calls it gets the error behind the colon.",
            None if inverted => "\n\nForbidden by the `~` in front.",
            None => "",
        };
        Some(out)
    })
}

/// A type of file system, or a group of them with its members.
pub(super) fn file_system(text: &str, offset: u32) -> Option<Explanation> {
    member(text, Style::QUOTED, offset, |text, inverted| {
        let found = match text.starts_with('@') {
            true => group(sets::FILESYSTEM_GROUP.get(text)?, &sets::FILESYSTEM_GROUP),
            false => word::of_set(sets::FILESYSTEM.get(text)?, &sets::FILESYSTEM),
        };
        Some(format!("{found}{}", if inverted { "\n\nForbidden by the `~` in front." } else { "" }))
    })
}

/// A group with all that it stands for, groups in it expanded.
fn group(found: &Word, groups: &'static Set) -> String {
    let mut members = Vec::new();
    expand(found, groups, &mut members, 0);
    members.sort_unstable();
    members.dedup();
    let count = members.len();
    members.truncate(MOST);
    let more = if count > MOST { format!(" … and {} more", count - MOST) } else { String::new() };
    format!("{}\n\n{count} members: `{}`{more}", word::of_set(found, groups), members.join("`, `"))
}

fn expand(group: &Word, groups: &'static Set, members: &mut Vec<&'static str>, depth: usize) {
    for &member in group.members {
        match groups.get(member) {
            Some(nested) if depth < 4 => expand(nested, groups, members, depth + 1),
            _ => members.push(member),
        }
    }
}

/// A signal by name and number.
pub(super) fn signal(text: &str) -> Option<Explanation> {
    Explanation::whole(text, signal_shown(signal::read(text)?))
}

pub(super) fn signal_shown(Signal(number): Signal) -> String {
    let set = &sets::SIGNAL;
    match set.words.iter().find(|word| word.number == Some(number.into())) {
        Some(word) if word.doc.is_empty() => format!("**SIG{}**, signal {number}", word.text),
        Some(word) => format!("**SIG{}**, signal {number}\n\n{}", word.text, word.doc),
        None => format!("signal {number}, a real-time signal: `RTMIN+{}`", number.saturating_sub(34)),
    }
}

/// An exit status or signal.
pub(super) fn ending(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let endings = exit_status::parse(text, context, &mut Vec::new());
    let here = endings.into_iter().find(|item| item.span.start <= offset && offset <= item.span.end)?;
    let markdown = match here.value {
        exit_status::Ending::Signal(signal) => signal_shown(signal),
        exit_status::Ending::Status(status) => status_shown(status),
    };
    Some(Explanation { span: here.span, markdown })
}

/// An exit status, and who calls it what.
pub(super) fn status_shown(status: u8) -> String {
    match sets::EXIT_STATUS.words.iter().find(|word| word.number == Some(status.into())) {
        None => format!("exit status {status}"),
        Some(word) => {
            let doc = if word.doc.is_empty() { String::new() } else { format!("\n\n{}", word.doc) };
            format!("exit status {status}: **{}**, as {} calls it{doc}", word.text, word.scope)
        }
    }
}

/// What a forbidden system call answers.
pub(super) fn error(text: &str) -> Option<Explanation> {
    if text == "kill" {
        return Explanation::whole(text, "whoever calls what is forbidden is killed");
    }
    let set = &sets::ERRNO;
    let numbered = || {
        let number = number::unsigned32(text).ok()?;
        set.words.iter().find(|word| word.number == Some(number))
    };
    Explanation::whole(text, numbered_word(set.get(text).or_else(numbered)?, set))
}

/// The word of a set, or of its alternatives in `name:argument`.
pub(super) fn stream(text: &str, set: &'static Set) -> Option<Explanation> {
    let (kind, argument) = text.split_once(':').map_or((text, None), |(kind, argument)| (kind, Some(argument)));
    let found = word::of_set(set.get(kind)?, set);
    let argument = argument.map_or(String::new(), |argument| format!("\n\nHere: {}", code(argument)));
    Explanation::whole(text, format!("{found}{argument}"))
}

/// "**CAP_CHOWN**, capability 0"
fn numbered_word(found: &Word, set: &Set) -> String {
    match found.number {
        Some(number) => {
            let doc = if found.doc.is_empty() { String::new() } else { format!("\n\n{}", found.doc) };
            format!("**{}**, {} {number}{doc}", found.text, set.noun)
        }
        None => word::of_set(found, set),
    }
}
