//! Mounts, swaps and paths.

use super::*;

#[test]
fn mounts_and_swaps() {
    let mount = "[Mount]\nWhat=//nas/data\nType=cifs\nOptions=ro,nofail,uid=5\nSloppyOptions=yes\nLazyUnmount=yes\n\
                 DirectoryMode=0700\nTimeoutSec=10\n";
    let swap = "[Swap]\nWhat=/dev/sdb2\nPriority=5\n";
    check_all(
        Backend::Runit,
        &[("srv-data.mount", mount)],
        expect![[r#"
        srv-data.mount What=//nas/data: emulated: `mount` in `run`, `umount` at the stop
        srv-data.mount Type=cifs: emulated: `mount` in `run`, `umount` at the stop
        srv-data.mount Options=ro,nofail,uid=5: emulated: `mount` in `run`, `umount` at the stop
        srv-data.mount SloppyOptions=yes: emulated: `mount -s`
        srv-data.mount LazyUnmount=yes: emulated: `umount -l`
        srv-data.mount DirectoryMode=0700: emulated: `mkdir -m` before `mount`
        srv-data.mount TimeoutSec=10: emulated: a watcher beside `mount` and `umount`
        == srv-data-mount/data/chain
        #!/bin/sh
        # srv-data.mount: what its processes go through before their program runs. Written by svlsp from the unit file.
        here=$PWD
        umask 0022
        exec </dev/null 2>&1
        cd / || exit 200
        trap '' PIPE
        exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS \
        	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
        	6 chpst -P "$here/data/cgroup" enter srv-data-mount -- \
        	"$@"
        == srv-data-mount/run
        #!/bin/sh
        # shellcheck disable=SC2016
        # srv-data.mount: what happens at each start. Written by svlsp from the unit file.
        exec 2>&1
        echo pre >supervise/phase
        ./data/deadline start 10 srv-data-mount TERM
        ./data/chain mkdir -p -m 0700 /srv/data || exit
        echo start >supervise/phase
        ./data/chain /bin/sh -c 'mountpoint -q "$2" || exec mount "$@"' mount //nas/data /srv/data -s -t cifs -o ro,uid=5 || exit
        echo main >supervise/phase
        # RemainAfterExit=yes: it is up until somebody stops it.
        exec sleep 2147483647
    "#]],
    );
    check(
        Backend::S6rc,
        "srv-data.mount",
        mount,
        expect![[r#"
            == srv-data-mount/down
            # srv-data.mount: what happens at its stop. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            nice -n 0 umount /srv/data -l
            == srv-data-mount/timeout-down
            10000
            == srv-data-mount/timeout-up
            10000
            == srv-data-mount/type
            oneshot
            == srv-data-mount/up
            # srv-data.mount: what happens at its start. Written by svlsp from the unit file.
            if {
              umask 0022
              redirfd -r 0 /dev/null
              sh -c "trap '' PIPE; exec \"$0\" \"$@\""
              s6-setsid -q
              cd /
              emptyenv -p
              export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
              nice -n 0 mkdir -p -m 0700 /srv/data
            }
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /bin/sh -c "mountpoint -q \"$2\" || exec mount \"$@\"" mount //nas/data /srv/data -s -t cifs -o ro,uid=5
        "#]],
    );
    check(
        Backend::Nosh,
        "srv-data.mount",
        mount,
        expect![[r#"
            == mount@-srv-data/after/basic
            -> /etc/service-bundles/targets/basic
            == mount@-srv-data/after/cyclog@mount@-srv-data
            -> ../../cyclog@mount@-srv-data
            == mount@-srv-data/before/shutdown
            -> /etc/service-bundles/targets/shutdown
            == mount@-srv-data/conflicts
            a directory
            == mount@-srv-data/data/chain
            #!/bin/sh
            # srv-data.mount: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../mount@-srv-data.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == mount@-srv-data/log
            -> ../cyclog@mount@-srv-data
            == mount@-srv-data/required-by
            a directory
            == mount@-srv-data/requires
            a directory
            == mount@-srv-data/service/ready_after_run
            == mount@-srv-data/service/remain
            == mount@-srv-data/service/restart
            #!/bin/sh
            # srv-data.mount: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            read -r phase status <supervise/phase
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            [ "$phase" != failed ] || cause=$status
            export SERVICE_RESULT=exit-code EXIT_CODE=exited EXIT_STATUS="$2"
            [ "$1" = exit ] || SERVICE_RESULT=signal EXIT_CODE=killed
            [ "${4-}" != core ] || SERVICE_RESULT=core-dump EXIT_CODE=dumped
            case $cause in 0) SERVICE_RESULT=success ;; esac
            if [ "$phase" = main ] && [ "$SERVICE_RESULT" = success ]; then
            	./data/chain umount /srv/data -l
            fi
            ./data/cgroup signal ../mount@-srv-data.service TERM CONT
            ./data/cgroup wait ../mount@-srv-data.service 10
            ./data/cgroup kill ../mount@-srv-data.service
            # Restart=no
            exit 1
            == mount@-srv-data/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # srv-data.mount: what happens at each start. Written by svlsp from the unit file.
            cd ..
            # What remains would stay up for good: where it fails, it is told to end.
            fail() { trap '' TERM; printf d >supervise/control; exit "$1"; }
            echo start >supervise/phase
            ./data/deadline start 10 ../mount@-srv-data.service TERM
            ./data/chain mkdir -p -m 0700 /srv/data || fail $?
            ./data/chain /bin/sh -c 'mountpoint -q "$2" || exec mount "$@"' mount //nas/data /srv/data -s -t cifs -o ro,uid=5 || fail $?
            echo main >supervise/phase
            == mount@-srv-data/service/start
            #!/bin/nosh
            true
            == mount@-srv-data/service/stop
            #!/bin/nosh
            true
            == mount@-srv-data/stopped-by/shutdown
            -> /etc/service-bundles/targets/shutdown
            == mount@-srv-data/wanted-by
            a directory
            == mount@-srv-data/wants/basic
            -> /etc/service-bundles/targets/basic
            == mount@-srv-data/wants/cyclog@mount@-srv-data
            -> ../../cyclog@mount@-srv-data
            == cyclog@mount@-srv-data/after/basic
            -> /etc/service-bundles/targets/basic
            == cyclog@mount@-srv-data/before/shutdown
            -> /etc/service-bundles/targets/shutdown
            == cyclog@mount@-srv-data/service/restart
            #!/bin/sh
            exit 0
            == cyclog@mount@-srv-data/service/run
            #!/bin/nosh
            # srv-data.mount: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/srv-data-mount
            == cyclog@mount@-srv-data/service/start
            #!/bin/nosh
            # srv-data.mount: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/srv-data-mount
            == cyclog@mount@-srv-data/service/stop
            #!/bin/nosh
            true
            == cyclog@mount@-srv-data/stopped-by/shutdown
            -> /etc/service-bundles/targets/shutdown
            == cyclog@mount@-srv-data/wants/basic
            -> /etc/service-bundles/targets/basic
        "#]],
    );
    check(
        Backend::S6rc,
        "dev-sdb2.swap",
        swap,
        expect![[r#"
            == dev-sdb2-swap/down
            # dev-sdb2.swap: what happens at its stop. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            nice -n 0 swapoff /dev/sdb2
            == dev-sdb2-swap/timeout-down
            90000
            == dev-sdb2-swap/timeout-up
            90000
            == dev-sdb2-swap/type
            oneshot
            == dev-sdb2-swap/up
            # dev-sdb2.swap: what happens at its start. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            nice -n 0 swapon -p 5 /dev/sdb2
        "#]],
    );
}

#[test]
fn paths() {
    let path = "[Path]\nPathExistsGlob=/var/spool/*.job\nPathModified=/etc/a file\nMakeDirectory=yes\n\
                DirectoryMode=0700\nTriggerLimitBurst=3\n";
    let service = ("jobs.service", "[Service]\nExecStart=/bin/jobs\nType=oneshot\n");
    check_all(
        Backend::Runit,
        &[("jobs.path", path), service],
        expect![[r#"
        jobs.path PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
        jobs.path PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
        jobs.path MakeDirectory=yes: emulated: `mkdir` in `watch-path`
        jobs.path DirectoryMode=0700: emulated: `mkdir -m` in `watch-path`
        jobs.path TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
        == jobs-path/run
        #!/bin/sh
        # jobs.path: looks once a second. Written by svlsp from the unit file.
        #
        # Not quite as in the unit:
        #   PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
        #   PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
        #   TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
        exec 2>&1
        exec ./data/watch-path make=0700 glob='/var/spool/*.job' changed='/etc/a file' -- ./data/trigger-runit ../jobs
        jobs.service ExecStart=/bin/jobs: native: the program that `run` becomes
        jobs.service Type=oneshot: native: `run` becomes the program, or waits for it
        == jobs/data/chain
        #!/bin/sh
        # jobs.service: what its processes go through before their program runs. Written by svlsp from the unit file.
        here=$PWD
        umask 0022
        exec </dev/null 2>&1
        cd / || exit 200
        trap '' PIPE
        exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS \
        	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
        	6 chpst -P "$here/data/cgroup" enter jobs -- \
        	"$@"
        == jobs/run
        #!/bin/sh
        # jobs.service: what happens at each start. Written by svlsp from the unit file.
        exec 2>&1
        echo start >supervise/phase
        ./data/chain /bin/jobs || exit
        echo main >supervise/phase
    "#]],
    );
    check(
        Backend::S6rc,
        "jobs.path",
        path,
        expect![[r#"
            == jobs-path/producer-for
            jobs-path-log
            == jobs-path/run
            #!/bin/execlineb -P
            # jobs.path: looks once a second. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   PathExistsGlob=/var/spool/*.job: approximated: `watch-path` looks every second; what is gone within a second isn't seen
            #   PathModified=/etc/a file: approximated: `watch-path` looks every second; a file that is still being written counts as changed
            #   TriggerLimitBurst=3: lost: starts aren't limited, but for the one a second
            fdmove -c 2 1
            ./data/watch-path make=0700 glob=/var/spool/*.job "changed=/etc/a file" -- ./data/trigger-s6 ../jobs
            == jobs-path/type
            longrun
            == jobs-path-log/consumer-for
            jobs-path
            == jobs-path-log/notification-fd
            3
            == jobs-path-log/pipeline-name
            jobs-path-pipeline
            == jobs-path-log/run
            #!/bin/execlineb -P
            # jobs.path: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/jobs-path }
            s6-log -d 3 T n20 s1000000 /var/log/s6/jobs-path
            == jobs-path-log/type
            longrun
        "#]],
    );
    check(Backend::Nosh, "jobs.path", "[Path]\nPathExists=/run/x\nUnit=a.target\n", expect![[r#""#]]);
}
