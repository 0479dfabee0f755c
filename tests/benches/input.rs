//! What is checked: real units, many, a small one, a long one.

use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::units::Role;

/// How many files the large tree has.
const MANY: usize = 10_000;

/// Files on the disk.
pub(crate) struct Input {
    /// A tree of [`MANY`] unit files: copies of the corpus.
    pub(crate) tree: PathBuf,
    /// Its files.
    pub(crate) files: Vec<PathBuf>,
    /// A folder of units that all have different names.
    pub(crate) unique_tree: PathBuf,
    /// Its files.
    pub(crate) unique: Vec<PathBuf>,
    /// A service of a few lines.
    pub(crate) small: PathBuf,
    /// A service of 10,000 lines.
    pub(crate) long: PathBuf,
}

impl Input {
    /// Lays everything out below cargo's target directory, from the corpus that `cargo xtask corpus` fetched.
    pub(crate) fn prepare() -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
        let _ = fs::remove_dir_all(&scratch);
        let corpus = corpus();
        let (tree, unique_tree) = (scratch.join("many"), scratch.join("unique"));
        let mut files = Vec::with_capacity(MANY);
        'copies: for copy in 0.. {
            for unit in &corpus {
                if files.len() == MANY {
                    break 'copies;
                }
                files.push(link(unit, &tree.join(copy.to_string())));
            }
        }
        let mut unique = Vec::new();
        for unit in &corpus {
            let plain = matches!(Role::of(&unit.to_string_lossy()), Some(Role::Unit(_)));
            if plain && !unique_tree.join(unit.file_name().unwrap_or_default()).exists() {
                fs::create_dir_all(&unique_tree).expect("a folder can be made");
                let to = unique_tree.join(unit.file_name().unwrap_or_default());
                fs::hard_link(unit, &to).expect("a file can be linked");
                unique.push(to);
            }
        }
        let (small, long) = (scratch.join("small/a.service"), scratch.join("long/a.service"));
        write(
            &small,
            "[Unit]\nDescription=A\nAfter=network.target\n\n[Service]\nExecStart=/bin/true\nRestart=always\n",
        );
        write(&long, &lines());
        Input { tree, files, unique_tree, unique, small, long }
    }

    /// All files' sizes.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum()
    }

    /// Paths and contents of all files.
    pub(crate) fn texts(&self) -> Vec<(PathBuf, Vec<u8>)> {
        self.files.iter().map(|path| (path.clone(), fs::read(path).expect("a file can be read"))).collect()
    }
}

/// The unit files and drop-ins of the corpus, sorted.
fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target").join("corpus");
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() && Role::of(&path.to_string_lossy()).is_some() => files.push(path),
                _ => {}
            }
        }
    }
    assert!(files.len() >= 1000, "there are only {} units: run `cargo xtask corpus` first", files.len());
    files.sort();
    files
}

/// Links `unit` below `tree`, package folder and all.
fn link(unit: &Path, tree: &Path) -> PathBuf {
    let corpus = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target").join("corpus");
    let to = tree.join(unit.strip_prefix(corpus).expect("it is in the corpus"));
    fs::create_dir_all(to.parent().expect("it has a folder")).expect("a folder can be made");
    fs::hard_link(unit, &to).expect("a file can be linked");
    to
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// A service of 10,000 lines such as generators write.
fn lines() -> String {
    let mut text = String::from("[Unit]\nDescription=Long\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\n");
    for line in text.lines().count()..10_000 {
        text += &match line % 5 {
            0 => format!("ExecStart=/usr/bin/install -d -m 0755 /srv/data/{line} \"/srv/with blank/{line}\"\n"),
            1 => format!("Environment=NAME_{line}=value \"OTHER_{line}=two words\"\n"),
            2 => format!("# Note number {line}.\n"),
            3 => format!("ReadWritePaths=/srv/data/{line}\n"),
            _ => format!("ExecStartPost=-/bin/sh -c 'echo {line} >> /run/log' \\\n"),
        };
    }
    text + "\n"
}
