//! Credentials (`config_parse_load_credential` and its like,
//! `credential_name_valid` of `src/shared/creds-util.c`).

use super::path;
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, base64, escape, name, shown, whole};
use crate::schema::Version;

/// A credential and what is given for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential<'t> {
    /// Its name, or the pattern of an import.
    pub name: Word<'t>,
    /// What follows the colon, raw: a path or a credential of the manager, the
    /// data itself, or a new name.
    pub rest: Option<Word<'t>>,
}

/// The value of `LoadCredential=` or `LoadCredentialEncrypted=`.
pub fn parse_load<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Credential<'t>> {
    let credential = split(text, context, problems, valid_name)?;
    if let Some(source) = &credential.rest {
        specifier::resolve(source, Place::PATH, context, problems, |text| {
            if !path::is_absolute(text) {
                return valid_name(text);
            }
            if path::is_normalized(text) {
                return Ok(());
            }
            let message = format!("\"{}\" has \"..\", \".\" or more than one slash together in it", shown(text));
            Err(Problem::refused(whole(text), message))
        })?;
    }
    Some(credential)
}

/// The value of `SetCredential=` or `SetCredentialEncrypted=`.
pub fn parse_set<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Credential<'t>> {
    let credential = split(text, context, problems, valid_name)?;
    let Some(data) = &credential.rest else {
        problems.push(Problem::refused(whole(text), "a credential is set as its name, \":\" and its data"));
        return None;
    };
    let start = text.len() - data.text.len();
    let checked = if context.directive.name == "SetCredentialEncrypted" {
        base64::check(text, start)
    } else {
        escape::resolve(text, start, true).map(drop)
    };
    checked.map_err(|problem| problems.push(problem)).ok()?;
    Some(credential)
}

/// The value of `ImportCredential=`.
pub fn parse_import<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Credential<'t>> {
    if context.version < Version(257) {
        let name = Word::whole(text);
        specifier::resolve(&name, Place::NAME, context, problems, valid_glob)?;
        return Some(Credential { name, rest: None });
    }
    let credential = split(text, context, problems, valid_glob)?;
    if let Some(new) = &credential.rest
        && let Err(problem) = valid_name(&new.text)
    {
        problems.push(Problem { span: new.place(problem.span), ..problem });
        return None;
    }
    Some(credential)
}

/// The name in front of the first colon and the text behind.
fn split<'t>(
    text: &'t str,
    context: &Context,
    problems: &mut Vec<Problem>,
    judge: fn(&str) -> Result<(), Problem>,
) -> Option<Credential<'t>> {
    let mut words = Words::new(text, Style::COLONS);
    let name = words.next_word(problems)?;
    specifier::resolve(&name, Place::NAME, context, problems, judge)?;
    Some(Credential { name, rest: words.remainder().filter(|rest| !rest.text.is_empty()) })
}

fn valid_name(text: &str) -> Result<(), Problem> {
    if path::is_file_name(text) && name::is_fd(text) {
        return Ok(());
    }
    let message =
        format!("\"{}\" is no name of a credential: it must be a file name in ASCII without \":\"", shown(text));
    Err(Problem::refused(whole(text), message))
}

/// `credential_glob_valid`.
fn valid_glob(text: &str) -> Result<(), Problem> {
    match text.find(['*', '?', '[', ']']) {
        None => valid_name(text),
        Some(at) if &text[at..] != "*" => {
            let message =
                format!("\"{}\" is no pattern of credentials: only a \"*\" at its end is allowed", shown(text));
            Err(Problem::refused(whole(text), message))
        }
        Some(0) => Ok(()),
        Some(at) => valid_name(&text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names_and_sources() {
        let name = "is no name of a credential: it must be a file name in ASCII without \":\"";
        for (directive, text, expected) in [
            ("LoadCredential", "a", String::new()),
            ("LoadCredential", "a:/etc/a", String::new()),
            ("LoadCredential", "a:b", String::new()),
            ("LoadCredential", "a/b:/etc/a", format!("refused 0-3 \"a/b\" {name}")),
            (
                "LoadCredential",
                "a:/etc//a",
                "refused 2-9 \"/etc//a\" has \"..\", \".\" or more than one slash together in it".into(),
            ),
            ("SetCredential", r"a:b\n", String::new()),
            ("SetCredential", "a", "refused 0-1 a credential is set as its name, \":\" and its data".into()),
            (
                "SetCredential",
                r"a:\q",
                "refused 2-4 \"\\q\" is no escape sequence; write a backslash as \"\\\\\" (perhaps: \\\\q)".into(),
            ),
            ("SetCredentialEncrypted", "a:_", "refused 2-3 '_' is no character of Base64".into()),
            ("ImportCredential", "a.*", String::new()),
            ("ImportCredential", "a.*:b.", String::new()),
            (
                "ImportCredential",
                "a*b",
                "refused 0-3 \"a*b\" is no pattern of credentials: only a \"*\" at its end is allowed".into(),
            ),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected, "{directive}={text}");
        }
    }
}
