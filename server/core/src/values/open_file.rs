//! `OpenFile=` (`open_file_parse` of `src/shared/open-file.c`).

use super::words::{Escapes, Style, Word, Words};
use super::{Context, Problem, member, name, path, shown, whole};
use crate::schema::sets;

/// A file that is opened for the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile<'t> {
    /// Its path.
    pub path: Word<'t>,
    /// The name of its descriptor, if it isn't that of the file.
    pub name: Option<Word<'t>>,
    /// Options, with commas in between.
    pub options: Option<Word<'t>>,
}

/// Reads a path, and maybe a name and options, with colons in between.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<OpenFile<'t>> {
    read(text, context).map_err(|problem| problems.push(problem)).ok()
}

fn read<'t>(text: &'t str, context: &Context) -> Result<OpenFile<'t>, Problem> {
    let mut words = Words::new(text, Style { escapes: Escapes::C, ..Style::COLONS });
    let path = words.next().transpose()?;
    let name = words.next().transpose()?;
    let options = words.next().transpose()?;
    if let Some(rest) = words.remainder().filter(|rest| !rest.text.is_empty()) {
        return Err(Problem::refused(rest.span, "only a path, a name and options can stand here"));
    }
    let path = path.ok_or_else(|| Problem::refused(whole(text), "a path is missing"))?;
    if let Some(options) = &options {
        check_options(options, context)?;
    }
    let name = name.filter(|name| !name.text.is_empty());
    if !path::is_valid(&path.text) || !path::is_absolute(&path.text) {
        let message = format!("\"{}\" is not an absolute path", shown(&path.text));
        return Err(Problem::refused(path.span, message));
    }
    match &name {
        Some(name) => name::fd(&name.text).map_err(|problem| Problem { span: name.span, ..problem })?,
        None => {
            let last = path.text.split('/').rev().find(|part| !matches!(*part, "" | ".")).unwrap_or_default();
            if !path::is_file_name(last) {
                return Err(Problem::refused(path.span, format!("\"{}\" is no path of a file", shown(&path.text))));
            }
            name::fd(last).map_err(|problem| Problem { span: path.span, ..problem })?;
        }
    }
    Ok(OpenFile { path, name, options })
}

fn check_options(options: &Word, context: &Context) -> Result<(), Problem> {
    let commas = Style { separators: b",", ..Style::BARE };
    let mut seen: Vec<&'static str> = Vec::new();
    for option in Words::inside(options, commas) {
        let option = option?;
        let word = member::find(&option.text, option.span, &sets::OPEN_FILE_FLAG, context)?;
        let exclusive = |word: &str| word != "graceful";
        if seen.contains(&word.text) {
            return Err(Problem::refused(option.span, format!("\"{}\" is there twice", word.text)));
        }
        if let (true, Some(other)) = (exclusive(word.text), seen.iter().find(|seen| exclusive(seen))) {
            let message = format!("\"{}\" and \"{other}\" exclude each other", word.text);
            return Err(Problem::refused(option.span, message));
        }
        seen.push(word.text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn parts_are_judged() {
        for (text, expected) in [
            ("/etc/x", ""),
            ("/etc/x:name:read-only,graceful", ""),
            ("/etc/x::graceful", ""),
            ("x", "refused 0-1 \"x\" is not an absolute path"),
            ("/", "refused 0-1 \"/\" is no path of a file"),
            ("/x:a:b", "refused 5-6 there is no option \"b\""),
            ("/x:a:read-only,append", "refused 15-21 \"append\" and \"read-only\" exclude each other"),
            ("/x:a:graceful:b", "refused 14-15 only a path, a name and options can stand here"),
        ] {
            assert_eq!(check("OpenFile", 262, "a.service", text), expected, "{text}");
        }
    }
}
