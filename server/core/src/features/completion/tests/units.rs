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
              -.mount -- The root file system.
              -.slice -- The root of the slice tree.
              basic.target -- Basic boot: everything that ordinary services are started after; they wait for it by default.
              blockdev@.target => blockdev@$1.target -- Template behind which block devices are set up, one instance a device; ordered before it are users, after it is who sets up.
              bluetooth.target -- Started when a Bluetooth controller shows up.
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
              factory-reset-now.target -- The factory reset takes place.
              initrd-switch-root.target -- In the initrd: the switch to the real root.
              network-online.target -- The network is usable. Needs `Wants=` as well as `After=`, and it is for clients: it delays the boot.
              network-pre.target -- Before the network is configured; for firewalls.
              network.target -- The network stack is there, not that any address is; its use is to stop services before the network goes.
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
              factory-reset-now.target -- The factory reset takes place.
              initrd-switch-root.target -- In the initrd: the switch to the real root.
              network-online.target -- The network is usable. Needs `Wants=` as well as `After=`, and it is for clients: it delays the boot.
              network-pre.target -- Before the network is configured; for firewalls.
              network.target -- The network stack is there, not that any address is; its use is to stop services before the network goes.
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
              -.slice -- The root of the slice tree.
              capsule.slice -- Capsules.
              machine.slice -- Containers and virtual machines.
              system.slice -- System services: the slice by default.
              user.slice -- Sessions and services of users.
        "#]],
    );
    check_service(
        "Sockets=$0",
        expect![[r#"
            "":
            + web.socket
              dbus.socket -- The socket of the D-Bus daemon.
              syslog.socket -- Where messages for a syslog daemon come in.
        "#]],
    );
    check(
        "a.socket",
        "[Socket]\nService=$0",
        expect![[r#"
            "":
            + db.service -- The database
            + web.service -- The web server
              dbus.service -- The D-Bus daemon; units with `Type=dbus` depend on it.
              display-manager.service -- The display manager; usually an alias.
              system-update-cleanup.service -- Removes the update flag after an offline update.
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
              dbus.service -- The D-Bus daemon; units with `Type=dbus` depend on it.
              display-manager.service -- The display manager; usually an alias.
              system-update-cleanup.service -- Removes the update flag after an offline update.
            - -.mount -- The root file system.
            - -.slice -- The root of the slice tree.
            … 86 more
        "#]],
    );
    check(
        "web.service",
        "[Install]\nWantedBy=$0",
        expect![[r#"
        "":
        + multi-user.target -- The system is up, without graphics: where ordinary services are installed.
          basic.target -- Basic boot: everything that ordinary services are started after; they wait for it by default.
          blockdev@.target => blockdev@$1.target -- Template behind which block devices are set up, one instance a device; ordered before it are users, after it is who sets up.
          bluetooth.target -- Started when a Bluetooth controller shows up.
          boot-complete.target -- The boot counts as successful once this is reached.
          capsule@.target => capsule@$1.target -- A user manager for a capsule.
          cryptsetup-pre.target -- Before encrypted volumes are set up.
          cryptsetup.target -- Encrypted volumes are set up.
        … 85 more
    "#]],
    );
    check(
        "web.timer",
        "[Install]\nWantedBy=t$0",
        expect![[r#"
        "t":
        + timers.target -- All timers that start at boot: where timers are installed.
          time-set.target -- The clock is set roughly; never jumps back past this.
          time-sync.target -- The clock is synchronised from an outside source.
          tpm2.target -- A TPM device is there.
          basic.target -- Basic boot: everything that ordinary services are started after; they wait for it by default.
          blockdev@.target => blockdev@$1.target -- Template behind which block devices are set up, one instance a device; ordered before it are users, after it is who sets up.
          bluetooth.target -- Started when a Bluetooth controller shows up.
          boot-complete.target -- The boot counts as successful once this is reached.
        … 77 more
    "#]],
    );
    check(
        "web.service",
        "[Install]\nWantedBy=mul$0",
        expect![[r#"
            "mul":
            + multi-user.target -- The system is up, without graphics: where ordinary services are installed.
            - system-update-cleanup.service -- Removes the update flag after an offline update.
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
              journal
              journal+console
              kmsg
              kmsg+console
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
