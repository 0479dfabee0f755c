//! The committed parsers: made from `grammar/*/grammar.js`, or compared with it.
//!
//! Needs node (to evaluate grammar.js) and nothing else, no network either.

use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// The languages: a folder of `grammar/` each.
const LANGUAGES: [&str; 2] = ["systemd", "supervisord"];

/// The oldest ABI that has all we need, so that older editors load the parsers too.
const ABI: usize = 14;

/// Writes `grammar/<language>/src` for both languages.
pub(crate) fn generate() -> Result<(), String> {
    for language in LANGUAGES {
        let folder = root().join(language);
        generate_into(&folder, &folder.join("src"))?;
    }
    Ok(())
}

/// Fails when a file of `grammar/<language>/src` differs from what [`generate`] would write.
pub(crate) fn check() -> Result<(), String> {
    let mut stale = Vec::new();
    for language in LANGUAGES {
        let folder = root().join(language);
        let fresh = scratch().join(language);
        let _ = fs::remove_dir_all(&fresh);
        generate_into(&folder, &fresh)?;
        for file in files(&fresh)? {
            let committed = folder.join("src").join(&file);
            if fs::read(&committed).ok() != Some(read(&fresh.join(&file))?) {
                stale.push(committed.display().to_string());
            }
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("not what grammar.js gives: {}; run `cargo xtask grammar` and commit the result", stale.join(", ")))
}

fn generate_into(folder: &Path, out: &Path) -> Result<(), String> {
    let mut diagnostics = Vec::new();
    generate_parser_in_directory(
        folder,
        Some(out),
        Some(folder.join("grammar.js")),
        ABI,
        None,
        Some("node"),
        true,
        OptLevel::default(),
        &mut diagnostics,
    )
    .map_err(|error| format!("{}: {error}", folder.display()))?;
    for diagnostic in diagnostics {
        eprintln!("{}: {diagnostic}", folder.display());
    }
    Ok(())
}

/// All files below `folder`, relative to it.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        let entries = fs::read_dir(&next).map_err(|error| format!("{}: {error}", next.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                pending.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.push(relative.to_owned());
            }
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("grammar")
}

fn scratch() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(Path::to_owned))
        .unwrap_or_else(std::env::temp_dir)
        .join("fresh-grammar")
}
