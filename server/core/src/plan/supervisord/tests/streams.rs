//! Where output goes.

use expect_test::expect;

use super::check;
use crate::fate::Backend;

#[test]
fn outputs_of_a_container() {
    let text = "[program:a]\ncommand=/usr/bin/a\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n\
        stderr_logfile=/dev/stderr\nstderr_logfile_maxbytes=0\nstartsecs=0\n\
        [program:b]\ncommand=/usr/bin/b\nstdout_logfile=NONE\nstderr_logfile=/var/log/b.err\n\
        stderr_logfile_maxbytes=0\nautorestart=false\nstartsecs=0\n";
    check(
        Backend::Runit,
        text,
        "run",
        expect![[r#"
        == a/run
        #!/bin/sh
        # a: what happens at each start. Written by svlsp from supervisord.conf.
        echo main >supervise/phase
        umask 0022
        [ -p supervise/silence ] || mkfifo -m 600 supervise/silence
        exec <>supervise/silence
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=a SUPERVISOR_GROUP_NAME=a /usr/bin/a
        a.service command=/usr/bin/a: native: the program that `run` becomes
        a.service stdout_logfile=/dev/stdout: native: the supervisor's own standard output
        a.service stdout_logfile_maxbytes=0: irrelevant: nothing is rotated here
        a.service stderr_logfile=/dev/stderr: native: the supervisor's own standard error
        a.service stderr_logfile_maxbytes=0: irrelevant: nothing is rotated here
        a.service startsecs=0: emulated: `finish` looks at the clock
        == b/run
        #!/bin/sh
        # b: what happens at each start. Written by svlsp from supervisord.conf.
        exec 2>&1
        echo main >supervise/phase
        umask 0022
        [ -p supervise/silence ] || mkfifo -m 600 supervise/silence
        exec <>supervise/silence >/dev/null 2>>/var/log/b.err
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=b SUPERVISOR_GROUP_NAME=b /usr/bin/b
        b.service command=/usr/bin/b: native: the program that `run` becomes
        b.service stdout_logfile=NONE: native: `/dev/null`
        b.service stderr_logfile=/var/log/b.err: native: appended to
        b.service stderr_logfile_maxbytes=0: irrelevant: nothing is rotated here
        b.service autorestart=false: emulated: `finish` decides
        b.service startsecs=0: emulated: `finish` looks at the clock
    "#]],
    );
}

const SYSLOG: &str = "[program:a]\ncommand=a\nstdout_syslog=true\nstdout_logfile=NONE\n\
    [program:b]\ncommand=b\nstdout_logfile=syslog\nredirect_stderr=true\n\
    [program:c]\ncommand=c\nstderr_syslog=true\n\
    [program:d]\ncommand=d\nstdout_syslog=true\nstdout_logfile=/var/log/d\n";

#[test]
fn syslog() {
    check(
        Backend::Runit,
        SYSLOG,
        "log/run",
        expect![[r#"
            == a/log/run
            #!/bin/sh
            # a: who writes what it says. Written by svlsp from supervisord.conf.
            exec logger -t a
            a.service command=a: native: the program that `run` becomes
            a.service stdout_syslog=true: emulated: `logger -t a`
            a.service stdout_logfile=NONE: irrelevant: syslog has its lines
            == b/log/run
            #!/bin/sh
            # b: who writes what it says. Written by svlsp from supervisord.conf.
            exec logger -t b
            b.service command=b: native: the program that `run` becomes
            b.service stdout_logfile=syslog: emulated: `logger -t b`
            b.service redirect_stderr=true: native: `2>&1`
            == c/log/run
            #!/bin/sh
            # c: who writes what it says. Written by svlsp from supervisord.conf.
            mkdir -p '/var/log/runit/c' &&
            	printf '%s\n' s52428800 n10 >'/var/log/runit/c/config' &&
            	exec svlogd '/var/log/runit/c'
            c.service command=c: native: the program that `run` becomes
            c.service stderr_syslog=true: approximated: in the log of the other one; syslog gets nothing
            == d/log/run
            #!/bin/sh
            # d: who writes what it says. Written by svlsp from supervisord.conf.
            mkdir -p '/var/log/runit/d' &&
            	printf '%s\n' s52428800 n10 >'/var/log/runit/d/config' &&
            	exec svlogd '/var/log/runit/d'
            d.service command=d: native: the program that `run` becomes
            d.service stdout_syslog=true: lost: the log file has its lines, and nothing writes them twice
            d.service stdout_logfile=/var/log/d: approximated: `svlogd` in `/var/log/runit/d`; the file is `current` there, the old ones have times for numbers
        "#]],
    );
    check(
        Backend::S6,
        SYSLOG,
        "log/run",
        expect![[r#"
            == a/log/run
            #!/bin/execlineb -P
            # a: who writes what it says. Written by svlsp from supervisord.conf.
            logger -t a
            a.service command=a: native: the program that `run` becomes
            a.service stdout_syslog=true: emulated: `logger -t a`
            a.service stdout_logfile=NONE: irrelevant: syslog has its lines
            == b/log/run
            #!/bin/execlineb -P
            # b: who writes what it says. Written by svlsp from supervisord.conf.
            logger -t b
            b.service command=b: native: the program that `run` becomes
            b.service stdout_logfile=syslog: emulated: `logger -t b`
            b.service redirect_stderr=true: native: `fdmove -c 2 1`
            == c/log/run
            #!/bin/execlineb -P
            # c: who writes what it says. Written by svlsp from supervisord.conf.
            if { mkdir -p -- /var/log/s6/c }
            s6-log -l 0 n10 s52428800 /var/log/s6/c
            c.service command=c: native: the program that `run` becomes
            c.service stderr_syslog=true: approximated: in the log of the other one; syslog gets nothing
            == d/log/run
            #!/bin/execlineb -P
            # d: who writes what it says. Written by svlsp from supervisord.conf.
            if { mkdir -p -- /var/log/s6/d }
            s6-log -l 0 n10 s52428800 /var/log/s6/d
            d.service command=d: native: the program that `run` becomes
            d.service stdout_syslog=true: lost: the log file has its lines, and nothing writes them twice
            d.service stdout_logfile=/var/log/d: approximated: `s6-log` in `/var/log/s6/d`; the file is `current` there, the old ones have times for numbers
        "#]],
    );
    check(
        Backend::Nosh,
        SYSLOG,
        "service/run",
        expect![[r#"
            == a/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # a: what happens at each start. Written by svlsp from supervisord.conf.
            cd ..
            echo main >supervise/phase
            ./data/attempts begin
            unset PWD OLDPWD
            ./data/chain a &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "$main"; done 2>/dev/null
            	./data/deadline stop 10 '' KILL "$main"
            }
            trap stop TERM
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == logger@a/service/run
            #!/bin/nosh
            # a: who writes what it says. Written by svlsp from supervisord.conf.
            logger -t a
            a.service command=a: native: the program that `run` becomes
            a.service stdout_syslog=true: emulated: `logger -t a`
            a.service stdout_logfile=NONE: irrelevant: syslog has its lines
            == b/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # b: what happens at each start. Written by svlsp from supervisord.conf.
            cd ..
            echo main >supervise/phase
            ./data/attempts begin
            unset PWD OLDPWD
            ./data/chain b &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "$main"; done 2>/dev/null
            	./data/deadline stop 10 '' KILL "$main"
            }
            trap stop TERM
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == logger@b/service/run
            #!/bin/nosh
            # b: who writes what it says. Written by svlsp from supervisord.conf.
            logger -t b
            b.service command=b: native: the program that `run` becomes
            b.service stdout_logfile=syslog: emulated: `logger -t b`
            b.service redirect_stderr=true: native: `fdmove -c 2 1`
            == c/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # c: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stderr_syslog=true: approximated: in the log of the other one; syslog gets nothing
            cd ..
            echo main >supervise/phase
            ./data/attempts begin
            unset PWD OLDPWD
            ./data/chain c &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "$main"; done 2>/dev/null
            	./data/deadline stop 10 '' KILL "$main"
            }
            trap stop TERM
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == cyclog@c/service/run
            #!/bin/nosh
            # c: who writes what it says. Written by svlsp from supervisord.conf.
            cyclog --max-file-size 52428800 --max-total-size 576716800 /var/log/sv/c
            c.service command=c: native: the program that `run` becomes
            c.service stderr_syslog=true: approximated: in the log of the other one; syslog gets nothing
            == d/service/run
            #!/bin/sh
            # shellcheck disable=SC2016
            # d: what happens at each start. Written by svlsp from supervisord.conf.
            #
            # Not quite as in supervisord.conf:
            #   stdout_syslog=true: lost: the log file has its lines, and nothing writes them twice
            #   stdout_logfile=/var/log/d: approximated: `cyclog` in `/var/log/sv/d`; the file is `current` there, the old ones have times for numbers, and each line has its time in front
            cd ..
            echo main >supervise/phase
            ./data/attempts begin
            unset PWD OLDPWD
            ./data/chain d &
            main=$!
            echo "$main" >supervise/main
            # shellcheck disable=SC2317
            stop() {
            	trap '' TERM
            	echo stopping >supervise/phase
            	for each in TERM CONT; do kill "-$each" "$main"; done 2>/dev/null
            	./data/deadline stop 10 '' KILL "$main"
            }
            trap stop TERM
            while wait "$main"; status=$?; kill -0 "$main" 2>/dev/null; do :; done
            [ "$status" -le 128 ] || { trap - TERM; kill -$((status - 128)) $$; }
            exit "$status"
            == cyclog@d/service/run
            #!/bin/nosh
            # d: who writes what it says. Written by svlsp from supervisord.conf.
            cyclog --max-file-size 52428800 --max-total-size 576716800 /var/log/sv/d
            d.service command=d: native: the program that `run` becomes
            d.service stdout_syslog=true: lost: the log file has its lines, and nothing writes them twice
            d.service stdout_logfile=/var/log/d: approximated: `cyclog` in `/var/log/sv/d`; the file is `current` there, the old ones have times for numbers, and each line has its time in front
        "#]],
    );
    check(
        Backend::Systemd,
        SYSLOG,
        "none",
        expect![[r#"
            a.service command=a: native: `ExecStart=`
            a.service stdout_syslog=true: native: the journal, which hands it to syslog
            a.service stdout_logfile=NONE: irrelevant: syslog has its lines
            b.service command=b: native: `ExecStart=`
            b.service stdout_logfile=syslog: native: the journal, which hands it to syslog
            b.service redirect_stderr=true: native: `StandardError=inherit`
            c.service command=c: native: `ExecStart=`
            c.service stderr_syslog=true: native: the journal, which hands it to syslog
            d.service command=d: native: `ExecStart=`
            d.service stdout_syslog=true: lost: the log file has its lines, and nothing writes them twice
            d.service stdout_logfile=/var/log/d: native: `StandardOutput=append:`
        "#]],
    );
}
