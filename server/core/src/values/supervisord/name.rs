//! Names: of users and groups, processes, programs, event types, Python objects.

use super::python::{int, is_blank, split_commas, strip};
use crate::schema::{Word, sets};
use crate::text::Span;
use crate::values::{Context, Problem, ProblemKind, shown, whole};

/// A user or group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'t> {
    /// By number.
    Number(i64),
    /// By name, which must be known to the system.
    Name(&'t str),
}

/// A user, and a group if it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'t> {
    /// The user.
    pub user: Account<'t>,
    /// The group; else that stays as it is.
    pub group: Option<Account<'t>>,
}

/// A user by name or number (`name_to_uid`); both must be in the user database.
pub fn parse_user<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<Account<'t>> {
    account(text, whole(text), problems)
}

/// `USER` or `USER:GROUP` (`colon_separated_user_group`).
pub fn parse_owner<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<Owner<'t>> {
    let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
    let user_account = account(user, whole(user), problems);
    let group_account = match group {
        Some(group) => Some(account(group, Span::new(user.len() + 1, text.len()), problems)?),
        None => None,
    };
    Some(Owner { user: user_account?, group: group_account })
}

fn account<'t>(text: &'t str, span: Span, problems: &mut Vec<Problem>) -> Option<Account<'t>> {
    let problem = match int(text, 10) {
        Some(number) if number >= 0 => return Some(Account::Number(number)),
        Some(_) => format!("\"{}\" is no number of a user or group", shown(text)),
        None if text.is_empty() => "the name is missing".to_owned(),
        None => match text.chars().find(|c| matches!(c, ':' | '/' | ',') || c.is_control() || is_blank(*c)) {
            Some(c) => format!("{c:?} can't be in the name of a user or group"),
            None => return Some(Account::Name(text)),
        },
    };
    problems.push(Problem::refused(span, problem));
    None
}

/// The name of a process: no blank, `:` or `/` in it (`process_or_group_name`).
pub fn parse_process<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<&'t str> {
    let name = strip(text);
    let start = text.len() - text.trim_start_matches(is_blank).len();
    match name.char_indices().find(|(_, c)| matches!(c, ' ' | ':' | '/')) {
        None => Some(name),
        Some((at, c)) => {
            let span = Span::new(start + at, start + at + 1);
            problems.push(Problem::refused(span, format!("{c:?} can't be in the name of a process or group")));
            None
        }
    }
}

/// The programs of a group (`list_of_strings`).
pub fn parse_programs<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<(&'t str, Span)> {
    let names: Vec<_> = split_commas(text).collect();
    if names.iter().any(|(name, _)| name.is_empty()) {
        problems.push(Problem::refused(whole(text), "there is a comma without a program before or behind it"));
    }
    if let Some((name, span)) = names.iter().find(|(name, _)| name.contains(is_blank)) {
        let (before, rest) = name.split_at(name.find(is_blank).unwrap_or_default());
        let start = span.start as usize + before.len();
        let span = Span::new(start, start + rest.chars().next().map_or(0, char::len_utf8));
        problems.push(Problem::refused(span, "programs have a comma in between, not a blank"));
    }
    names
}

/// Types of events in any letter case (`process_groups_from_parser`). Plugins may bring more than
/// supervisord has itself.
pub fn parse_events<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<(&'t str, Span, Option<&'static Word>)> {
    let mut events = Vec::new();
    for (name, span) in split_commas(text) {
        let known = sets::SUPERVISORD_EVENT.get(name);
        if known.is_none() {
            let span = if span.is_empty() { whole(text) } else { span };
            let message = format!("supervisord itself has no event type \"{}\"", shown(name));
            let problem = Problem::refused(span, message);
            let problem = problem.or_nearest(name, sets::SUPERVISORD_EVENT.words.iter().map(|word| word.text));
            let kind = if problem.replacement.is_some() { ProblemKind::Refused } else { ProblemKind::Doubtful };
            problems.push(Problem { kind, ..problem });
        }
        events.push((name, span, known));
    }
    events
}

/// A Python object as `module:name`; supervisor also takes a module alone, but can't call it.
pub fn parse_object<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<&'t str> {
    let dotted = |path: &str| {
        path.split('.').all(|part| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    // Behind it may be what an entry point of Python's packages has there.
    let bare = text.trim_end_matches(is_blank);
    let bare = if bare.ends_with(']') { bare.split('[').next().unwrap_or(bare) } else { bare };
    let (module, name) = bare.split_once(':').map_or((bare, None), |(module, name)| (module, Some(name)));
    let good = dotted(module.trim_end_matches(is_blank)) && name.is_none_or(|name| dotted(strip(name)));
    let expected = || context.takes("a Python object as module:name", text, whole(text));
    if !good {
        problems.push(expected());
    } else if name.is_none() {
        problems.push(Problem { kind: ProblemKind::Doubtful, ..expected() });
    }
    good.then_some(text)
}

/// Paths with wildcards, blanks between them (`include.files`).
pub fn parse_globs(text: &str) -> impl Iterator<Item = (&str, Span)> {
    text.split(is_blank).filter(|glob| !glob.is_empty()).map(move |glob| {
        let start = glob.as_ptr() as usize - text.as_ptr() as usize;
        (glob, Span::new(start, start + glob.len()))
    })
}
