//! `data/sections.toml` and `data/supervisord/sections.toml`: the sections of unit files and
//! of supervisord.conf.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Section {
    /// The kind of unit that has it; every kind if none is named.
    kind: Option<String>,
    groups: Vec<String>,
    /// Whether a name follows behind a colon: `never`, `maybe`, `always`.
    #[serde(default)]
    name: Option<String>,
    /// Whether it takes settings that nobody here knows.
    #[serde(default)]
    open: bool,
    #[serde(default)]
    man: String,
    doc: String,
    example: String,
}

/// The Rust source of the table.
pub fn table(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let sections: BTreeMap<String, Section> =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut out = String::from("/// Every section there is, sorted by name.\npub static SECTIONS: &[Section] = &[\n");
    for (name, Section { kind, groups, name: title, open, man, doc, example }) in sections {
        let kind = kind.map_or("None".to_owned(), |kind| format!("Some(UnitKind::{})", super::variant(&kind)));
        let title = super::variant(title.as_deref().unwrap_or("never"));
        let groups: Vec<_> = groups.iter().map(|group| format!("Group::{}", super::variant(group))).collect();
        writeln!(
            out,
            "Section {{ name: {name:?}, groups: &[{}], kind: {kind}, title: Title::{title}, open: {open}, \
             man: {man:?}, doc: {doc:?}, example: {example:?} }},",
            groups.join(", ")
        )
        .unwrap();
    }
    out.push_str("];\n");
    out
}
