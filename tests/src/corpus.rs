//! The units of Debian packages that `cargo xtask corpus` fetches.

use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::units::Role;

/// The corpus, `target/corpus`, with a folder for each package.
///
/// `scratch` is the `CARGO_TARGET_TMPDIR` of the test.
///
/// # Panics
///
/// When it hasn't been fetched.
pub fn root(scratch: &str) -> PathBuf {
    let root = Path::new(scratch).parent().expect("target/tmp lies in target").join("corpus");
    assert!(root.join("packages.stamp").exists(), "there is no corpus: run `cargo xtask corpus` first");
    root
}

/// The unit files and drop-ins of the corpus, sorted; no symbolic links.
pub fn units(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be read") {
            let entry = entry.expect("a folder can be read");
            let path = entry.path();
            match entry.file_type().expect("an entry has a type") {
                kind if kind.is_dir() => folders.push(path),
                kind if kind.is_file() && Role::of(&path.to_string_lossy()).is_some() => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}
