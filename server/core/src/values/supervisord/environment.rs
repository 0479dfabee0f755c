//! `environment=` (`dict_of_key_value_pairs`).

use std::borrow::Cow;

use super::shlex::{self, Word};
use crate::text::Span;
use crate::values::{Problem, ProblemKind, shown, whole};

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
    let whole = problems[before..].iter().all(|problem| problem.kind != ProblemKind::Refused);
    let mut assignments = Vec::new();
    for (at, group) in tokens.chunks(4).enumerate() {
        let (name, value) = match group {
            [name, equals, value, ..] if equals.text == "=" => (name, value),
            _ => {
                if whole {
                    problems.push(broken(text, &tokens[at.saturating_sub(1) * 4..at * 4], group));
                }
                return assignments;
            }
        };
        assignments.push(Assignment {
            name: name.text.clone(),
            name_span: name.span,
            value: value.text.trim_matches(['\'', '"']).to_owned(),
            value_span: value.span,
        });
    }
    if whole {
        doubts(&tokens, problems);
    }
    assignments
}

/// The problem of the tokens `group`, which are no assignment, behind those of the one `before`.
fn broken(text: &str, before: &[Word], group: &[Word]) -> Problem {
    if let [name, _, value, comma] = before {
        if value.text == "," {
            return comma_as_value(name, value);
        }
        if comma.text != "," {
            let message = format!("the value of {} is over here; put it in quotes", shown(&name.text));
            return Problem::refused(comma.span, message);
        }
    }
    let Some(first) = group.first() else { return Problem::refused(whole(text), "an assignment is missing") };
    match group {
        [name, equals] if equals.text == "=" => {
            let span = Span { start: name.span.start, end: equals.span.end };
            Problem::refused(span, "the value is missing").or(format!("{}=\"\"", &text[name.span]), false)
        }
        _ => Problem::refused(first.span, format!("\"{}\" is no assignment; write NAME=\"value\"", shown(&first.text))),
    }
}

fn comma_as_value(name: &Word, comma: &Word) -> Problem {
    let message = format!("this comma is the value of {}; write \"\" for an empty one", shown(&name.text));
    Problem::refused(comma.span, message).or("\"\",", false)
}

/// What is taken, though hardly as meant.
fn doubts(tokens: &[Word], problems: &mut Vec<Problem>) {
    for group in tokens.chunks(4) {
        let [name, _, value, rest @ ..] = group else { return };
        if value.text == "," {
            problems.push(Problem { kind: ProblemKind::Doubtful, ..comma_as_value(name, value) });
        } else if let Some(comma) = rest.first().filter(|comma| comma.text != ",") {
            let message =
                format!("supervisord passes over \"{}\" here; assignments have a comma in between", &*comma.text);
            problems.push(Problem::doubtful(comma.span, message));
        }
    }
}
