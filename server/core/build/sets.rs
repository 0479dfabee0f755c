//! `data/sets/*.toml`: the closed sets of words that values are made of.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Set {
    /// What one of its words is called in a message: "kill mode".
    pub noun: String,
    /// The words that "no" and "yes" stand for, where booleans are taken.
    pub booleans: Option<[String; 2]>,
    /// The largest number that may stand for a word, where those are taken.
    pub numbers: Option<u32>,
    /// Whether letter case doesn't matter.
    #[serde(default)]
    pub any_case: bool,
    pub words: Vec<Word>,
}

/// A word alone, or with what is to be said of it.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Word {
    Plain(String),
    Full(FullWord),
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FullWord {
    pub word: String,
    #[serde(default)]
    pub doc: String,
    /// The systemd version that brought it; 0: older than anybody runs.
    #[serde(default)]
    pub since: u16,
    /// The version that took it away, or 0.
    #[serde(default)]
    pub removed: u16,
    /// The version that deprecated it, or 0.
    #[serde(default)]
    pub deprecated: u16,
    /// What to write instead of a deprecated or removed one.
    #[serde(default)]
    pub successor: String,
    /// What it stands for, where that is a number.
    pub number: Option<u32>,
    /// Where it may be used, if not everywhere.
    #[serde(default)]
    pub scope: String,
    /// The words that it stands for, where it is a group.
    #[serde(default)]
    pub members: Vec<String>,
    /// A line as one would write it.
    #[serde(default)]
    pub example: String,
}

/// Reads all sets, by name.
pub fn read(folder: &Path) -> BTreeMap<String, Set> {
    let mut all = BTreeMap::new();
    for (_, path, text) in super::toml_files(folder) {
        let sets: BTreeMap<String, Set> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (name, set) in sets {
            assert!(!all.contains_key(&name), "{}: set `{name}` is there twice", path.display());
            all.insert(name, set);
        }
    }
    all
}

/// The Rust source of the tables.
pub fn tables(sets: &BTreeMap<String, Set>) -> String {
    let mut out = String::new();
    for (name, set) in sets {
        let constant = super::constant(name);
        let mut words: Vec<FullWord> = set.words.iter().map(full).collect();
        words.sort_by(|a, b| a.word.cmp(&b.word));
        for pair in words.windows(2) {
            assert_ne!(pair[0].word, pair[1].word, "set `{name}` has a word twice");
        }
        let Set { noun, booleans, numbers, any_case, .. } = set;
        writeln!(
            out,
            "/// `{name}`.\npub static {constant}: Set = Set {{ name: {name:?}, noun: {noun:?}, booleans: {booleans:?}, \
             numbers: {numbers:?}, any_case: {any_case}, words: &["
        )
        .unwrap();
        for word in words {
            let FullWord { word, doc, since, removed, deprecated, successor, number, scope, members, example } = word;
            writeln!(
                out,
                "Word {{ text: {word:?}, doc: {doc:?}, since: {since}, removed: {removed}, deprecated: {deprecated}, \
                 successor: {successor:?}, number: {number:?}, scope: {scope:?}, members: &{members:?}, \
                 example: {example:?} }},"
            )
            .unwrap();
        }
        out.push_str("] };\n");
    }
    let all: Vec<String> = sets.keys().map(|name| format!("&{}", super::constant(name))).collect();
    writeln!(out, "/// All of them, by name.\npub static ALL: &[&Set] = &[{}];", all.join(", ")).unwrap();
    out
}

fn full(word: &Word) -> FullWord {
    match word {
        Word::Plain(word) => FullWord { word: word.clone(), ..FullWord::default() },
        Word::Full(word) => word.clone(),
    }
}
