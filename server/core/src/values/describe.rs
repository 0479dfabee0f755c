use super::ValueType;
use crate::schema::{Set, sets};

impl ValueType {
    /// What may be assigned, in a few words, for people: "a time span, such as `5min 20s`".
    pub fn describe(self) -> String {
        use ValueType::*;
        let words = match self {
            Set(set) => return one_of(set),
            BpfDelegate(set) => return format!("`any`, or any of {}", words(set)),
            Supervisord(kind) => kind.describe(),
            AddressFamilies => "address families such as `AF_INET`, `none`, or `~` and families to exclude",
            AddressPrefixes => {
                "IP addresses or networks such as `10.0.0.0/8`, or `any`, `localhost`, `link-local`, `multicast`"
            }
            ApparmorProfile => "the name of an AppArmor profile, `-` before it if it may be missing",
            BindPaths => "paths as `SOURCE[:DESTINATION[:rbind|norbind]]`, `-` before one that may be missing",
            Boolean => "a boolean: `yes` or `no`",
            BpfForeignProgram => "a BPF program as `TYPE:PATH`",
            BpfProgramPath => "the path of a pinned BPF program",
            BusName => "a D-Bus name such as `org.example.Daemon`",
            CapabilitySet => "capabilities such as `CAP_NET_BIND_SERVICE`, or `~` and capabilities to exclude",
            CgroupCpuWeight => "a weight from 1 to 10000, or `idle`",
            CgroupSocketBind => "`any`, or a rule such as `ipv4:tcp:80` or `1024-65535`",
            CgroupWeight => "a weight from 1 to 10000",
            ColonSeparatedPaths => "absolute paths with `:` in between",
            ConcurrencyMax => "a number of units, or `infinity`",
            ConditionPath => "an absolute path; `!` before it negates, `|` makes it one of several alternatives",
            ConditionString => "what to test for; `!` before it negates, `|` makes it one of several alternatives",
            Controllers => "names of cgroup controllers",
            CoredumpFilter => "mapping types to dump, by name or as a hexadecimal mask",
            CpuAffinity => "CPU numbers and ranges such as `0-3 6`, or `numa`",
            CpuQuota => "a percentage of one CPU, such as `150%`",
            CpuSchedPriority => "a priority from 1 to 99 (0 with policies that aren't real-time)",
            CpuSet => "CPU or memory node numbers and ranges such as `0-3 6`",
            Delegate => "a boolean, or names of cgroup controllers",
            DelegateSubgroup => "the name of a cgroup below the unit's own",
            DeviceAllow => "a device node or group, then any of `r`, `w`, `m`",
            Documentation => "URIs: `https://`, `http://`, `file:`, `info:`, `man:`",
            Environment => "assignments such as `NAME=value`, quoted as a whole where the value has blanks",
            EnvironmentFile => "an absolute path, `-` before it if it may be missing",
            Exec => "a command line: prefixes, the program, its arguments; no shell reads it",
            ExecDirectories => "relative paths, each with an optional `:SYMLINK`",
            ExecInput => "where standard input comes from: `null`, `tty`, `socket`, `file:PATH`, `fd:NAME` …",
            ExecOutput => "where output goes: `journal`, `null`, `inherit`, `file:PATH`, `append:PATH` …",
            ExecQuota => "a size, a percentage of the disk, or `off`",
            ExitStatus => "an exit status from 0 to 255",
            ExitStatusSet => "exit statuses by number or name, and signals",
            ExtensionImages => "paths of images as `PATH[:OPTIONS]`, `-` before one that may be missing",
            FdName => "a name for file descriptors",
            FilesystemFilter => "file system types or groups such as `@basic-api`, or `~` and those to exclude",
            Ignored => "anything; it is ignored",
            ImagePolicy => "an image policy such as `root=verity+signed:home=encrypted`",
            ImportCredential => "a credential name or glob, with an optional `:NEW-NAME`",
            InputData => "Base64",
            InputText => "text, C escapes allowed",
            InstallAlias => "unit names of the same type",
            InstallAlso => "unit names",
            InstallDefaultInstance => "an instance name",
            InstallUnits => "unit names",
            Integer => "an integer",
            InterfaceFilter => "network interface names, or `~` and those to exclude",
            InterfaceName | NetworkInterface => "the name of a network interface",
            IoDeviceLatency => "a device path and a time span",
            IoDeviceWeight => "a device path and a weight from 1 to 10000",
            IoLimit => "a device path and a number such as `5M`",
            IoPriority => "a priority from 0 (highest) to 7",
            JobTimeout | ServiceTimeout | TimeSpan | TimeSpanEmptyInfinity | TimeSpanZeroInfinity => {
                "a time span such as `5min 20s`; seconds where there is no unit"
            }
            TimeSpanNanoseconds => "a time span such as `50us`; nanoseconds where there is no unit",
            ServiceTimeoutAbort => "a time span such as `5min 20s`; empty: as `TimeoutStopSec=`",
            ManagedOomDuration => "a time span of at least 1 s",
            LoadCredential => "`NAME[:PATH]`",
            SetCredential => "`NAME:VALUE`",
            LogExtraFields => "journal fields such as `FIELD=value`",
            LogFilterPatterns => "a regular expression, `~` before it to drop what matches",
            LogNamespace => "the name of a journal namespace",
            Long => "an integer",
            LuoSessions => "names of live-update sessions",
            ManagedOomRules => "names of OOM rules",
            MemoryLimit => "a size such as `512M`, a percentage of the memory, or `infinity`",
            Mode => "an octal mode such as `0644`",
            MountImages => "images as `PATH:MOUNT-POINT[:OPTIONS]`, `-` before one that may be missing",
            MountNode => "what to mount: a device, `UUID=…`, `LABEL=…`, a path or network share",
            MountsFor => "absolute paths",
            NamespaceFlags => "a boolean, namespace types such as `net ipc`, or `~` and types",
            NamespacePaths => "absolute paths; `-` before one that may be missing, `+` for below the root directory",
            NftSet => "sets as `SOURCE:FAMILY:TABLE:SET`",
            Nice => "a nice level from -20 (highest priority) to 19",
            NumaMask => "NUMA node numbers and ranges, or `all`",
            ObsoleteUnitList | UnitList => "unit names",
            OomScoreAdjust => "an adjustment from -1000 (never killed) to 1000",
            OpenFile => "a file as `PATH[:FD-NAME[:OPTIONS]]`",
            PassEnvironment => "names of environment variables",
            Path => "an absolute path",
            PathList => "absolute paths",
            Permyriad => "a percentage such as `60%`",
            PidFile => "a path, relative to `/run`",
            ProtectHostname => "a boolean or `private`, with an optional `:HOSTNAME`",
            RebootParameter => "an argument for the reboot call",
            Rlimit => "a limit, or `SOFT:HARD`; `infinity` for none",
            RootHash => "a root hash in hexadecimal, or the path of a file with it",
            RootHashSignature => "`base64:` and a signature, or the path of a file with it",
            RootImageOptions => "mount options as `[PARTITION:]OPTIONS`",
            SecureBits => return format!("any of {}", words(&sets::SECURE_BIT)),
            SelinuxContext => "an SELinux context, `-` before it if failing doesn't matter",
            ServiceRefreshOnReload => "a boolean, or what to refresh",
            ServiceSockets => "socket units",
            Signal => "a signal by name or number",
            Size | SizeLong => "a size in bytes; K, M, G, T are powers of 1024",
            Slice => "a slice unit",
            SmackProcessLabel => "a SMACK label, `-` before it if failing doesn't matter",
            SocketAddress => "an address: a port, `ADDRESS:PORT`, a path, `@abstract`, `vsock:CID:PORT`",
            SocketProtocol => "`udplite`, `sctp` or `mptcp`",
            SocketService => "a service unit",
            String | Text => "text",
            SwapPriority => "a priority from -1 to 32767",
            SyscallArchitectures => "architectures such as `native`",
            SyscallErrno => "an errno name or number, or `kill`",
            SyscallFilter => {
                "system calls or groups such as `@system-service`, or `~` and those to exclude; `:ERRNO` after one"
            }
            SyscallLog => "system calls or groups such as `@basic-io`, or `~` and those to exclude",
            TasksMax => "a number of tasks, a percentage, or `infinity`",
            TemporaryFilesystems => "paths as `PATH[:OPTIONS]`",
            Timer => "a time span (`On…Sec=`) or a calendar event (`OnCalendar=`)",
            TriggerUnit => "a unit name",
            Tristate => "a boolean, or empty to leave it open",
            TtySize => "a number of rows or columns",
            UnsetEnvironment => "variables to unset, as `NAME` or `NAME=value`",
            Unsigned => "a number, 0 or more",
            User => "a user or group, by name or number",
            UserList => "users or groups, by name or number",
            WatchedPath => "an absolute path",
            WorkingDirectory => "an absolute path or `~`, `-` before it if it may be missing",
            Xattr => "the value of an extended attribute",
        };
        words.to_owned()
    }
}

fn one_of(set: &Set) -> String {
    format!("one of {}", words(set))
}

fn words(set: &Set) -> String {
    let words: Vec<_> =
        set.words.iter().filter(|word| word.removed == 0).map(|word| format!("`{}`", word.text)).collect();
    words.join(", ")
}
