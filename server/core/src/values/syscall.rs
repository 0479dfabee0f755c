//! System calls: filters, error numbers and architectures (`src/shared/seccomp-util.c`).

use super::words::{Style, Word, Words};
use super::{Context, Problem, member, number, shown, whole};
use crate::schema::sets;
use crate::text::Span;

/// The value of `SystemCallFilter=` or `SystemCallLog=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter<'t> {
    /// `~`: those that are named are forbidden, not allowed.
    pub inverted: bool,
    /// The system calls and groups, bad ones left out.
    pub calls: Vec<Call<'t>>,
}

/// One part of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'t> {
    /// The system call or `@group`, with the error behind the colon.
    pub word: Word<'t>,
    /// How long the name is; what follows is a colon and `kill` or an error.
    pub name_length: usize,
}

/// Reads a `SystemCallFilter=`.
pub fn parse_filter<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Filter<'t> {
    read(text, context, problems, |word, inverted| {
        let Some((name, error)) = word.text.split_once(':') else {
            return call(&word.text, word.span, context).map(|()| word.text.len());
        };
        let error_span = word.place(Span::new(name.len() + 1, word.text.len()));
        if error != "kill" {
            check_error(error, error_span, 0, context)?;
        }
        if name.is_empty() {
            return Err(Problem::refused(word.span, "the name of the system call is missing"));
        }
        if !inverted {
            let message = "only a system call that is forbidden, behind \"~\", can have an error";
            return Err(Problem::refused(error_span, message));
        }
        call(name, word.place(whole(name)), context).map(|()| name.len())
    })
}

/// Reads a `SystemCallLog=`.
pub fn parse_log<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Filter<'t> {
    read(text, context, problems, |word, _| call(&word.text, word.span, context).map(|()| word.text.len()))
}

/// Reads a `SystemCallErrorNumber=`: `kill`, or an error by name or number.
pub fn parse_error<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<&'t str> {
    if text != "kill"
        && let Err(problem) = check_error(text, whole(text), 1, context)
    {
        problems.push(problem);
        return None;
    }
    Some(text)
}

/// Reads a `SystemCallArchitectures=`; bad ones are dropped.
pub fn parse_architectures<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut architectures = Vec::new();
    let mut words = Words::new(text, Style::QUOTED);
    while let Some(word) = words.next_word(problems) {
        match member::find(&word.text, word.span, &sets::SYSCALL_ARCHITECTURE, context) {
            Ok(_) => architectures.push(word),
            Err(problem) => problems.push(problem),
        }
    }
    architectures
}

fn read<'t>(
    text: &'t str,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: impl Fn(&Word, bool) -> Result<usize, Problem>,
) -> Filter<'t> {
    let inverted = text.starts_with('~');
    let mut filter = Filter { inverted, calls: Vec::new() };
    let mut words = Words::behind(text, usize::from(inverted), Style::BARE);
    while let Some(word) = words.next_word(problems) {
        if word.text.starts_with('~') {
            let message = format!("only the first of {}= can have a \"~\"", context.directive.name);
            problems.push(Problem::refused(word.place(Span::new(0, 1)), message));
            continue;
        }
        match judge(&word, inverted) {
            Ok(name_length) => filter.calls.push(Call { word, name_length }),
            Err(problem) => problems.push(problem),
        }
    }
    filter
}

/// Refuses what is neither a system call nor a group of them.
fn call(name: &str, span: Span, context: &Context) -> Result<(), Problem> {
    let set = if name.starts_with('@') { &sets::SYSCALL_GROUP } else { &sets::SYSCALL };
    member::find(name, span, set, context).map(drop)
}

/// Refuses what is no error number of at least `least` (`parse_errno` of `src/basic/errno-list.c`).
fn check_error(text: &str, span: Span, least: i64, context: &Context) -> Result<(), Problem> {
    match number::signed(text) {
        Ok(number) if (least..=4095).contains(&number) => Ok(()),
        Ok(_) => Err(Problem::refused(span, format!("\"{}\" is no error number from {least} to 4095", shown(text)))),
        Err(_) => member::find(text, span, &sets::ERRNO, context).map(drop),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn filters_are_read_word_by_word() {
        for (directive, text, expected) in [
            ("SystemCallFilter", "@system-service read", ""),
            ("SystemCallFilter", "~@mount:EPERM kexec_load:kill reboot:1 read:0", ""),
            ("SystemCallFilter", "~@mount ~@swap", "refused 8-9 only the first of SystemCallFilter= can have a \"~\""),
            (
                "SystemCallFilter",
                "raed @sytem-service",
                concat!(
                    "refused 0-4 there is no system call \"raed\" (perhaps: read)\n",
                    "refused 5-19 there is no system call group \"@sytem-service\" (perhaps: @system-service)",
                ),
            ),
            (
                "SystemCallFilter",
                "read:EPERM",
                "refused 5-10 only a system call that is forbidden, behind \"~\", can have an error",
            ),
            ("SystemCallFilter", "~read:EPREM", "refused 6-11 there is no error name \"EPREM\" (perhaps: EPERM)"),
            ("SystemCallFilter", "~:EPERM", "refused 1-7 the name of the system call is missing"),
            ("SystemCallLog", "read:EPERM", "refused 0-10 there is no system call \"read:EPERM\""),
            ("SystemCallErrorNumber", "eperm", ""),
            ("SystemCallErrorNumber", "kill", ""),
            ("SystemCallErrorNumber", "0", "refused 0-1 \"0\" is no error number from 1 to 4095"),
            (
                "SystemCallArchitectures",
                "native x86_64",
                "refused 7-13 there is no architecture \"x86_64\" (perhaps: x86-64)",
            ),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected, "{directive}={text}");
        }
    }
}
