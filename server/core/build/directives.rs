//! `data/directives/*.toml` and `data/supervisord/directives/*.toml`: one file a group of
//! directives, one entry a directive.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::sets::Set;

/// The directives of each group, by name of both.
pub type Groups = BTreeMap<String, BTreeMap<String, Entry>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    #[serde(default)]
    kinds: Kinds,
    value: String,
    #[serde(default)]
    default: String,
    #[serde(default)]
    list: bool,
    empty: String,
    #[serde(default)]
    since: u16,
    #[serde(default)]
    man: String,
    #[serde(default)]
    deprecated: Option<Ending>,
    #[serde(default)]
    removed: Option<Ending>,
    /// The build option of systemd that it needs.
    #[serde(default)]
    build: String,
    #[serde(default)]
    doc: String,
    #[serde(default)]
    example: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Kinds {
    All(String),
    Some(Vec<String>),
}

impl Default for Kinds {
    fn default() -> Self {
        Kinds::All("all".to_owned())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// The systemd version; 0 where it was before versions were written down.
    #[serde(default)]
    since: u16,
    /// The directive that took its place.
    #[serde(default)]
    successor: String,
    /// The section that one is in, where it is another.
    #[serde(default)]
    section: String,
    /// What else there is to say.
    #[serde(default)]
    note: String,
}

impl Entry {
    /// The version of systemd since which it is without effect; 0 where nobody knows.
    pub fn removed_since(&self) -> Option<u16> {
        self.removed.as_ref().map(|ending| ending.since)
    }
}

/// Reads all directives.
pub fn read(folder: &Path) -> Groups {
    let entries = |(group, path, text): (String, PathBuf, String)| {
        (group, toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    super::toml_files(folder).into_iter().map(entries).collect()
}

/// Reads the source of a value type, given the name of the directive and its `value`.
pub type ValueType<'a> = &'a dyn Fn(&str, &str) -> String;

/// The Rust source of a table and of its keys, which are numbered from `first` on.
pub fn tables(groups: &Groups, first: usize, value_type: ValueType) -> String {
    let mut all = String::from("/// Every directive, group by group.\npub static DIRECTIVES: &[Directive] = &[\n");
    let mut keys = String::from(
        "/// The key of each directive, by group.\n#[allow(non_upper_case_globals, missing_docs)]\npub mod key {\n",
    );
    let mut count = first;
    for (group, entries) in groups {
        writeln!(keys, "pub mod {} {{ use crate::schema::Key;", group.replace('-', "_")).unwrap();
        for (name, entry) in entries {
            writeln!(keys, "pub const {}: Key = Key({count});", name.replace('.', "_")).unwrap();
            writeln!(all, "{}", directive(name, &super::variant(group), count, entry, value_type)).unwrap();
            count += 1;
        }
        keys.push_str("}\n");
    }
    format!("{all}];\n{keys}}}\n")
}

/// The Rust source of what says where the directives of a group are: in the tables of
/// systemd and of supervisord, one behind the other.
pub fn ranges<'g>(groups: impl Iterator<Item = (&'g String, usize)>) -> String {
    let mut ranges = String::new();
    let mut count = 0;
    for (group, length) in groups {
        writeln!(ranges, "Group::{} => {count}..{},", super::variant(group), count + length).unwrap();
        count += length;
    }
    format!(
        "/// The numbers of the keys of a group.\n\
         const fn range(group: Group) -> std::ops::Range<usize> {{ match group {{ {ranges} }} }}\n"
    )
}

fn directive(name: &str, group: &str, key: usize, entry: &Entry, value_type: ValueType) -> String {
    let value = value_type(name, &entry.value);
    let kinds = match &entry.kinds {
        Kinds::All(all) => {
            assert_eq!(all, "all", "{name}: kinds");
            "Kinds::ALL".to_string()
        }
        Kinds::Some(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| format!("UnitKind::{}", super::variant(kind))).collect();
            format!("Kinds::of(&[{}])", kinds.join(", "))
        }
    };
    let ending = |ending: &Option<Ending>| match ending {
        None => "None".to_string(),
        Some(Ending { since, successor, section, note }) => {
            format!("Some(Ending {{ since: {since}, successor: {successor:?}, section: {section:?}, note: {note:?} }})")
        }
    };
    let Entry { default, list, since, man, build, doc, example, .. } = entry;
    format!(
        "Directive {{ name: {name:?}, group: Group::{group}, key: Key({key}), kinds: {kinds}, value: {value}, \
         default: {default:?}, list: {list}, empty: Empty::{}, since: {since}, deprecated: {}, removed: {}, \
         build: {build:?}, man: {man:?}, doc: {doc:?}, example: {example:?} }},",
        super::variant(&entry.empty),
        ending(&entry.deprecated),
        ending(&entry.removed),
    )
}

/// `time-span` is a variant of `ValueType`, `set(kill-mode)` one with a set.
pub fn value_type(name: &str, value: &str, sets: &BTreeMap<String, Set>) -> String {
    match value.split_once('(') {
        None => format!("ValueType::{}", super::variant(value)),
        Some((value, set)) => {
            let set = set.trim_end_matches(')');
            assert!(sets.contains_key(set), "{name}: there is no set `{set}` in data/sets");
            format!("ValueType::{}(&sets::{})", super::variant(value), super::constant(set))
        }
    }
}
