//! Compiles the knowledge base in `data/` into static tables.

#![allow(missing_docs, unreachable_pub)]

mod directives;
mod sections;
mod sets;
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let data = Path::new("data");
    println!("cargo::rerun-if-changed={}", data.display());
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let sets = sets::read(&data.join("sets"));
    write(&out.join("sets.rs"), &sets::tables(&sets));
    write(&out.join("sections.rs"), &sections::table(&data.join("sections.toml")));
    let units = directives::read(&data.join("directives"));
    let value_type = |name: &str, value: &str| directives::value_type(name, value, &sets);
    write(&out.join("directives.rs"), &directives::tables(&units, 0, &value_type));

    let supervisord = data.join("supervisord");
    write(&out.join("supervisord-sections.rs"), &sections::table(&supervisord.join("sections.toml")));
    let programs = directives::read(&supervisord.join("directives"));
    let first = units.values().map(BTreeMap::len).sum();
    let kind = |_: &str, value: &str| format!("ValueType::Supervisord(Kind::{})", variant(value));
    write(&out.join("supervisord-directives.rs"), &directives::tables(&programs, first, &kind));

    let groups = units.iter().chain(&programs).map(|(name, entries)| (name, entries.len()));
    write(&out.join("ranges.rs"), &directives::ranges(groups));
    let promised = [(data.join("support"), units), (supervisord.join("support"), programs)];
    write(&out.join("support.rs"), &support::tables(&promised));
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The TOML files of a folder, by name: the stem of each and its text.
fn toml_files(folder: &Path) -> Vec<(String, PathBuf, String)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let stem = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (stem, path, text)
        })
        .collect();
    files.sort();
    files
}

/// `kill-mode` as a Rust constant's name: `KILL_MODE`.
fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// `time-span` as a Rust variant's name: `TimeSpan`.
fn variant(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}
