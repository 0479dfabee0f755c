use super::super::{Document, Part};
use crate::schema;
use crate::syntax::{File, Section};
use crate::text::{Edit, Span};
use crate::values::ValueType;
use crate::values::supervisord::Kind;

/// A place where a program or group is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// What is named.
    pub name: &'a str,
    /// Whether it is a program or a group.
    pub kind: NameKind,
    /// Which of the files of the configuration.
    pub file: usize,
    /// Where.
    pub span: Span,
    /// Whether it is the header of its section.
    pub sets: bool,
}

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A program, a FastCGI program or an event listener.
    Program,
    /// A group.
    Group,
}

/// Where `files` name programs and groups, in their order.
pub fn names<'a>(files: &'a [File<'a>]) -> impl Iterator<Item = Name<'a>> {
    files.iter().enumerate().flat_map(|(at, file)| {
        let sections = file.sections.iter();
        sections.flat_map(move |section| header(at, section).into_iter().chain(members(at, file, section)))
    })
}

/// The name in the header of a section.
fn header<'a>(file: usize, section: &'a Section<'a>) -> Option<Name<'a>> {
    let (kind, title) = section.name.split_once(':')?;
    let kind = match kind {
        "program" | "fcgi-program" | "eventlistener" => NameKind::Program,
        "group" => NameKind::Group,
        _ => return None,
    };
    let name = title.trim();
    let span = Span::of(name, &section.name).shift(section.name_span.start as usize);
    (!name.is_empty()).then_some(Name { name, kind, file, span, sets: true })
}

/// The programs of a group.
fn members<'a>(at: usize, file: &'a File<'a>, section: &'a Section<'a>) -> impl Iterator<Item = Name<'a>> {
    let known = schema::supervisord::section(&section.name);
    let lists = file.directives_of(section).iter().filter(move |directive| {
        let entry = known.and_then(|known| known.get(&directive.key));
        entry.is_some_and(|entry| matches!(entry.value, ValueType::Supervisord(Kind::Programs)))
    });
    lists.flat_map(move |directive| {
        let text = directive.value.text();
        let words = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        words.map(move |name| {
            let span = directive.value.source(Span::of(name, text));
            Name { name, kind: NameKind::Program, file: at, span, sets: false }
        })
    })
}

/// The program or group that is named at `offset`.
pub fn name_at<'a>(document: &Document<'a>, offset: u32) -> Option<Name<'a>> {
    let configured = document.configured?;
    if matches!(document.place(offset).part, Part::Comment(_)) {
        return None;
    }
    let own = names(configured.config.files).filter(|name| name.file == configured.at);
    own.take_while(|name| name.span.start <= offset).find(|name| offset <= name.span.end)
}

/// Lets a program or group be called `new`: the edits of each file of the configuration.
///
/// # Errors
///
/// Why it can't be.
pub fn rename(document: &Document, name: &Name, new: &str) -> Result<Vec<(usize, Edit)>, String> {
    let files = document.configured.map(|configured| configured.config.files).unwrap_or_default();
    let refused = |why: &str| Err(format!("\"{new}\" can't be the name of a program or group: {why}"));
    if new.trim() != new || new.is_empty() {
        return refused("it is empty, or has blanks around it");
    }
    if let Some(bad) = new.chars().find(|c| matches!(c, ':' | '/' | ',' | ']' | '%' | ';' | '#') || c.is_control()) {
        return refused(&format!("it has {bad:?} in it"));
    }
    let same = |other: &Name| other.kind == name.kind && other.name == name.name;
    if names(files).any(|other| other.sets && other.kind == name.kind && other.name == new && !same(&other)) {
        return refused("there is another one of this name");
    }
    Ok(names(files).filter(same).map(|one| (one.file, Edit { span: one.span, text: new.to_owned() })).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Open, cursor};
    use super::*;

    const MAIN: &str = "[program:web]\ncommand=a\n[group:web]\nprograms = db,\n  web ; web\n[eventlistener:l]\n";

    #[test]
    fn programs_are_found_in_groups_of_other_files() {
        let (text, offset) = cursor("[program:db]\ncommand=b\n[group:g]\nprograms=w$0eb, x\n");
        Open { fragment: Some(MAIN), ..Open::new("supervisord.d/a.ini", &text) }.with(|document| {
            let name = name_at(document, offset).expect("a name");
            assert_eq!((name.name, name.kind, name.sets), ("web", NameKind::Program, false));
            let files = document.configured.expect("a configuration").config.files;
            let edits = rename(document, &name, "www").expect("a good name");
            let shown: Vec<_> = edits.iter().map(|(file, _)| *file).collect();
            assert_eq!(shown, [0, 0, 1]);
            assert!(edits.iter().all(|(file, edit)| &files[*file].text[edit.span] == "web"));
            assert!(rename(document, &name, "db").is_err());
            assert!(rename(document, &name, "a:b").is_err());
        });
    }
}
