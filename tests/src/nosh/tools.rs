//! What the commands of a chain take.

/// A command that a chain may have in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tool {
    /// How it is called.
    pub name: &'static str,
    /// Whether it is one of nosh's own, which `nosh` and `exec` have built in.
    pub built_in: bool,
    /// Its options; `=` at the end of one that takes an argument.
    pub options: &'static [&'static str],
    /// What follows on them.
    pub then: Then,
}

/// What follows on the options of a command.
#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    /// So many arguments, and then the next command.
    Arguments(usize),
    /// A command that ends in `;`, and then the next command.
    Command,
    /// Anything up to `--`, and then the next command.
    UpTo,
    /// Anything up to `--`, a number, and a chain of so many words; then the program.
    Chain,
    /// A line of shell, its first argument, and then the next command.
    Shell,
    /// The program, looked for in the new environment.
    Program,
    /// Nothing: the chain ends.
    End,
}

use Then::{Arguments, Chain, Command, End, Program, Shell, UpTo};

const fn own(name: &'static str, options: &'static [&'static str], then: Then) -> Tool {
    Tool { name, built_in: true, options, then }
}

const fn other(name: &'static str, options: &'static [&'static str], then: Then) -> Tool {
    Tool { name, built_in: false, options, then }
}

const LIMITS: &[&str] = &["-a=", "-c=", "-d=", "-f=", "-l=", "-m=", "-o=", "-p=", "-r=", "-s=", "-t="];
const LISTEN: &[&str] = &[
    "--systemd-compatibility",
    "--backlog=",
    "--combine4and6",
    "--reuse-port",
    "--bind-to-any",
    "--numeric-host",
    "--numeric-service",
];
const LISTEN_LOCAL: &[&str] = &[
    "--systemd-compatibility",
    "--backlog=",
    "--mode=",
    "--user=",
    "--group=",
    "--pass-credentials",
    "--pass-security",
];

/// Every command that bundles use.
pub(super) const TOOLS: &[Tool] = &[
    own("chdir", &[], Arguments(1)),
    own("chroot", &[], Arguments(1)),
    own("clearenv", &[], Arguments(0)),
    own("cyclog", &["--max-file-size=", "--max-total-size=", "--margin="], Program),
    own("exec", &["--arg0="], Arguments(0)),
    own("fdmove", &["-c"], Arguments(2)),
    own("fdredir", &["--read", "--write", "--append", "--update", "--mode=", "--non-blocking"], Arguments(2)),
    own("fifo-listen", &["--systemd-compatibility", "--mode=", "--user=", "--group="], Arguments(1)),
    own("foreground", &[], Command),
    own("hardlimit", LIMITS, Arguments(0)),
    own("local-datagram-socket-listen", LISTEN_LOCAL, Arguments(1)),
    own("local-seqpacket-socket-accept", &["--connection-limit="], Arguments(0)),
    own("local-seqpacket-socket-listen", LISTEN_LOCAL, Arguments(1)),
    own("local-stream-socket-accept", &["--connection-limit="], Arguments(0)),
    own("local-stream-socket-listen", LISTEN_LOCAL, Arguments(1)),
    own(
        "netlink-datagram-socket-listen",
        &["--systemd-compatibility", "--receive-buffer-size=", "--pass-credentials", "--pass-security"],
        Arguments(2),
    ),
    own("oom-kill-protect", &["--oknoaccess"], Arguments(1)),
    own("open-controlling-tty", &["--vhangup"], Arguments(0)),
    own("pause", &[], End),
    own("set-mount-object", &["--recursive"], Arguments(2)),
    own("setenv", &[], Arguments(2)),
    own("setsid", &[], Arguments(0)),
    own("setuidgid", &["--primary-group=", "--supplementary"], Arguments(1)),
    own("softlimit", LIMITS, Arguments(0)),
    own("tcp-socket-accept", &["--connection-limit=", "--keepalives", "--no-delay"], Arguments(0)),
    own("tcp-socket-listen", LISTEN, Arguments(2)),
    own("true", &[], End),
    own("udp-socket-listen", LISTEN, Arguments(2)),
    own("umask", &[], Arguments(1)),
    own("unsetenv", &[], Arguments(1)),
    own("unshare", &["--mount", "--network", "--ipc", "--uts"], Arguments(0)),
    own("vc-get-tty", &[], Arguments(1)),
    own("vc-reset-tty", &["--hard-reset"], Arguments(0)),
    other("./data/cgroup", &[], UpTo),
    other("./data/directories", &[], UpTo),
    other("./data/environment", &[], Chain),
    other("./data/namespace", &[], UpTo),
    other("./data/start-limit", &[], End),
    other("/bin/exec", &["--arg0="], Arguments(0)),
    other("/usr/bin/env", &["--default-signal=", "--ignore-signal="], Program),
    other("aa-exec", &["-p="], Arguments(0)),
    other("chrt", &["--reset-on-fork", "--batch", "--idle", "--fifo", "--rr", "--other"], Arguments(1)),
    other("install", &[], End),
    other("ionice", &["-c=", "-n="], Arguments(0)),
    other("nice", &["-n="], Arguments(0)),
    other("nsenter", &["--net=", "--ipc="], Arguments(0)),
    other(
        "numactl",
        &["--preferred=", "--membind=", "--interleave=", "--preferred-many=", "--weighted-interleave=", "--localalloc"],
        Arguments(0),
    ),
    other("prlimit", &["--locks=", "--sigpending=", "--msgqueue=", "--nice=", "--rtprio=", "--rttime="], Arguments(0)),
    other("runcon", &[], Arguments(1)),
    other("s6-log", &[], End),
    other("setarch", &[], Arguments(1)),
    other(
        "setpriv",
        &[
            "--reuid=",
            "--regid=",
            "--init-groups",
            "--clear-groups",
            "--groups=",
            "--inh-caps=",
            "--ambient-caps=",
            "--bounding-set=",
            "--securebits=",
            "--no-new-privs",
        ],
        Arguments(0),
    ),
    other("sh", &["-c"], Shell),
    other("svlogd", &[], End),
    other("/usr/bin/unshare", &["--user", "--map-root-user"], Arguments(0)),
    other("taskset", &["-c"], Arguments(1)),
];
