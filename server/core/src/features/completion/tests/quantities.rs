use expect_test::expect;

use super::{check, check_service, check_unit};

#[test]
fn quantities() {
    check_service(
        "TimeoutStopSec=$0",
        expect![[r#"
        "": incomplete
          infinity -- no limit
    "#]],
    );
    check_service(
        "TimeoutStopSec=5$0",
        expect![[r#"
            "5": incomplete
            + 5s -- seconds
              5d -- days
              5h -- hours
              5min -- minutes
              5month -- months
              5ms -- milliseconds
              5us -- microseconds
              5w -- weeks
            … 1 more
        "#]],
    );
    check_service(
        "TimeoutStopSec=5min 20$0",
        expect![[r#"
            "20": incomplete
            + 20s -- seconds
              20d -- days
              20h -- hours
              20min -- minutes
              20month -- months
              20ms -- milliseconds
              20us -- microseconds
              20w -- weeks
            … 1 more
        "#]],
    );
    check_service(
        "MemoryMax=2$0",
        expect![[r#"
            "2": incomplete
            + 2M -- mebibytes
              2% -- of all there is
              2G -- gibibytes
              2K -- kibibytes
              2T -- tebibytes
        "#]],
    );
    check_service(
        "LimitNOFILE=1024:$0",
        expect![[r#"
        "": incomplete
          infinity -- no limit
    "#]],
    );
    check_service(
        "LimitCPU=1$0",
        expect![[r#"
            "1": incomplete
            + 1s -- seconds
              1d -- days
              1h -- hours
              1min -- minutes
              1month -- months
              1ms -- milliseconds
              1us -- microseconds
              1w -- weeks
            … 1 more
        "#]],
    );
    check_service(
        "CPUQuota=20$0",
        expect![[r#"
        "20": incomplete
        + 20%
    "#]],
    );
    check_service(
        "TasksMax=$0",
        expect![[r#"
        "": incomplete
          infinity -- no limit
    "#]],
    );
    check_service(
        "IOReadBandwidthMax=/dev/sda 5$0",
        expect![[r#"
        "5": incomplete
        + 5M -- million
          5G -- thousand million
          5K -- thousand
    "#]],
    );
    check(
        "a.timer",
        "[Timer]\nOnCalendar=$0",
        expect![[r#"
            "":
              *-*-* 00:00:00 -- every day at midnight
              *-*-* 04:00:00 -- every day at four
              *-*-01 00:00:00 -- on the first of every month
              *:0/15 -- every quarter of an hour
              Fri
              Mon
              Mon..Fri 08:00 -- on working days at eight
              Sat
            … 16 more
        "#]],
    );
    check(
        "a.timer",
        "[Timer]\nOnCalendar=da$0",
        expect![[r#"
            "da":
              daily -- `*-*-* 00:00:00`
        "#]],
    );
    check(
        "a.timer",
        "[Timer]\nOnCalendar=*-*-* 00:00:00 Europe/Ber$0",
        expect![[r#"
        "Europe/Ber": incomplete
          Europe/Berlin
          Europe/Belgrade
    "#]],
    );
    check(
        "a.timer",
        "[Timer]\nOnBootSec=1$0",
        expect![[r#"
            "1": incomplete
            + 1s -- seconds
              1d -- days
              1h -- hours
              1min -- minutes
              1month -- months
              1ms -- milliseconds
              1us -- microseconds
              1w -- weeks
            … 1 more
        "#]],
    );
}

#[test]
fn conditions() {
    check_unit(
        "ConditionVirtualization=$0",
        expect![[r#"
            "":
              acrn
              amazon
              apple
              bhyve
              bochs
              container -- Any container.
              container-other
              docker
            … 29 more
        "#]],
    );
    check_unit(
        "ConditionVirtualization=|!cont$0",
        expect![[r#"
            "cont":
              container -- Any container.
              container-other
        "#]],
    );
    check_unit(
        "ConditionSecurity=!$0",
        expect![[r#"
            "":
              apparmor -- AppArmor is enabled.
              audit -- The audit of the kernel is enabled.
              cvm -- A confidential virtual machine.
              ima -- The integrity measurement of the kernel is enabled.
              measured-os -- The boot was measured into the TPM.
              measured-uki -- Booted from a unified kernel image that was measured.
              selinux -- SELinux is enabled.
              smack -- SMACK is enabled.
            … 3 more
        "#]],
    );
    check_unit(
        "AssertArchitecture=x86$0",
        expect![[r#"
        "x86":
          x86
          x86-64
    "#]],
    );
    check_unit(
        "ConditionACPower=$0",
        expect![[r#"
        "":
          no
          yes
        - ! -- must not hold
        - | -- one of several, any of which is enough
    "#]],
    );
    check_unit(
        "ConditionFirmware=smb$0",
        expect![[r#"
        "smb":
          smbios-field => smbios-field( => smbios-field($1) -- A comparison in parentheses.
    "#]],
    );
    check_unit(
        "ConditionUser=$0",
        expect![[r#"
        "":
          @system -- any user of the system's own
          postgres
          www-data
        - ! -- must not hold
        - | -- one of several, any of which is enough
    "#]],
    );
    check_unit(
        "ConditionPathExists=!/v$0",
        expect![[r#"
            "/v":
              /var/ -- data that changes
              /var/cache/ -- what can be made again
              /var/lib/ -- state
              /var/log/ -- logs
              /var/spool/ -- work to be done
              /var/tmp/ -- temporary files that outlive a boot
              /dev/ -- devices
              /srv/ -- data that is served
        "#]],
    );
    check_unit(
        "ConditionNeedsUpdate=$0",
        expect![[r#"
        "":
          /etc -- configuration
          /var -- data that changes
        - ! -- must not hold
        - | -- one of several, any of which is enough
    "#]],
    );
}
