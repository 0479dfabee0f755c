//! Services that say when they are ready count as started no earlier, under the real supervisors.

use std::path::Path;

use expect_test::{Expect, expect};
use svlsp_tests::equivalence::world::World;
use svlsp_tests::product;

/// Says that it is ready when somebody writes to /run/go, and waits until that has been read.
const WEB: &str = "[Service]
Type=notify
User=www-data
ExecStartPre=+/usr/bin/mkfifo -m 0666 /run/go
ExecStart=/bin/sh -c 'read -r _ </run/go; systemd-notify STATUS=soon; systemd-notify --ready; echo told; exec sleep 1000'
ExecStartPost=/bin/sh -c '[ -d /proc/$$MAINPID ] && echo post$$NOTIFY_SOCKET'
";

/// Ends before it is ready.
const ENDS: &str = "[Service]
Type=notify
ExecStart=/bin/true
ExecStopPost=/bin/sh -c 'echo $$SERVICE_RESULT $$EXIT_STATUS'
";

/// Asks for more time than it has been given.
const SLOW: &str = "[Service]
Type=notify
TimeoutStartSec=2
ExecStart=/bin/sh -c 'systemd-notify EXTEND_TIMEOUT_USEC=30000000; sleep 5; systemd-notify --ready; sleep 1000'
";

#[test]
fn a_service_of_s6_is_ready_when_it_says_so() {
    check(
        "s6",
        "ready",
        WEB,
        &["s6-svscan", "/srv/observe/sv"],
        "s6-svwait -u web && until [ -p /run/go ] && grep -q unready web/supervise/phase; do sleep 0.1; done
        s6-svwait -t 300 -U web 2>/dev/null || echo unready
        stat -c '%a %U' /run/svlsp-notify.*/notify
        echo go >/run/go && s6-svwait -U web && cat web/supervise/phase && until grep -q post ../log; do sleep 0.1; done
        s6-svc -wD -d web && ls /run/svlsp* web/supervise/notify
        while ps -C notify -o stat= | grep -qv Z; do sleep 0.1; done",
        expect![[r#"
            unready
            600 www-data
            main
            ls: cannot access '/run/svlsp*': No such file or directory
            ls: cannot access 'web/supervise/notify': No such file or directory
            --
            told
            post
        "#]],
    );
}

#[test]
fn a_service_of_runit_is_ready_when_it_says_so() {
    check(
        "runit",
        "ready",
        WEB,
        &["runsvdir", "-P", "/srv/observe/sv"],
        "until [ -p /run/go ] && grep -q unready web/supervise/phase; do sleep 0.1; done
        sv -w 1 check ./web >/dev/null || echo unready
        stat -c '%a %U' /run/svlsp-notify.*/notify
        echo go >/run/go && sv -w 20 check ./web >/dev/null && cat web/supervise/phase && until grep -q post ../log; do sleep 0.1; done
        sv -w 20 down ./web >/dev/null && ls /run/svlsp* web/supervise/notify
        while ps -C notify -o stat= | grep -qv Z; do sleep 0.1; done",
        expect![[r#"
            unready
            600 www-data
            main
            ls: cannot access '/run/svlsp*': No such file or directory
            ls: cannot access 'web/supervise/notify': No such file or directory
            --
            told
            post
        "#]],
    );
}

#[test]
fn an_end_before_it_is_ready_is_a_failure() {
    for (supervisor, program) in [("s6", ["s6-svscan", "/srv/observe/sv"]), ("runit", ["runsvdir", "/srv/observe/sv"])]
    {
        let printed = run(
            supervisor,
            "ends",
            ENDS,
            &program,
            "until grep -q protocol ../log && [ ! -e web/supervise/notify ]; do sleep 0.1; done",
        );
        assert_eq!(printed, "--\nprotocol 0\n", "{supervisor}");
    }
}

#[test]
fn a_start_may_be_given_more_time() {
    check(
        "s6",
        "slow",
        SLOW,
        &["s6-svscan", "/srv/observe/sv"],
        "until [ -e web/event ]; do sleep 0.1; done; s6-svwait -t 20000 -U web && s6-svstat -o up,ready web",
        expect![[r#"
            true true
            --
        "#]],
    );
}

/// Runs a service, and `script` beside it.
fn check(backend: &str, name: &str, unit: &str, program: &[&str], script: &str, expect: Expect) {
    expect.assert_eq(&run(backend, name, unit, program, script));
}

/// Converts web.service, starts it, and runs `script` beside it, in the directory of services;
/// what that printed, and what the service did.
fn run(backend: &str, name: &str, unit: &str, program: &[&str], script: &str) -> String {
    assert!(nix::unistd::Uid::effective().is_root(), "this test needs root");
    let world = World::new(&format!("notify-{name}-{backend}"), Path::new("/bin/true"), program, |shared| {
        product::convert(backend, &[("web.service", unit)], shared);
        Ok(())
    })
    .expect("the world can be made");
    world.make_cgroup("client");
    let script = format!("exec 2>&1; cd /srv/observe/sv || exit\n{script}");
    let output = world.command("client", ["timeout", "60", "sh", "-c", &script]).output().expect("it runs");
    assert!(output.status.code() != Some(124), "no end\n{}", world.log());
    format!("{}--\n{}", String::from_utf8_lossy(&output.stdout), world.log())
}
