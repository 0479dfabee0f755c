//! The tool `cgroup` finds all that a service has started.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use expect_test::{Expect, expect};
use svlsp_core::backends::tools::Tool;
use svlsp_tests::equivalence::world::World;
use svlsp_tests::tools::SHELLS;

/// A service with a child, a child in a session of its own, and a daemon that nobody started,
/// as it seems, and that TERM doesn't end.
const SERVICE: &str = r#"#!/bin/sh
echo $$ >>pids
sleep 1000 &
echo $! >>pids
setsid sleep 1000 &
echo $! >>pids
(setsid sh -c 'trap "" TERM; echo $$ >>pids; exec sleep 1000' &)
exec sleep 1000
"#;

/// What happens to it. `$cgroup` is the tool; `alive` prints how many of its four processes are left.
const SCRIPT: &str = r#"
cgroup="$* data/cgroup"
alive() {
    count=0
    for pid in $(cat pids); do
        case $(sed 's/.*) //' /proc/$pid/stat 2>/dev/null) in
        '' | Z*) ;;
        *) count=$((count + 1)) ;;
        esac
    done
    echo "$1: $count alive"
}
report() { # NAME COMMAND...
    name=$1
    shift
    "$@"
    echo "$name: status $?"
}
mkdir supervise
: >pids
report 'wait before' $cgroup wait t.service 0
$cgroup enter t.service cgroup.max.depth=3 cgroup.type=nonsense some.max=1 -- ./service &
for try in 1 2 3 4 5 6 7 8 9; do
    [ "$(cat pids | wc -l)" = 4 ] || sleep 0.$try
done
alive started
sed -n 's/^0:://p' /proc/$!/cgroup
mount=$(sed -n 's/.* \([^ ]*\) [^ ]* - cgroup2 .*/\1/p' /proc/self/mountinfo)
[ ! -d "$mount" ] || cat "$mount/own/svlsp/t.service/cgroup.max.depth"
report wait $cgroup wait t.service 0.2
report signal $cgroup signal t.service TERM SIGCONT
wait
sleep 0.2
alive terminated
report kill $cgroup kill t.service
alive killed
report 'wait at last' $cgroup wait t.service 1
[ ! -d "$mount/own/svlsp/t.service" ] || echo 'the cgroup is still there'
for pid in $(cat pids); do kill -KILL $pid 2>/dev/null; done
rm -r supervise
"#;

#[test]
fn everything_is_found_in_a_cgroup() {
    check(
        "cgroup",
        "",
        expect![[r#"
            wait before: status 0
            cgroup: cgroup.type not set: "nonsense" is refused
            cgroup: some.max not set: no controller "some" in /sys/fs/cgroup/own/svlsp
            started: 4 alive
            /own/svlsp/t.service
            3
            wait: status 1
            signal: status 0
            terminated: 1 alive
            kill: status 0
            killed: 0 alive
            wait at last: status 0
        "#]],
    );
}

#[test]
fn the_mount_may_be_anywhere() {
    check(
        "mount",
        "umount -R /sys/fs/cgroup; mkdir '/srv/work/a b\\c'; mount -t cgroup2 none '/srv/work/a b\\c'",
        expect![[r#"
            wait before: status 0
            cgroup: cgroup.type not set: "nonsense" is refused
            cgroup: some.max not set: no controller "some" in /srv/work/a b\c/own/svlsp
            started: 4 alive
            /own/svlsp/t.service
            wait: status 1
            signal: status 0
            terminated: 1 alive
            kill: status 0
            killed: 0 alive
            wait at last: status 0
        "#]],
    );
}

#[test]
fn without_a_cgroup_it_is_the_session() {
    check(
        "session",
        "umount -R /sys/fs/cgroup; mount -t tmpfs none /sys/fs/cgroup",
        expect![[r#"
            wait before: status 0
            cgroup: no writable cgroup v2, a session takes its place
            cgroup: cgroup.max.depth not set
            cgroup: cgroup.type not set
            cgroup: some.max not set
            started: 4 alive
            /own
            wait: status 1
            signal: status 0
            terminated: 2 alive
            kill: status 0
            killed: 2 alive
            wait at last: status 0
        "#]],
    );
}

#[test]
fn it_may_be_beside_the_supervisor() {
    let script = SCRIPT.replace("own/svlsp/t.service", "beside").replace("t.service", "../beside");
    check_script(
        "beside",
        ":",
        &script,
        expect![[r#"
        wait before: status 0
        cgroup: cgroup.type not set: "nonsense" is refused
        cgroup: some.max not set: no controller "some" in /sys/fs/cgroup/own/..
        started: 4 alive
        /beside
        3
        wait: status 1
        signal: status 0
        terminated: 1 alive
        kill: status 0
        killed: 0 alive
        wait at last: status 0
    "#]],
    );
}

#[test]
fn beside_the_root_is_below_it() {
    let script = SCRIPT.replace("own/svlsp/t.service", "beside").replace("t.service", "../beside");
    let moved = "mount=$(sed -n 's/.* \\([^ ]*\\) [^ ]* - cgroup2 .*/\\1/p' /proc/self/mountinfo); \
        echo $$ >\"$mount/cgroup.procs\"";
    check_script(
        "beside-root",
        moved,
        &script,
        expect![[r#"
        wait before: status 0
        cgroup: cgroup.type not set: "nonsense" is refused
        cgroup: some.max not set: no controller "some" in /sys/fs/cgroup
        started: 4 alive
        /beside
        3
        wait: status 1
        signal: status 0
        terminated: 1 alive
        kill: status 0
        killed: 0 alive
        wait at last: status 0
    "#]],
    );
}

fn check(world: &str, before: &str, expect: Expect) {
    check_script(world, before, SCRIPT, expect);
}

fn check_script(world: &str, before: &str, script: &str, expect: Expect) {
    if let Some(missing) = missing() {
        assert!(
            env::var_os("SVLSP_ALLOW_SKIPS").is_some(),
            "this test needs {missing}; SVLSP_ALLOW_SKIPS=1 does without"
        );
        println!("SKIPPED: cgroup tool: no {missing}");
        return;
    }
    let outputs = SHELLS.map(|shell| {
        // Its first process must reap.
        let program = ["sh", "-c", "while :; do sleep 1; done"];
        let world = World::new(&format!("{world}-{}", shell[0]), Path::new("/bin/true"), &program, |shared| {
            fs::create_dir(shared.join("data"))?;
            for (path, text) in [(Tool::Cgroup.path(), Tool::Cgroup.text()), ("service", SERVICE)] {
                fs::write(shared.join(path), text)?;
                fs::set_permissions(shared.join(path), fs::Permissions::from_mode(0o755))?;
            }
            Ok(())
        })
        .expect("the world can be made");
        world.make_cgroup("own");
        let script = format!("exec 2>&1; cd /srv/observe; {before}\n{script}");
        let output = world.command("own", ["sh", "-c", &script, "sh"]).args(shell).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    expect.assert_eq(&outputs[0]);
    assert_eq!(outputs[0], outputs[1]);
}

/// What of this machine is not as it must be.
fn missing() -> Option<&'static str> {
    (!nix::unistd::Uid::effective().is_root()).then_some("root")
}
