//! What is checked: real units, many, a small one, a long one.

use std::fs;
use std::path::{Path, PathBuf};

use svlsp_core::units::Role;
use svlsp_tests::corpus;

/// How many files the large tree has.
const MANY: usize = 10_000;

/// Files on the disk.
pub(crate) struct Input {
    /// A tree of [`MANY`] unit files: some roots, each with all packages of the corpus.
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
        let units = units();
        let (tree, unique_tree) = (scratch.join("many"), scratch.join("unique"));
        let mut files = Vec::with_capacity(MANY);
        'copies: for copy in 0.. {
            for unit in &units {
                if files.len() == MANY {
                    break 'copies;
                }
                files.extend(link(unit, &tree.join(copy.to_string())));
            }
        }
        let mut unique = Vec::new();
        for unit in &units {
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

/// The unit files and drop-ins of the corpus, sorted, but for those with a
/// backslash in their names: systemd-lsp 0.2.1 panics at them.
fn units() -> Vec<PathBuf> {
    let mut units = corpus::units(&corpus_root());
    units.retain(|unit| !unit.to_string_lossy().contains('\\'));
    units
}

fn corpus_root() -> PathBuf {
    corpus::root(env!("CARGO_TARGET_TMPDIR"))
}
/// Links `unit` below `root`, where its package would install it; `None` if another one is there.
fn link(unit: &Path, root: &Path) -> Option<PathBuf> {
    let installed: PathBuf = unit.strip_prefix(corpus_root()).expect("it is in the corpus").iter().skip(1).collect();
    let to = root.join(installed);
    fs::create_dir_all(to.parent().expect("it has a folder")).expect("a folder can be made");
    fs::hard_link(unit, &to).ok()?;
    Some(to)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// A service of 10,000 lines such as generators write.
fn lines() -> String {
    let mut text = String::from("[Unit]\nDescription=Long\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\n");
    // Every fifth goes over two lines: 10,000 in all.
    for line in 0..9994 * 5 / 6 {
        text += &match line % 5 {
            0 => format!("ExecStart=/usr/bin/install -d -m 0755 /srv/data/{line} \"/srv/with blank/{line}\"\n"),
            1 => format!("Environment=NAME_{line}=value \"OTHER_{line}=two words\"\n"),
            2 => format!("# Note number {line}.\n"),
            3 => format!("ReadWritePaths=/srv/data/{line}\n"),
            _ => format!("ExecStartPost=-/bin/sh -c \\\n    'echo {line} >> /run/log'\n"),
        };
    }
    text
}
