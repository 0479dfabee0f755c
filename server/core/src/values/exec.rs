//! Command lines: `ExecStart=` and its like (`config_parse_exec` of
//! `src/core/load-fragment.c`).

use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, path};
use crate::schema::Version;
use crate::text::Span;

/// What one assignment runs, one command after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecLine<'t> {
    /// The commands; more than one where a `;` stands between them.
    pub commands: Vec<Command<'t>>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'t> {
    /// What stands in front of the program.
    pub prefixes: Prefixes,
    /// Where the prefixes stand; empty where there are none.
    pub prefix_span: Span,
    /// The program, prefixes taken off, specifiers not resolved.
    pub program: Word<'t>,
    /// What follows, specifiers and variables not resolved; with
    /// [`Prefixes::argv0`] the first one isn't an argument but `argv[0]`.
    pub args: Vec<Word<'t>>,
    /// From the prefixes to the last argument.
    pub span: Span,
}

/// What the prefixes of a command ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    /// `-`: a failure counts as success.
    pub ignore_failure: bool,
    /// `@`: the word behind the program is passed as `argv[0]`.
    pub argv0: bool,
    /// `:`: variables aren't expanded.
    pub no_variables: bool,
    /// `|`: run by the shell of the unit's user.
    pub shell: bool,
    /// `+`, `!` or `!!`.
    pub privileges: Privileges,
}

/// How much of the unit's sandbox a command gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Privileges {
    /// All of it.
    #[default]
    Normal,
    /// `+`: none of it.
    Full,
    /// `!`: all but the change of user and groups.
    KeepUser,
    /// `!!`: as `!`, but only where the kernel has no ambient capabilities;
    /// without effect since systemd 258.
    AmbientOrKeepUser,
}

impl Command<'_> {
    /// The arguments behind `argv[0]`.
    pub fn arguments(&self) -> &[Word<'_>] {
        self.args.get(usize::from(self.prefixes.argv0)..).unwrap_or_default()
    }
}

/// Reads a command line; what is refused ends it.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> ExecLine<'t> {
    let mut line = ExecLine::default();
    let mut words = Words::new(text, Style::COMMAND);
    while let Some(first) = words.next_or_warn(problems) {
        let first = match first {
            Ok(first) => first,
            Err(problem) => {
                problems.push(problem);
                break;
            }
        };
        if first.text == ";" {
            continue;
        }
        let Some((command, more)) = command(first, &mut words, context, problems) else { break };
        line.commands.push(command);
        if !more {
            break;
        }
    }
    line
}

/// One command and whether a `;` ended it; `None` if systemd refuses it.
fn command<'t>(
    first: Word<'t>,
    words: &mut Words<'t>,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<(Command<'t>, bool)> {
    let (prefixes, length) = prefixes(&first, context.version, problems);
    let start = first.span;
    let (prefix, program) = split(first, length);
    if !prefixes.shell {
        check_program(&program, context, problems)?;
    }
    let mut command = Command { prefixes, prefix_span: prefix, span: start, program, args: Vec::new() };
    let mut more = false;
    loop {
        let rest = words.rest();
        if is_word(rest, ";") {
            words.skip(1);
            more = true;
            break;
        }
        if is_word(rest, "\\;") {
            let at = words.here();
            command.args.push(Word::escaped(";", Span::new(at, at + 2)));
            words.skip(2);
            continue;
        }
        match words.next_or_warn(problems) {
            None => break,
            Some(Ok(word)) => {
                specifier::resolve(&word, Place::TEXT, context, problems, |_| Ok(()))?;
                command.args.push(word);
            }
            Some(Err(problem)) => {
                problems.push(problem);
                return None;
            }
        }
    }
    if command.prefixes.argv0 && !command.prefixes.shell && command.args.is_empty() {
        let message = "with \"@\" the name that the program shall see must follow it, as in \"@/bin/prog name\"";
        problems.push(Problem::refused(command.span, message));
        return None;
    }
    if let Some(last) = command.args.last() {
        command.span = command.span.cover(last.span);
    }
    Some((command, more))
}

/// The prefixes of a word and how many bytes they are.
fn prefixes(word: &Word, version: Version, problems: &mut Vec<Problem>) -> (Prefixes, usize) {
    let mut prefixes = Prefixes::default();
    let via_shell = version >= Version(258);
    for (at, byte) in word.text.bytes().enumerate() {
        match (byte, prefixes.privileges) {
            (b'-', _) if !prefixes.ignore_failure => prefixes.ignore_failure = true,
            (b'@', _) if !prefixes.argv0 => prefixes.argv0 = true,
            (b':', _) if !prefixes.no_variables => prefixes.no_variables = true,
            (b'|', _) if via_shell && !prefixes.shell => prefixes.shell = true,
            (b'+', Privileges::Normal) => prefixes.privileges = Privileges::Full,
            (b'!', Privileges::Normal) => prefixes.privileges = Privileges::KeepUser,
            (b'!', Privileges::KeepUser) => {
                prefixes.privileges = Privileges::AmbientOrKeepUser;
                if via_shell {
                    let message = "systemd ignores the prefix \"!!\" since version 258";
                    problems.push(Problem::deprecated(word.place(Span::new(at - 1, at + 1)), message));
                }
            }
            _ => return (prefixes, at),
        }
    }
    (prefixes, word.text.len())
}

/// Where the prefixes stand, and the program alone.
fn split(word: Word, length: usize) -> (Span, Word) {
    if length == 0 {
        return (Span::at(word.span.start as usize), word);
    }
    (word.place(Span::new(0, length)), word.into_tail(length))
}

fn check_program(program: &Word, context: &Context, problems: &mut Vec<Problem>) -> Option<()> {
    specifier::resolve(program, Place::PATH, context, problems, |text| {
        program_problem(text, context.version).map_or(Ok(()), |(span, message)| Err(Problem::refused(span, message)))
    })
}

fn program_problem(text: &str, version: Version) -> Option<(Span, String)> {
    let all = Span::new(0, text.len());
    if text.is_empty() {
        return Some((all, "the program is missing".to_owned()));
    }
    let globs = version >= Version(260);
    let special = |char: char| char.is_ascii_control() || "\"'\\".contains(char) || (globs && "*?[".contains(char));
    if let Some((at, char)) = text.char_indices().find(|(_, char)| special(*char)) {
        let message = format!("the path of a program can't have {char:?} in it");
        return Some((Span::new(at, at + char.len_utf8()), message));
    }
    let directory = text.ends_with('/')
        || (version >= Version(256) && (matches!(text, "." | "..") || text.ends_with("/.") || text.ends_with("/..")));
    if directory {
        return Some((all, format!("\"{text}\" is a directory, not a program")));
    }
    let valid = if path::is_absolute(text) { path::is_valid(text) } else { path::is_file_name(text) };
    (!valid).then(|| (all, format!("\"{text}\" is neither an absolute path nor the bare name of a program")))
}

/// Whether `word` stands alone at the start of `rest`.
fn is_word(rest: &str, word: &str) -> bool {
    let after = rest.strip_prefix(word).map(|after| after.as_bytes().first());
    matches!(after, Some(None | Some(b' ' | b'\t' | b'\n' | b'\r')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context, show};

    fn words(line: &str) -> String {
        let mut problems = Vec::new();
        let line = parse(line, &context("ExecStart", 262, "a@b.service"), &mut problems);
        let mut out = Vec::new();
        for command in line.commands {
            out.push(command.program.text.into_owned());
            out.extend(command.args.iter().map(|arg| arg.text.clone().into_owned()));
            out.push("|".to_owned());
        }
        out.pop();
        out.extend(problems.iter().map(show));
        out.join(" ")
    }

    #[test]
    fn lines_are_split() {
        for (line, expected) in [
            ("/bin/a", "/bin/a"),
            ("a b  c", "a b c"),
            ("-@/bin/a argv0 'b c'", "/bin/a argv0 b c"),
            ("/bin/a ; /bin/b x ;", "/bin/a | /bin/b x"),
            ("; /bin/a ;; b", "/bin/a ;; b"),
            ("/bin/a \\; b", "/bin/a ; b"),
            ("/bin/a \";\" b", "/bin/a ; b"),
            ("\"/bin/a b\" \\x41\"\\u00e4\"c", "/bin/a b Aäc"),
            ("|echo $HOME > x", "echo $HOME > x"),
            ("/bin/%i%%", "/bin/%i%%"),
            ("/bin/a 100%", "/bin/a 100%"),
            (
                "a \\d 'x\\.y'",
                concat!(
                    "a \\d x\\.y ",
                    "doubtful 2-4 \"\\d\" is no escape sequence and stays as it is; write a backslash as \"\\\\\" (fix: \\\\d) ",
                    "doubtful 7-9 \"\\.\" is no escape sequence and stays as it is; write a backslash as \"\\\\\" (fix: \\\\.)",
                ),
            ),
            ("/bin/a ; b/c", "/bin/a refused 9-12 \"b/c\" is neither an absolute path nor the bare name of a program"),
            ("/bin/a 'b", "refused 7-8 this quote is never closed"),
            ("-", "refused 1-1 the program is missing"),
            ("/bin/", "refused 0-5 \"/bin/\" is a directory, not a program"),
            (
                "@/bin/a",
                "refused 0-7 with \"@\" the name that the program shall see must follow it, as in \"@/bin/prog name\"",
            ),
            ("a %z", "refused 2-4 there is no specifier \"%z\"; write a percent sign as \"%%\" (perhaps: %%z)"),
            ("!!a", "a deprecated 0-2 systemd ignores the prefix \"!!\" since version 258"),
            ("/bin/a'b", "refused 6-7 this quote is never closed"),
            ("/bin/a\\'b", "refused 0-9 the path of a program can't have '\\'' in it"),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }

    #[test]
    fn globs_in_the_program_are_refused_by_and_by() {
        let message = "refused 5-6 the path of a program can't have '*' in it";
        assert_eq!(check("ExecStart", 252, "a.service", "/bin/*"), "");
        assert_eq!(check("ExecStart", 262, "a.service", "/bin/*"), message);
    }

    #[test]
    fn prefixes_are_read_once_each() {
        for (line, version, privileges, program) in [
            ("+/a", 262, Privileges::Full, "/a"),
            ("++a", 262, Privileges::Full, "+a"),
            ("!a", 252, Privileges::KeepUser, "a"),
            ("!!a", 252, Privileges::AmbientOrKeepUser, "a"),
            ("!!!a", 252, Privileges::AmbientOrKeepUser, "!a"),
            ("!+a", 252, Privileges::KeepUser, "+a"),
            ("|a", 252, Privileges::Normal, "|a"),
            ("|a", 258, Privileges::Normal, "a"),
            ("--a", 252, Privileges::Normal, "-a"),
        ] {
            let parsed = parse(line, &context("ExecStart", version, "a.service"), &mut Vec::new());
            let command = &parsed.commands[0];
            assert_eq!((command.prefixes.privileges, &*command.program.text), (privileges, program), "{line}");
        }
    }
}
