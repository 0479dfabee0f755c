use expect_test::{Expect, expect};

use super::*;
use crate::values::testing::context;

/// What is said at each `$0` of values, each written as `Directive=value`, in the service `unit`.
fn check(unit: &str, lines: &[&str], expect: Expect) {
    let variables = [Variable { name: "OPTS".into(), value: "-v '--name=a b'".into() }];
    let now = Some(Now { time: 1_767_225_600_000_000, ahead: 3600 });
    let mut out = String::new();
    for line in lines {
        let (directive, value) = line.split_once('=').unwrap();
        let text = value.replace("$0", "");
        let scene = Scene { context: context(directive, 262, unit), now, variables: &variables };
        for (count, (at, _)) in value.match_indices("$0").enumerate() {
            match explain(&text, &scene, (at - 2 * count) as u32) {
                None => out.push_str(&format!("{directive}: nothing\n")),
                Some(Explanation { span, markdown }) => {
                    out.push_str(&format!(
                        "{directive}: <<{}>> {}\n",
                        &text[span.range()],
                        markdown.replace("\n\n", "\n")
                    ));
                }
            }
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn times() {
    check(
        "a.service",
        &[
            "RestartSec=$090",
            "TimeoutStartSec=$00",
            "TimeoutStartSec=$0infinity",
            "WatchdogSec=$00",
            "RestartSec=$01h 30min",
            "TimerSlackNSec=$05ms",
            "RestartSec=$0soon",
        ],
        expect![[r#"
            RestartSec: <<90>> `1min 30s` (90 s)
            TimeoutStartSec: <<0>> `0`: read as `infinity`, no limit
            TimeoutStartSec: <<infinity>> `infinity`: no limit
            WatchdogSec: <<0>> `0`: the service isn't watched
            RestartSec: <<1h 30min>> `1h 30min` (5400 s)
            TimerSlackNSec: <<5ms>> `5ms`
            RestartSec: nothing
        "#]],
    );
}

#[test]
fn timers() {
    check(
        "a.timer",
        &[
            "OnCalendar=$0Mon..Fri 8:30",
            "OnCalendar=$0daily UTC",
            "OnCalendar=$0daily Europe/Berlin",
            "OnCalendar=$02020-1-1",
            "OnBootSec=$015min",
        ],
        expect![[r#"
            OnCalendar: <<Mon..Fri 8:30>> `Mon..Fri *-*-* 08:30:00`: every Monday to Friday at 08:30
            Next (UTC+01:00):
            - Thu 2026-01-01 08:30:00
            - Fri 2026-01-02 08:30:00
            - Mon 2026-01-05 08:30:00
            OnCalendar: <<daily UTC>> `*-*-* 00:00:00 UTC`: every day at 00:00 UTC
            Next (UTC):
            - Fri 2026-01-02 00:00:00
            - Sat 2026-01-03 00:00:00
            - Sun 2026-01-04 00:00:00
            OnCalendar: <<daily Europe/Berlin>> `*-*-* 00:00:00 Europe/Berlin`: every day at 00:00, by the clock of Europe/Berlin
            OnCalendar: <<2020-1-1>> `2020-01-01 00:00:00`: on the 1st of January in 2020 at 00:00
            It never elapses again.
            OnBootSec: <<15min>> `15min` (900 s) after the machine was booted
        "#]],
    );
}

#[test]
fn numbers() {
    check(
        "a.service",
        &[
            "UMask=$00027",
            "RuntimeDirectoryMode=$00750",
            "RuntimeDirectoryMode=$01777",
            "MemoryMax=$0512M",
            "MemoryMax=$010%",
            "MemoryMax=$0infinity",
            "TasksMax=$0100",
            "CPUWeight=$0150",
            "CPUWeight=$0idle",
            "IOWeight=$050",
            "CPUQuota=$0150%",
            "Nice=$0-5",
            "OOMScoreAdjust=$0-1000",
            "LimitNOFILE=$01024:4096",
            "LimitCORE=$0infinity",
            "LimitCPU=$090",
            "LimitNICE=$0+5",
            "StateDirectoryQuota=$01.5G",
        ],
        expect![[r#"
            UMask: <<0027>> what new files don't permit: files get `rw-r-----`, directories `rwxr-x---`
            RuntimeDirectoryMode: <<0750>> `rwxr-x---`: the owner may read, write and execute, the group read and execute, others nothing
            RuntimeDirectoryMode: <<1777>> `rwxrwxrwx`: the owner may read, write and execute, the group read, write and execute, others read, write and execute, sticky
            MemoryMax: <<512M>> 536870912 bytes (512 MiB)
            MemoryMax: <<10%>> 10 % of the machine's memory
            MemoryMax: <<infinity>> no limit
            TasksMax: <<100>> 100 tasks
            CPUWeight: <<150>> weight 150: 1.5 times the share of a unit with the usual 100, where there isn't enough for all
            CPUWeight: <<idle>> gets only what nobody else wants
            IOWeight: <<50>> weight 50: 50% of the share of a unit with the usual 100, where there isn't enough for all
            CPUQuota: <<150%>> the time of 1.5 CPUs, however many there are
            Nice: <<-5>> goes before others; -20 is the most, this is -5
            OOMScoreAdjust: <<-1000>> never killed when memory runs out
            LimitNOFILE: <<1024:4096>> soft limit: 1024 open files; hard limit, up to which the process may raise it: 4096 open files
            LimitCORE: <<infinity>> soft and hard limit: no limit
            LimitCPU: <<90>> soft and hard limit: `1min 30s` (90 s)
            LimitNICE: <<+5>> soft and hard limit: nice level 5
            StateDirectoryQuota: <<1.5G>> 1610612736 bytes (1.5 GiB)
        "#]],
    );
}

#[test]
fn words_of_lists() {
    check(
        "a.service",
        &[
            "CapabilityBoundingSet=$0~CAP_SYS_ADMIN$0 5$0",
            "AmbientCapabilities=cap_net$0_bind_service",
            "SystemCallFilter=@clock$0 @basic-io$0",
            "SystemCallFilter=~@system-service$0 ptrace:EPERM$0",
            "SystemCallErrorNumber=$0EPERM",
            "KillSignal=$0SIGTERM",
            "KillSignal=$0RTMIN+3",
            "SuccessExitStatus=75$0 DATAERR$0 SIGKILL$0",
            "RestrictAddressFamilies=AF_UNIX$0 AF_INET",
            "RestrictNamespaces=yes$0",
            "RestrictFileSystems=@basic-api$0",
            "StandardOutput=$0append:/var/log/a",
            "StandardInput=$0null",
            "SyslogLevel=$0info",
        ],
        expect![[r#"
            CapabilityBoundingSet: <<~>> `~`: what follows is taken away or forbidden; without it, it is what is there or allowed
            CapabilityBoundingSet: <<CAP_SYS_ADMIN>> **CAP_SYS_ADMIN**, capability 21
            A great deal: mounting, namespaces, quotas and much more.
            Taken away by the `~` in front.
            CapabilityBoundingSet: <<5>> **CAP_KILL**, capability 5
            Send signals to any process.
            Taken away by the `~` in front.
            AmbientCapabilities: <<cap_net_bind_service>> **CAP_NET_BIND_SERVICE**, capability 10
            Bind to ports below 1024.
            SystemCallFilter: <<@clock>> **@clock**, a system call group
            Setting the clock.
            6 members: `adjtimex`, `clock_adjtime`, `clock_adjtime64`, `clock_settime`, `clock_settime64`, `settimeofday`
            SystemCallFilter: <<@basic-io>> **@basic-io**, a system call group
            Reading, writing, seeking, closing.
            18 members: `_llseek`, `close`, `close_range`, `dup`, `dup2`, `dup3`, `llseek`, `lseek`, `pread64`, `preadv`, `preadv2`, `pwrite64`, `pwritev`, `pwritev2`, `read`, `readv`, `write`, `writev`
            SystemCallFilter: <<@system-service>> **@system-service**, a system call group
            What an ordinary system service needs; the usual start of an allow list.
            395 members: `_llseek`, `_newselect`, `accept`, `accept4`, `access`, `add_key`, `alarm`, `arch_prctl`, `arm_fadvise64_64`, `bind`, `brk`, `cacheflush`, `capget`, `capset`, `chdir`, `chmod`, `chown`, `chown32`, `clock_getres`, `clock_getres_time64`, `clock_gettime`, `clock_gettime64`, `clock_nanosleep`, `clock_nanosleep_time64`, `clone`, `clone3`, `close`, `close_range`, `connect`, `copy_file_range`, `creat`, `dup`, `dup2`, `dup3`, `epoll_create`, `epoll_create1`, `epoll_ctl`, `epoll_ctl_old`, `epoll_pwait`, `epoll_pwait2`, `epoll_wait`, `epoll_wait_old`, `eventfd`, `eventfd2`, `execve`, `execveat`, `exit`, `exit_group`, `faccessat`, `faccessat2`, `fadvise64`, `fadvise64_64`, `fallocate`, `fchdir`, `fchmod`, `fchmodat`, `fchmodat2`, `fchown`, `fchown32`, `fchownat` … and 335 more
            Forbidden by the `~` in front.
            SystemCallFilter: <<ptrace:EPERM>> **ptrace**, a system call
            Forbidden: whoever calls it gets the error behind the colon.
            SystemCallErrorNumber: <<EPERM>> **EPERM**, error name 1
            KillSignal: <<SIGTERM>> **SIGTERM**, signal 15
            The polite request to end. Programs clean up and exit; unhandled, it ends the process.
            KillSignal: <<RTMIN+3>> signal 37, a real-time signal: `RTMIN+3`
            SuccessExitStatus: <<75>> exit status 75: **TEMPFAIL**, as BSD calls it
            A failure that may pass: try again later.
            SuccessExitStatus: <<DATAERR>> exit status 65: **DATAERR**, as BSD calls it
            The input is wrong.
            SuccessExitStatus: <<SIGKILL>> **SIGKILL**, signal 9
            Ends the process at once; it can't be handled or ignored.
            RestrictAddressFamilies: <<AF_UNIX>> **AF_UNIX**, an address family
            Sockets between processes of one machine; the system log and D-Bus need it.
            RestrictNamespaces: <<yes>> `yes`: all of them
            RestrictFileSystems: <<@basic-api>> **@basic-api**, a filesystem group
            Kernel interfaces that any program needs.
            7 members: `cgroup`, `cgroup2`, `devpts`, `devtmpfs`, `mqueue`, `proc`, `sysfs`
            StandardOutput: <<append:/var/log/a>> **append**, an output
            Appends to the file after the colon.
            Here: `/var/log/a`
            StandardInput: <<null>> **null**, a standard input
            `/dev/null`: nothing to read.
            SyslogLevel: <<info>> **info**, a log level
            Ordinary progress.
        "#]],
    );
}

#[test]
fn addresses() {
    check(
        "a.service",
        &[
            "IPAddressAllow=10.0.0.0/8$0 localhost$0 ::1$0 fe80::/64$0",
            "SocketBindAllow=$0ipv4:tcp:1024-65535",
            "SocketBindDeny=$0any",
            "CPUAffinity=$00-3 2,6",
            "AllowedMemoryNodes=$00",
        ],
        expect![[r#"
            IPAddressAllow: <<10.0.0.0/8>> `10.0.0.0` to `10.255.255.255`: 16777216 addresses
            IPAddressAllow: <<localhost>> this machine: `127.0.0.0/8` and `::1`
            IPAddressAllow: <<::1>> the one address `::1`
            IPAddressAllow: <<fe80::/64>> `fe80::` to `fe80::ffff:ffff:ffff:ffff`: 2^64 addresses
            SocketBindAllow: <<ipv4:tcp:1024-65535>> ports 1024 to 65535, TCP over IPv4
            SocketBindDeny: <<any>> every port, TCP and UDP over IPv4 and IPv6
            CPUAffinity: <<0-3 2,6>> 5 CPUs: 0, 1, 2, 3, 6
            AllowedMemoryNodes: <<0>> 1 node: 0
        "#]],
    );
    check(
        "a.socket",
        &[
            "ListenStream=$080",
            "ListenStream=$0/run/a",
            "ListenStream=$0127.0.0.1:80",
            "ListenStream=$0[::]:80",
            "ListenDatagram=$0@a",
            "ListenStream=$0vsock::80",
        ],
        expect![[r#"
            ListenStream: <<80>> port 80 of every address of the machine, IPv6 and, unless `BindIPv6Only=` says otherwise, IPv4
            ListenStream: <</run/a>> the socket at `/run/a`
            ListenStream: <<127.0.0.1:80>> port 80 of the loopback address 127.0.0.1: reached from this machine only
            ListenStream: <<[::]:80>> port 80 of every IPv6 address of the machine
            ListenDatagram: <<@a>> a socket called `a` in the abstract namespace: there is no file
            ListenStream: <<vsock::80>> port 80 for any virtual machine or the host (AF_VSOCK)
        "#]],
    );
}

#[test]
fn paths() {
    check(
        "web@a.service",
        &[
            "EnvironmentFile=$0-/etc/default/%p",
            "WorkingDirectory=$0~",
            "PIDFile=$0a.pid",
            "BindReadOnlyPaths=/a$0 -/b:/c:norbind$0",
            "TemporaryFileSystem=/var:ro$0",
            "StateDirectory=a/%i$0 b:c$0",
            "ReadWritePaths=-/a$0 +/b$0 /c$0",
            "DeviceAllow=$0/dev/null r",
            "DeviceAllow=$0char-pts",
            "IOReadBandwidthMax=$0/dev/sda 5M",
            "OpenFile=$0/etc/a:b:read-only",
            "LoadCredential=$0a:/etc/b",
            "SetCredential=$0a:b",
        ],
        expect![[r#"
            EnvironmentFile: <<-/etc/default/%p>> `/etc/default/web`
            `-`: it may be missing
            WorkingDirectory: <<~>> the home directory of the unit's user
            PIDFile: <<a.pid>> `/run/a.pid`
            BindReadOnlyPaths: <</a>> `/a` of the host is seen at `/a`, with what is mounted below it, read-only
            BindReadOnlyPaths: <<-/b:/c:norbind>> `/b` of the host is seen at `/c`, without what is mounted below it, read-only
            `-`: it may be missing
            TemporaryFileSystem: <</var:ro>> an empty file system in memory at `/var`, mounted with `ro`
            StateDirectory: <<a/%i>> `/var/lib/a/a`: made when the unit starts, owned by the unit's user; `$STATE_DIRECTORY` names it.
            StateDirectory: <<b:c>> `/var/lib/b`: made when the unit starts, owned by the unit's user; `$STATE_DIRECTORY` names it.
            `/var/lib/c` is a link to it.
            ReadWritePaths: <<-/a>> `/a`
            `-`: it may be missing
            ReadWritePaths: <<+/b>> `/b`
            `+`: below the unit's own root directory, not the host's
            ReadWritePaths: nothing
            DeviceAllow: <</dev/null r>> `/dev/null`: the unit may read
            DeviceAllow: <<char-pts>> the character devices `pts`: the unit may read, write, make its node
            IOReadBandwidthMax: <</dev/sda 5M>> the device of `/dev/sda`: 5000000 bytes a second (5 MB) at the most
            OpenFile: <</etc/a:b:read-only>> `/etc/a` is opened and passed as the file descriptor `b`; read-only
            LoadCredential: <<a:/etc/b>> the file `$CREDENTIALS_DIRECTORY/a` of the unit, from `/etc/b`
            SetCredential: <<a:b>> the file `$CREDENTIALS_DIRECTORY/a` of the unit
        "#]],
    );
}

#[test]
fn command_lines() {
    check(
        "web@a\\x2db.service",
        &[
            "ExecStart=-$0@/usr/bin/foo$0 name $0--in=%i $0$OPTS '${OPTS} $$$0' \"$0a b\" $UN${KN}OWN$0 %H",
            "ExecStart=foo$0 a",
            "ExecStart=$0:!/bin/foo $A$0",
            "ExecStart=/bin/a ; $0/bin/b c",
            "ExecStart=|e$0cho $A",
        ],
        expect![[r#"
            ExecStart: <<-@>> - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            ExecStart: <</usr/bin/foo>> The program `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
              1  --in=a\x2db
              2  -v
              3  --name=a b
              4  -v '--name=a b' $
              5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<--in=%i>> For `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
            → 1  --in=a\x2db
              2  -v
              3  --name=a b
              4  -v '--name=a b' $
              5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<$OPTS>> For `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
              1  --in=a\x2db
            → 2  -v
            → 3  --name=a b
              4  -v '--name=a b' $
              5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<'${OPTS} $$'>> For `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
              1  --in=a\x2db
              2  -v
              3  --name=a b
            → 4  -v '--name=a b' $
              5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<"a b">> For `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
              1  --in=a\x2db
              2  -v
              3  --name=a b
              4  -v '--name=a b' $
            → 5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<$UN${KN}OWN>> For `/usr/bin/foo`.
            - `-`: a failure is noted and counts as success
            - `@`: the word behind the program is passed as `argv[0]`
            The process gets
            ```text
              0  name
              1  --in=a\x2db
              2  -v
              3  --name=a b
              4  -v '--name=a b' $
              5  a b
              6  %H
            ```
            Only known at run time: `%H`.
            ExecStart: <<foo>> The program `foo`, looked for in `ExecSearchPath=` or in the directories that systemd was built with, not in `$PATH`.
            The process gets
            ```text
            → 0  foo
              1  a
            ```
            ExecStart: <<:!>> - `:`: variables aren't expanded, a `$` is a dollar sign
            - `!`: run as the manager's own user, `User=` and `Group=` don't apply; the rest does
            ExecStart: <<$A>> For `/bin/foo`.
            - `:`: variables aren't expanded, a `$` is a dollar sign
            - `!`: run as the manager's own user, `User=` and `Group=` don't apply; the rest does
            The process gets
            ```text
              0  /bin/foo
            → 1  $A
            ```
            ExecStart: <</bin/b>> The program `/bin/b`.
            The process gets
            ```text
            → 0  /bin/b
              1  c
            ```
            ExecStart: <<echo>> Run by the shell of the unit's user.
            - `|`: the line is run by the shell of the unit's user, with `-c`
            The process gets
            ```text
            → 0  sh
            → 1  -c
            → 2  echo $A
            ```
        "#]],
    );
}

#[test]
fn variables_and_conditions() {
    check(
        "web@a.service",
        &[
            "Environment=A=%i$0 'B=c d'$0 HOME=/x$0",
            "PassEnvironment=TERM$0",
            "UnsetEnvironment=A$0 B=c$0",
            "ConditionPathExists=|$0!/etc/%p",
            "ConditionVirtualization=$0!container",
            "AssertSecurity=$0selinux",
        ],
        expect![[r#"
            Environment: <<A=%i>> **`A`** is `a`
            Environment: <<'B=c d'>> **`B`** is `c d`
            Environment: <<HOME=/x>> **`HOME`** is `/x`
            Otherwise: The home directory of the unit's user. Not set for system services without `User=`, unless `SetLoginEnvironment=` asks for it.
            PassEnvironment: <<TERM>> **`TERM`**, with the value that the service manager itself has
            Otherwise: The type of the terminal, if the unit is connected to one.
            UnsetEnvironment: <<A>> **`A`** is taken away
            UnsetEnvironment: <<B=c>> **`B`** is taken away if its value is `c`
            ConditionPathExists: <<|!>> `|`: one of all those with a `|` is enough
            `!`: it must not hold
            ConditionVirtualization: <<!>> `!`: it must not hold
            AssertSecurity: <<selinux>> **selinux**, a security technology
            SELinux is enabled.
            If it isn't met, the start fails.
        "#]],
    );
}

#[test]
fn names_and_specifiers() {
    check(
        "web@a\\x2db.service",
        &[
            "After=getty@tty1.service$0 %$0p.socket$0 x@.service$0",
            "After=dev-disk-by\\x2duuid-a.device$0 network-online.target$0 srv-data.mount$0 a@x-y.service$0",
            "ExecStart=/bin/a %$0i %$0I %$0H %$0% %f$0",
            "WantedBy=multi-user.target$0",
        ],
        expect![[r#"
            After: <<getty@tty1.service>> **`getty@tty1.service`**
            The instance `tty1` of `getty@.service`.
            After: <<%p>> **%p**
            Prefix of the name: what stands before the `@`, or the name without its suffix. Still escaped.
            Here: `web`
            After: <<%p.socket>> **`web.socket`**
            After: <<x@.service>> **`x@.service`**
            A template: its instances are called `x@NAME.service`.
            After: <<dev-disk-by\x2duuid-a.device>> **`dev-disk-by\x2duuid-a.device`**
            The device `/dev/disk/by-uuid/a`.
            After: <<network-online.target>> **`network-online.target`**
            The network is usable: an address is configured, as far as the network manager can tell. Needs `Wants=` as well as `After=`, delays the boot, and is for clients; a server that listens on all addresses needs `network.target` at the most.
            ```ini
            Wants=network-online.target
            After=network-online.target
            ```
            After: <<srv-data.mount>> **`srv-data.mount`**
            The mount point `/srv/data`.
            After: <<a@x-y.service>> **`a@x-y.service`**
            The instance `x-y` of `a@.service`. Unescaped: `x/y`.
            ExecStart: <<%i>> **%i**
            Instance name as it is written in the unit's name, still escaped; empty outside an instance. For file names and options.
            Here: `a\x2db`
            ExecStart: <<%I>> **%I**
            Instance name, unescaped: `a-b` becomes `a/b`, `\x2d` a dash. For paths that were escaped to be an instance.
            Here: `a-b`
            ExecStart: <<%H>> **%H**
            Host name when the unit was loaded; a later change doesn't show.
            ExecStart: <<%%>> `%%`: a single percent sign
            ExecStart: <<%f>> For `/bin/a`.
            The process gets
            ```text
              0  /bin/a
              1  a\x2db
              2  a-b
              3  %H
              4  %
            → 5  /a-b
            ```
            Only known at run time: `%H`.
            WantedBy: <<multi-user.target>> **`multi-user.target`**
            The system is up, without graphics. Where ordinary services are installed; graphical systems start it too.
            ```ini
            WantedBy=multi-user.target
            ```
        "#]],
    );
    check(
        "web@.service",
        &["ExecStart=/bin/a %$0i %$0p %$0S"],
        expect![[r#"
            ExecStart: <<%i>> **%i**
            Instance name as it is written in the unit's name, still escaped; empty outside an instance. For file names and options.
            This is a template: each instance has its own.
            ExecStart: <<%p>> **%p**
            Prefix of the name: what stands before the `@`, or the name without its suffix. Still escaped.
            Here: `web`
            ExecStart: <<%S>> **%S**
            Root of state directories: `/var/lib`, or `$XDG_STATE_HOME` of the user. `StateDirectory=` makes a directory below it.
            Here: `/var/lib`
        "#]],
    );
}
