//! The settings about file systems, each as what it has mounted.

use super::MountKind::{self, Inaccessible, ReadOnly, ReadWriteByDefault};
use super::{Mount, Mounts, WorkingDirectory, normalized, simplified};
use crate::plan::directories::{Directories, Directory};
use crate::plan::lower::Lowering;
use crate::plan::{At, Bytes};
use crate::schema::{Key, key::exec as of};
use crate::values::{boolean, mount, path, path_list, protect_hostname};

/// A path, what happens to it, whether it may be missing.
type Row = (&'static str, MountKind, bool);

const SYSTEM: [Row; 3] = [("/usr", ReadOnly, false), ("/boot", ReadOnly, true), ("/efi", ReadOnly, true)];

/// Links where `/usr` is merged, directories of their own elsewhere.
const SPLIT_USR: [Row; 4] =
    [("/lib", ReadOnly, true), ("/lib64", ReadOnly, true), ("/bin", ReadOnly, true), ("/sbin", ReadOnly, true)];

const STRICT: [Row; 7] = [
    ("/", ReadOnly, false),
    ("/proc", ReadWriteByDefault, false),
    ("/sys", ReadWriteByDefault, false),
    ("/dev", ReadWriteByDefault, false),
    ("/home", ReadWriteByDefault, true),
    ("/run/user", ReadWriteByDefault, true),
    ("/root", ReadWriteByDefault, true),
];

const TUNABLES: [Row; 20] = [
    ("/proc/acpi", ReadOnly, true),
    ("/proc/apm", ReadOnly, true),
    ("/proc/asound", ReadOnly, true),
    ("/proc/bus", ReadOnly, true),
    ("/proc/fs", ReadOnly, true),
    ("/proc/irq", ReadOnly, true),
    ("/proc/kallsyms", Inaccessible, true),
    ("/proc/kcore", Inaccessible, true),
    ("/proc/latency_stats", ReadOnly, true),
    ("/proc/mtrr", ReadOnly, true),
    ("/proc/scsi", ReadOnly, true),
    ("/proc/sys", ReadOnly, true),
    ("/proc/sysrq-trigger", ReadOnly, true),
    ("/proc/timer_stats", ReadOnly, true),
    ("/sys", ReadOnly, false),
    ("/sys/fs/bpf", ReadOnly, true),
    ("/sys/fs/cgroup", ReadWriteByDefault, true),
    ("/sys/fs/selinux", ReadWriteByDefault, true),
    ("/sys/kernel/debug", ReadOnly, true),
    ("/sys/kernel/tracing", ReadOnly, true),
];

const HOMES: [&str; 3] = ["/home", "/run/user", "/root"];

/// See [`Mounts::lower`].
pub(super) fn mounts(low: &mut Lowering, directories: &Directories) -> Option<(Mounts, Vec<At>)> {
    let mut collected = Collection { low, entries: Vec::new(), from: Vec::new() };
    let needed = collected.settings(directories);
    let root = collected.root();
    let (propagation, flagged) = collected.propagation();
    let private = collected.boolean(of::PrivateMounts) | collected.queues();
    if !needed && !root.as_ref().is_some_and(|root| root.mounted) && !flagged && !private {
        return None;
    }
    let root = root.map(|root| root.path);
    if let Some(leaf) = collected.low.optional(of::ProtectHostname, protect_hostname::parse)
        && leaf.value.mode == protect_hostname::Mode::Yes
    {
        let rows = ["/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"];
        collected.protect(rows.map(|path| (path, ReadOnly, true)));
    }
    let Collection { mut entries, from, .. } = collected;
    let own = |made: &Directory| Mount::new(&made.path, MountKind::of_itself(&made.path));
    entries.extend(directories.made.iter().map(own));
    let entries = normalized(entries);
    Some((Mounts { entries, root, propagation, directory: WorkingDirectory::default() }, from))
}

/// `RootDirectory=`, and whether the kernel's file systems are to be in it.
struct Root {
    path: Bytes,
    mounted: bool,
}

/// The entries so far.
struct Collection<'l, 'u, 'f> {
    low: &'l mut Lowering<'u, 'f>,
    entries: Vec<Mount>,
    from: Vec<At>,
}

impl Collection<'_, '_, '_> {
    /// Everything but the root directory; whether anything is asked for.
    fn settings(&mut self, directories: &Directories) -> bool {
        self.paths();
        self.binds();
        self.temporary();
        let dynamic = self.low.boolean(of::DynamicUser, false).value;
        self.private_tmp(dynamic);
        if self.boolean(of::PrivateDevices) {
            self.protect([("/dev", MountKind::PrivateDevices, false)]);
        }
        if self.boolean(of::ProtectKernelTunables) {
            self.protect(TUNABLES);
        }
        if self.boolean(of::ProtectKernelModules) {
            self.protect([("/lib/modules", Inaccessible, true), ("/usr/lib/modules", Inaccessible, true)]);
        }
        if self.boolean(of::ProtectKernelLogs) {
            self.protect([("/proc/kmsg", Inaccessible, true), ("/dev/kmsg", Inaccessible, true)]);
        }
        if matches!(self.word(of::ProtectControlGroups), "yes" | "strict") {
            self.protect([("/sys/fs/cgroup", ReadOnly, false)]);
        }
        self.system(dynamic);
        self.homes(dynamic);
        self.proc();
        let private = dynamic && !directories.made.is_empty();
        private || !self.entries.is_empty()
    }

    fn paths(&mut self) {
        let kinds = [
            (of::ReadWritePaths, MountKind::ReadWrite),
            (of::ReadWriteDirectories, MountKind::ReadWrite),
            (of::ReadOnlyPaths, ReadOnly),
            (of::ReadOnlyDirectories, ReadOnly),
            (of::InaccessiblePaths, Inaccessible),
            (of::InaccessibleDirectories, Inaccessible),
            (of::ExecPaths, MountKind::Exec),
            (of::NoExecPaths, MountKind::NoExec),
        ];
        for (key, kind) in kinds {
            for at in self.low.all(key) {
                self.from.push(at);
                for prefixed in self.low.parse(at, path_list::parse_namespace) {
                    let Some(path) = self.low.expand_at(at, prefixed.path.bytes()) else { continue };
                    let mount = Mount::new(&path, kind.clone());
                    self.entries.push(Mount { optional: prefixed.optional, protects: true, ..mount });
                }
            }
        }
    }

    fn binds(&mut self) {
        for (key, read_only) in [(of::BindPaths, false), (of::BindReadOnlyPaths, true)] {
            for at in self.low.all(key) {
                self.from.push(at);
                for bind in self.low.parse(at, mount::parse_binds) {
                    let Some(source) = self.low.expand_at(at, bind.source.as_bytes()) else { continue };
                    let destination = bind.destination.as_deref().unwrap_or(&bind.source);
                    let Some(path) = self.low.expand_at(at, destination.as_bytes()) else { continue };
                    let kind = MountKind::Bind { source, recursive: bind.recursive };
                    self.entries.push(Mount { optional: bind.optional, read_only, ..Mount::new(&path, kind) });
                }
            }
        }
    }

    fn temporary(&mut self) {
        for at in self.low.all(of::TemporaryFileSystem) {
            self.from.push(at);
            for temporary in self.low.parse(at, mount::parse_temporary) {
                let Some(path) = self.low.expand_at(at, temporary.path.as_bytes()) else { continue };
                let Some(extra) = self.low.expand_at(at, temporary.options.as_bytes()) else { continue };
                let (options, read_only) = tmpfs_options(&extra);
                self.entries.push(Mount { read_only, ..Mount::new(&path, MountKind::Tmpfs(options)) });
            }
        }
    }

    fn private_tmp(&mut self, dynamic: bool) {
        let word = self.word(of::PrivateTmp);
        for (path, name) in [("/tmp", "tmp"), ("/var/tmp", "var-tmp")] {
            let kind = match word {
                "disconnected" => {
                    MountKind::Tmpfs(b"mode=1777,nosuid,nodev,strictatime,size=10%,nr_inodes=1m".to_vec())
                }
                "connected" | "yes" => MountKind::PrivateTmp(name),
                _ if dynamic => MountKind::PrivateTmp(name),
                _ => return,
            };
            self.protect([(path, kind, false)]);
        }
    }

    fn system(&mut self, dynamic: bool) {
        match self.word(of::ProtectSystem) {
            "strict" => self.protect(STRICT),
            _ if dynamic => self.protect(STRICT),
            word @ ("yes" | "full") => {
                self.protect(SYSTEM);
                self.protect(SPLIT_USR);
                if word == "full" {
                    self.protect([("/etc", ReadOnly, false)]);
                }
            }
            _ => {}
        }
    }

    fn homes(&mut self, dynamic: bool) {
        let word = self.word(of::ProtectHome);
        for path in HOMES {
            let kind = match word {
                "yes" => Inaccessible,
                "read-only" => ReadOnly,
                "tmpfs" => {
                    let mode = if path == "/root" { "0700" } else { "0755" };
                    MountKind::Tmpfs(format!("mode={mode},nodev,strictatime,size=4m,nr_inodes=1k").into_bytes())
                }
                _ if dynamic => ReadOnly,
                _ => return,
            };
            self.protect([(path, kind, true)]);
            if word == "tmpfs"
                && let Some(last) = self.entries.last_mut()
            {
                last.read_only = true;
            }
        }
    }

    /// A new `/proc`, so that the options don't change that of the whole machine.
    fn proc(&mut self) {
        let hide = match self.word(of::ProtectProc) {
            "noaccess" => "noaccess",
            "invisible" => "invisible",
            "ptraceable" => "ptraceable",
            _ => "off",
        };
        let subset = self.word(of::ProcSubset) == "pid";
        if hide == "off" && !subset {
            return;
        }
        let subset = if subset { ",subset=pid" } else { "" };
        self.protect([("/proc", MountKind::Proc(format!("hidepid={hide}{subset}")), false)]);
    }

    /// The message queues of another IPC namespace.
    fn queues(&mut self) -> bool {
        let other = self.boolean(of::PrivateIPC) || self.low.last(of::IPCNamespacePath).is_some();
        if other {
            self.protect([("/dev/mqueue", MountKind::MessageQueues, true)]);
        }
        other
    }

    /// `RootDirectory=`, and what is to be in it (`MountAPIVFS=`).
    fn root(&mut self) -> Option<Root> {
        let at = self.low.last(of::RootDirectory)?;
        let word = self.low.parse(at, path::parse)?;
        let root = self.low.expand_at(at, word.bytes())?;
        let root = simplified(&root);
        if root == b"/" {
            return None;
        }
        self.from.push(at);
        let api = self.low.optional(of::MountAPIVFS, boolean::parse);
        self.from.extend(api.and_then(|leaf| leaf.at));
        let mounted = api.is_none_or(|leaf| leaf.value);
        if mounted {
            let run = b"mode=755,nosuid,nodev,strictatime,size=20%,nr_inodes=800k".to_vec();
            for (path, kind) in [
                ("/proc", MountKind::Proc(String::new())),
                ("/dev", MountKind::Host),
                ("/sys", MountKind::Host),
                ("/run", MountKind::Tmpfs(run)),
            ] {
                self.entries.push(Mount::new(path.as_bytes(), kind));
            }
        }
        Some(Root { path: root, mounted })
    }

    /// `MountFlags=`, and whether it asks for a namespace.
    fn propagation(&mut self) -> (&'static str, bool) {
        match self.word(of::MountFlags) {
            word @ ("slave" | "private") => (word, true),
            _ => ("shared", false),
        }
    }

    fn protect<const N: usize>(&mut self, rows: [Row; N]) {
        let mount = |(path, kind, optional): Row| {
            let mount = Mount::new(path.as_bytes(), kind);
            Mount { optional, protects: true, ..mount }
        };
        self.entries.extend(rows.into_iter().map(mount));
    }

    fn boolean(&mut self, key: Key) -> bool {
        let leaf = self.low.boolean(key, false);
        self.from.extend(leaf.at.filter(|_| leaf.value));
        leaf.value
    }

    fn word(&mut self, key: Key) -> &'static str {
        let Some(leaf) = self.low.choice(key).filter(|leaf| !matches!(leaf.value, "no" | "default" | "all")) else {
            return "";
        };
        self.from.extend(leaf.at);
        leaf.value
    }
}

/// The options of a tmpfs, and whether it is read-only (`append_tmpfs_mounts`).
fn tmpfs_options(extra: &[u8]) -> (Bytes, bool) {
    let mut options = b"mode=0755,nodev,strictatime,size=10%,nr_inodes=1m".to_vec();
    let mut read_only = false;
    for option in extra.split(|byte| *byte == b',').filter(|option| !option.is_empty()) {
        match option {
            b"ro" => read_only = true,
            b"rw" => read_only = false,
            _ => {
                options.push(b',');
                options.extend_from_slice(option);
            }
        }
    }
    (options, read_only)
}
