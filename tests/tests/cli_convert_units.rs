//! `svlsp convert`: which units it takes.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const GOOD: &str = "[Service]\nExecStart=/usr/bin/d\n";
const TO: &str = "convert --color never --to runit --out sv";

fn run(folder: &Folder, arguments: &str, expect: expect_test::Expect) {
    folder.run(&format!("{TO} {arguments}"), expect);
}

#[test]
fn templates_need_an_instance() {
    let folder = Folder::new(&[("t@.service", "[Service]\nExecStart=/bin/d %i\n"), ("a.service", GOOD)]);
    run(
        &folder,
        "-q t@.service",
        expect![[r#"
        2> svlsp: t@.service: is a template, of which only instances run; name one with --instance NAME, or as t@NAME.service
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "-q --instance one t@.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("sv/t@one/run").contains("/bin/d one"));
    run(
        &folder,
        "-q t@two.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("sv/t@two/run").contains("/bin/d two"));
    run(
        &folder,
        "-q --instance /dev/x t@.service",
        expect![[r#"
        2> svlsp: t@.service: --instance: "/dev/x" can't be part of a unit's name; escaped it is "-dev-x"
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "-q --instance x a.service",
        expect![[r#"
        2> svlsp: --instance: none of the units is a template
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn templates_that_a_socket_starts_need_none() {
    let folder = Folder::new(&[
        ("units/t@.service", "[Service]\nExecStart=/bin/d\nStandardInput=socket\n"),
        ("units/t.socket", "[Socket]\nListenStream=/run/t\nAccept=yes\n"),
        ("units/other@.service", GOOD),
    ]);
    run(
        &folder,
        "-q --target tools=+s6 units/t@.service units/t.socket",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.path("sv/t-socket/data/connection").exists());
    run(
        &folder,
        "--target tools=+s6 units",
        expect![[r#"
            t.socket → sv/t-socket: 2 emulated
              units/t.socket:2  ListenStream=  emulated      `s6-ipcserverd` or `s6-tcpserverd` in `run`
              units/t.socket:3  Accept=        emulated      `s6-ipcserverd` or `s6-tcpserverd` in `run`
            t@.service: nothing to write
              units/t@.service:2  ExecStart=      native        the program that `run` becomes
              units/t@.service:3  StandardInput=  emulated      a redirection in `run`
              note: each connection of its socket starts it
            2> left out, as only instances run (see --instance): other@.service
            2> 1 directory unchanged in sv
            status 0
        "#]],
    );
    run(
        &folder,
        "-q units/t@.service",
        expect![[r#"
            2> svlsp: units/t@.service: is a template, of which only instances run; name one with --instance NAME, or as t@NAME.service
            2> nothing written
            status 2
        "#]],
    );
}

#[test]
fn drop_ins_apply_as_for_systemd() {
    let folder = Folder::new(&[
        ("u/a-b@.service", GOOD),
        ("u/service.d/1.conf", "[Service]\nNice=1\nEnvironment=ALL=1\n"),
        ("u/a-.service.d/2.conf", "[Service]\nNice=2\n"),
        ("u/a-b@.service.d/3.conf", "[Service]\nEnvironment=TEMPLATE=1\n"),
        ("u/a-b@x.service.d/1.conf", "[Service]\nNice=4\n"),
        ("u/a-b@x.service.d/4.conf", ""),
        ("u/a-b@x.service.d/not.txt", "[Service]\nNice=9\n"),
    ]);
    run(
        &folder,
        "u/a-b@x.service",
        expect![[r#"
        a-b@x.service → sv/a-b@x: 1 native, 2 emulated
          u/a-b@.service:2           ExecStart=    native        the program that `run` becomes
          u/a-.service.d/2.conf:2    Nice=         emulated      `nice -n`
          u/a-b@.service.d/3.conf:2  Environment=  emulated      `env -i NAME=VALUE`
        2> 1 directory made in sv
        status 0
    "#]],
    );
}

#[test]
fn names_are_looked_up() {
    let folder = Folder::new(&[
        ("root/usr/lib/systemd/system/ssh.service", GOOD),
        ("root/usr/lib/systemd/system/t@.service", "[Service]\nExecStart=/bin/d %i\n"),
        ("root/etc/systemd/system/ssh.service.d/x.conf", "[Service]\nNice=3\n"),
        ("root/etc/systemd/system/off.service", ""),
        ("root/etc/passwd", "x"),
        ("here.service", GOOD),
    ]);
    folder.link("root/etc/systemd/system/sshd.service", "/usr/lib/systemd/system/ssh.service");
    folder.link("root/etc/systemd/system/out.service", "/../../here.service");
    run(
        &folder,
        "--root root sshd",
        expect![[r#"
        ssh.service → sv/ssh: 1 native, 1 emulated
          root/usr/lib/systemd/system/ssh.service:2       ExecStart=  native        the program that `run` becomes
          root/etc/systemd/system/ssh.service.d/x.conf:2  Nice=       emulated      `nice -n`
        2> 1 directory made in sv
        status 0
    "#]],
    );
    run(
        &folder,
        "-q --root root t@one here.service",
        expect![[r#"
        status 0
    "#]],
    );
    run(
        &folder,
        "--root root shs",
        expect![[r#"
        2> svlsp: shs: is neither a file here nor a unit in the load path below root; did you mean 'ssh.service'?
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "--root root off",
        expect![[r#"
            2> svlsp: off: is masked by root/etc/systemd/system/off.service
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        "--root root out.service",
        expect![[r#"
        2> svlsp: root/etc/systemd/system/out.service: No such file or directory (os error 2)
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "--root none ssh",
        expect![[r#"
        2> svlsp: --root none: is no directory
        status 2
    "#]],
    );
    assert!(folder.path("sv/ssh/run").exists() && folder.path("sv/t@one/run").exists());
}

#[test]
fn a_directory_stands_for_its_units() {
    let folder = Folder::new(&[
        ("u/a.service", GOOD),
        ("u/b/c.service", GOOD),
        ("u/t@.service", GOOD),
        ("u/README", ""),
        ("empty/README", ""),
    ]);
    folder.link("u/alias.service", "a.service");
    run(
        &folder,
        "--verbose u",
        expect![[r#"
        a.service → sv/a: 1 native
          u/a.service:2  ExecStart=  native        the program that `run` becomes
        c.service → sv/c: 1 native
          u/b/c.service:2  ExecStart=  native        the program that `run` becomes
        sv/a made: control/t data/cgroup data/deadline finish log/run run
        sv/c made: control/t data/cgroup data/deadline finish log/run run
        2> left out, as only instances run (see --instance): t@.service
        2> 2 directories made in sv
        status 0
    "#]],
    );
    run(
        &folder,
        "empty",
        expect![[r#"
        2> svlsp: empty: has no units in it
        2> nothing written
        status 2
    "#]],
    );
}
