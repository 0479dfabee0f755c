//! What a process sees of the file systems.

mod settings;

use super::directories::Directories;
use super::lower::Lowering;
use super::{At, Bytes};

/// A mount namespace of its own, and what is mounted in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mounts {
    /// What is mounted where; what is above before what is below (`drop_unused_mounts`
    /// of `src/core/namespace.c`).
    pub entries: Vec<Mount>,
    /// `RootDirectory=`; the paths of the entries are below it.
    pub root: Option<Bytes>,
    /// `MountFlags=`: `shared`, `slave` or `private`.
    pub propagation: &'static str,
    /// `WorkingDirectory=`, which is looked for within.
    pub directory: WorkingDirectory,
}

/// `WorkingDirectory=`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDirectory {
    /// Where to; `None`: to the home of the unit's user.
    pub path: Option<Bytes>,
    /// Who that is.
    pub user: Option<Bytes>,
    /// Whether it may be missing.
    pub optional: bool,
}

/// Something that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where.
    pub path: Bytes,
    /// What.
    pub kind: MountKind,
    /// Whether it may be missing.
    pub optional: bool,
    /// Whether nothing in it can be changed.
    pub read_only: bool,
    /// Whether nothing in it can be run; `None`: as it was.
    pub no_exec: Option<bool>,
    /// Whether it only protects, so that commands with full privileges go without it.
    pub protects: bool,
}

/// What is mounted; of several on one path the first one here counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MountKind {
    /// An empty node without permissions.
    Inaccessible,
    /// Another directory or file.
    Bind {
        /// Which one.
        source: Bytes,
        /// What is mounted below it too?
        recursive: bool,
    },
    /// A directory for temporary files that goes with each run of the service; its name there.
    PrivateTmp(&'static str),
    /// A few pseudo devices.
    PrivateDevices,
    /// The host's directory, unless something is mounted there already.
    Host,
    /// A new view of the processes; its options.
    Proc(String),
    /// What is there already.
    ReadOnly,
    /// What is there already.
    ReadWrite,
    /// What is there already.
    NoExec,
    /// What is there already.
    Exec,
    /// An empty file system in memory; its options.
    Tmpfs(Bytes),
    /// The message queues of the IPC namespace.
    MessageQueues,
    /// What is there already.
    ReadWriteByDefault,
}

impl Default for WorkingDirectory {
    fn default() -> Self {
        WorkingDirectory { path: Some(b"/".to_vec()), user: None, optional: false }
    }
}

impl Mounts {
    /// What `low` asks for, and by which assignments; `None` if the file systems of the
    /// supervisor will do (`exec_needs_mount_namespace` of `src/core/execute.c`).
    pub(super) fn lower(low: &mut Lowering, directories: &Directories) -> Option<(Self, Vec<At>)> {
        settings::mounts(low, directories)
    }

    /// Whether it has directories for temporary files that go with each run of the service.
    pub fn has_private_tmp(&self) -> bool {
        self.entries.iter().any(|mount| matches!(mount.kind, MountKind::PrivateTmp(_)))
    }

    /// What is left of it for commands with full privileges (`apply_mount_namespace`).
    pub fn without_protection(&self) -> Mounts {
        let entries = self.entries.iter().filter(|mount| !mount.protects).cloned().collect();
        Mounts { entries, ..self.clone() }
    }
}

impl Mount {
    fn new(path: &[u8], kind: MountKind) -> Self {
        let read_only = matches!(kind, MountKind::Inaccessible | MountKind::ReadOnly);
        let no_exec = match kind {
            MountKind::NoExec | MountKind::Inaccessible => Some(true),
            MountKind::Exec => Some(false),
            _ => None,
        };
        Mount { path: path.to_vec(), kind, optional: false, read_only, no_exec, protects: false }
    }
}

impl MountKind {
    fn of_itself(path: &[u8]) -> Self {
        MountKind::Bind { source: path.to_vec(), recursive: true }
    }
}

/// What is left of the entries where they cover each other (`drop_unused_mounts`).
fn normalized(mut entries: Vec<Mount>) -> Vec<Mount> {
    for entry in &mut entries {
        entry.path = simplified(&entry.path);
    }
    entries.sort_by(|a, b| components(&a.path).cmp(components(&b.path)).then_with(|| a.kind.cmp(&b.kind)));
    entries.dedup_by(|entry, first| {
        let same = entry.path == first.path;
        if same {
            first.read_only |= entry.read_only;
            first.no_exec = match (first.no_exec, entry.no_exec) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (known, other) => known.or(other),
            };
        }
        same
    });
    let mut kept: Vec<Mount> = Vec::with_capacity(entries.len());
    for entry in entries {
        if kept.last().is_some_and(|last| last.kind == MountKind::Inaccessible && is_below(&entry.path, &last.path)) {
            continue;
        }
        let parent = kept.iter().rev().find(|parent| is_below(&entry.path, &parent.path));
        let same = parent.is_some_and(|parent| parent.kind == entry.kind);
        if !same || !matches!(entry.kind, MountKind::ReadOnly | MountKind::ReadWrite | MountKind::ReadWriteByDefault) {
            kept.push(entry);
        }
    }
    kept
}

/// A path without what makes no difference.
fn simplified(path: &[u8]) -> Bytes {
    let mut simple = Bytes::with_capacity(path.len());
    for part in components(path) {
        simple.push(b'/');
        simple.extend_from_slice(part);
    }
    if simple.is_empty() { b"/".to_vec() } else { simple }
}

fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b"."))
}

fn is_below(path: &[u8], base: &[u8]) -> bool {
    let mut parts = components(path);
    components(base).all(|part| parts.next() == Some(part))
}
