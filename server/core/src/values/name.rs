//! Names of various things, each with its own rules.

use super::specifier::{self, Place};
use super::words::Word;
use super::{Context, Problem, path, shown, whole};
use crate::units::is_allowed;

/// The value of `FileDescriptorName=`.
pub fn parse_fd<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    resolve(text, Place::NAME, context, problems, fd)
}

/// The value of `BusName=`.
pub fn parse_bus<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    resolve(text, Place::NAME, context, problems, bus)
}

/// The value of `RebootArgument=`.
pub fn parse_reboot<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    resolve(text, Place::TEXT, context, problems, |text| {
        let fits = text.is_ascii() && text.len() <= path::MAX_NAME;
        if fits { Ok(()) } else { refused(text, "the argument of a reboot is ASCII, 255 characters at the most") }
    })
}

/// The value of `LogNamespace=`.
pub fn parse_log_namespace<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    const MAX: usize = path::MAX_NAME - 33;
    resolve(text, Place::NAME, context, problems, |text| {
        let bad = |char: char| !is_allowed(char) || char == '\\';
        if !path::is_file_name(text) || text.len() > MAX || text.contains(bad) {
            let message = "a log namespace is a name of letters, digits and \":-_.@\", 222 characters at the most";
            return refused(text, message);
        }
        Ok(())
    })
}

/// A name for a file descriptor (`fdname_is_valid` of `src/basic/fd-util.c`).
pub(super) fn fd(text: &str) -> Result<(), Problem> {
    if is_fd(text) {
        return Ok(());
    }
    refused(text, "the name of a file descriptor is printable ASCII without \":\", 255 characters at the most")
}

pub(super) fn is_fd(text: &str) -> bool {
    text.len() <= path::MAX_NAME && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b':')
}

/// `service_name_is_valid` of `src/libsystemd/sd-bus/bus-internal.c`.
fn bus(text: &str) -> Result<(), Problem> {
    let unique = text.starts_with(':');
    let name = &text[usize::from(unique)..];
    let part = |part: &str| {
        let first = part.bytes().next();
        let digit = first.is_some_and(|byte| byte.is_ascii_digit());
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        first.is_some() && (unique || !digit) && part.bytes().all(allowed)
    };
    if text.len() <= path::MAX_NAME && name.contains('.') && name.split('.').all(part) {
        return Ok(());
    }
    refused(text, &format!("\"{}\" is no bus name such as \"org.example.Daemon\"", shown(text)))
}

fn refused(text: &str, message: &str) -> Result<(), Problem> {
    Err(Problem::refused(whole(text), message))
}

fn resolve<'t>(
    text: &'t str,
    place: Place,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: impl Fn(&str) -> Result<(), Problem>,
) -> Option<Word<'t>> {
    let word = Word::whole(text);
    specifier::resolve(&word, place, context, problems, judge)?;
    Some(word)
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn each_name_has_its_rules() {
        for (directive, text, good) in [
            ("FileDescriptorName", "a b", true),
            ("FileDescriptorName", "a:b", false),
            ("FileDescriptorName", "ä", false),
            ("BusName", "org.example.D-1", true),
            ("BusName", ":1.2", true),
            ("BusName", "org", false),
            ("BusName", "org.1a", false),
            ("BusName", "org..a", false),
            ("Unit.RebootArgument", "ä", false),
            ("RebootArgument", "a b", true),
            ("LogNamespace", "a@b", true),
            ("LogNamespace", "a/b", false),
            ("LogNamespace", "a b", false),
        ] {
            assert_eq!(check(directive, 262, "a.socket", text).is_empty(), good, "{directive}={text}");
        }
    }
}
