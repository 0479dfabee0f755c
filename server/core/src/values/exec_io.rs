//! `StandardInput=`, `StandardOutput=`, `StandardError=` and the text that
//! comes from the unit file itself.

use super::path::{self, Want};
use super::specifier::{self, Place};
use super::words::Word;
use super::{Context, Problem, base64, escape, member, name, whole};
use crate::schema::{Set, sets};

/// Where input comes from or output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stream<'t> {
    /// One of the words of the set.
    Word(&'t str),
    /// `fd:` and the name of a file descriptor; empty for that of the stream.
    Descriptor(Word<'t>),
    /// `file:` and a path.
    File(Word<'t>),
    /// `append:` and a path.
    Append(Word<'t>),
    /// `truncate:` and a path.
    Truncate(Word<'t>),
}

/// The value of `StandardInput=`.
pub fn parse_input<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Stream<'t>> {
    parse(text, &sets::EXEC_INPUT, context, problems)
}

/// The value of `StandardOutput=` or `StandardError=`.
pub fn parse_output<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Stream<'t>> {
    parse(text, &sets::EXEC_OUTPUT, context, problems)
}

/// The value of `StandardInputText=`, escapes resolved, specifiers not.
pub fn parse_text<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    let word = escape::resolve(text, 0, false).map_err(|problem| problems.push(problem)).ok()?;
    specifier::resolve(&word, Place::TEXT, context, problems, |_| Ok(()))?;
    Some(word)
}

/// The value of `StandardInputData=`: Base64.
pub fn parse_data<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<&'t str> {
    match base64::check(text, 0) {
        Ok(()) => Some(text),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The bytes that the value of `StandardInputData=` stands for.
pub fn decode_data(text: &str, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    parse_data(text, problems).map(base64::decode)
}

fn parse<'t>(text: &'t str, set: &'static Set, context: &Context, problems: &mut Vec<Problem>) -> Option<Stream<'t>> {
    let tail = |from| Word::whole(text).into_tail(from);
    let open: fn(Word<'t>) -> Stream<'t> = match text.split_once(':').map_or("", |(kind, _)| kind) {
        "fd" => {
            let descriptor = tail("fd:".len());
            specifier::resolve(&descriptor, Place::NAME, context, problems, name::fd)?;
            return Some(Stream::Descriptor(descriptor));
        }
        "file" => Stream::File,
        "append" if set.get("append").is_some() => Stream::Append,
        "truncate" if set.get("truncate").is_some() => Stream::Truncate,
        _ => {
            let word = member::find(text, whole(text), set, context).map_err(|problem| problems.push(problem)).ok()?;
            if word.scope == "argument" {
                let message = format!("a path must follow, as in \"{text}:/var/log/file\"");
                problems.push(Problem::doubtful(whole(text), message));
            } else if word.deprecated != 0 && word.deprecated <= context.version.0 {
                let message = format!("\"{text}\" is only an old name of \"{}\"", word.successor);
                problems.push(Problem::deprecated(whole(text), message).or(word.successor, true));
            }
            return Some(Stream::Word(text));
        }
    };
    let path = tail(text.find(':').map_or(0, |colon| colon + 1));
    path::resolve(&path, Want::Absolute, context, problems)?;
    Some(open(path))
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn streams_are_judged() {
        for (directive, text, expected) in [
            ("StandardInput", "tty-force", ""),
            ("StandardInput", "file:/x", ""),
            ("StandardInput", "append:/x", "refused 0-9 there is no standard input \"append:/x\""),
            (
                "StandardInput",
                "fd:a:b",
                "refused 3-6 the name of a file descriptor is printable ASCII without \":\", 255 characters at the most",
            ),
            ("StandardOutput", "append:%h/x", ""),
            ("StandardOutput", "append:x", "refused 7-8 \"x\" is not an absolute path"),
            ("StandardOutput", "journel", "refused 0-7 there is no output \"journel\" (perhaps: journal)"),
            ("StandardOutput", "syslog", "deprecated 0-6 \"syslog\" is only an old name of \"journal\" (fix: journal)"),
            ("StandardOutput", "file", "doubtful 0-4 a path must follow, as in \"file:/var/log/file\""),
            ("StandardInputText", r"a\n%n", ""),
            (
                "StandardInputText",
                r"a\q",
                "refused 1-3 \"\\q\" is no escape sequence; write a backslash as \"\\\\\" (perhaps: \\\\q)",
            ),
            ("StandardInputData", "YWJj ZGU=", ""),
            ("StandardInputData", "YWJ", "refused 0-3 Base64 has a multiple of four characters, this has 3"),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected, "{directive}={text}");
        }
    }
}
