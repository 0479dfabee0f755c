//! What parts of a configuration are lowered to, by what backends make of it.

mod relations;
mod sockets;
mod streams;

use expect_test::{Expect, expect};

use crate::backends::{self, Content, Target, Together, tools};
use crate::fate::Backend;
use crate::plan::{Facts, lower};
use crate::syntax::supervisord::scan;
use crate::units::supervisord::{Around, Config};

/// The files that a configuration becomes, those of the name `file` only; then the fates.
fn check(backend: Backend, text: &str, file: &str, expect: Expect) {
    check_for(&Target::new(backend), text, file, expect);
}

fn check_for(target: &Target, text: &str, file: &str, expect: Expect) {
    let files = [scan(text)];
    let config = Config::new(&files, &Around::default());
    let units = config.units();
    let facts = Facts { priorities: true, ..Facts::default() };
    let plans: Vec<_> = units.iter().map(|unit| lower(unit, &facts)).collect();
    let together = Together::of(&plans);
    let mut out = String::new();
    for plan in &plans {
        let rendering = backends::render(plan, &together, target);
        for fault in &rendering.faults {
            out.push_str(&format!("{}: {}\n", plan.setting(fault.at).entry.name, fault.message));
        }
        for directory in &rendering.directories {
            for each in &directory.files {
                let name = each.path.as_str();
                if tools::Tool::ALL.iter().any(|tool| tool.path() == name) || !(file.is_empty() || name == file) {
                    continue;
                }
                let text = match &each.content {
                    Content::Text(text) | Content::Script(text) => String::from_utf8_lossy(text).into_owned(),
                    Content::Link(to) => format!("-> {to}\n"),
                    Content::Directory => continue,
                };
                out.push_str(&format!("== {}/{name}\n{text}", directory.name));
            }
        }
        for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
            out.push_str(&format!("{} {}={}: {fate}\n", plan.name().as_str(), setting.entry.name, setting.value()));
        }
    }
    expect.assert_eq(&out);
}

const WEB: &str = "[program:web]\ncommand=web --port 80\nuser=www\nstdout_logfile=/var/log/web.log\n\
    redirect_stderr=true\nstopasgroup=true\nexitcodes=0,2\nenvironment=A=\"x y\"\n";

#[test]
fn runit() {
    check(
        Backend::Runit,
        WEB,
        "",
        expect![[r#"
            == web/check
            #!/bin/sh
            # web: whether it has started. Written by svlsp from supervisord.conf.
            read -r phase _ <supervise/phase && [ "$phase" = main ] && ./data/attempts passed 1
            == web/control/t
            #!/bin/sh
            # shellcheck disable=SC2016
            # web: what happens when it is told to end. Written by svlsp from supervisord.conf.
            read -r pid <supervise/pid || exit 0
            read -r phase _ <supervise/phase
            echo "stopping success $phase" >supervise/phase
            # What starts the commands isn't among their processes.
            [ "$phase" = main ] || kill -TERM "$pid"
            for each in TERM CONT; do kill "-$each" "-$pid"; done 2>/dev/null
            ./data/deadline stop 10 '' KILL "-$pid"
            == web/finish
            #!/bin/sh
            # web: what follows on its end. Written by svlsp from supervisord.conf.
            # $1: its exit status, -1 if a signal killed it; $2: what it was waited for with
            exec 2>&1
            read -r phase status was <supervise/phase
            # Nothing has been started yet.
            case $phase/$was in skipped/* | waiting/* | */skipped | */waiting) exit 0 ;; esac
            case $phase/$1 in
            	failed/*) cause=$status ;;
            	*/-1) cause=SIG$(($2 & 127)) ;;
            	*) cause=$1 ;;
            esac
            echo ended >supervise/phase
            # Whoever has stopped or restarted it gets what they want.
            case $(cat supervise/stat) in *'want down'* | *'want exit'*) ./data/attempts forget; exit 0 ;; esac
            [ "$phase" != stopping ] || exit 0
            # An end within 1 s is a failed start: tried again after 1, 2, 3 … s, 3 times.
            again=$(./data/attempts end 1 3)
            case $again in
            	good) ;;
            	fatal) exec sv down . ;;
            	*) exec sleep "$again" ;;
            esac
            # autorestart=unexpected
            case $cause in 0 | 2) exec sv down . ;; esac
            == web/log/run
            #!/bin/sh
            # web: who writes what it says. Written by svlsp from supervisord.conf.
            mkdir -p '/var/log/runit/web' &&
            	printf '%s\n' s52428800 n10 >'/var/log/runit/web/config' &&
            	exec svlogd '/var/log/runit/web'
            == web/run
            #!/bin/sh
            # web: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stdout_logfile=/var/log/web.log: approximated: `svlogd` in `/var/log/runit/web`; the file is `current` there, the old ones have times for numbers
            exec 2>&1
            echo main >supervise/phase
            ./data/attempts begin
            umask 0022
            [ -p supervise/silence ] || mkfifo -m 600 supervise/silence
            exec <>supervise/silence 2>&1
            cd / || exit 200
            trap '' PIPE
            group=$(id -g www) || exit 217
            unset PWD OLDPWD
            exec chpst -P setpriv --reuid=www --regid="$group" --init-groups -- \
            	env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web SUPERVISOR_GROUP_NAME=web A='x y' web --port 80
            web.service command=web --port 80: native: the program that `run` becomes
            web.service user=www: emulated: `setpriv --reuid --init-groups`
            web.service stdout_logfile=/var/log/web.log: approximated: `svlogd` in `/var/log/runit/web`; the file is `current` there, the old ones have times for numbers
            web.service redirect_stderr=true: native: `2>&1`
            web.service stopasgroup=true: emulated: `control/t` signals the process group
            web.service exitcodes=0,2: emulated: `finish` compares
            web.service environment=A="x y": native: `env`
        "#]],
    );
}

#[test]
fn s6() {
    check(
        Backend::S6,
        WEB,
        "",
        expect![[r#"
            == web/finish
            #!/bin/execlineb -S2
            # web: what follows on its end. Written by svlsp from supervisord.conf.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            # An end within 1 s is a failed start: tried again after 1, 2, 3 … s, 3 times.
            backtick -E wanted { s6-svstat -o wantedup . }
            ifelse { test $wanted = false } { foreground { ./data/attempts forget } exit 0 }
            backtick -E again { ./data/attempts end 1 3 1 }
            ifelse { test $again = fatal } { exit 125 }
            ifelse -n { test $again = good } { sleep $again }
            # autorestart=unexpected
            case ${1}:${2} {
              "(0|2):.*" { exit 125 }
            }
            exit 0
            == web/log/run
            #!/bin/execlineb -P
            # web: who writes what it says. Written by svlsp from supervisord.conf.
            if { mkdir -p -- /var/log/s6/web }
            s6-log -l 0 n10 s52428800 /var/log/s6/web
            == web/notification-fd
            3
            == web/run
            #!/bin/execlineb -P
            # web: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stdout_logfile=/var/log/web.log: approximated: `s6-log` in `/var/log/s6/web`; the file is `current` there, the old ones have times for numbers
            fdmove -c 2 1
            foreground { ./data/attempts begin }
            background -d { foreground { sleep 1 } fdmove 1 3 echo }
            fdclose 3
            trap -x { TERM {
              importas -i pid !
              foreground { ./data/deadline stop 10 "" KILL -${pid} }
              sh -c "kill -TERM -${pid} 2>/dev/null"
            } }
            # The program leads a process group of its own, all of which gets the signal.
            s6-setsid -b
            umask 0022
            if { sh -c "[ -p supervise/silence ] || mkfifo -m 600 supervise/silence" }
            redirfd -u 0 supervise/silence
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            cd /
            s6-setuidgid www
            unexport PWD
            env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web SUPERVISOR_GROUP_NAME=web "A=x y"
            nice -n 0 web --port 80
            == web/timeout-finish
            0
            web.service command=web --port 80: native: the program that `run` becomes
            web.service user=www: native: `s6-setuidgid`
            web.service stdout_logfile=/var/log/web.log: approximated: `s6-log` in `/var/log/s6/web`; the file is `current` there, the old ones have times for numbers
            web.service redirect_stderr=true: native: `fdmove -c 2 1`
            web.service stopasgroup=true: emulated: `run` stays, and signals the process group
            web.service exitcodes=0,2: emulated: `finish` compares
            web.service environment=A="x y": native: `env`
        "#]],
    );
}

#[test]
fn s6_rc() {
    check(
        Backend::S6rc,
        WEB,
        "",
        expect![[r#"
            == web/finish
            #!/bin/execlineb -S2
            # web: what follows on its end. Written by svlsp from supervisord.conf.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            # An end within 1 s is a failed start: tried again after 1, 2, 3 … s, 3 times.
            backtick -E wanted { s6-svstat -o wantedup . }
            ifelse { test $wanted = false } { foreground { ./data/attempts forget } exit 0 }
            backtick -E again { ./data/attempts end 1 3 1 }
            ifelse { test $again = fatal } { exit 125 }
            ifelse -n { test $again = good } { sleep $again }
            # autorestart=unexpected
            case ${1}:${2} {
              "(0|2):.*" { exit 125 }
            }
            exit 0
            == web/notification-fd
            3
            == web/producer-for
            web-log
            == web/run
            #!/bin/execlineb -P
            # web: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stdout_logfile=/var/log/web.log: approximated: `s6-log` in `/var/log/s6/web`; the file is `current` there, the old ones have times for numbers
            fdmove -c 2 1
            foreground { ./data/attempts begin }
            background -d { foreground { sleep 1 } fdmove 1 3 echo }
            fdclose 3
            trap -x { TERM {
              importas -i pid !
              foreground { ./data/deadline stop 10 "" KILL -${pid} }
              sh -c "kill -TERM -${pid} 2>/dev/null"
            } }
            # The program leads a process group of its own, all of which gets the signal.
            s6-setsid -b
            umask 0022
            if { sh -c "[ -p supervise/silence ] || mkfifo -m 600 supervise/silence" }
            redirfd -u 0 supervise/silence
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            cd /
            s6-setuidgid www
            unexport PWD
            env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web SUPERVISOR_GROUP_NAME=web "A=x y"
            nice -n 0 web --port 80
            == web/timeout-finish
            0
            == web/type
            longrun
            == web-log/consumer-for
            web
            == web-log/notification-fd
            3
            == web-log/pipeline-name
            web-pipeline
            == web-log/run
            #!/bin/execlineb -P
            # web: who writes what it says. Written by svlsp from supervisord.conf.
            if { mkdir -p -- /var/log/s6/web }
            s6-log -d 3 -l 0 n10 s52428800 /var/log/s6/web
            == web-log/type
            longrun
            == default/contents.d/web
            == default/type
            bundle
            web.service command=web --port 80: native: the program that `run` becomes
            web.service user=www: native: `s6-setuidgid`
            web.service stdout_logfile=/var/log/web.log: approximated: `s6-log` in `/var/log/s6/web`; the file is `current` there, the old ones have times for numbers
            web.service redirect_stderr=true: native: `fdmove -c 2 1`
            web.service stopasgroup=true: emulated: `run` stays, and signals the process group
            web.service exitcodes=0,2: emulated: `finish` compares
            web.service environment=A="x y": native: `env`
        "#]],
    );
}

#[test]
fn nosh() {
    check(
        Backend::Nosh,
        WEB,
        "",
        expect![[r#"
            == web/after/basic
            -> /etc/service-bundles/targets/basic
            == web/after/cyclog@web
            -> ../../cyclog@web
            == web/before/shutdown
            -> /etc/service-bundles/targets/shutdown
            == web/data/chain
            #!/bin/sh
            # web: what its processes go through before their program runs. Written by svlsp from supervisord.conf.
            exec /bin/exec umask 0022 \
            	foreground sh -c '[ -p supervise/silence ] || mkfifo -m 600 supervise/silence' ';' \
            	fdredir --update 0 ./supervise/silence \
            	setsid \
            	chdir / \
            	setuidgid --supplementary -- www \
            	setenv SUPERVISOR_ENABLED 1 \
            	setenv SUPERVISOR_PROCESS_NAME web \
            	setenv SUPERVISOR_GROUP_NAME web \
            	setenv A 'x y' \
            	/usr/bin/env --default-signal=INT,QUIT --ignore-signal=PIPE \
            	"$@"
            == web/log
            -> ../cyclog@web
            == web/service/restart
            #!/bin/sh
            # web: what follows on its end; it is started again if this succeeds. Written by svlsp from supervisord.conf.
            cd ..
            read -r phase status <supervise/phase
            # $1: exit, or what kind of signal killed it; $2: its exit status, or the signal's name
            cause=$2
            [ "$1" = exit ] || cause=SIG$3
            [ "$phase" != failed ] || cause=$status
            # autorestart=unexpected
            # The letter says what somebody wants of it: d is down.
            [ "$(dd bs=1 skip=17 count=1 <supervise/status 2>/dev/null)" != d ] || exit 1
            # An end within 1 s is a failed start: tried again after 1, 2, 3 … s, 3 times.
            again=$(./data/attempts end 1 3)
            case $again in good) ;; fatal) exit 1 ;; *) sleep "$again"; exit 0 ;; esac
            case $cause in 0 | 2) exit 1 ;; esac
            exit 0
            == web/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # web: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stdout_logfile=/var/log/web.log: approximated: `cyclog` in `/var/log/sv/web`; the file is `current` there, the old ones have times for numbers, and each line has its time in front
            cd ..
            echo main >supervise/phase
            ./data/attempts begin
            unset PWD OLDPWD
            ./data/chain web --port 80 &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "-$main"; done 2>/dev/null
            	./data/deadline stop 10 '' KILL "-$main"
            }
            trap stop TERM
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == web/service/start
            #!/bin/nosh
            # web: what happens at the first start. Written by svlsp from supervisord.conf.
            chdir ..
            foreground ./data/attempts forget ";"
            true
            == web/service/stop
            #!/bin/nosh
            true
            == web/stopped-by/shutdown
            -> /etc/service-bundles/targets/shutdown
            == web/wanted-by/multi-user
            -> /etc/service-bundles/targets/multi-user
            == web/wants/basic
            -> /etc/service-bundles/targets/basic
            == web/wants/cyclog@web
            -> ../../cyclog@web
            == cyclog@web/after/basic
            -> /etc/service-bundles/targets/basic
            == cyclog@web/before/shutdown
            -> /etc/service-bundles/targets/shutdown
            == cyclog@web/service/restart
            #!/bin/sh
            exit 0
            == cyclog@web/service/run
            #!/bin/nosh
            # web: who writes what it says. Written by svlsp from supervisord.conf.
            cyclog --max-file-size 52428800 --max-total-size 576716800 /var/log/sv/web
            == cyclog@web/service/start
            #!/bin/nosh
            # web: who writes what it says. Written by svlsp from supervisord.conf.
            install -d -m 0750 -- /var/log/sv/web
            == cyclog@web/service/stop
            #!/bin/nosh
            true
            == cyclog@web/stopped-by/shutdown
            -> /etc/service-bundles/targets/shutdown
            == cyclog@web/wants/basic
            -> /etc/service-bundles/targets/basic
            web.service command=web --port 80: native: the program that `run` becomes
            web.service user=www: native: `setuidgid --supplementary`
            web.service stdout_logfile=/var/log/web.log: approximated: `cyclog` in `/var/log/sv/web`; the file is `current` there, the old ones have times for numbers, and each line has its time in front
            web.service redirect_stderr=true: native: `fdmove -c 2 1`
            web.service stopasgroup=true: emulated: `run` stays, and signals the process group
            web.service exitcodes=0,2: emulated: `restart` compares
            web.service environment=A="x y": native: `setenv`
        "#]],
    );
}

#[test]
fn the_group_is_killed_after_the_timeout() {
    let text = "[program:a]\ncommand=/usr/bin/a\nkillasgroup=true\nautorestart=true\nstartsecs=0\n";
    check(
        Backend::S6,
        text,
        "finish",
        expect![[r#"
            == a/finish
            #!/bin/execlineb -S2
            # a: what follows on its end. Written by svlsp from supervisord.conf.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            # After the timeout the others of its process group are killed as well.
            foreground {
              if { test ${1}:${2} = 256:9 }
              backtick -E wanted { s6-svstat -o wantedup . }
              if { test $wanted = false }
              backtick -E group { cat supervise/group }
              sh -c "kill -KILL -${group} 2>/dev/null"
            }
            # autorestart=true
            exit 0
            a.service command=/usr/bin/a: native: the program that `run` becomes
            a.service killasgroup=true: emulated: `finish` kills the process group
            a.service autorestart=true: emulated: `finish` decides
            a.service startsecs=0: emulated: `finish` looks at the clock
        "#]],
    );
    check(
        Backend::Runit,
        text,
        "control/t",
        expect![[r#"
        == a/control/t
        #!/bin/sh
        # shellcheck disable=SC2016
        # a: what happens when it is told to end. Written by svlsp from supervisord.conf.
        read -r pid <supervise/pid || exit 0
        read -r phase _ <supervise/phase
        echo "stopping success $phase" >supervise/phase
        # What starts the commands isn't among their processes.
        [ "$phase" = main ] || kill -TERM "$pid"
        for each in TERM CONT; do kill "-$each" "$pid"; done 2>/dev/null
        ./data/deadline stop 10 '' KILL "-$pid"
        a.service command=/usr/bin/a: native: the program that `run` becomes
        a.service killasgroup=true: emulated: `control/t` signals the process group
        a.service autorestart=true: emulated: `finish` decides
        a.service startsecs=0: emulated: `finish` looks at the clock
    "#]],
    );
}

#[test]
fn every_setting_is_spoken_of() {
    let text = "[supervisord]\nnodaemon=false\nminfds=4096\nminprocs=200\numask=027\nuser=www\ndirectory=/srv\n\
        environment=LANG=C\n[program:a]\ncommand=a\nprocess_name=%(program_name)s_%(process_num)d\nnumprocs=2\n\
        numprocs_start=1\npriority=5\nautostart=false\nstartsecs=3\nstartretries=2\nautorestart=unexpected\n\
        exitcodes=0,3\nstopsignal=INT\nstopwaitsecs=5\nstopasgroup=true\nkillasgroup=true\nuser=root\n\
        redirect_stderr=true\nstdout_logfile=/var/log/a\nstdout_logfile_maxbytes=1MB\nstdout_logfile_backups=2\n\
        stderr_logfile=/var/log/e\nstderr_logfile_maxbytes=1MB\nstderr_logfile_backups=2\nenvironment=A=b\n\
        directory=/tmp\numask=022\nserverurl=http://localhost:9001\n[program:b]\ncommand=b\nautorestart=true\n\
        exitcodes=0\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\nstderr_logfile=/var/log/b\n\
        stderr_logfile_maxbytes=2MB\nstderr_logfile_backups=0\n[group:g]\nprograms=a,b\npriority=7\n";
    let files = [scan(text)];
    let config = Config::new(&files, &Around::default());
    assert_eq!(config.problems.len(), 0, "{:?}", config.problems);
    let units = config.units();
    let plans: Vec<_> = units.iter().map(|unit| lower(unit, &Facts::default())).collect();
    let together = Together::of(&plans);
    for backend in Backend::ALL {
        for plan in &plans {
            let rendering = backends::render(plan, &together, &Target::new(backend));
            assert_eq!(rendering.faults, []);
            for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
                let fate = fate.to_string();
                assert!(!fate.contains("doesn't translate"), "{backend:?}: {}: {fate}", setting.entry.name);
            }
        }
    }
}
