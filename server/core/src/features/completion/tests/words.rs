use expect_test::{Expect, expect};

use super::{check_for, check_service, check_typed, labels};
use crate::schema::Version;

#[test]
fn words_of_closed_sets() {
    check_service(
        "Type=$0",
        expect![[r#"
        "":
          dbus -- Started once `BusName=` is taken.
          exec -- Started once the program has been run.
          forking -- Started once the first process exits; a child goes on as the main process. `PIDFile=` tells which.
          idle -- Like `simple`, but waits up to 5 s for other jobs, so that console output is not mixed.
          notify -- Started once the service has said `READY=1`.
          notify-reload -- Like `notify`, and reloads on `ReloadSignal=`.
          oneshot -- Started once the process has exited; several `ExecStart=` are allowed.
          simple -- Started as soon as the process is forked, even if the program cannot be run.
    "#]],
    );
    check_service(
        "Type = no$0tify",
        expect![[r#"
        "notify" or "no":
          notify -- Started once the service has said `READY=1`.
          notify-reload -- Like `notify`, and reloads on `ReloadSignal=`.
          oneshot -- Started once the process has exited; several `ExecStart=` are allowed.
    "#]],
    );
    check_service(
        "KillMode=$0",
        expect![[r#"
        "":
          control-group -- All processes of the unit get the signal, then SIGKILL.
          mixed -- The main process gets the signal, then all others SIGKILL.
          process -- Only the main process is killed; others are left behind.
        ! none -- Nothing is killed. (deprecated)
    "#]],
    );
    check_service(
        "PrivateTmp=$0",
        expect![[r#"
        "":
          connected -- Directories below the host's `/tmp` and `/var/tmp`; the same as `yes`.
          disconnected -- A tmpfs of its own.
          no -- The `/tmp` and `/var/tmp` of the system.
          yes -- the same as `connected`
    "#]],
    );
    check_service(
        "PrivateTm$0",
        expect![[r#"
        "PrivateTm":
          PrivateTmp => PrivateTmp= => PrivateTmp=${1|yes,connected,disconnected,no|}
    "#]],
    );
    check_service(
        "RemainAfterExit=$0",
        expect![[r#"
        "":
          no
          yes
    "#]],
    );
    check_service(
        "Type=\\\n $0\n",
        expect![[r#"
        "":
          dbus -- Started once `BusName=` is taken.
          exec -- Started once the program has been run.
          forking -- Started once the first process exits; a child goes on as the main process. `PIDFile=` tells which.
          idle -- Like `simple`, but waits up to 5 s for other jobs, so that console output is not mixed.
          notify -- Started once the service has said `READY=1`.
          notify-reload -- Like `notify`, and reloads on `ReloadSignal=`.
          oneshot -- Started once the process has exited; several `ExecStart=` are allowed.
          simple -- Started as soon as the process is forked, even if the program cannot be run.
    "#]],
    );
    check_service(
        "Type=a\\\n $0\n",
        expect![[r#"
        nothing
    "#]],
    );
    check_for(
        Version(252),
        "a.service",
        "[Service]\nType=notify$0",
        expect![[r#"
        "notify":
          notify -- Started once the service has said `READY=1`.
    "#]],
    );
    check_service(
        "SyslogLevel=$0",
        expect![[r#"
            "":
              alert -- Something must be done at once.
              crit -- A critical failure.
              debug -- For developers.
              emerg -- The system is unusable.
              err -- A failure.
              info -- Ordinary progress.
              notice -- Normal, but worth a note.
              warning -- A failure may come.
        "#]],
    );
    check_service(
        "UMask=$0",
        expect![[r#"
        "":
          0022 -- others may read
          0027 -- the group may read, others nothing
          0077 -- the owner only
    "#]],
    );
    check_service(
        "IPAddressAllow=10.0.0.0/8 $0",
        expect![[r#"
        "":
          any -- all addresses
          link-local -- `169.254.0.0/16` and `fe80::/64`
          localhost -- `127.0.0.0/8` and `::1`
          multicast -- `224.0.0.0/4` and `ff00::/8`
    "#]],
    );
}

#[test]
fn lists_of_words() {
    check_service(
        "CapabilityBoundingSet=~CAP_KILL CAP_NET_$0",
        expect![[r#"
        "CAP_NET_":
          CAP_NET_ADMIN -- Configure interfaces, routes, firewall.
          CAP_NET_BIND_SERVICE -- Bind to ports below 1024.
          CAP_NET_BROADCAST -- Broadcast and listen to multicast.
          CAP_NET_RAW -- Use raw and packet sockets.
    "#]],
    );
    check_service(
        "CapabilityBoundingSet=$0",
        expect![[r#"
            "":
              CAP_AUDIT_CONTROL -- Configure auditing.
              CAP_AUDIT_READ -- Read the audit log.
              CAP_AUDIT_WRITE -- Write to the audit log.
              CAP_BLOCK_SUSPEND -- Keep the system from sleeping.
              CAP_BPF -- Load BPF programs.
              CAP_CHECKPOINT_RESTORE -- Checkpoint and restore processes.
              CAP_CHOWN -- Change the owner of any file.
              CAP_DAC_OVERRIDE -- Pass over read, write and execute permission of files.
            … 34 more
        "#]],
    );
    check_service(
        "RestrictAddressFamilies=AF_INET $0",
        expect![[r#"
            "":
              AF_ALG -- The kernel's cryptography.
              AF_APPLETALK
              AF_ASH
              AF_ATMPVC
              AF_ATMSVC
              AF_AX25
              AF_BLUETOOTH -- Bluetooth.
              AF_BRIDGE
            … 39 more
        "#]],
    );
    check_service(
        "SystemCallFilter=@sy$0",
        expect![[r#"
            "@sy":
              @sync -- Writing data to disk.
              @system-service -- What an ordinary system service needs; the usual start of an allow list.
              @file-system -- Opening, making, renaming, deleting files and directories.
        "#]],
    );
    check_service(
        "SystemCallFilter=~@mount:EPE$0",
        expect![[r#"
        "EPE":
          EPERM
          EINPROGRESS
          EKEYEXPIRED
          EMEDIUMTYPE
          EPIPE
          EPROTOTYPE
          ESPIPE
          ESTRPIPE
    "#]],
    );
    check_service(
        "SuccessExitStatus=TEMPFAIL SIGK$0",
        expect![[r#"
            "SIGK":
              SIGKILL -- Ends the process at once; it can't be handled or ignored.
              SIGNAL_MASK -- The signal mask couldn't be set.
              SIGSTKFLT -- Unused by the kernel. Ends the process unless it is handled.
        "#]],
    );
    check_service(
        "KillSignal=SIGT$0",
        expect![[r#"
            "SIGT":
              SIGTERM -- The polite request to end. Programs clean up and exit; unhandled, it ends the process.
              SIGTRAP -- A breakpoint of a debugger. Core dump.
              SIGTSTP -- Stop, as from Ctrl+Z.
              SIGTTIN -- A process in the background read from the terminal. Stops it.
              SIGTTOU -- A process in the background wrote to the terminal. Stops it.
              SIGABRT -- The process gave up by abort(3). Core dump.
              SIGCONT -- Goes on after a stop. systemd sends it along with the stop signal, so that stopped processes get that.
              SIGINT -- Interrupt, as from Ctrl+C. Ends the process unless it is handled.
            … 4 more
        "#]],
    );
    check_service(
        "RestrictFileSystems=@b$0",
        expect![[r#"
        "@b":
          @basic-api -- Kernel interfaces that any program needs.
          @common-block -- Usual file systems on block devices.
          @historical-block -- Old file systems on block devices.
    "#]],
    );
    check_service(
        "RestrictNamespaces=$0",
        expect![[r#"
            "":
              cgroup -- Control groups: the unit sees its own as the root.
              ipc -- System V IPC and POSIX message queues.
              mnt -- Mounts: the file systems that are seen.
              net -- Network: interfaces, addresses, firewall.
              no
              pid -- Process numbers.
              time -- The boot and monotonic clocks.
              user -- Users, groups and capabilities.
            … 3 more
        "#]],
    );
    check_service(
        "DelegateNamespaces=u$0",
        expect![[r#"
            "u":
              uts -- Host and domain name.
              cgroup -- Control groups: the unit sees its own as the root.
        "#]],
    );
    check_service(
        "Delegate=c$0",
        expect![[r#"
            "c":
              cpu -- CPU time: weights and quotas.
              cpuacct -- cgroup v1 only.
              cpuset -- Which CPUs and memory nodes may be used.
              bpf-bind-network-interface -- The binding of sockets to an interface, as a BPF program.
              bpf-devices -- The filter of devices, as a BPF program.
              bpf-restrict-network-interfaces -- The filter of network interfaces, as a BPF program.
              bpf-socket-bind -- The filter of ports to bind to, as a BPF program.
              devices -- cgroup v1 only.
        "#]],
    );
    check_service(
        "RootImagePolicy=root=verity+s$0:home=open",
        expect![[r#"
            "s":
              signed
              squashfs
              absent
              btrfs
              erofs
              f2fs
              growfs-off
              growfs-on
            … 2 more
        "#]],
    );
    check_service(
        "BPFDelegateCommands=BPFMapCreate,BPFMapLoo$0",
        expect![[r#"
        "BPFMapLoo":
          BPFMapLookupAndDeleteBatch
          BPFMapLookupAndDeleteElem
          BPFMapLookupBatch
          BPFMapLookupElem
    "#]],
    );
    check_service(
        "OpenFile=/a:b:$0",
        expect![[r#"
        "":
          append -- Written at the end.
          graceful -- A missing file is passed over.
          read-only -- Opened for reading only.
          truncate -- Emptied first.
    "#]],
    );
    check_service(
        "NFTSet=cgroup:i$0",
        expect![[r#"
            "i":
              inet:
              ip6:
              ip:
              bridge:
        "#]],
    );
    check_service(
        "SocketBindAllow=ipv4:$0",
        expect![[r#"
        "":
          any -- any port
          tcp
          udp
    "#]],
    );
}

#[test]
fn what_is_typed_selects() {
    assert_eq!(labels("a.service", "[Service]\nRestart=abn$0"), "on-abnormal");
    assert_eq!(labels("a.service", "[Service]\nRestart=ON-AB$0"), "on-abnormal on-abort");
    assert_eq!(labels("a.service", "[Service]\nRestart=x$0"), "");
}

#[test]
fn a_blank_asks_in_lists_only() {
    let after_blank = |line: &str, expect: Expect| check_typed(' ', "a.service", &format!("[Service]\n{line}"), expect);
    after_blank(
        "Delegate=cpu i$0",
        expect![[r#"
            "i":
              io -- Input and output of disks.
              blkio -- cgroup v1 only.
              bpf-bind-network-interface -- The binding of sockets to an interface, as a BPF program.
              bpf-devices -- The filter of devices, as a BPF program.
              bpf-firewall -- The filter of IP addresses, as a BPF program.
              bpf-foreign -- BPF programs that somebody else has loaded.
              bpf-restrict-network-interfaces -- The filter of network interfaces, as a BPF program.
              bpf-socket-bind -- The filter of ports to bind to, as a BPF program.
            … 2 more
        "#]],
    );
    after_blank(
        "Delegate= $0",
        expect![[r#"
            nothing
        "#]],
    );
    after_blank("ExecStart=/bin/a $0", expect!["nothing\n"]);
    after_blank("ExecStart=- $0", expect!["nothing\n"]);
    after_blank("TimeoutStopSec=5 $0", expect!["nothing\n"]);
    after_blank("SyslogIdentifier=a $0", expect!["nothing\n"]);
}

#[test]
fn nothing_where_nobody_knows() {
    for line in ["Unknown=$0", "SyslogIdentifier=$0", "Type=simple\\$0", "# Type=$0", "ExecStart=/bin/a \\\n# $0\n b"] {
        check_service(line, expect!["nothing\n"]);
    }
}
