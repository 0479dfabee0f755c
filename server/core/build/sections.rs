//! `data/sections.toml`: the sections of unit files.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    /// The kind of unit that has it; every kind if none is named.
    kind: Option<String>,
    groups: Vec<String>,
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
    for (name, Section { kind, groups, man, doc, example }) in sections {
        let kind = kind.map_or("None".to_owned(), |kind| format!("Some(UnitKind::{})", super::variant(&kind)));
        let groups: Vec<_> = groups.iter().map(|group| format!("Group::{}", super::variant(group))).collect();
        writeln!(
            out,
            "Section {{ name: {name:?}, groups: &[{}], kind: {kind}, man: {man:?}, doc: {doc:?}, example: {example:?} }},",
            groups.join(", ")
        )
        .unwrap();
    }
    out.push_str("];\n");
    out
}
