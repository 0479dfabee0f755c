//! The units of Debian packages that `cargo xtask corpus` fetches.

use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::schema::UnitKind;
use svlsp_core::text;
use svlsp_core::units::{Role, UnitName};

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

/// The unit files of the corpus with their drop-ins.
pub fn sources(root: &Path) -> Vec<Source> {
    units(root).into_iter().filter_map(|path| Source::read(root, path)).collect()
}

/// A unit file and its drop-ins.
#[derive(Debug)]
pub struct Source {
    /// Its path in the corpus.
    pub path: String,
    /// What it is called; an instance of a template.
    pub name: UnitName,
    /// What is in its files, the unit file first.
    pub texts: Vec<String>,
}

impl Source {
    fn read(root: &Path, path: PathBuf) -> Option<Self> {
        let shown = path.strip_prefix(root).expect("it is below").to_string_lossy().into_owned();
        let Some(Role::Unit(name)) = Role::of(&path.to_string_lossy()) else { return None };
        let name = if name.is_template() { name.with_instance("a")? } else { name };
        let mut files = vec![path.clone()];
        let folder = PathBuf::from(format!("{}.d", path.display()));
        let drop_ins = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it can be read").path());
        let mut drop_ins: Vec<_> = drop_ins.filter(|path| path.extension().is_some_and(|of| of == "conf")).collect();
        drop_ins.sort();
        files.append(&mut drop_ins);
        let text = |path: &PathBuf| {
            let bytes = fs::read(path).expect("it can be read");
            text::decode(&bytes).text.into_owned()
        };
        Some(Source { path: shown, name, texts: files.iter().map(text).collect() })
    }

    /// Its package and whose units they are.
    pub fn folder(&self) -> Option<&Path> {
        Path::new(&self.path).parent()
    }

    /// Whether its file is that of a template.
    pub fn is_instance(&self) -> bool {
        self.name.instance().is_some()
    }

    /// Whether it is a service for the system's manager.
    pub fn counts(&self) -> bool {
        self.name.kind() == UnitKind::Service && self.path.contains("/system/")
    }
}
