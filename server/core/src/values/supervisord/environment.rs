//! `environment=` (`dict_of_key_value_pairs`).

use std::borrow::Cow;

use super::shlex::{self, Word};
use crate::text::Span;
use crate::values::{Problem, shown};

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<'t> {
    /// Its name, as the process sees it: with quotes where those stand round it.
    pub name: Cow<'t, str>,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: String,
    /// Where the value stands, quotes included.
    pub value_span: Span,
}

/// The variables in their order; of two with one name the last holds.
///
/// supervisor reads a name, a `=`, a value, and passes over whatever comes then, which
/// should be a comma. Quotes are taken away from both ends of a value, however many.
pub fn parse<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Assignment<'t>> {
    let before = problems.len();
    let tokens = shlex::tokens(text, problems);
    let mut assignments = Vec::new();
    for group in tokens.chunks(4) {
        let [name, equals, value, ..] = group else {
            unfinished(text, group, problems);
            break;
        };
        if equals.text != "=" {
            not_assigned(name, equals, problems);
            break;
        }
        assignments.push(Assignment {
            name: name.text.clone(),
            name_span: name.span,
            value: value.text.trim_matches(['\'', '"']).to_owned(),
            value_span: value.span,
        });
    }
    if problems.len() == before {
        doubts(text, &tokens, problems);
    }
    assignments
}

fn unfinished(text: &str, group: &[Word], problems: &mut Vec<Problem>) {
    let Some(first) = group.first() else { return };
    let message = match group {
        [_, equals] if equals.text == "=" => {
            let problem =
                Problem::refused(Span { start: first.span.start, end: equals.span.end }, "the value is missing");
            let replacement = format!("{}=\"\"", &text[first.span]);
            problems.push(problem.or(replacement, false));
            return;
        }
        _ => format!("\"{}\" is no assignment; write NAME=\"value\"", shown(&first.text)),
    };
    problems.push(Problem::refused(first.span, message));
}

fn not_assigned(name: &Word, equals: &Word, problems: &mut Vec<Problem>) {
    let message = format!("\"=\" is expected behind \"{}\", not \"{}\"", shown(&name.text), shown(&equals.text));
    problems.push(match (&*name.text, &*equals.text) {
        ("=", _) => Problem::refused(name.span, "the assignment before isn't over here: put its value in quotes"),
        (",", _) => Problem::refused(name.span, "a name is expected, not a comma"),
        _ => Problem::refused(equals.span, message),
    });
}

/// What is taken, though hardly as meant.
fn doubts(text: &str, tokens: &[Word], problems: &mut Vec<Problem>) {
    for group in tokens.chunks(4) {
        let [name, _, value, rest @ ..] = group else { return };
        if value.text == "," {
            let message = format!("this comma is the value of {}; write \"\" for an empty one", shown(&name.text));
            problems.push(Problem::doubtful(value.span, message).or("\"\",", false));
        } else if let Some(comma) = rest.first().filter(|comma| comma.text != ",") {
            let message =
                format!("supervisord passes over \"{}\" here; assignments have a comma in between", &*comma.text);
            problems.push(Problem::doubtful(comma.span, message));
        }
    }
    let quoted =
        |at: usize| tokens.iter().any(|token| token.span.range().contains(&at) && token.text.starts_with(['"', '\'']));
    if let Some(at) = text.match_indices('#').map(|(at, _)| at).find(|at| !quoted(*at)) {
        let message = "\"#\" begins a comment here; put the value in quotes";
        problems.push(Problem::doubtful(Span::new(at, at + 1), message));
    }
}
