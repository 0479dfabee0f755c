//! What typical units become.

use expect_test::{Expect, expect};

use crate::backends::tests;
use crate::fate::Backend;

fn check(text: &str, expect: Expect) {
    tests::check(Backend::S6, "web.service", text, expect);
}

#[test]
fn a_daemon() {
    check(
        "[Service]\nExecStart=/usr/bin/web -x 'a b'\nNice=5\nRestart=on-failure\nRestartSec=5\n\
         Environment=A='b c'\nLimitNOFILE=1024\nKillSignal=SIGQUIT\n",
        expect![[r#"
            == web/down-signal
            SIGQUIT
            == web/finish
            #!/bin/execlineb -S2
            # web.service: what follows on its end. Written by svlsp from the unit file.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            backtick -E phase { cat supervise/phase }
            ifelse { test $phase = skipped } { exit 125 }
            foreground { ./data/cgroup signal web QUIT CONT }
            foreground { ./data/cgroup wait web 90 }
            foreground { ./data/cgroup kill web }
            # Restart=on-failure
            backtick -E wanted { s6-svstat -o wantedup . }
            ifelse { test $wanted = false } { exit 0 }
            case ${1}:${2} {
              "0:.*|256:(1|2|13|15)" { exit 125 }
            }
            sleep 4
            == web/log/run
            #!/bin/execlineb -P
            # web.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/web }
            s6-log T n20 s1000000 /var/log/s6/web
            == web/run
            #!/bin/execlineb -P
            # web.service: what happens at each start. Written by svlsp from the unit file.
            fdmove -c 2 1
            ifelse -n { ./data/start-limit 5 10 } {
              foreground { echo "started too often too quickly, staying down" }
              redirfd -w 1 supervise/phase echo skipped
            }
            foreground { redirfd -w 1 supervise/phase echo main }
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter web --
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            nice -n 5
            s6-softlimit -H -o 1024
            cd /
            emptyenv -p
            export A "b c"
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /usr/bin/web -x "a b"
            == web/timeout-finish
            0
            == web/timeout-kill
            90000
        "#]],
    );
}

#[test]
fn a_daemon_of_a_user() {
    check(
        "[Service]\nType=exec\nExecStart=/usr/bin/web $OPTIONS\nUser=web\nRestart=always\n\
         EnvironmentFile=-/etc/default/web\nStandardOutput=append:/var/log/web\nKillMode=mixed\n",
        expect![[r#"
            == web/finish
            #!/bin/execlineb -P
            # web.service: what follows on its end. Written by svlsp from the unit file.
            fdmove -c 2 1
            backtick -E phase { cat supervise/phase }
            ifelse { test $phase = skipped } { exit 125 }
            foreground { ./data/cgroup kill web }
            # Restart=always
            exit 0
            == web/run
            #!/bin/execlineb -P
            # web.service: what happens at each start. Written by svlsp from the unit file.
            fdmove -c 2 1
            ifelse -n { ./data/start-limit 5 10 } {
              foreground { echo "started too often too quickly, staying down" }
              redirfd -w 1 supervise/phase echo skipped
            }
            foreground { redirfd -w 1 supervise/phase echo main }
            umask 0022
            redirfd -r 0 /dev/null
            redirfd -a 1 /var/log/web
            fdmove -c 2 1
            ./data/cgroup enter web --
            ./data/environment -u web -o /etc/default/web -x PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            cd /
            s6-setuidgid web
            /usr/bin/web $OPTIONS
            == web/timeout-finish
            0
            == web/timeout-kill
            90000
        "#]],
    );
}

#[test]
fn several_commands() {
    check(
        "[Unit]\nConditionPathExists=/etc/web\n[Service]\nExecStartPre=+/bin/mkdir /run/web\n\
         ExecStart=@/usr/bin/web web-server '$$@' ${X}\nUser=web\nExecStartPost=-/bin/a\nExecStartPost=/bin/b\n\
         ExecStop=/bin/stop $MAINPID\nExecStopPost=-/bin/rm -r /run/web\nRestart=on-abnormal\n",
        expect![[r#"
            == web/data/chain
            #!/bin/execlineb -S0
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter web --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -u web -x PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 9
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            s6-setuidgid web
            $@
            == web/data/chain-full
            #!/bin/execlineb -S0
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter web --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -u web -x PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            $@
            == web/data/conditions
            #!/bin/sh
            # web.service: whether it may start. Written by svlsp from the unit file.

            unmet() {
            	echo "not started, as this isn't met: $2" >&2
            	exit "$1"
            }

            test -e /etc/web || unmet 1 ConditionPathExists=/etc/web
            == web/finish
            #!/bin/execlineb -S2
            # web.service: what follows on its end. Written by svlsp from the unit file.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            backtick -E phase { cat supervise/phase }
            ifelse { test $phase = skipped } { exit 125 }
            backtick -E result {
              case $phase {
                "failed timeout" { echo timeout }
                ".* failed|failed 1" { echo exit-code }
              }
              case ${1}:${2} {
                "(0|129|130|141|143):.*|256:(1|2|13|15)" { echo success }
                256:.* { echo signal }
              }
              echo exit-code
            }
            export SERVICE_RESULT $result
            backtick EXIT_CODE { case $1 { 256 { echo killed } } echo exited }
            backtick EXIT_STATUS { case $1 { 256 { kill -l $2 } } echo $1 }
            ifthenelse -s { case $phase { "main|stopping|failed 1" { true } } false } { } { unexport EXIT_CODE unexport EXIT_STATUS }
            foreground {
              if { test ${phase}:${result} = main:success }
              ifelse {
                ./data/chain /bin/stop $MAINPID
              } { exit }
              redirfd -w 1 supervise/phase echo "stopping failed"
            }
            backtick SERVICE_RESULT { ifelse { grep -q failed supervise/phase } { echo exit-code } echo $result }
            foreground { ./data/cgroup signal web TERM CONT }
            foreground { ./data/cgroup wait web 90 }
            foreground { ./data/cgroup kill web }
            foreground {
              ./data/chain /bin/rm -r /run/web
            }
            foreground { ./data/cgroup signal web TERM CONT }
            foreground { ./data/cgroup wait web 90 }
            foreground { ./data/cgroup kill web }
            # Restart=on-abnormal
            case $phase {
              "failed timeout" { exit 0 }
              "failed 1" { exit 125 }
            }
            case ${1}:${2} {
              "256:(1|2|13|15)" { exit 125 }
              "(131|132|133|134|135|136|137|138|139|140|142|144|145|146|147|148|149|15.|16.|17.|18.|190|191|192):.*|256:.*" { exit 0 }
            }
            exit 125
            == web/log/run
            #!/bin/execlineb -P
            # web.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/web }
            s6-log T n20 s1000000 /var/log/s6/web
            == web/run
            #!/bin/execlineb -P
            # web.service: what happens at each start. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   ExecStop=/bin/stop $MAINPID: approximated: `trap` in `run`, or `finish`; `finish` takes an exit status from 129 on for a death by signal
            fdmove -c 2 1
            # execline's own exec, which isn't on the PATH of the program
            backtick -E exec { sh -c "IFS=:; for each in $PATH; do [ -x $each/exec ] && echo $each/exec && exit; done" }
            ifelse -n { ./data/start-limit 5 10 } {
              foreground { echo "started too often too quickly, staying down" }
              redirfd -w 1 supervise/phase echo skipped
            }
            ifelse -n { ./data/conditions } { redirfd -w 1 supervise/phase echo skipped }
            foreground { redirfd -w 1 supervise/phase echo start }
            foreground { ./data/deadline start 90 web TERM }
            if { ./data/chain-full /bin/mkdir /run/web }
            foreground { redirfd -w 1 supervise/phase echo main }
            trap -x { TERM {
              foreground { redirfd -w 1 supervise/phase echo stopping }
              importas -i pid !
              export MAINPID $pid
              export SERVICE_RESULT success
              foreground {
                ifelse {
                  ./data/chain /bin/stop $MAINPID
                } { exit }
                redirfd -w 1 supervise/phase echo "stopping failed"
              }
              fdclose 2 kill -TERM $pid
            } }
            getpid MAINPID
            background {
              ifelse {
                foreground { ./data/chain /bin/a }
                ./data/chain /bin/b
              } { exit }
              foreground { redirfd -w 1 supervise/phase echo "failed 1" }
              ./data/cgroup signal web TERM CONT
            }
            unexport MAINPID
            ./data/chain $exec -a web-server /usr/bin/web $$@ ${X}
            == web/timeout-finish
            0
            == web/timeout-kill
            90000
        "#]],
    );
}

#[test]
fn a_oneshot() {
    check(
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/up 1\nExecStart=/bin/up 2\nExecStop=/bin/down\n",
        expect![[r#"
            == web/data/chain
            #!/bin/execlineb -S0
            # web.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            fdclose 3
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter web --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            $@
            == web/finish
            #!/bin/execlineb -S2
            # web.service: what follows on its end. Written by svlsp from the unit file.
            # $1: its exit status, 256 if a signal killed it; $2: that signal
            fdmove -c 2 1
            backtick -E phase { cat supervise/phase }
            ifelse { test $phase = skipped } { exit 125 }
            backtick -E result {
              case $phase {
                ".* failed|failed 1" { echo exit-code }
                main { echo success }
              }
              case ${1}:${2} {
                "0:.*" { echo success }
                256:.* { echo signal }
              }
              echo exit-code
            }
            export SERVICE_RESULT $result
            backtick EXIT_CODE { case ${phase}:${1} { main:.* { echo exited } .*:256 { echo killed } } echo exited }
            backtick EXIT_STATUS { case ${phase}:${1} { main:.* { echo 0 } .*:256 { kill -l $2 } } echo $1 }
            foreground {
              if { test ${phase}:${result} = main:success }
              ifelse {
                ./data/chain /bin/down
              } { exit }
              redirfd -w 1 supervise/phase echo "stopping failed"
            }
            foreground { ./data/cgroup signal web TERM CONT }
            foreground { ./data/cgroup wait web 90 }
            foreground { ./data/cgroup kill web }
            # Restart=no
            exit 125
            == web/log/run
            #!/bin/execlineb -P
            # web.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/web }
            s6-log T n20 s1000000 /var/log/s6/web
            == web/notification-fd
            3
            == web/run
            #!/bin/execlineb -P
            # web.service: what happens at each start. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   ExecStop=/bin/down: approximated: `trap` in `run`, or `finish`; `finish` takes an exit status from 129 on for a death by signal
            fdmove -c 2 1
            foreground { redirfd -w 1 supervise/phase echo start }
            if { ./data/chain /bin/up 1 }
            if { ./data/chain /bin/up 2 }
            foreground { redirfd -w 1 supervise/phase echo main }
            foreground { fdmove 1 3 echo }
            fdclose 3
            # RemainAfterExit=yes: it is up until somebody stops it.
            sleep infinity
            == web/timeout-finish
            0
            == web/timeout-kill
            90000
        "#]],
    );
}

#[test]
fn privileges() {
    check(
        "[Service]\nExecStart=/usr/bin/web\nUser=web\nGroup=www\nSupplementaryGroups=tls\n\
         CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nNoNewPrivileges=yes\n\
         WorkingDirectory=~\nStandardOutput=null\nSetLoginEnvironment=no\n",
        expect![[r#"
            == web/finish
            #!/bin/execlineb -P
            # web.service: what follows on its end. Written by svlsp from the unit file.
            fdmove -c 2 1
            foreground { ./data/cgroup signal web TERM CONT }
            foreground { ./data/cgroup wait web 90 }
            foreground { ./data/cgroup kill web }
            # Restart=no
            exit 125
            == web/run
            #!/bin/execlineb -P
            # web.service: what happens at each start. Written by svlsp from the unit file.
            fdmove -c 2 1
            umask 0022
            redirfd -r 0 /dev/null
            redirfd -w 1 /dev/null
            fdmove -c 2 1
            backtick -E home { homeof web }
            backtick -E groups { sh -c "group=$1; set -- $(id -G \"$0\"); shift; echo $group $* | tr ' ' ," web www }
            ./data/cgroup enter web --
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            cd $home
            setpriv --reuid=web --regid=www --groups=${groups},tls --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service --bounding-set=-all,+net_bind_service --no-new-privs --
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /usr/bin/web
            == web/timeout-finish
            0
            == web/timeout-kill
            90000
        "#]],
    );
}
