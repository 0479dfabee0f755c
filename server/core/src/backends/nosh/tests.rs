//! What bundles of typical units look like.

mod faults;

use expect_test::{Expect, expect};

use crate::backends::tools::Tool;
use crate::backends::{Content, Rendering, Target, Together, render};
use crate::fate::Backend;
use crate::plan;
use crate::syntax::scan;
use crate::units::{Unit, UnitName};

/// The rendering of a unit and its drop-ins.
fn rendering(name: &str, texts: &[&str], target: &Target) -> Rendering {
    let name = UnitName::parse(name).unwrap();
    let files: Vec<_> = texts.iter().map(|text| scan(text)).collect();
    let unit = Unit::new(&name, &files);
    render(&plan::lower(&unit, &target.facts), &Together::default(), target)
}

/// The files of a bundle, one after the other; tools, empty folders and what every bundle has left out.
fn shown(rendering: &Rendering) -> String {
    let mut out = String::new();
    for directory in &rendering.directories {
        for file in &directory.files {
            if Tool::ALL.iter().any(|tool| tool.path() == file.path) {
                continue;
            }
            let place = format!("{}/{}", directory.name, file.path);
            match &file.content {
                Content::Text(text) | Content::Script(text) if text.is_empty() => {
                    out.push_str(&format!("== {place}\n"))
                }
                Content::Text(text) | Content::Script(text) => {
                    out.push_str(&format!("== {place}\n{}", String::from_utf8_lossy(text)));
                }
                Content::Link(to) => out.push_str(&format!("== {place} -> {to}\n")),
                Content::Directory => {}
            }
        }
    }
    out
}

fn check(name: &str, text: &str, expect: Expect) {
    expect.assert_eq(&shown(&rendering(name, &[text], &Target::new(Backend::Nosh))));
}

/// One file of the bundle.
fn file(name: &str, texts: &[&str], path: &str) -> String {
    let rendering = rendering(name, texts, &Target::new(Backend::Nosh));
    let mut files = rendering.directories.iter().flat_map(|directory| {
        directory.files.iter().map(move |file| (format!("{}/{}", directory.name, file.path), &file.content))
    });
    match files.find(|(place, _)| place == path) {
        Some((_, Content::Text(text) | Content::Script(text))) => String::from_utf8_lossy(text).into_owned(),
        Some((_, Content::Link(to))) => format!("-> {to}\n"),
        Some((_, Content::Directory)) => "a directory\n".to_owned(),
        None => format!("no {path}\n"),
    }
}

#[test]
fn a_simple_service() {
    let unit = "[Unit]\nDescription=A web server\nAfter=network.target db.service\nWants=db.service\n\
        [Service]\nExecStart=/usr/bin/d -x 'a b' ;\nNice=5\nRestart=on-failure\nEnvironment=A=b \"C=d e\"\n\
        LimitNOFILE=1024:4096\n[Install]\nWantedBy=multi-user.target\n";
    check(
        "web.service",
        unit,
        expect![[r#"
            == web/after/basic -> /etc/service-bundles/targets/basic
            == web/after/cyclog@web -> ../../cyclog@web
            == web/after/db -> ../../db
            == web/after/network -> /etc/service-bundles/targets/network
            == web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web/log -> ../cyclog@web
            == web/service/restart
            #!/bin/sh
            # web.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            ./data/cgroup signal ../web.service TERM CONT
            ./data/cgroup wait ../web.service 90
            ./data/cgroup kill ../web.service
            # Restart=on-failure
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            case $cause in 0 | SIG1 | SIG2 | SIG13 | SIG15) exit 1 ;; esac
            ./data/start-limit 5 10 || exit 1
            sleep 0.1
            exit 0
            == web/service/run
            #!/bin/nosh
            # web.service: what happens at each start. Written by svlsp from the unit file.
            # A web server
            chdir ..
            umask 0022
            fdredir --read 0 /dev/null
            setsid
            ./data/cgroup enter ../web.service --
            nice -n 5
            /bin/exec hardlimit -o 4096
            softlimit -o 1024
            chdir /
            clearenv
            setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            setenv A b
            setenv C "d e"
            /usr/bin/env --ignore-signal=PIPE
            /usr/bin/d -x "a b"
            == web/service/start
            #!/bin/nosh
            # web.service: what happens at the first start. Written by svlsp from the unit file.
            chdir ..
            ./data/start-limit 5 10
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web/wanted-by/multi-user -> /etc/service-bundles/targets/multi-user
            == web/wants/basic -> /etc/service-bundles/targets/basic
            == web/wants/cyclog@web -> ../../cyclog@web
            == web/wants/db -> ../../db
            == cyclog@web/after/basic -> /etc/service-bundles/targets/basic
            == cyclog@web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web/service/run
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/web
            == cyclog@web/service/start
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/web
            == cyclog@web/service/stop
            #!/bin/nosh
            true
            == cyclog@web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}

#[test]
fn a_user_and_an_environment_file() {
    let unit = "[Service]\nExecStart=/usr/bin/d $OPTS 100$$\nUser=web\nEnvironmentFile=-/etc/default/web\nRestart=always\nOOMScoreAdjust=-500\n";
    check(
        "web.service",
        unit,
        expect![[r#"
            == web/after/basic -> /etc/service-bundles/targets/basic
            == web/after/cyclog@web -> ../../cyclog@web
            == web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web/log -> ../cyclog@web
            == web/service/restart
            #!/bin/sh
            # web.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            ./data/cgroup signal ../web.service TERM CONT
            ./data/cgroup wait ../web.service 90
            ./data/cgroup kill ../web.service
            # Restart=always
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            ./data/start-limit 5 10 || exit 1
            sleep 0.1
            exit 0
            == web/service/run
            #!/bin/nosh
            # web.service: what happens at each start. Written by svlsp from the unit file.
            chdir ..
            ./data/environment -u web -o /etc/default/web -x PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 24
            /bin/exec umask 0022
            fdredir --read 0 /dev/null
            setsid
            ./data/cgroup enter ../web.service --
            /bin/exec oom-kill-protect -- -500
            chdir /
            setuidgid --supplementary -- web
            /usr/bin/env --ignore-signal=PIPE
            /usr/bin/d "$OPTS" "100$$"
            == web/service/start
            #!/bin/nosh
            # web.service: what happens at the first start. Written by svlsp from the unit file.
            chdir ..
            ./data/start-limit 5 10
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web/wants/basic -> /etc/service-bundles/targets/basic
            == web/wants/cyclog@web -> ../../cyclog@web
            == cyclog@web/after/basic -> /etc/service-bundles/targets/basic
            == cyclog@web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web/service/run
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/web
            == cyclog@web/service/start
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/web
            == cyclog@web/service/stop
            #!/bin/nosh
            true
            == cyclog@web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}

#[test]
fn a_oneshot_that_remains() {
    let unit =
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/a\nExecStart=-/bin/b\nExecStopPost=/bin/c\n";
    check(
        "web@a-b.service",
        unit,
        expect![[r#"
            == web@a-b/after/basic -> /etc/service-bundles/targets/basic
            == web@a-b/after/cyclog@web@a-b -> ../../cyclog@web@a-b
            == web@a-b/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web@a-b/data/chain
            #!/bin/sh
            # web@a-b.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../web@a-b.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == web@a-b/log -> ../cyclog@web@a-b
            == web@a-b/service/ready_after_run
            == web@a-b/service/remain
            == web@a-b/service/restart
            #!/bin/sh
            # web@a-b.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            export SERVICE_RESULT=exit-code EXIT_CODE=exited EXIT_STATUS="$2"
            [ "$1" = exit ] || SERVICE_RESULT=signal EXIT_CODE=killed
            [ "${4-}" != core ] || SERVICE_RESULT=core-dump EXIT_CODE=dumped
            case $cause in 0) SERVICE_RESULT=success ;; esac
            ./data/cgroup signal ../web@a-b.service TERM CONT
            ./data/cgroup wait ../web@a-b.service 90
            ./data/cgroup kill ../web@a-b.service
            ./data/chain /bin/c
            ./data/cgroup signal ../web@a-b.service TERM CONT
            ./data/cgroup wait ../web@a-b.service 90
            ./data/cgroup kill ../web@a-b.service
            # Restart=no
            exit 1
            == web@a-b/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # web@a-b.service: what happens at each start. Written by svlsp from the unit file.
            cd ..
            # What remains would stay up for good: where it fails, it is told to end.
            fail() { trap '' TERM; printf d >supervise/control; exit "$1"; }
            echo start >supervise/phase
            ./data/chain /bin/a || fail $?
            ./data/chain /bin/b || :
            echo main >supervise/phase
            == web@a-b/service/start
            #!/bin/nosh
            true
            == web@a-b/service/stop
            #!/bin/nosh
            true
            == web@a-b/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web@a-b/wants/basic -> /etc/service-bundles/targets/basic
            == web@a-b/wants/cyclog@web@a-b -> ../../cyclog@web@a-b
            == cyclog@web@a-b/after/basic -> /etc/service-bundles/targets/basic
            == cyclog@web@a-b/before/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web@a-b/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web@a-b/service/run
            #!/bin/nosh
            # web@a-b.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/web@a-b
            == cyclog@web@a-b/service/start
            #!/bin/nosh
            # web@a-b.service: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/web@a-b
            == cyclog@web@a-b/service/stop
            #!/bin/nosh
            true
            == cyclog@web@a-b/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web@a-b/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}

#[test]
fn commands_before_the_main_one() {
    let unit = "[Service]\nExecCondition=/bin/ask\nExecStartPre=+/bin/pre 'a b'\nExecStart=/bin/d\nUser=web\nGroup=adm\nSupplementaryGroups=disk\nRestart=always\nRestartSec=5\n";
    check(
        "web.service",
        unit,
        expect![[r#"
            == web/after/basic -> /etc/service-bundles/targets/basic
            == web/after/cyclog@web -> ../../cyclog@web
            == web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web/data/chain
            #!/bin/sh
            # shellcheck disable=SC2016
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -u web PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 24 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../web.service -- \
            	/bin/exec chdir / \
            	sh -c groups='$(id -G "$0" | tr " " ,),$1; shift; exec setpriv --reuid="$0" --groups="$groups" "$@"' web disk --regid=adm -- \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == web/data/chain-full
            #!/bin/sh
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -u web PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../web.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == web/log -> ../cyclog@web
            == web/service/restart
            #!/bin/sh
            # web.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            read -r phase status <supervise/phase
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            [ "$phase" != failed ] || cause=$status
            ./data/cgroup signal ../web.service TERM CONT
            ./data/cgroup wait ../web.service 90
            ./data/cgroup kill ../web.service
            # Restart=always
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            # A condition that isn't met is no failure.
            case $phase/$cause in condition/255 | condition/SIG*) ;; condition/*) exit 1 ;; esac
            ./data/start-limit 5 10 || exit 1
            sleep 5
            exit 0
            == web/service/run
            #!/bin/sh
            # web.service: what happens at each start. Written by svlsp from the unit file.
            cd ..
            echo start >supervise/phase
            ./data/deadline start 90 ../web.service TERM
            echo condition >supervise/phase
            ./data/chain /bin/ask || exit
            echo start >supervise/phase
            ./data/chain-full /bin/pre 'a b' || exit
            echo main >supervise/phase
            exec ./data/chain /bin/d
            == web/service/start
            #!/bin/nosh
            # web.service: what happens at the first start. Written by svlsp from the unit file.
            chdir ..
            ./data/start-limit 5 10
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web/wants/basic -> /etc/service-bundles/targets/basic
            == web/wants/cyclog@web -> ../../cyclog@web
            == cyclog@web/after/basic -> /etc/service-bundles/targets/basic
            == cyclog@web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web/service/run
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/web
            == cyclog@web/service/start
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/web
            == cyclog@web/service/stop
            #!/bin/nosh
            true
            == cyclog@web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}

#[test]
fn a_target() {
    let unit = "[Unit]\nRequires=web.service\nAfter=web.service multi-user.target srv-data.mount\nBindsTo=dev-sda.device\n[Install]\nRequiredBy=graphical.target\n";
    check(
        "site.target",
        unit,
        expect![[r#"
            == site/after/mount@-srv-data -> /etc/service-bundles/services/mount@-srv-data
            == site/after/multi-user -> /etc/service-bundles/targets/multi-user
            == site/after/web -> ../../web
            == site/required-by/graphical -> /etc/service-bundles/targets/graphical
            == site/requires/web -> ../../web
            == site/service/remain
            == site/service/restart
            #!/bin/sh
            exit 1
            == site/service/run
            #!/bin/nosh
            # site.target: it is up as long as nobody stops it. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   Requires=web.service: approximated: links in `wants/` and `requires/`; it starts even if the other one fails
            #   BindsTo=dev-sda.device: approximated: links in `wants/` and `requires/`; it isn't stopped when the other one dies
            true
            == site/service/start
            #!/bin/nosh
            true
            == site/service/stop
            #!/bin/nosh
            true
            == site/wanted-by/graphical -> /etc/service-bundles/targets/graphical
            == site/wants/web -> ../../web
        "#]],
    );
}

#[test]
fn run_stays_where_a_stop_is_more_than_term() {
    let unit = "[Unit]\nRequiresMountsFor=/srv/a-b\nConditionPathExists=/etc/web\n[Service]\nExecStart=/bin/d $A\nExecStop=/bin/quit $MAINPID\n\
        ExecStartPost=/bin/post\nExecReload=/bin/kill -HUP $MAINPID\nKillSignal=SIGINT\nTimeoutStopSec=2min\nRestart=on-success\n";
    check(
        "web.service",
        unit,
        expect![[r#"
            == web/after/basic -> /etc/service-bundles/targets/basic
            == web/after/cyclog@web -> ../../cyclog@web
            == web/after/mount@-srv -> /etc/service-bundles/services/mount@-srv
            == web/after/mount@-srv-a\x2db -> /etc/service-bundles/services/mount@-srv-a\x2db
            == web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web/data/chain
            #!/bin/sh
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -x PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 18 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../web.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --default-signal=INT,QUIT --ignore-signal=PIPE \
            	"$@"
            == web/data/conditions
            #!/bin/sh
            # web.service: whether it may start. Written by svlsp from the unit file.

            unmet() {
            	echo "not started, as this isn't met: $2" >&2
            	exit "$1"
            }

            test -e /etc/web || unmet 1 ConditionPathExists=/etc/web
            == web/log -> ../cyclog@web
            == web/service/no_kill_signal
            == web/service/reload
            #!/bin/sh
            # shellcheck disable=SC2016
            # web.service: call it to reload the service. Written by svlsp from the unit file.
            cd ..
            pid=$(od -A n -t u4 -j 12 -N 4 supervise/status | tr -d ' ')
            [ ! -e supervise/main ] || read -r pid <supervise/main
            export MAINPID="$pid"
            ./data/chain /bin/kill -HUP '$MAINPID'
            == web/service/restart
            #!/bin/sh
            # shellcheck disable=SC2016
            # web.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            read -r phase status <supervise/phase
            [ "$phase" != skipped ] || exit 1
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            [ "$phase" != failed ] || cause=$status
            export SERVICE_RESULT=exit-code EXIT_CODE=exited EXIT_STATUS="$2"
            [ "$1" = exit ] || SERVICE_RESULT=signal EXIT_CODE=killed
            [ "${4-}" != core ] || SERVICE_RESULT=core-dump EXIT_CODE=dumped
            case $cause in 0 | SIG1 | SIG2 | SIG13 | SIG15) SERVICE_RESULT=success ;; esac
            if [ "$phase" = main ] && [ "$SERVICE_RESULT" = success ]; then
            	./data/chain /bin/quit '$MAINPID'
            fi
            ./data/cgroup signal ../web.service INT CONT
            ./data/cgroup wait ../web.service 120
            ./data/cgroup kill ../web.service
            # Restart=on-success
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            case $cause in 0 | SIG1 | SIG2 | SIG13 | SIG15) ;; *) exit 1 ;; esac
            ./data/start-limit 5 10 || exit 1
            sleep 0.1
            exit 0
            == web/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # web.service: what happens at each start. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   ExecStop=/bin/quit $MAINPID: approximated: `run` stays and catches the signal of a stop; it isn't run when the program ended by itself
            #   ExecReload=/bin/kill -HUP $MAINPID: approximated: a script `reload` beside `run`; `service-control` has no way to call it
            cd ..
            ./data/conditions || { echo skipped >supervise/phase; exit 1; }
            echo main >supervise/phase
            ./data/chain /bin/d '$A' &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	export MAINPID="$main" SERVICE_RESULT=success
            	./data/chain /bin/quit '$MAINPID'
            	echo stopping >supervise/phase
            	./data/cgroup signal ../web.service INT CONT
            	./data/deadline stop 120 ../web.service KILL "$main"
            }
            trap stop TERM
            export MAINPID="$main"
            ./data/chain /bin/post ||
            	{ echo "failed $?" >supervise/phase; kill "$main"; }
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == web/service/start
            #!/bin/nosh
            # web.service: what happens at the first start. Written by svlsp from the unit file.
            chdir ..
            ./data/start-limit 5 10
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web/wants/basic -> /etc/service-bundles/targets/basic
            == web/wants/cyclog@web -> ../../cyclog@web
            == web/wants/mount@-srv -> /etc/service-bundles/services/mount@-srv
            == web/wants/mount@-srv-a\x2db -> /etc/service-bundles/services/mount@-srv-a\x2db
            == cyclog@web/after/basic -> /etc/service-bundles/targets/basic
            == cyclog@web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web/service/run
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/web
            == cyclog@web/service/start
            #!/bin/nosh
            # web.service: who writes what it says. Written by svlsp from the unit file.
            install -d -m 0750 -- /var/log/sv/web
            == cyclog@web/service/stop
            #!/bin/nosh
            true
            == cyclog@web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == cyclog@web/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}

#[test]
fn a_daemon_that_forks() {
    let unit = "[Service]\nType=forking\nExecStart=/bin/d\nPIDFile=/run/d.pid\nRestart=on-failure\nRuntimeMaxSec=1d\nKillMode=mixed\nStandardOutput=null\n";
    check(
        "web.service",
        unit,
        expect![[r#"
            == web/after/basic -> /etc/service-bundles/targets/basic
            == web/before/shutdown -> /etc/service-bundles/targets/shutdown
            == web/data/chain
            #!/bin/sh
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec /bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	fdredir --write 1 /dev/null \
            	fdmove -c 2 1 \
            	setsid \
            	./data/cgroup enter ../web.service -- \
            	/bin/exec chdir / \
            	clearenv \
            	setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            	setenv PIDFILE /run/d.pid \
            	/usr/bin/env --default-signal=INT,QUIT --ignore-signal=PIPE \
            	"$@"
            == web/service/no_kill_signal
            == web/service/restart
            #!/bin/sh
            # web.service: what follows on its end; it is started again if this succeeds. Written by svlsp from the unit file.
            cd ..
            read -r phase status <supervise/phase
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            [ "$phase" != failed ] || cause=$status
            ./data/cgroup kill ../web.service
            rm -f -- /run/d.pid
            # Restart=on-failure
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            case $cause in 0 | SIG1 | SIG2 | SIG13 | SIG15) exit 1 ;; esac
            ./data/start-limit 5 10 || exit 1
            sleep 0.1
            exit 0
            == web/service/run
            #!/bin/sh
            # web.service: what happens at each start. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   Type=forking: approximated: its process; it counts as started at once, ready or not
            #   PIDFile=/run/d.pid: approximated: `run` stays as long as the process named there; its exit status is unknown
            cd ..
            echo start >supervise/phase
            ./data/deadline start 90 ../web.service TERM
            ./data/chain /bin/d || exit
            until read -r main </run/d.pid && kill -0 "$main"; do sleep 0.1; done 2>/dev/null
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "$main"; done 2>/dev/null
            	./data/deadline stop 90 ../web.service KILL "$main"
            }
            trap stop TERM
            echo main >supervise/phase
            ./data/deadline run 86400 ../web.service TERM
            while kill -0 "$main" 2>/dev/null; do sleep 1; done
            # Nobody knows how it has ended: unless told to, it has failed.
            read -r phase _ <supervise/phase
            [ "$phase" = stopping ]
            == web/service/start
            #!/bin/nosh
            # web.service: what happens at the first start. Written by svlsp from the unit file.
            chdir ..
            ./data/start-limit 5 10
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown -> /etc/service-bundles/targets/shutdown
            == web/wants/basic -> /etc/service-bundles/targets/basic
        "#]],
    );
}
