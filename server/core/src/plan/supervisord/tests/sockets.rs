//! The sockets of fcgi-programs.

use expect_test::expect;

use super::{check, check_for};
use crate::backends::Target;
use crate::fate::Backend;

const POOL: &str = "[fcgi-program:web]\ncommand=web\nsocket=unix:///run/web.sock\nsocket_mode=0660\n\
    process_name=web%(process_num)d\nnumprocs=2\nstdout_logfile=NONE\n";

#[test]
fn one_process_opens_its_socket_itself() {
    let text = "[fcgi-program:web]\ncommand=web\nsocket=unix:///run/web.sock\nstdout_logfile=NONE\n";
    check(
        Backend::S6,
        text,
        "run",
        expect![[r#"
        == web/run
        #!/bin/execlineb -P
        # web: what happens at each start. Written by svlsp from supervisord.conf.
        fdmove -c 2 1
        foreground { ./data/attempts begin }
        background -d { foreground { sleep 1 } fdmove 1 3 echo }
        fdclose 3
        ./data/listen stream:4096:0700:0755:::web.socket /run/web.sock -- ./data/chain nice -n 0 web
        web.service command=web: native: the program that `run` becomes
        web.service socket=unix:///run/web.sock: emulated: `data/listen` in `run`
        web.service stdout_logfile=NONE: native: `/dev/null`
        web.socket socket=unix:///run/web.sock: emulated: `data/listen` in `run`
    "#]],
    );
}

#[test]
fn processes_share_a_socket_on_runit() {
    let mut target = Target::new(Backend::Runit);
    target.tools.s6 = true;
    check_for(
        &target,
        POOL,
        "run",
        expect![[r#"
        == web0/run
        #!/bin/sh
        # web0: what happens at each start. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        exec 2>&1
        echo waiting >supervise/phase
        [ "$1" ] || exec ./data/hold take ../web-socket ./run taken
        echo main >supervise/phase
        ./data/attempts begin
        umask 0022
        exec >/dev/null
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web0 SUPERVISOR_GROUP_NAME=web web
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web0.service socket_mode=0660: emulated: `data/listen` in `run`
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        == web1/run
        #!/bin/sh
        # web1: what happens at each start. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        exec 2>&1
        echo waiting >supervise/phase
        [ "$1" ] || exec ./data/hold take ../web-socket ./run taken
        echo main >supervise/phase
        ./data/attempts begin
        umask 0022
        exec >/dev/null
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web1 SUPERVISOR_GROUP_NAME=web web
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web1.service socket_mode=0660: emulated: `data/listen` in `run`
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        == web-socket/run
        #!/bin/sh
        # web: keeps the socket for its processes. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        exec ./data/hold open - stream:4096:0660:0755:::web.socket /run/web.sock
        web.socket socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web.socket socket_mode=0660: emulated: `data/listen` in `run`
    "#]],
    );
}

#[test]
fn without_tools_none_has_it_on_runit() {
    check(
        Backend::Runit,
        POOL,
        "down",
        expect![[r#"
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=unix:///run/web.sock: lost: the tools of s6 would open it; say `--target tools=+s6` where they are
        web0.service socket_mode=0660: lost: s6 has the tools for it: `--target tools=+s6` where they are
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=unix:///run/web.sock: lost: the tools of s6 would open it; say `--target tools=+s6` where they are
        web1.service socket_mode=0660: lost: s6 has the tools for it: `--target tools=+s6` where they are
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        web.socket socket=unix:///run/web.sock: lost: the tools of s6 would open it; say `--target tools=+s6` where they are
        web.socket socket_mode=0660: lost: s6 has the tools for it: `--target tools=+s6` where they are
    "#]],
    );
}

#[test]
fn processes_share_a_socket_on_s6() {
    check(
        Backend::S6,
        POOL,
        "run",
        expect![[r#"
        == web0/run
        #!/bin/execlineb -P
        # web0: what happens at each start. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        fdmove -c 2 1
        ./data/hold take ../web-socket
        foreground { ./data/attempts begin }
        background -d { foreground { sleep 1 } fdmove 1 3 echo }
        fdclose 3
        umask 0022
        redirfd -w 1 /dev/null
        sh -c "trap '' PIPE; exec \"$0\" \"$@\""
        cd /
        unexport PWD
        env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web0 SUPERVISOR_GROUP_NAME=web
        nice -n 0 web
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web0.service socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        == web1/run
        #!/bin/execlineb -P
        # web1: what happens at each start. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        fdmove -c 2 1
        ./data/hold take ../web-socket
        foreground { ./data/attempts begin }
        background -d { foreground { sleep 1 } fdmove 1 3 echo }
        fdclose 3
        umask 0022
        redirfd -w 1 /dev/null
        sh -c "trap '' PIPE; exec \"$0\" \"$@\""
        cd /
        unexport PWD
        env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=web1 SUPERVISOR_GROUP_NAME=web
        nice -n 0 web
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web1.service socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        == web-socket/run
        #!/bin/execlineb -P
        # web: keeps the socket for its processes. Written by svlsp from supervisord.conf.
        #
        # Not quite as in supervisord.conf:
        #   socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        ./data/hold open 4 stream:4096:0660:0755:::web.socket /run/web.sock
        web.socket socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web.socket socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
    "#]],
    );
}

#[test]
fn processes_share_a_socket_on_s6_rc() {
    check(
        Backend::S6rc,
        POOL,
        "dependencies.d/web-socket",
        expect![[r#"
        == web0/dependencies.d/web-socket
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web0.service socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        == web1/dependencies.d/web-socket
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web1.service socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        web.socket socket=unix:///run/web.sock: approximated: `data/hold` in `web-socket`; it stays open while none of its processes runs
        web.socket socket_mode=0660: native: `s6-ipcserver-socketbinder -a`
    "#]],
    );
}

#[test]
fn one_process_has_the_socket_on_nosh() {
    check(
        Backend::Nosh,
        POOL,
        "down",
        expect![[r#"
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=unix:///run/web.sock: approximated: `local-stream-socket-listen` in `run`; only `web0` has it, the others read /dev/null
        web0.service socket_mode=0660: native: `--mode`
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=unix:///run/web.sock: approximated: `local-stream-socket-listen` in `run`; only `web0` has it, the others read /dev/null
        web1.service socket_mode=0660: native: `--mode`
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        web.socket socket=unix:///run/web.sock: approximated: `local-stream-socket-listen` in `run`; only `web0` has it, the others read /dev/null
        web.socket socket_mode=0660: native: `--mode`
    "#]],
    );
}

#[test]
fn nothing_keeps_a_socket_that_cannot_be_opened() {
    let text = POOL.replace("unix:///run/web.sock", "tcp://localhost:9000");
    check(
        Backend::S6,
        &text,
        "notification-fd",
        expect![[r#"
        == web0/notification-fd
        3
        web0.service command=web: native: the program that `run` becomes
        web0.service socket=tcp://localhost:9000: lost: s6-networking would open it; say `--target tools=+s6-networking` where it is
        web0.service socket_mode=0660: lost: svlsp doesn't translate it here
        web0.service process_name=web%(process_num)d: native: the name of the service directory
        web0.service numprocs=2: emulated: a service directory for each process
        web0.service stdout_logfile=NONE: native: `/dev/null`
        == web1/notification-fd
        3
        web1.service command=web: native: the program that `run` becomes
        web1.service socket=tcp://localhost:9000: lost: s6-networking would open it; say `--target tools=+s6-networking` where it is
        web1.service socket_mode=0660: lost: svlsp doesn't translate it here
        web1.service process_name=web%(process_num)d: native: the name of the service directory
        web1.service numprocs=2: emulated: a service directory for each process
        web1.service stdout_logfile=NONE: native: `/dev/null`
        web.socket socket=tcp://localhost:9000: lost: s6-networking would open it; say `--target tools=+s6-networking` where it is
        web.socket socket_mode=0660: lost: svlsp doesn't translate it here
    "#]],
    );
}

#[test]
fn a_port_has_no_mode() {
    let text = "[fcgi-program:web]\ncommand=/web\nsocket=tcp://127.0.0.1:9000\nstdout_logfile=NONE\n";
    check(
        Backend::Systemd,
        text,
        "web.socket",
        expect![[r#"
            web.service command=/web: native: `ExecStart=`
            web.service socket=tcp://127.0.0.1:9000: approximated: a socket unit, and `StandardInput=socket`; it stays open while none runs, and a connection then starts one
            web.service stdout_logfile=NONE: native: `StandardOutput=null`
            == /web.socket
            # web.socket: written by svlsp from supervisord.conf.
            #
            # Not quite as there:
            #   socket=tcp://127.0.0.1:9000: approximated: a socket unit, and `StandardInput=socket`; it stays open while none runs, and a connection then starts one

            [Socket]
            ListenStream=127.0.0.1:9000
            web.socket socket=tcp://127.0.0.1:9000: approximated: a socket unit, and `StandardInput=socket`; it stays open while none runs, and a connection then starts one
        "#]],
    );
}
