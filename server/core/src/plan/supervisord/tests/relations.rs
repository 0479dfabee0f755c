//! What one program has to do with others.

use expect_test::{Expect, expect};

use super::check;
use crate::fate::Backend;

#[test]
fn priorities_are_dependencies_on_request() {
    let text = "[program:a]\ncommand=/usr/bin/a\npriority=1\n\
        [program:b]\ncommand=/usr/bin/b\npriority=2\nautostart=false\n\
        [program:c]\ncommand=/usr/bin/c\npriority=3\n\
        [eventlistener:l]\ncommand=/usr/bin/l\nevents=TICK_60\n";
    check(
        Backend::S6rc,
        text,
        "dependencies.d/a",
        expect![[r#"
            l.service command=/usr/bin/l: lost: only supervisord speaks to event listeners
            l.service events=TICK_60: lost: only supervisord speaks to event listeners
            a.service command=/usr/bin/a: native: the program that `run` becomes
            a.service priority=1: irrelevant: nobody waits at the start; `--dependencies priority` makes an order of it
            == b/dependencies.d/a
            b.service command=/usr/bin/b: native: the program that `run` becomes
            b.service priority=2: approximated: `dependencies.d`; those of the next lower priority are started with it
            b.service autostart=false: native: in or out of the bundle
            == c/dependencies.d/a
            c.service command=/usr/bin/c: native: the program that `run` becomes
            c.service priority=3: approximated: `dependencies.d`; those of the next lower priority are started with it
        "#]],
    );
}

#[test]
fn groups_keep_their_names_unless_something_else_may_have_them() {
    let group = |name: &str, expect: Expect| {
        let text = format!("[program:a]\ncommand=a\n[program:b]\ncommand=b\n[group:{name}]\nprograms=a,b\n");
        check(Backend::S6rc, &text, "contents.d/b", expect);
    };
    group(
        "workers",
        expect![[r#"
        a.service command=a: native: the program that `run` becomes
        == default/contents.d/b
        b.service command=b: native: the program that `run` becomes
        == workers/contents.d/b
        workers.target programs=a,b: native: `contents.d`, as a target is a bundle
    "#]],
    );
    group(
        "a",
        expect![[r#"
        a.service command=a: native: the program that `run` becomes
        == default/contents.d/b
        b.service command=b: native: the program that `run` becomes
        == a-target/contents.d/b
        a.target programs=a,b: native: `contents.d`, as a target is a bundle
    "#]],
    );
    group(
        "a-log",
        expect![[r#"
        a.service command=a: native: the program that `run` becomes
        == default/contents.d/b
        b.service command=b: native: the program that `run` becomes
        == a-log-target/contents.d/b
        a-log.target programs=a,b: native: `contents.d`, as a target is a bundle
    "#]],
    );
    let text = "[program:a]\ncommand=a\n[group:a]\nprograms=a\n[program:b]\ncommand=b\n[group:c]\nprograms=b\n";
    check(
        Backend::Nosh,
        text,
        "service/remain",
        expect![[r#"
        a.service command=a: native: the program that `run` becomes
        == a-target/service/remain
        a.target programs=a: emulated: a target that wants them
        b.service command=b: native: the program that `run` becomes
        == c/service/remain
        c.target programs=b: emulated: a target that wants them
    "#]],
    );
}

#[test]
fn who_waits_for_startsecs_waits_long_enough() {
    let text = "[program:a]\ncommand=a\nstartsecs=120\npriority=1\nstdout_logfile=NONE\n\
        [program:b]\ncommand=b\nstdout_logfile=NONE\nautostart=false\n";
    check(
        Backend::Runit,
        text,
        "run",
        expect![[r#"
        == a/run
        #!/bin/sh
        # a: what happens at each start. Written by svlsp from supervisord.conf.
        exec 2>&1
        echo main >supervise/phase
        ./data/attempts begin
        umask 0022
        [ -p supervise/silence ] || mkfifo -m 600 supervise/silence
        exec <>supervise/silence >/dev/null
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=a SUPERVISOR_GROUP_NAME=a a
        a.service command=a: native: the program that `run` becomes
        a.service startsecs=120: emulated: `finish` looks at the clock
        a.service priority=1: irrelevant: nobody waits at the start; here all start at once
        a.service stdout_logfile=NONE: native: `/dev/null`
        == b/run
        #!/bin/sh
        # b: what happens at each start. Written by svlsp from supervisord.conf.
        exec 2>&1
        # What comes first; it is tried again every second.
        echo waiting >supervise/phase
        ./data/await 210 ../a || :
        echo main >supervise/phase
        ./data/attempts begin
        umask 0022
        [ -p supervise/silence ] || mkfifo -m 600 supervise/silence
        exec <>supervise/silence >/dev/null
        cd / || exit 200
        trap '' PIPE
        unset PWD OLDPWD
        exec chpst -P env SUPERVISOR_ENABLED=1 SUPERVISOR_PROCESS_NAME=b SUPERVISOR_GROUP_NAME=b b
        b.service command=b: native: the program that `run` becomes
        b.service stdout_logfile=NONE: native: `/dev/null`
        b.service autostart=false: native: file `down`
    "#]],
    );
}
