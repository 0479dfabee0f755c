use expect_test::expect;

use super::{check, check_service, check_unit};

#[test]
fn units() {
    check_unit(
        "After=web.service $0 db.service",
        expect![[r#"
            "":
            + sites.slice
            + web.socket
            + worker@.service => worker@$1.service -- A worker
              -.mount -- The root file system, mounted before the manager starts. Every unit that needs a path depends on it, so naming it is hardly ever needed.
              -.slice -- The root of the slice tree: every other slice is inside it, and what is set for it holds for the whole system. Units are put into a slice below it, not into this one.
              basic.target -- The early boot is done: file systems, swap, sockets, timers, paths and slices are set up. Ordinary services are ordered behind it by default, so it needs no mentioning; `DefaultDependencies=no` takes that away.
              blockdev@.target => blockdev@$1.target -- A template with an instance for each encrypted or otherwise prepared block device. Who sets the device up is ordered before the instance, who mounts it behind.
              bluetooth.target -- Started when a Bluetooth controller shows up. Services that are of use only then are installed under it.
            … 84 more
        "#]],
    );
    check_unit(
        "After=we$0b.service",
        expect![[r#"
            "web.service" or "we":
            + web.service -- The web server
            + web.socket
            + worker@.service => worker@$1.service -- A worker
              factory-reset-now.target -- A factory reset takes place during this boot. Services that wipe something are installed under it.
              initrd-switch-root.target -- In the initrd: everything is stopped, and the manager goes on in the real root file system.
              network-online.target -- The network is usable: an address is configured, as far as the network manager can tell. Needs `Wants=` as well as `After=`, delays the boot, and is for clients; a server that listens on all addresses needs `network.target` at the most.
              network-pre.target -- Comes before any interface is configured. Firewalls order themselves before it and pull it in, so that no packet gets through earlier.
              network.target -- The network stack is up, which doesn't mean that there is any address. Its use is at shutdown: what is ordered behind it is stopped before the network goes.
            … 4 more
        "#]],
    );
    check_unit(
        "Wants=w$0",
        expect![[r#"
            "w":
            + web.service -- The web server
            + web.socket
            + worker@.service => worker@$1.service -- A worker
              factory-reset-now.target -- A factory reset takes place during this boot. Services that wipe something are installed under it.
              initrd-switch-root.target -- In the initrd: everything is stopped, and the manager goes on in the real root file system.
              network-online.target -- The network is usable: an address is configured, as far as the network manager can tell. Needs `Wants=` as well as `After=`, delays the boot, and is for clients; a server that listens on all addresses needs `network.target` at the most.
              network-pre.target -- Comes before any interface is configured. Firewalls order themselves before it and pull it in, so that no packet gets through earlier.
              network.target -- The network stack is up, which doesn't mean that there is any address. Its use is at shutdown: what is ordered behind it is stopped before the network goes.
            … 4 more
        "#]],
    );
    check_unit(
        "After=db.service \\\n# a comment\n  web.$0",
        expect![[r#"
            "web.":
            + web.service -- The web server
            + web.socket
        "#]],
    );
    check_service(
        "Slice=$0",
        expect![[r#"
            "":
            + sites.slice
              -.slice -- The root of the slice tree: every other slice is inside it, and what is set for it holds for the whole system. Units are put into a slice below it, not into this one.
              capsule.slice -- Where the managers of capsules live, one slice below it for each.
              machine.slice -- Where containers and virtual machines run that systemd-machined looks after.
              system.slice -- Where system services run unless `Slice=` says otherwise.
              user.slice -- Where everything runs that users start: their sessions and their service managers, one slice for each user.
        "#]],
    );
    check_service(
        "Sockets=$0",
        expect![[r#"
            "":
            + web.socket
              dbus.socket -- The socket of the message bus. What connects to it starts the bus, so depending on it is enough; services with `Type=dbus` do so by themselves.
              syslog.socket -- Where the journal passes messages on to a syslog daemon. The daemon is activated by it, as an alias of its own service called `syslog.service`.
        "#]],
    );
    check(
        "a.socket",
        "[Socket]\nService=$0",
        expect![[r#"
            "":
            + db.service -- The database
            + web.service -- The web server
              dbus.service -- The message bus of the system or the session; on many systems an alias of the daemon in use. Services with `Type=dbus` depend on its socket by themselves.
              display-manager.service -- The graphical login, as an alias of the one in use: gdm, sddm, lightdm.
              system-update-cleanup.service -- Removes `/system-update` if an offline update has failed to do so, so that the machine doesn't come up in the update again and again.
        "#]],
    );
    check(
        "a.timer",
        "[Timer]\nUnit=$0",
        expect![[r#"
            "":
            + db.service -- The database
            + web.service -- The web server
            + worker@.service => worker@$1.service -- A worker
              dbus.service -- The message bus of the system or the session; on many systems an alias of the daemon in use. Services with `Type=dbus` depend on its socket by themselves.
              display-manager.service -- The graphical login, as an alias of the one in use: gdm, sddm, lightdm.
              system-update-cleanup.service -- Removes `/system-update` if an offline update has failed to do so, so that the machine doesn't come up in the update again and again.
            - -.mount -- The root file system, mounted before the manager starts. Every unit that needs a path depends on it, so naming it is hardly ever needed.
            - -.slice -- The root of the slice tree: every other slice is inside it, and what is set for it holds for the whole system. Units are put into a slice below it, not into this one.
            … 86 more
        "#]],
    );
    check(
        "web.service",
        "[Install]\nWantedBy=$0",
        expect![[r#"
            "":
            + multi-user.target -- The system is up, without graphics. Where ordinary services are installed; graphical systems start it too.
              basic.target -- The early boot is done: file systems, swap, sockets, timers, paths and slices are set up. Ordinary services are ordered behind it by default, so it needs no mentioning; `DefaultDependencies=no` takes that away.
              blockdev@.target => blockdev@$1.target -- A template with an instance for each encrypted or otherwise prepared block device. Who sets the device up is ordered before the instance, who mounts it behind.
              bluetooth.target -- Started when a Bluetooth controller shows up. Services that are of use only then are installed under it.
              boot-complete.target -- The boot counts as a success once this is reached, and the boot loader entry is marked good then. Checks that may veto that are ordered before it and required by it.
              capsule@.target => capsule@$1.target -- A template with an instance for each capsule, a user manager without a user of its own. Starting the instance brings the capsule up.
              cryptsetup-pre.target -- Comes before any encrypted volume is set up. Whatever must have been done by then orders itself before it and pulls it in; it isn't started otherwise.
              cryptsetup.target -- All encrypted volumes of `/etc/crypttab` are set up, but for those on the network.
            … 85 more
        "#]],
    );
    check(
        "web.timer",
        "[Install]\nWantedBy=t$0",
        expect![[r#"
            "t":
            + timers.target -- All timers that start at boot: where timers are installed.
              time-set.target -- The clock is set, though perhaps not exactly: at least it doesn't show a time before the last shutdown. The provider orders itself before it; services that need a plausible date order themselves behind it.
              time-sync.target -- The clock is synchronised with an outside source. What provides it, such as `systemd-time-wait-sync.service`, orders itself before it and pulls it in; without one this means nothing.
              tpm2.target -- A TPM 2.0 device is there, if the firmware has reported one. What needs it early in the boot orders itself behind it.
              basic.target -- The early boot is done: file systems, swap, sockets, timers, paths and slices are set up. Ordinary services are ordered behind it by default, so it needs no mentioning; `DefaultDependencies=no` takes that away.
              blockdev@.target => blockdev@$1.target -- A template with an instance for each encrypted or otherwise prepared block device. Who sets the device up is ordered before the instance, who mounts it behind.
              bluetooth.target -- Started when a Bluetooth controller shows up. Services that are of use only then are installed under it.
              boot-complete.target -- The boot counts as a success once this is reached, and the boot loader entry is marked good then. Checks that may veto that are ordered before it and required by it.
            … 77 more
        "#]],
    );
    check(
        "web.service",
        "[Install]\nWantedBy=mul$0",
        expect![[r#"
            "mul":
            + multi-user.target -- The system is up, without graphics. Where ordinary services are installed; graphical systems start it too.
            - system-update-cleanup.service -- Removes `/system-update` if an offline update has failed to do so, so that the machine doesn't come up in the update again and again.
        "#]],
    );
    check(
        "web.service",
        "[Unit]\nAfter=web$0",
        expect![[r#"
            "web":
            + web.socket
        "#]],
    );
}

#[test]
fn streams_paths_and_accounts() {
    check_service(
        "StandardOutput=$0",
        expect![[r#"
            "":
              append: -- Appends to the file after the colon.
              fd -- A file descriptor by name after a colon.
              file: -- Overwrites from the start of the file after the colon.
              inherit -- Standard output: as the input; standard error: as the output.
              journal -- The journal, each line a message.
              journal+console -- The journal and the console.
              kmsg -- The log buffer of the kernel.
              kmsg+console -- The log buffer of the kernel and the console.
            … 6 more
        "#]],
    );
    check_service(
        "StandardOutput=append:/var/l$0",
        expect![[r#"
        "/var/l":
          /var/lib/ -- state
          /var/log/ -- logs
          /var/spool/ -- work to be done
    "#]],
    );
    check_service(
        "WorkingDirectory=-$0",
        expect![[r#"
            "":
            + ~ -- home directory of the user
              /boot/ -- kernels and boot loader
              /dev/ -- devices
              /etc/ -- configuration
              /home/ -- home directories
              /mnt/ -- file systems mounted for a while
              /opt/ -- add-on packages
              /proc/ -- processes and kernel
            … 13 more
        "#]],
    );
    check_service(
        "EnvironmentFile=-/etc/$0",
        expect![[r#"
            "/etc/":
              /etc/
              /etc/default/ -- Debian and its kin
              /etc/sysconfig/ -- Fedora, SUSE and their kin
        "#]],
    );
    check_service(
        "ReadWritePaths=/srv -/var/l$0",
        expect![[r#"
        "/var/l":
          /var/lib/ -- state
          /var/log/ -- logs
          /var/spool/ -- work to be done
    "#]],
    );
    check_service(
        "PIDFile=$0",
        expect![[r#"
        "":
          /run/ -- state until the next boot
    "#]],
    );
    check(
        "a.socket",
        "[Socket]\nListenStream=$0",
        expect![[r#"
        "":
          /run/ -- state until the next boot
          127.0.0.1: -- this machine only, IPv4
          @ -- a name in the abstract namespace
          [::1]: -- this machine only, IPv6
          [::]: -- any address
          vsock:: -- from virtual machines and their host
    "#]],
    );
    check(
        "a.socket",
        "[Socket]\nListenNetlink=k$0",
        expect![[r#"
        "k":
          kobject-uevent
          fib-lookup
    "#]],
    );
    check(
        "a.socket",
        "[Socket]\nSocketProtocol=$0",
        expect![[r#"
        "":
          mptcp
          sctp
          udplite
    "#]],
    );
    check_service(
        "User=$0",
        expect![[r#"
        "":
          postgres
          www-data
    "#]],
    );
    check_service(
        "SupplementaryGroups=postgres $0",
        expect![[r#"
        "":
          www-data
    "#]],
    );
    check_service(
        "DeviceAllow=/dev/null $0",
        expect![[r#"
        "":
          m -- make nodes
          r -- read
          rw
          rwm
          w -- write
    "#]],
    );
    check_unit(
        "Documentation=man:a(1) $0",
        expect![[r#"
        "":
          file:/
          http://
          https://
          info:
          man: -- a manual page, `man:NAME(SECTION)`
    "#]],
    );
    check_service(
        "BindPaths=/a:/b:$0",
        expect![[r#"
        "":
          norbind -- without what is mounted below
          rbind -- with what is mounted below
    "#]],
    );
}
