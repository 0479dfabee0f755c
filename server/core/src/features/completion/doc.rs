use std::fmt;

use super::super::Neighbour;
use super::super::hover::{manual, setting, unit_name};
use crate::schema::{self, Directive, Section, Set, Word, sets};

/// What an item's documentation is about.
///
/// As text, `[Unit]`, `Unit/After`, `kill-mode:mixed` or `unit`, it can be kept by an editor until it is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Doc {
    /// A section.
    Section(&'static Section),
    /// A directive of a section.
    Directive(&'static Section, &'static Directive),
    /// A word of a set.
    Word(&'static Set, &'static Word),
    /// The unit that the item is called after: [`resolve_unit`] has it.
    Unit,
}

impl Doc {
    /// What `text` names.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "unit" {
            return Some(Doc::Unit);
        }
        if let Some(name) = text.strip_prefix('[') {
            return section_of(name.strip_suffix(']')?).map(Doc::Section);
        }
        if let Some((set, word)) = text.split_once(':') {
            let set = sets::ALL[sets::ALL.binary_search_by(|other| other.name.cmp(set)).ok()?];
            return set.get(word).map(|word| Doc::Word(set, word));
        }
        let (section, name) = text.split_once('/')?;
        let section = section_of(section)?;
        section.get(name).map(|entry| Doc::Directive(section, entry))
    }
}

/// The section `name` of unit files, or the sections of this type of supervisord.conf.
fn section_of(name: &str) -> Option<&'static Section> {
    schema::section(name).or_else(|| schema::supervisord::section_of_type(name))
}

impl fmt::Display for Doc {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Doc::Section(section) => write!(f, "[{}]", section.name),
            Doc::Directive(section, entry) => write!(f, "{}/{}", section.name, entry.name),
            Doc::Word(set, word) => write!(f, "{}:{}", set.name, word.text),
            Doc::Unit => f.write_str("unit"),
        }
    }
}

impl PartialEq for Doc {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Doc::Section(a), Doc::Section(b)) => std::ptr::eq(*a, *b),
            (Doc::Directive(a, x), Doc::Directive(b, y)) => std::ptr::eq(*a, *b) && std::ptr::eq(*x, *y),
            (Doc::Word(a, x), Doc::Word(b, y)) => std::ptr::eq(*a, *b) && std::ptr::eq(*x, *y),
            (Doc::Unit, Doc::Unit) => true,
            _ => false,
        }
    }
}

impl Eq for Doc {}

/// The documentation of an item, in Markdown; empty where there is none.
pub fn resolve(doc: Doc) -> String {
    match doc {
        Doc::Section(section) => {
            let Section { doc, example, .. } = section;
            format!("{doc}\n\n```ini\n{example}\n```\n\n{}\n", manual::of_section(section))
        }
        Doc::Directive(section, entry) => {
            let manual = manual::of_directive(entry).unwrap_or_default();
            format!("{}\n{manual}\n", setting::about(entry, section.name))
        }
        Doc::Word(_, word) => self::word(word),
        Doc::Unit => String::new(),
    }
}

/// The documentation of the unit `name`, in Markdown: what it says of itself, if it is `known`, and
/// what the manual says of it.
pub fn resolve_unit(name: &str, known: Option<&Neighbour>) -> String {
    let special = sets::SPECIAL_UNIT.get(name).map_or("", |word| word.doc);
    format!("{special}{}", unit_name::about(name, known)).trim_start().to_owned()
}

/// What a word means, beside the few words shown with it.
fn word(word: &Word) -> String {
    let mut out = word.doc.to_owned();
    let mut line = |text: String| {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&text);
    };
    if let Some(number) = word.number {
        line(format!("Number {number}"));
    }
    if !word.members.is_empty() {
        line(format!(
            "Stands for {}.",
            word.members.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        ));
    }
    if word.deprecated > 0 {
        let instead = if word.successor.is_empty() { String::new() } else { format!(": write `{}`", word.successor) };
        line(format!("**Deprecated** since systemd {}{instead}", word.deprecated));
    }
    if word.since > 0 {
        line(format!("Since systemd {}", word.since));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let words = sets::ALL.iter().flat_map(|set| set.words.iter().map(|word| Doc::Word(set, word)));
        let sections = schema::SECTIONS.iter().flat_map(|section| {
            let directives = section.directives().map(|entry| Doc::Directive(section, entry));
            std::iter::once(Doc::Section(section)).chain(directives)
        });
        for doc in words.chain(sections).chain([Doc::Unit]) {
            assert_eq!(Doc::parse(&doc.to_string()), Some(doc), "{doc}");
        }
        for text in ["", "[", "[Nothing]", "Unit/Nothing", "Unit", "kill-mode:", "nothing:x", "a/b:c"] {
            assert_eq!(Doc::parse(text), None, "{text}");
        }
    }
}
