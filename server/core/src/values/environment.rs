//! `Environment=` and what else names variables (`src/basic/env-util.c`).

use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, ValueType, shown, whole};
use crate::text::Span;

/// One variable of `Environment=`, `UnsetEnvironment=` or `LogExtraFields=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<'t> {
    /// The whole of it, specifiers not resolved.
    pub word: Word<'t>,
    /// How long the name in front of the `=` is; `None` where there is only a name.
    equals: Option<usize>,
}

impl Assignment<'_> {
    /// The name.
    pub fn name(&self) -> &str {
        &self.word.text[..self.equals.unwrap_or(self.word.text.len())]
    }

    /// What is assigned.
    pub fn value(&self) -> Option<&str> {
        self.equals.map(|equals| &self.word.text[equals + 1..])
    }

    /// Where the name stands.
    pub fn name_span(&self) -> Span {
        self.word.place(whole(self.name()))
    }

    fn new(word: Word) -> Assignment {
        let equals = word.text.find('=');
        Assignment { word, equals }
    }
}

/// The variables of `Environment=`; bad ones are dropped.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Assignment<'t>> {
    read(text, Style::COMMAND, context, problems, assignment)
}

/// The variables of `UnsetEnvironment=`, with or without a value.
pub fn parse_unset<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Assignment<'t>> {
    read(text, Style::COMMAND, context, problems, |text| if text.contains('=') { assignment(text) } else { name(text) })
}

/// The names of `PassEnvironment=`.
pub fn parse_names<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let assignments = read(text, Style::QUOTED, context, problems, name);
    assignments.into_iter().map(|assignment| assignment.word).collect()
}

/// The fields of `LogExtraFields=`.
pub fn parse_fields<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Assignment<'t>> {
    read(text, Style::COMMAND, context, problems, field)
}

fn read<'t>(
    text: &'t str,
    style: Style,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: fn(&str) -> Result<(), Problem>,
) -> Vec<Assignment<'t>> {
    // A log field may have any bytes.
    let utf8 = !matches!(context.directive.value, ValueType::LogExtraFields);
    let mut assignments = Vec::new();
    let mut words = Words::new(text, style);
    while let Some(word) = words.next_word(problems) {
        let judged = specifier::resolve(&word, Place::TEXT, context, problems, |text| {
            judge(text)?;
            if word.is_lossy() && utf8 {
                Err(Problem::refused(whole(text), "a variable must be UTF-8"))
            } else {
                Ok(())
            }
        });
        if judged.is_some() {
            assignments.push(Assignment::new(word));
        }
    }
    assignments
}

/// `env_assignment_is_valid`.
fn assignment(text: &str) -> Result<(), Problem> {
    match text.split_once('=') {
        Some((name, _)) => self::name(name),
        None => {
            let message = format!(
                "\"{}\" is no assignment NAME=VALUE; a value with blanks needs quotes around the whole, as in \"NAME=a b\"",
                shown(text)
            );
            Err(Problem::refused(whole(text), message))
        }
    }
}

/// `env_name_is_valid`.
fn name(name: &str) -> Result<(), Problem> {
    let bad = |char: char| !char.is_ascii_alphanumeric() && char != '_';
    let problem = |span, message: String| Err(Problem::refused(span, message));
    if name.is_empty() {
        return problem(whole(name), "the name of the variable is missing".to_owned());
    }
    if name.starts_with(|char: char| char.is_ascii_digit()) {
        return problem(whole(name), format!("the name of a variable can't begin with a digit: \"{}\"", shown(name)));
    }
    match name.char_indices().find(|(_, char)| bad(*char)) {
        Some((at, char)) => problem(
            Span::new(at, at + char.len_utf8()),
            format!("the name of a variable has only letters, digits and \"_\", not {char:?}"),
        ),
        None => Ok(()),
    }
}

/// `journal_field_valid`.
fn field(text: &str) -> Result<(), Problem> {
    let problem = |span, message: &str| Err(Problem::refused(span, message));
    let Some((name, _)) = text.split_once('=') else {
        return problem(whole(text), "a log field is written FIELD=VALUE");
    };
    let bad = |char: char| !char.is_ascii_uppercase() && !char.is_ascii_digit() && char != '_';
    match name.as_bytes() {
        [] => problem(whole(name), "the name of the log field is missing"),
        [b'_', ..] => problem(whole(name), "only the journal itself sets fields that begin with \"_\""),
        [b'0'..=b'9', ..] => problem(whole(name), "the name of a log field can't begin with a digit"),
        _ if name.len() > 64 => problem(whole(name), "the name of a log field has 64 characters at the most"),
        _ if name.contains(bad) => {
            problem(whole(name), "the name of a log field has only capital letters, digits and \"_\"")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context};

    #[test]
    fn assignments_have_names_and_values() {
        let mut problems = Vec::new();
        let text = r#"A=1 "B=x y" C="d e" D= E=%i\x20"#;
        let read = parse(text, &context("Environment", 262, "a.service"), &mut problems);
        let read: Vec<_> = read.iter().map(|it| (it.name(), it.value().unwrap(), &text[it.name_span()])).collect();
        assert_eq!(problems, []);
        assert_eq!(
            read,
            [("A", "1", "A"), ("B", "x y", "B"), ("C", "d e", r#"C="d e""#), ("D", "", "D"), ("E", "%i ", r"E=%i\x20")]
        );
    }

    #[test]
    fn bad_ones_are_named() {
        let quotes = "a value with blanks needs quotes around the whole, as in \"NAME=a b\"";
        for (directive, text, expected) in [
            ("Environment", "A=b c", format!("refused 4-5 \"c\" is no assignment NAME=VALUE; {quotes}")),
            ("Environment", "1A=b", "refused 0-2 the name of a variable can't begin with a digit: \"1A\"".into()),
            ("Environment", "=b", "refused 0-0 the name of the variable is missing".into()),
            (
                "Environment",
                "A-B=b",
                "refused 1-2 the name of a variable has only letters, digits and \"_\", not '-'".into(),
            ),
            ("Environment", "A='b", "refused 2-3 this quote is never closed".into()),
            ("Environment", r"A=\xff", "refused 0-6 a variable must be UTF-8".into()),
            (
                "PassEnvironment",
                "A B=",
                "refused 3-4 the name of a variable has only letters, digits and \"_\", not '='".into(),
            ),
            ("UnsetEnvironment", "A B=c", String::new()),
            ("LogExtraFields", "A=b", String::new()),
            (
                "LogExtraFields",
                "a=b",
                "refused 0-1 the name of a log field has only capital letters, digits and \"_\"".into(),
            ),
            ("LogExtraFields", "_A=b", "refused 0-2 only the journal itself sets fields that begin with \"_\"".into()),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected, "{directive}={text}");
        }
    }
}
