//! Steps as words of tools that every Linux has: util-linux and coreutils.
//!
//! Each is a chain-loading program: it changes something about itself and
//! becomes the program that follows.

use super::Fates;
use crate::fate::Fate;
use crate::plan::{Bytes, Capabilities, CpuScheduling, Identity, IoScheduling, Limit, Link, Numa, Step};
use crate::values::exec::Privileges;

/// Words of a command line.
pub type Words = Vec<Bytes>;

/// What `step` is as a chain-loading command; `None` if no such tool does it,
/// or if it belongs to [`Setpriv`].
pub fn words(step: &Step) -> Option<Words> {
    let list = |words: &[&str]| Some(words.iter().map(|word| word.as_bytes().to_vec()).collect());
    match step {
        Step::OomScoreAdjust(adjust) => list(&["choom", "-n", &adjust.to_string(), "--"]),
        Step::Nice(nice) => list(&["nice", "-n", &nice.to_string()]),
        Step::CpuScheduling(CpuScheduling { policy, priority, reset_on_fork }) => {
            let policy = match *policy {
                "batch" => "--batch",
                "idle" => "--idle",
                "fifo" => "--fifo",
                "rr" => "--rr",
                _ => "--other",
            };
            let priority = priority.to_string();
            let words = ["chrt", "--reset-on-fork", policy, &priority];
            if *reset_on_fork { list(&words) } else { list(&[words[0], words[2], words[3]]) }
        }
        Step::CpuAffinity(cpus) => list(&["taskset", "-c", cpus]),
        Step::Numa(Numa { policy, nodes }) => {
            let nodes = nodes.as_deref().unwrap_or("all");
            let option = match *policy {
                "preferred" => format!("--preferred={nodes}"),
                "bind" => format!("--membind={nodes}"),
                "interleave" => format!("--interleave={nodes}"),
                "preferred-many" => format!("--preferred-many={nodes}"),
                "weighted-interleave" => format!("--weighted-interleave={nodes}"),
                _ => "--localalloc".to_owned(),
            };
            list(&["numactl", &option])
        }
        Step::IoScheduling(IoScheduling { class, priority }) => match class {
            0 | 3 => list(&["ionice", "-c", &class.to_string()]),
            _ => list(&["ionice", "-c", &class.to_string(), "-n", &priority.to_string()]),
        },
        Step::Personality(machine) => list(&["setarch", setarch(machine)]),
        Step::Limits(limits) => {
            let mut words = vec![b"prlimit".to_vec()];
            words.extend(limits.iter().map(prlimit));
            Some(words)
        }
        Step::LeastLimits(limits) => Some(limits.iter().flat_map(least).collect()),
        // Like systemd, it makes do with a `lo` that can't be brought up.
        Step::PrivateNetwork => {
            let up = "{ ip link set lo up || ifconfig lo up; } 2>/dev/null; exec \"$@\"";
            list(&["unshare", "--net", "--", "sh", "-c", up, "sh"])
        }
        Step::PrivateHostname(Some(name)) => {
            let set = "hostname \"$1\" && shift && exec \"$@\"";
            let mut words = list(&["unshare", "--uts", "--", "sh", "-c", set, "sh"])?;
            words.push(name.clone());
            Some(words)
        }
        Step::PrivateIpc => list(&["unshare", "--ipc", "--"]),
        Step::PrivateUsers => list(&["unshare", "--user", "--map-root-user", "--"]),
        Step::PrivateHostname(None) => list(&["unshare", "--uts", "--"]),
        Step::NetworkNamespace(path) => {
            Some(vec![b"nsenter".to_vec(), [b"--net=", &path[..]].concat(), b"--".to_vec()])
        }
        Step::IpcNamespace(path) => Some(vec![b"nsenter".to_vec(), [b"--ipc=", &path[..]].concat(), b"--".to_vec()]),
        Step::RootDirectory(root) => Some(vec![b"chroot".to_vec(), root.clone()]),
        Step::SelinuxContext { context, optional: true } => Some(if_it_works("runcon", context)),
        Step::ApparmorProfile { profile, optional: true } => Some(if_it_works("aa-exec -p", profile)),
        Step::SelinuxContext { context, .. } => Some(vec![b"runcon".to_vec(), context.clone()]),
        Step::ApparmorProfile { profile, .. } => {
            Some(vec![b"aa-exec".to_vec(), b"-p".to_vec(), profile.clone(), b"--".to_vec()])
        }
        Step::Session => list(&["setsid"]),
        Step::ControlGroup(_)
        | Step::CoredumpFilter(_)
        | Step::TimerSlack(_)
        | Step::UMask(_)
        | Step::Directories(_)
        | Step::Mounts(_)
        | Step::WorkingDirectory { .. }
        | Step::Environment(_)
        | Step::IgnoreSigpipe(_)
        | Step::Capabilities(_)
        | Step::SecureBits(_)
        | Step::Identity(_)
        | Step::NoNewPrivileges => None,
    }
}

/// Says what becomes of a step's assignments where that isn't what is promised.
pub(super) fn told(link: &Link, fates: &mut Fates) {
    if matches!(link.step, Step::LeastLimits(_)) {
        fates.set(link.from.iter().copied(), &Fate::emulated("`prlimit`, where the limit is lower"));
    }
}

/// Which steps a command goes through (`exec_child`: `needs_sandboxing`, `needs_setuid`).
pub fn applies(link: &Link, privileges: Privileges) -> bool {
    match privileges {
        Privileges::Normal => true,
        Privileges::KeepUser | Privileges::AmbientOrKeepUser => !matches!(link.step, Step::Identity(_)),
        Privileges::Full => !matches!(
            link.step,
            Step::Identity(_)
                | Step::Capabilities(_)
                | Step::SecureBits(_)
                | Step::NoNewPrivileges
                | Step::PrivateNetwork
                | Step::PrivateIpc
                | Step::PrivateHostname(_)
                | Step::PrivateUsers
                | Step::NetworkNamespace(_)
                | Step::IpcNamespace(_)
                | Step::SelinuxContext { .. }
                | Step::ApparmorProfile { .. }
        ),
    }
}

/// Each dollar sign doubled, so that it stays one.
pub fn doubled(bytes: &[u8]) -> Bytes {
    let mut out = Bytes::with_capacity(bytes.len());
    for &byte in bytes {
        out.push(byte);
        if byte == b'$' {
            out.push(b'$');
        }
    }
    out
}

/// Takes a label on if `command` can give it, else goes on without.
fn if_it_works(command: &str, label: &[u8]) -> Words {
    let line = format!("{command} \"$0\" true 2>/dev/null && exec {command} \"$0\" \"$@\"; exec \"$@\"");
    vec![b"sh".to_vec(), b"-c".to_vec(), line.into_bytes(), label.to_vec()]
}

/// What one call of setpriv does; its options come from neighbouring steps.
#[derive(Debug, Default)]
pub struct Setpriv {
    bounding: Option<u64>,
    ambient: u64,
    bits: Vec<&'static str>,
    /// The user and the groups are up to the caller, as each shell finds out
    /// in its own way what groups a user has.
    pub identity: Option<Identity>,
    no_new_privileges: bool,
    any: bool,
}

impl Setpriv {
    /// Takes the step in if it is one of setpriv's.
    pub fn add(&mut self, step: &Step) -> bool {
        match step {
            Step::Capabilities(Capabilities { bounding, ambient }) => {
                self.bounding = *bounding;
                self.ambient = *ambient;
            }
            Step::SecureBits(bits) => self.bits.clone_from(bits),
            Step::Identity(identity) => self.identity = Some(identity.clone()),
            Step::NoNewPrivileges => self.no_new_privileges = true,
            _ => return false,
        }
        self.any = true;
        true
    }

    /// Whether setpriv must be called.
    pub fn is_needed(&self) -> bool {
        self.any
    }

    /// Its options, but for those about users and groups.
    pub fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        let list = |mask| Capabilities::names(mask).map(|name| format!("+{name}")).collect::<Vec<_>>().join(",");
        if self.ambient != 0 {
            options.push(format!("--inh-caps=-all,{}", list(self.ambient)));
            options.push(format!("--ambient-caps=-all,{}", list(self.ambient)));
        }
        if let Some(bounding) = self.bounding {
            let (kept, dropped) = (list(bounding), Capabilities::names(!bounding).map(|name| format!("-{name}")));
            let dropped = dropped.collect::<Vec<_>>().join(",");
            options.push(match kept.as_str() {
                "" => "--bounding-set=-all".to_owned(),
                kept if kept.len() < dropped.len() => format!("--bounding-set=-all,{kept}"),
                _ => format!("--bounding-set={dropped}"),
            });
        }
        if !self.bits.is_empty() {
            // This one ends with the next program, and setpriv doesn't know it.
            let bits = self.bits.iter().filter(|bit| **bit != "keep-caps");
            let bits: Vec<String> = bits.map(|bit| format!("+{}", bit.replace('-', "_"))).collect();
            if !bits.is_empty() {
                options.push(format!("--securebits={}", bits.join(",")));
            }
        }
        if self.no_new_privileges {
            options.push("--no-new-privs".to_owned());
        }
        options
    }
}

/// Raises a soft limit, if it isn't as high.
fn least(limit: &Limit) -> Words {
    let name = limit.resource;
    let line = format!(
        "if [ \"$(prlimit --{name} --noheadings -o SOFT | tr -d ' ')\" -lt \"$0\" ] 2>/dev/null; \
         then set -- prlimit \"--{name}=$0:\" \"$@\"; fi; unset PWD; exec \"$@\""
    );
    ["sh", "-c", &line, &limit.soft.to_string()].map(|word| word.as_bytes().to_vec()).into()
}

/// prlimit's option for one limit.
fn prlimit(limit: &Limit) -> Bytes {
    let value = |value: u64| if value == u64::MAX { "unlimited".to_owned() } else { value.to_string() };
    format!("--{}={}:{}", limit.resource, value(limit.soft), value(limit.hard)).into_bytes()
}

/// What setarch calls one of systemd's architectures.
fn setarch(machine: &str) -> &str {
    match machine {
        "x86-64" => "x86_64",
        "x86" => "i686",
        "ppc64-le" => "ppc64le",
        "ppc-le" => "ppcle",
        "arm64" => "aarch64",
        other => other,
    }
}
