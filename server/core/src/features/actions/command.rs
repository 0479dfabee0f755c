use super::super::Document;
use super::{Action, line_end};
use crate::rules;
use crate::syntax::{Directive, Section};
use crate::text::{Edit, Span};
use crate::values::exec::{self, Command};
use crate::values::{self, ValueType};

/// How wide a line is at the most, in bytes, that is made by breaking up a longer one.
const WIDTH: usize = 80;

/// What lines that go on are indented by.
const INDENT: &str = "    ";

/// Runs the command at `span` by a shell.
pub(super) fn wrap(document: &Document, section: &Section, directive: &Directive, span: Span) -> Option<Action> {
    let value = &directive.value;
    let at = value.inner(span.start.max(value.span().start));
    let commands = commands(document, section, directive)?;
    let command = commands.iter().find(|command| at <= command.span.end)?;
    let script = rules::wrapped(value.text(), command)?;
    let place = value.source(Span { start: command.program.span.start, end: command.span.end });
    // Comments between the lines would go.
    let comments = document.file.comments.iter().any(|comment| place.start < comment.end && comment.start < place.end);
    (!comments).then(|| Action::new("Run it by /bin/sh -c", vec![Edit::replace(place, script)]))
}

/// Breaks a long command line up: before options, and where a line is full.
pub(super) fn split(document: &Document, section: &Section, directive: &Directive) -> Option<Action> {
    let value = &directive.value;
    let line = document.file.line(directive.span.start);
    if directive.span.len() <= WIDTH || line.end < directive.span.end || value.is_continued() {
        return None;
    }
    let text = value.text();
    let end = line_end(document.file.text);
    let mut edits = Vec::new();
    let mut width = (value.span().start - line.start) as usize;
    let mut done = 0;
    for (count, command) in commands(document, section, directive)?.iter().enumerate() {
        let first = Span { start: command.span.start, end: command.program.span.end };
        for (at, word) in std::iter::once(first).chain(command.args.iter().map(|word| word.span)).enumerate() {
            let written = &text[word];
            let long = width + (word.end - done) as usize + " \\".len() > WIDTH;
            let wanted = if at == 0 { count > 0 } else { written.starts_with('-') || long };
            // What begins with one of these would be a comment.
            if wanted && !written.starts_with(['#', ';']) {
                let before = text[..word.start as usize].trim_end_matches([' ', '\t']).len();
                let gap = value.source(Span { start: before as u32, end: word.start });
                edits.push(Edit::replace(gap, format!(" \\{end}{INDENT}")));
                width = INDENT.len() + word.len();
            } else {
                width += (word.end - done) as usize;
            }
            done = word.end;
        }
    }
    (!edits.is_empty()).then(|| Action::new("Split the line", edits))
}

/// The commands of a directive that has some, if systemd takes them all.
fn commands<'a>(document: &Document, section: &Section, directive: &'a Directive) -> Option<Vec<Command<'a>>> {
    let entry = document.entry(section, directive).filter(|entry| matches!(entry.value, ValueType::Exec))?;
    let context = document.context(entry);
    let mut problems = Vec::new();
    let line = exec::parse(directive.value.text(), &context, &mut problems);
    let refused = problems.iter().any(|problem| problem.kind == values::ProblemKind::Refused);
    (!refused && !line.commands.is_empty()).then_some(line.commands)
}
