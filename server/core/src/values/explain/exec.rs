//! Command lines: what the prefixes ask for, and what the process gets.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::exec::{self, Command, Prefixes, Privileges};
use super::super::words::{Style, Words};
use super::super::{Context, words::Word};
use super::{Explanation, Scene, Variable, specifier};
use crate::schema::Version;
use crate::text::Span;
use crate::text::markdown::{code, push_visible};

/// The most arguments that are told one by one.
const MOST: usize = 40;
/// The most characters of one of them.
const LONGEST: usize = 200;

/// The prefixes, the program or an argument of the command at `offset`.
pub(super) fn at(text: &str, scene: &Scene, offset: u32) -> Option<Explanation> {
    let context = &scene.context;
    let line = exec::parse(text, context, &mut Vec::new());
    let command = line.commands.into_iter().find(|command| holds(command.span, offset))?;
    if offset < command.prefix_span.end {
        return Some(Explanation { span: command.prefix_span, markdown: prefixes(&command.prefixes, context) });
    }
    let words: Vec<&Word> = std::iter::once(&command.program).chain(&command.args).collect();
    let here = words.iter().position(|word| holds(word.span, offset))?;
    let mut argv = Argv::of(&command, scene);
    let program = code(&specifier::resolve(&command.program.text, context));
    let mut out = match here {
        0 if command.prefixes.shell => "Run by the shell of the unit's user.".to_owned(),
        0 => format!("The program {program}{}", search(&command.program.text)),
        1 if command.prefixes.argv0 => format!("What {program} sees as its own name."),
        _ => format!("For {program}."),
    };
    if command.prefixes != Prefixes::default() {
        let _ = write!(out, "\n\n{}", prefixes(&command.prefixes, context));
    }
    let _ = write!(out, "\n\nThe process gets\n\n```text\n{}```", argv.shown(here));
    let specifiers = words.iter().flat_map(|word| specifier::unknown(&word.text, context));
    argv.open.extend(specifiers.map(|letter| format!("`%{letter}`")));
    if !argv.open.is_empty() {
        let open: Vec<&str> = argv.open.iter().take(MOST).map(String::as_str).collect();
        let _ = write!(out, "\n\nOnly known at run time: {}.", open.join(", "));
    }
    Some(Explanation { span: words[here].span, markdown: out })
}

/// The variable that a command line refers to at `offset`, and where.
pub fn variable_at<'t>(text: &'t str, context: &Context, offset: u32) -> Option<(&'t str, Span)> {
    let (name, span) = dollar_at(text, offset)?;
    let line = exec::parse(text, context, &mut Vec::new());
    let command = line.commands.iter().find(|command| holds(command.span, offset))?;
    (!command.prefixes.no_variables).then_some((name, span))
}

/// What follows the dollar sign at `offset`, if that is a name.
fn dollar_at(text: &str, offset: u32) -> Option<(&str, Span)> {
    dollars(text).take_while(|(_, span)| span.start <= offset).find(|(_, span)| offset < span.end)
}

/// The names behind dollar signs, `$NAME` and `${NAME}`, and where they stand.
pub(in crate::values) fn dollars(text: &str) -> impl Iterator<Item = (&str, Span)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let dollar = at + memchr::memchr(b'$', text.as_bytes().get(at..)?)?;
            let behind = &text[dollar + 1..];
            if behind.starts_with('$') {
                at = dollar + 2;
                continue;
            }
            let inner = behind.strip_prefix('{');
            let name = inner.unwrap_or(behind);
            let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
            let brackets = if inner.is_some() { 1 + usize::from(name[length..].starts_with('}')) } else { 0 };
            let span = Span::new(dollar, dollar + 1 + length + brackets);
            at = span.end as usize;
            if length > 0 {
                return Some((&name[..length], span));
            }
        }
    })
}

fn holds(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

/// How a program is found that isn't named by its path.
fn search(program: &str) -> &'static str {
    match program.starts_with('/') {
        true => ".",
        false => ", looked for in `ExecSearchPath=` or in the directories that systemd was built with, not in `$PATH`.",
    }
}

/// A line for each prefix.
fn prefixes(prefixes: &Prefixes, context: &Context) -> String {
    let Prefixes { ignore_failure, argv0, no_variables, shell, privileges } = *prefixes;
    let privileges = match privileges {
        Privileges::Normal => None,
        Privileges::Full => {
            Some("- `+`: run with full privileges: user, capabilities, sandbox and file system of the unit don't apply")
        }
        Privileges::KeepUser => {
            Some("- `!`: run as the manager's own user, `User=` and `Group=` don't apply; the rest does")
        }
        Privileges::AmbientOrKeepUser if context.version >= Version(258) => {
            Some("- `!!`: without effect since systemd 258")
        }
        Privileges::AmbientOrKeepUser => Some(
            "- `!!`: as `!`, but only where the kernel has no ambient capabilities: without effect since Linux 4.3",
        ),
    };
    let lines = [
        ignore_failure.then_some("- `-`: a failure is noted and counts as success"),
        argv0.then_some("- `@`: the word behind the program is passed as `argv[0]`"),
        no_variables.then_some("- `:`: variables aren't expanded, a `$` is a dollar sign"),
        shell.then_some("- `|`: the line is run by the shell of the unit's user, with `-c`"),
        privileges,
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What a process gets as arguments.
struct Argv {
    /// Each with the index of the word it is made from.
    arguments: Vec<(usize, String)>,
    /// The variables that are only known at run time, as code.
    open: BTreeSet<String>,
}

impl Argv {
    fn of(command: &Command, scene: &Scene) -> Self {
        let context = &scene.context;
        let mut argv = Argv { arguments: Vec::new(), open: BTreeSet::new() };
        let resolved = |word: &Word| specifier::resolve(&word.text, context).into_owned();
        if command.prefixes.shell {
            let words: Vec<String> = std::iter::once(&command.program).chain(&command.args).map(resolved).collect();
            let name = if command.prefixes.argv0 { "-sh" } else { "sh" };
            argv.arguments = vec![(0, name.to_owned()), (0, "-c".to_owned()), (0, words.join(" "))];
            return argv;
        }
        let skipped = usize::from(command.prefixes.argv0);
        let first = if skipped == 1 { command.args.first() } else { None };
        argv.arguments.push((skipped, resolved(first.unwrap_or(&command.program))));
        for (at, word) in command.args.iter().enumerate().skip(skipped) {
            let text = resolved(word);
            match command.prefixes.no_variables {
                true => argv.arguments.push((at + 1, text)),
                false => argv.expand(at + 1, &text, scene.variables),
            }
        }
        argv
    }

    /// Adds what becomes of a word with variables (`replace_env_argv` of `src/basic/env-util.c`).
    fn expand(&mut self, at: usize, word: &str, variables: &[Variable]) {
        let find = |name: &str| variables.binary_search_by(|known| known.name.as_str().cmp(name)).ok();
        let value = |name: &str| find(name).map(|at| &*variables[at].value);
        if let Some(name) = word.strip_prefix('$').filter(|name| !name.starts_with(['{', '$'])) {
            match value(name) {
                _ if !is_name(name) => {}
                Some(value) => {
                    let words = Words::new(value, Style::QUOTED).map_while(Result::ok);
                    self.arguments.extend(words.map(|word| (at, word.text.into_owned())));
                }
                None => {
                    self.arguments.push((at, word.to_owned()));
                    self.open.insert(format!("`${name}`"));
                }
            }
            return;
        }
        let mut out = String::with_capacity(word.len());
        let mut rest = word;
        while let Some(dollar) = rest.find('$') {
            out.push_str(&rest[..dollar]);
            rest = &rest[dollar + 1..];
            let braced = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            if let Some(behind) = rest.strip_prefix('$') {
                out.push('$');
                rest = behind;
            } else if let Some((name, behind)) = braced {
                match value(name) {
                    Some(value) => out.push_str(value),
                    None if is_name(name) => {
                        let _ = write!(out, "${{{name}}}");
                        self.open.insert(format!("`${name}`"));
                    }
                    None => {}
                }
                rest = behind;
            } else {
                out.push('$');
            }
        }
        out.push_str(rest);
        self.arguments.push((at, out));
    }

    /// One argument a line, those of the word `here` marked.
    fn shown(&self, here: usize) -> String {
        let mut out = String::new();
        for (index, (word, text)) in self.arguments.iter().take(MOST).enumerate() {
            let _ = write!(out, "{} {index}  ", if *word == here { '→' } else { ' ' });
            text.chars().take(LONGEST).for_each(|c| push_visible(c, &mut out));
            out.push_str(if text.chars().nth(LONGEST).is_some() { "…\n" } else { "\n" });
        }
        let more = self.arguments.len().saturating_sub(MOST);
        if more > 0 {
            let _ = writeln!(out, "  … and {more} more");
        }
        out
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
