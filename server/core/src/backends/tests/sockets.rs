//! Sockets, and the targets that want them.

use super::*;

#[test]
fn s6_and_s6_rc_sockets() {
    let listen = "ListenStream=/run/foo/s\nListenStream=/run/t\nSymlinks=/run/u\nSocketUser=web\n";
    let listen = format!("[Unit]\nAfter=sysinit.target\n[Socket]\nRemoveOnStop=yes\n{listen}");
    let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\nNonBlocking=yes\n");
    check_all(
        Backend::S6,
        &[("foo.socket", &listen), service],
        expect![[r#"
            foo.socket After=sysinit.target: irrelevant: it is there before services are started
            foo.socket RemoveOnStop=yes: emulated: `rm` in `finish`
            foo.socket ListenStream=/run/foo/s: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
            foo.socket ListenStream=/run/t: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
            foo.socket Symlinks=/run/u: irrelevant: links are made only to a single local socket
            foo.socket SocketUser=web: emulated: `chown`
            foo.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
            foo.service NonBlocking=yes: native: `s6-ipcserver-socketbinder` without `-B`
            == foo/data/chain
            #!/bin/execlineb -S0
            # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter foo --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            $@
            == foo/finish
            #!/bin/execlineb -P
            # foo.service: what follows on its end. Written by svlsp from the unit file.
            fdmove -c 2 1
            foreground { ./data/cgroup signal foo TERM CONT }
            foreground { ./data/cgroup wait foo 90 }
            foreground { ./data/cgroup kill foo }
            foreground { rm -f -- /run/foo/s /run/t }
            # Restart=no
            exit 125
            == foo/run
            #!/bin/execlineb -P
            # foo.service: what happens at each start. Written by svlsp from the unit file.
            fdmove -c 2 1
            ./data/listen stream-nonblocking:4096:0666:0755:web::foo.socket /run/foo/s stream-nonblocking:4096:0666:0755:web::foo.socket /run/t -- ./data/chain /usr/bin/foo
        "#]],
    );
    let listen = "[Socket]\nListenStream=/run/foo/s\nAccept=yes\nSocketUser=web\nSymlinks=/run/a/b\n\
                  [Install]\nWantedBy=sockets.target\n";
    let service = ("foo@.service", "[Service]\nExecStart=/usr/bin/foo\nExecStop=/bin/x\n");
    check_all(
        Backend::S6rc,
        &[("foo.socket", listen), service],
        expect![[r#"
            foo.socket ListenStream=/run/foo/s: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
            foo.socket Accept=yes: native: `s6-ipcserverd`, `s6-tcpserverd`
            foo.socket SocketUser=web: emulated: `chown`
            foo.socket Symlinks=/run/a/b: emulated: `ln -s` in `run`
            foo.socket WantedBy=sockets.target: native: `contents.d` of the bundle of that name
            == foo-socket/data/chain
            #!/bin/execlineb -S0
            # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            umask 0022
            fdmove 3 0
            redirfd -r 0 /dev/null
            fdmove -c 1 2
            fdmove -c 2 1
            ./data/cgroup enter foo-socket --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            $@
            == foo-socket/data/connection
            #!/bin/execlineb -P
            # foo@.service: what happens for each connection. Written by svlsp from the unit file.
            export LISTEN_FDS 1 export LISTEN_FDNAMES connection getpid LISTEN_PID
            ./data/chain /usr/bin/foo
            == foo-socket/run
            #!/bin/execlineb -P
            # foo@.service: waits for connections. Written by svlsp from the unit file.
            fdmove -c 2 1
            redirfd -r 0 /dev/null
            if { mkdir -p -m 0755 -- /run/foo }
            if { mkdir -p -m 0755 -- /run/a }
            if { ln -sfn -- /run/foo/s /run/a/b }
            s6-ipcserver-socketbinder -a 0666 -b 4096 -- /run/foo/s sh -c "chown -- \"$0\" \"$1\" && shift && exec \"$@\"" web /run/foo/s s6-ipcserverd -c 64 -C 64 -- ./data/connection
            == foo-socket-log/run
            #!/bin/execlineb -P
            # foo@.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/foo@ }
            s6-log -d 3 T n20 s1000000 /var/log/s6/foo@
            == default/contents.d/foo-socket
            foo@.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
            foo@.service ExecStop=/bin/x: lost: nothing but its start is done for each connection
        "#]],
    );
    let socket = ("own.socket", "[Socket]\nListenStream=/run/own\nService=bar.service\n");
    let bar = ("bar.service", "[Service]\nExecStart=/usr/bin/bar\nStandardInput=socket\n");
    let other = ("a.service", "[Unit]\nAfter=own.socket\nRequires=own.socket\n[Service]\nExecStart=/bin/a\n");
    check_all(
        Backend::S6rc,
        &[socket, bar, other],
        expect![[r#"
            own.socket ListenStream=/run/own: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
            own.socket Service=bar.service: emulated: `run` of that service opens the socket
            bar.service ExecStart=/usr/bin/bar: native: the program that `run` becomes
            bar.service StandardInput=socket: native: `redirfd -r 0`
            == bar/data/chain
            #!/bin/execlineb -S0
            # bar.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            umask 0022
            fdmove -c 0 3
            fdmove -c 1 0
            fdmove -c 2 1
            ./data/cgroup enter bar --
            ./data/environment -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 7
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            s6-setsid -q
            cd /
            $@
            == bar/finish
            #!/bin/execlineb -P
            # bar.service: what follows on its end. Written by svlsp from the unit file.
            fdmove -c 2 1
            foreground { ./data/cgroup signal bar TERM CONT }
            foreground { ./data/cgroup wait bar 90 }
            foreground { ./data/cgroup kill bar }
            # Restart=no
            exit 125
            == bar/run
            #!/bin/execlineb -P
            # bar.service: what happens at each start. Written by svlsp from the unit file.
            fdmove -c 2 1
            ./data/listen stream:4096:0666:0755:::own.socket /run/own -- ./data/chain /usr/bin/bar
            == bar-log/run
            #!/bin/execlineb -P
            # bar.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/bar }
            s6-log -d 3 T n20 s1000000 /var/log/s6/bar
            a.service After=own.socket: approximated: `dependencies.d`; the other one is started too, if it wasn't yet
            a.service Requires=own.socket: native: `dependencies.d`
            a.service ExecStart=/bin/a: native: the program that `run` becomes
            == a/dependencies.d/bar
            == a/finish
            #!/bin/execlineb -P
            # a.service: what follows on its end. Written by svlsp from the unit file.
            fdmove -c 2 1
            foreground { ./data/cgroup signal a TERM CONT }
            foreground { ./data/cgroup wait a 90 }
            foreground { ./data/cgroup kill a }
            # Restart=no
            exit 125
            == a/run
            #!/bin/execlineb -P
            # a.service: what happens at each start. Written by svlsp from the unit file.
            #
            # Not quite as in the unit:
            #   After=own.socket: approximated: `dependencies.d`; the other one is started too, if it wasn't yet
            fdmove -c 2 1
            umask 0022
            redirfd -r 0 /dev/null
            ./data/cgroup enter a --
            sh -c "trap '' PIPE; exec \"$0\" \"$@\""
            cd /
            emptyenv -p
            export PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            /bin/a
            == a-log/run
            #!/bin/execlineb -P
            # a.service: who writes what it says. Written by svlsp from the unit file.
            if { mkdir -p -- /var/log/s6/a }
            s6-log -d 3 T n20 s1000000 /var/log/s6/a
        "#]],
    );
}

#[test]
fn runit_sockets_and_targets() {
    let socket = (
        "foo.socket",
        "[Socket]\nListenStream=/run/foo.sock\nListenDatagram=/run/log\nListenStream=80\nSocketMode=0600\n",
    );
    let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\n");
    check_all(
        Backend::Runit,
        &[socket, service],
        expect![[r#"
            foo.socket ListenStream=/run/foo.sock: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
            foo.socket ListenDatagram=/run/log: approximated: `data/listen` in `run`; the service starts at once, not with the first connection
            foo.socket ListenStream=80: lost: s6-networking would open it; say `--target tools=+s6-networking` where it is
            foo.socket SocketMode=0600: emulated: `data/listen` in `run`
            foo.service ExecStart=/usr/bin/foo: native: the program that `run` becomes
            == foo/data/chain
            #!/bin/sh
            # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            here=$PWD
            umask 0022
            exec </dev/null 2>&1
            cd / || exit 200
            trap '' PIPE
            exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID \
            	-p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT \
            	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
            	6 chpst -P "$here/data/cgroup" enter foo -- \
            	"$@"
            == foo/run
            #!/bin/sh
            # foo.service: what happens at each start. Written by svlsp from the unit file.
            exec 2>&1
            echo main >supervise/phase
            exec ./data/listen stream:4096:0600:0755:::foo.socket /run/foo.sock datagram:4096:0600:0755:::foo.socket /run/log -- ./data/chain /usr/bin/foo
        "#]],
    );
    let socket = ("foo.socket", "[Socket]\nListenStream=/run/foo.sock\nAccept=yes\nMaxConnections=3\n");
    let service = ("foo@.service", "[Service]\nExecStart=-/usr/bin/foo -i\nStandardInput=socket\nUser=web\n");
    check_all(
        Backend::Runit,
        &[socket, service],
        expect![[r#"
            foo.socket ListenStream=/run/foo.sock: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
            foo.socket Accept=yes: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
            foo.socket MaxConnections=3: emulated: `s6-ipcserverd` or `s6-tcpserverd` in `run`
            == foo-socket/data/chain
            #!/bin/sh
            # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            here=$PWD
            umask 0022
            exec >&0 2>&1
            cd / || exit 200
            trap '' PIPE
            group=$(id -g web) || exit 217
            exec "$here/data/environment" -p MAINPID -p SERVICE_RESULT -p EXIT_CODE -p EXIT_STATUS -p LISTEN_PID \
            	-p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT -u web \
            	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- \
            	11 chpst -P "$here/data/cgroup" enter foo-socket -- \
            	setpriv --reuid=web --regid="$group" --init-groups -- \
            	"$@"
            == foo-socket/data/connection
            #!/bin/sh
            # foo@.service: what happens for each connection. Written by svlsp from the unit file.
            exec ./data/chain /usr/bin/foo -i
            == foo-socket/run
            #!/bin/sh
            # foo@.service: waits for connections. Written by svlsp from the unit file.
            exec 2>&1 </dev/null
            mkdir -p -m 0755 -- /run || exit
            exec s6-ipcserver-socketbinder -a 0666 -b 4096 -- /run/foo.sock s6-ipcserverd -c 3 -C 3 -- ./data/connection
            foo@.service ExecStart=-/usr/bin/foo -i: native: the program that `run` becomes
            foo@.service StandardInput=socket: emulated: a redirection in `run`
            foo@.service User=web: emulated: `setpriv --reuid --init-groups`
        "#]],
    );
    let target = ("app.target", "[Unit]\nWants=a.service\nAfter=a.service\n[Install]\nWantedBy=multi-user.target\n");
    let service = ("a.service", "[Service]\nExecStart=/a\n");
    check_all(
        Backend::Runit,
        &[target, service],
        expect![[r#"
            app.target Wants=a.service: emulated: a link in its directory
            app.target After=a.service: irrelevant: nothing runs for a target itself
            app.target WantedBy=multi-user.target: irrelevant: it is `runsvchdir` that chooses the directory
            == app-target/a -> ../a
            a.service ExecStart=/a: native: the program that `run` becomes
            == a/run
            #!/bin/sh
            # a.service: what happens at each start. Written by svlsp from the unit file.
            exec 2>&1
            echo main >supervise/phase
            here=$PWD
            umask 0022
            exec </dev/null 2>&1
            cd / || exit 200
            trap '' PIPE
            exec chpst -P "$here/data/cgroup" enter a -- \
            	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /a
        "#]],
    );
}

#[test]
fn nosh_sockets() {
    let socket = (
        "foo.socket",
        "[Socket]\nListenStream=/run/foo/sock\nListenStream=80\nListenFIFO=/run/f\nSocketMode=0600\nSocketUser=web\n",
    );
    let service = ("foo.service", "[Service]\nExecStart=/usr/bin/foo\n");
    nosh(
        [socket, service],
        expect![[r#"
            ListenStream=/run/foo/sock: approximated: `tcp-socket-listen`, `local-stream-socket-listen` in `run`; the service starts at once, not with the first connection
            ListenStream=80: approximated: `tcp-socket-listen`, `local-stream-socket-listen` in `run`; the service starts at once, not with the first connection
            ListenFIFO=/run/f: approximated: `fifo-listen` in `run`; the service starts at once, not with the first connection
            SocketMode=0600: native: `--mode`
            SocketUser=web: native: `--user`
            ExecStart=/usr/bin/foo: native: the program that `run` becomes
            == data/chain
            #!/bin/sh
            # foo.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
            	/bin/exec umask 0022 \
            	fdredir --read 0 /dev/null \
            	setsid \
            	./data/cgroup enter ../foo.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == service/run
            #!/bin/sh
            # foo.service: what happens at each start. Written by svlsp from the unit file.
            cd ..
            echo main >supervise/phase
            [ -d /run/foo ] || (umask 0022 && mkdir -p /run/foo)
            [ -d /run ] || (umask 0022 && mkdir -p /run)
            exec /bin/exec local-stream-socket-listen --systemd-compatibility --backlog 4096 --mode 0600 --user web /run/foo/sock tcp-socket-listen --systemd-compatibility --backlog 4096 --combine4and6 :: 80 fifo-listen --systemd-compatibility --mode 0600 --user web /run/f ./data/chain /usr/bin/foo
            == service/run
            #!/bin/nosh
            # foo.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/foo
        "#]],
    );
}

#[test]
fn nosh_accepts_connections() {
    let socket = (
        "foo.socket",
        "[Socket]\nListenStream=/run/foo/sock\nListenStream=/run/other\nListenStream=80\nAccept=yes\n\
         MaxConnections=3\nMaxConnectionsPerSource=2\nBacklog=9\n[Unit]\nAfter=bar.service\n",
    );
    let service = (
        "foo@.service",
        "[Service]\nExecStartPre=-/usr/bin/pre\nExecStart=/usr/bin/foo -i\nStandardInput=socket\nRestart=always\n",
    );
    nosh(
        [socket, service],
        expect![[r#"
        ListenStream=/run/foo/sock: native: `local-stream-socket-accept`
        ListenStream=/run/other: native: `local-stream-socket-accept`
        ListenStream=80: lost: with `Accept=yes` only sockets of one kind that have connections are opened
        Accept=yes: native: `local-stream-socket-accept`, `tcp-socket-accept`
        MaxConnections=3: native: `--connection-limit`
        MaxConnectionsPerSource=2: lost: nosh has one limit for all sources together
        Backlog=9: native: `--backlog`
        After=bar.service: native: a link in `after/`
        == data/chain
        #!/bin/sh
        # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
        exec ./data/environment -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 17 \
        	/bin/exec umask 0022 \
        	fdmove -c 2 1 \
        	setsid \
        	./data/cgroup enter ../foo-socket.service -- \
        	/bin/exec chdir / \
        	/usr/bin/env --ignore-signal=PIPE \
        	"$@"
        == data/connection
        #!/bin/sh
        # foo@.service: what happens for each connection. Written by svlsp from the unit file.
        ./data/chain /usr/bin/pre || :
        exec ./data/chain /usr/bin/foo -i
        == service/run
        #!/bin/sh
        # foo@.service: waits for connections. Written by svlsp from the unit file.
        #
        # Not quite as in the unit:
        #   ListenStream=80: lost: with `Accept=yes` only sockets of one kind that have connections are opened
        #   MaxConnectionsPerSource=2: lost: nosh has one limit for all sources together
        cd ..
        [ -d /run/foo ] || (umask 0022 && mkdir -p /run/foo)
        [ -d /run ] || (umask 0022 && mkdir -p /run)
        exec /bin/exec local-stream-socket-listen --systemd-compatibility --backlog 9 --mode 0666 /run/foo/sock local-stream-socket-listen --systemd-compatibility --backlog 9 --mode 0666 /run/other local-stream-socket-accept --connection-limit 3 ./data/connection
        ExecStartPre=-/usr/bin/pre: emulated: run in `run`, before the program
        ExecStart=/usr/bin/foo -i: native: the program that `run` becomes
        StandardInput=socket: emulated: the connection that is accepted
        Restart=always: lost: nothing but its start is done for each connection
    "#]],
    );
    let socket = ("foo.socket", "[Socket]\nListenStream=80\nAccept=yes\n");
    let service = ("foo@.service", "[Service]\nExecStart=/usr/bin/foo\nStandardError=socket\n");
    nosh(
        [socket, service],
        expect![[r#"
            ListenStream=80: native: `tcp-socket-accept`
            Accept=yes: native: `local-stream-socket-accept`, `tcp-socket-accept`
            == data/chain
            #!/bin/sh
            # foo@.service: what its processes go through before their program runs. Written by svlsp from the unit file.
            exec ./data/environment -p LISTEN_PID -p LISTEN_FDS -p LISTEN_FDNAMES -p REMOTE_ADDR -p REMOTE_PORT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin -- 29 \
            	/bin/exec umask 0022 \
            	fdmove -c 3 0 \
            	fdredir --read 0 /dev/null \
            	fdmove -c 1 2 \
            	fdmove -c 2 3 \
            	setsid \
            	./data/cgroup enter ../foo-socket.service -- \
            	/bin/exec chdir / \
            	/usr/bin/env --ignore-signal=PIPE \
            	"$@"
            == data/connection
            #!/bin/sh
            # foo@.service: what happens for each connection. Written by svlsp from the unit file.
            export REMOTE_ADDR="$TCPREMOTEIP" REMOTE_PORT="$TCPREMOTEPORT"
            export LISTEN_FDS=1 LISTEN_PID="$$" LISTEN_FDNAMES=connection
            exec ./data/chain /usr/bin/foo
            == service/run
            #!/bin/sh
            # foo@.service: waits for connections. Written by svlsp from the unit file.
            cd ..
            exec /bin/exec tcp-socket-listen --systemd-compatibility --backlog 4096 --combine4and6 :: 80 tcp-socket-accept --connection-limit 64 ./data/connection
            == service/run
            #!/bin/nosh
            # foo@.service: who writes what it says. Written by svlsp from the unit file.
            cyclog /var/log/sv/foo@
            ExecStart=/usr/bin/foo: native: the program that `run` becomes
            StandardError=socket: emulated: the connection that is accepted
        "#]],
    );
}

/// What becomes of a socket and its service on nosh: fates, scripts and where links lead.
fn nosh(units: [(&str, &str); 2], expect: Expect) {
    let units = units.map(|(name, text)| (UnitName::parse(name).unwrap(), [scan(text)]));
    let units = [Unit::new(&units[0].0, &units[0].1), Unit::new(&units[1].0, &units[1].1)];
    let target = Target::new(Backend::Nosh);
    let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let mut out = String::new();
    for plan in &plans {
        let rendering = render(plan, &together, &target);
        for (setting, fate) in plan.unit.settings().iter().zip(&rendering.fates) {
            out.push_str(&format!("{}={}: {fate}\n", setting.entry.name, setting.value()));
        }
        for file in rendering.directories.iter().flat_map(|directory| &directory.files) {
            if let ("service/run" | "data/chain" | "data/connection", Content::Script(text)) =
                (&*file.path, &file.content)
            {
                out.push_str(&format!("== {}\n{}", file.path, String::from_utf8_lossy(text)));
            }
        }
    }
    expect.assert_eq(&out);
}
