//! Converted sockets answer under the real supervisors.

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use svlsp_tests::equivalence::world::World;
use svlsp_tests::product;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Supervisors with the words that start them on the directory `sv`.
const SUPERVISORS: [(&str, &[&str]); 2] =
    [("runit", &["runsvdir", "-P", "/srv/observe/sv"]), ("s6", &["s6-svscan", "/srv/observe/sv"])];

/// A service with several sockets, that answers on the one called `web`.
const SEVERAL: [(&str, &str); 4] = [
    (
        "web.socket",
        "[Socket]\nListenStream=/run/web/s\nSocketMode=0640\nSocketGroup=adm\nDirectoryMode=0750\n\
         FileDescriptorName=web\nSymlinks=/run/other\n",
    ),
    ("zlog.socket", "[Socket]\nListenDatagram=/run/log.s\nService=web.service\nRemoveOnStop=yes\n"),
    (
        "web.service",
        "[Service]\nNonBlocking=yes\nUser=www-data\nEnvironment=WHO=web\n\
         ExecStart=/bin/sh -c '[ \"$$LISTEN_PID\" = $$$$ ] && exec s6-ipcserverd sh -c \"read -r line; echo $$LISTEN_FDS $$LISTEN_FDNAMES $$WHO; id -un\" <&3'\n",
    ),
    ("first.service", "[Service]\nExecStart=/bin/sleep 1000\n[Unit]\nAfter=web.socket\n"),
];

/// A service for each connection, which is its standard input and output.
const INETD: [(&str, &str); 2] = [
    ("web.socket", "[Socket]\nListenStream=/run/web/s\nAccept=yes\nSocketUser=www-data\nSymlinks=/run/other\n"),
    (
        "web@.service",
        "[Service]\nStandardInput=socket\nStandardError=journal\nUser=www-data\nExecStartPre=/bin/echo ready\n\
         ExecStart=/bin/sh -c 'read -r line; echo \"got $$line as $$(id -un)\"'\n",
    ),
];

/// A service for each connection, which is passed on.
const PASSED: [(&str, &str); 2] = [
    ("web.socket", "[Socket]\nListenStream=/run/web/s\nAccept=yes\n"),
    (
        "web@.service",
        "[Service]\nExecStart=/bin/sh -c 'read -r line <&3; [ \"$$LISTEN_PID\" = $$$$ ] && \
         echo \"got $$line $$LISTEN_FDS $$LISTEN_FDNAMES\" >&3; readlink /proc/self/fd/0 >&3'\n",
    ),
];

#[test]
fn a_service_has_several_sockets() {
    check(
        "several",
        &SEVERAL,
        expect![[r#"
        2 web:zlog.socket web
        www-data
        '/run/web' 0750 root:root
        '/run/web/s' 0640 root:adm
        '/run/other' -> '/run/web/s' 0777 root:root
        '/run/log.s' 0666 root:root
    "#]],
    );
}

#[test]
fn a_connection_is_standard_input() {
    check(
        "inetd",
        &INETD,
        expect![[r#"
            ready
            got hello as www-data
            '/run/web' 0755 root:root
            '/run/web/s' 0666 www-data:root
            '/run/other' -> '/run/web/s' 0777 root:root
        "#]],
    );
}

#[test]
fn a_connection_is_passed_on() {
    check(
        "passed",
        &PASSED,
        expect![[r#"
        got hello 1 connection
        /dev/null
        '/run/web' 0755 root:root
        '/run/web/s' 0666 root:root
    "#]],
    );
}

/// Sends a line to /run/web/s and prints what comes back, and who may use the sockets.
const CLIENT: &str = "until [ -S /run/web/s ]; do sleep 0.1; done
sleep 0.5
s6-ipcclient -l0 /run/web/s sh -c 'echo hello >&7; cat <&6'
stat -c '%N %04a %U:%G' /run/web /run/web/s /run/other /run/log.s 2>/dev/null";

/// Converts the units, starts them, and talks to them.
fn check(name: &str, units: &[(&str, &str)], expect: Expect) {
    if !nix::unistd::Uid::effective().is_root() {
        assert!(env::var_os("SVLSP_ALLOW_SKIPS").is_some(), "this test needs root; SVLSP_ALLOW_SKIPS=1 does without");
        println!("SKIPPED: sockets: no root");
        return;
    }
    let answers = SUPERVISORS.map(|(supervisor, program)| {
        let world = World::new(&format!("sockets-{name}-{supervisor}"), Path::new("/bin/true"), program, |shared| {
            product::convert(supervisor, units, shared);
            Ok(())
        })
        .expect("the world can be made");
        world.make_cgroup("client");
        let end = Instant::now() + PATIENCE;
        let client = world.command("client", ["timeout", "20", "sh", "-c", CLIENT]).output().expect("it runs");
        assert!(Instant::now() < end && client.status.code() != Some(124), "{supervisor}: no answer\n{}", world.log());
        String::from_utf8_lossy(&client.stdout).into_owned()
    });
    assert_eq!(answers[0], answers[1]);
    expect.assert_eq(&answers[0]);
}
