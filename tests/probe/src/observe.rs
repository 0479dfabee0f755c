//! All that a process can see of itself.

use std::ffi::{CStr, OsStr};
use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::RawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::{env, process, ptr};

use crate::files;
use crate::report::escaped;

type Fields = Vec<(String, String)>;

/// Looked at at every start: what sandboxing makes read-only, empty or invisible.
const PATHS: &[&str] = &[
    "/",
    "/boot",
    "/dev",
    "/dev/shm",
    "/etc",
    "/home",
    "/home/svc/marker",
    "/proc",
    "/proc/kmsg",
    "/proc/sys",
    "/root/marker",
    "/root",
    "/run",
    "/srv",
    "/sys",
    "/sys/fs/cgroup",
    "/sys/kernel",
    "/tmp",
    "/tmp/marker",
    "/usr",
    "/var",
    "/var/tmp",
    "/var/tmp/marker",
];

const LIMITS: &[(&str, libc::__rlimit_resource_t)] = &[
    ("AS", libc::RLIMIT_AS),
    ("CORE", libc::RLIMIT_CORE),
    ("CPU", libc::RLIMIT_CPU),
    ("DATA", libc::RLIMIT_DATA),
    ("FSIZE", libc::RLIMIT_FSIZE),
    ("LOCKS", libc::RLIMIT_LOCKS),
    ("MEMLOCK", libc::RLIMIT_MEMLOCK),
    ("MSGQUEUE", libc::RLIMIT_MSGQUEUE),
    ("NICE", libc::RLIMIT_NICE),
    ("NOFILE", libc::RLIMIT_NOFILE),
    ("NPROC", libc::RLIMIT_NPROC),
    ("RSS", libc::RLIMIT_RSS),
    ("RTPRIO", libc::RLIMIT_RTPRIO),
    ("RTTIME", libc::RLIMIT_RTTIME),
    ("SIGPENDING", libc::RLIMIT_SIGPENDING),
    ("STACK", libc::RLIMIT_STACK),
];

/// What of /proc/self/status is told, and as what.
const STATUS: &[(&str, &str)] = &[
    ("Uid", "uids"),
    ("Gid", "gids"),
    ("Umask", "umask"),
    ("SigBlk", "signals.blocked"),
    ("SigIgn", "signals.ignored"),
    ("CapInh", "capabilities.inheritable"),
    ("CapPrm", "capabilities.permitted"),
    ("CapEff", "capabilities.effective"),
    ("CapBnd", "capabilities.bounding"),
    ("CapAmb", "capabilities.ambient"),
    ("NoNewPrivs", "no-new-privileges"),
    ("Seccomp", "seccomp"),
    ("Cpus_allowed_list", "cpus"),
    ("Mems_allowed_list", "memory-nodes"),
];

/// Everything, as names and printable values.
pub(crate) fn all(arguments: &[Vec<u8>]) -> Fields {
    let mut fields = Fields::new();
    let mut add = |key: String, value: String| fields.push((key, value));
    for (at, argument) in arguments.iter().enumerate() {
        add(format!("argv.{at}"), escaped(argument));
    }
    for (key, value) in env::vars_os() {
        add(format!("env.{}", escaped(key.as_bytes())), escaped(value.as_bytes()));
    }
    let cwd = env::current_dir().map_or_else(|error| error.to_string(), |path| escaped(path.as_os_str().as_bytes()));
    add("cwd".to_owned(), cwd);
    status(&mut add);
    groups(&mut add);
    limits(&mut add);
    scheduling(&mut add);
    process_state(&mut add);
    namespaces(&mut add);
    network(&mut add);
    descriptors(&mut add);
    for path in PATHS {
        add(format!("path.{path}"), files::look(path.as_bytes()));
    }
    fields
}

/// The sockets that `$LISTEN_FDS` speaks of: whether they are for us, their names, their addresses.
pub(crate) fn passed() -> String {
    let count = env::var("LISTEN_FDS").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let ours = env::var("LISTEN_PID").is_ok_and(|pid| pid == process::id().to_string());
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let kinds: Vec<String> = (3..3 + count).map(socket).collect();
    format!("{} for us: {ours}; {names}; {}", kinds.len(), kinds.join(" "))
}

fn socket(descriptor: RawFd) -> String {
    let get = |option| {
        let (mut value, mut size) = (0_i32, 4);
        let result =
            unsafe { libc::getsockopt(descriptor, libc::SOL_SOCKET, option, (&raw mut value).cast(), &raw mut size) };
        if result == 0 { value.to_string() } else { "?".to_owned() }
    };
    format!("{}/{}/{}", get(libc::SO_DOMAIN), get(libc::SO_TYPE), get(libc::SO_ACCEPTCONN))
}

fn status(add: &mut impl FnMut(String, String)) {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if let Some((_, name)) = STATUS.iter().find(|(known, _)| *known == key) {
            add((*name).to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

fn groups(add: &mut impl FnMut(String, String)) {
    let mut groups = vec![0; 1024];
    let count = unsafe { libc::getgroups(1024, groups.as_mut_ptr()) };
    groups.truncate(usize::try_from(count).unwrap_or(0));
    groups.sort_unstable();
    groups.dedup();
    add("groups".to_owned(), groups.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
}

fn limits(add: &mut impl FnMut(String, String)) {
    let show = |limit: u64| if limit == libc::RLIM_INFINITY { "infinity".to_owned() } else { limit.to_string() };
    for (name, resource) in LIMITS {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        unsafe { libc::getrlimit(*resource, &raw mut limit) };
        add(format!("limit.{name}"), format!("{}:{}", show(limit.rlim_cur), show(limit.rlim_max)));
    }
}

fn scheduling(add: &mut impl FnMut(String, String)) {
    unsafe {
        add("nice".to_owned(), libc::getpriority(libc::PRIO_PROCESS, 0).to_string());
        let policy = libc::sched_getscheduler(0);
        let mut parameters = MaybeUninit::<libc::sched_param>::zeroed();
        libc::sched_getparam(0, parameters.as_mut_ptr());
        let name = match policy & !libc::SCHED_RESET_ON_FORK {
            libc::SCHED_OTHER => "other".to_owned(),
            libc::SCHED_BATCH => "batch".to_owned(),
            libc::SCHED_IDLE => "idle".to_owned(),
            libc::SCHED_FIFO => "fifo".to_owned(),
            libc::SCHED_RR => "rr".to_owned(),
            other => other.to_string(),
        };
        add("scheduling.policy".to_owned(), name);
        add("scheduling.priority".to_owned(), parameters.assume_init().sched_priority.to_string());
        add("scheduling.reset-on-fork".to_owned(), (policy & libc::SCHED_RESET_ON_FORK != 0).to_string());
        let io = libc::syscall(libc::SYS_ioprio_get, 1, 0);
        add("io-priority".to_owned(), format!("{} {}", io >> 13, io & 0x1fff));
        let mut policy = 0_i32;
        let mut nodes = [0_u64; 16];
        libc::syscall(libc::SYS_get_mempolicy, &raw mut policy, nodes.as_mut_ptr(), 1024, 0, 0);
        add("numa-policy".to_owned(), format!("{policy} {:x}", nodes[0]));
    }
}

fn process_state(add: &mut impl FnMut(String, String)) {
    unsafe {
        add("timer-slack".to_owned(), libc::prctl(libc::PR_GET_TIMERSLACK).to_string());
        add("personality".to_owned(), format!("{:x}", libc::personality(0xffff_ffff)));
        add("secure-bits".to_owned(), format!("{:x}", libc::prctl(libc::PR_GET_SECUREBITS)));
        add("session-leader".to_owned(), (libc::getsid(0) == libc::getpid()).to_string());
        add("group-leader".to_owned(), (libc::getpgid(0) == libc::getpid()).to_string());
        let mut names = MaybeUninit::<libc::utsname>::zeroed();
        libc::uname(names.as_mut_ptr());
        let names = names.assume_init();
        add("machine".to_owned(), escaped(CStr::from_ptr(names.machine.as_ptr()).to_bytes()));
        add("hostname".to_owned(), escaped(CStr::from_ptr(names.nodename.as_ptr()).to_bytes()));
    }
    for (name, file) in [("oom-score-adjust", "oom_score_adj"), ("coredump-filter", "coredump_filter")] {
        let text = fs::read_to_string(format!("/proc/self/{file}")).unwrap_or_default();
        add(name.to_owned(), text.trim().to_owned());
    }
    let cgroup = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let cgroup = cgroup.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("?").to_owned();
    add("cgroup".to_owned(), cgroup);
}

fn namespaces(add: &mut impl FnMut(String, String)) {
    for name in ["ipc", "mnt", "net", "pid", "user", "uts"] {
        let link = fs::read_link(format!("/proc/self/ns/{name}")).unwrap_or_default();
        add(format!("namespace.{name}"), link.to_string_lossy().into_owned());
    }
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let lines: Vec<String> = map.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    add("user-map".to_owned(), lines.join(", "));
}

fn network(add: &mut impl FnMut(String, String)) {
    let mut interfaces = Vec::new();
    let mut first = ptr::null_mut();
    unsafe {
        if libc::getifaddrs(&raw mut first) == 0 {
            let mut entry = first;
            while let Some(interface) = entry.as_ref() {
                let name = CStr::from_ptr(interface.ifa_name).to_string_lossy().into_owned();
                let up = interface.ifa_flags & u32::try_from(libc::IFF_UP).unwrap_or(0) != 0;
                interfaces.push(format!("{name} {}", if up { "up" } else { "down" }));
                entry = interface.ifa_next;
            }
            libc::freeifaddrs(first);
        }
    }
    interfaces.sort();
    interfaces.dedup();
    add("network".to_owned(), interfaces.join(", "));
}

/// Open files, without the one that is open to read their list.
fn descriptors(add: &mut impl FnMut(String, String)) {
    let Ok(entries) = fs::read_dir("/proc/self/fd") else { return };
    let numbers: Vec<RawFd> = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let mut numbers: Vec<RawFd> =
        numbers.into_iter().filter(|number| unsafe { libc::fcntl(*number, libc::F_GETFD) } != -1).collect();
    numbers.sort_unstable();
    for number in numbers {
        let target = fs::read_link(format!("/proc/self/fd/{number}")).unwrap_or_default();
        let text = escaped(&target.into_os_string().into_vec());
        let kind = text.split_once(":[").map_or(text.as_str(), |(kind, _)| kind).to_owned();
        let flags = unsafe { libc::fcntl(number, libc::F_GETFL) };
        let mode = match flags & libc::O_ACCMODE {
            libc::O_RDONLY => "r",
            libc::O_WRONLY => "w",
            _ => "rw",
        };
        let append = if flags & libc::O_APPEND != 0 { " append" } else { "" };
        let blocking = if flags & libc::O_NONBLOCK != 0 { " nonblocking" } else { "" };
        let tty = if Path::new(OsStr::new(&kind)).starts_with("/dev/tty") { " tty" } else { "" };
        add(format!("file.{number}"), format!("{kind} {mode}{append}{blocking}{tty}"));
    }
}
