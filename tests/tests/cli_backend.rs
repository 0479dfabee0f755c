//! `svlsp check --backend`: what is lost elsewhere.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const UNIT: &str = "\
[Unit]
BindsTo=b.socket
After=b.socket

[Service]
ExecStart=/bin/true
# svlsp: ignore[backend-lost]
SystemCallFilter=@system-service
MemoryDenyWriteExecute=yes
";

fn folder() -> Folder {
    Folder::new(&[
        ("a.service", UNIT),
        ("a.service.d/10.conf", "[Service]\nRestrictRealtime=yes\nPrivateUsers=no\n"),
        ("b.socket", "[Socket]\nListenStream=/run/b\nService=a.service\n"),
    ])
}

#[test]
fn what_is_lost_is_an_error_and_what_is_approximated_a_warning() {
    folder().run(
        "check --format short --backend s6,s6-rc,nosh",
        expect![[r#"
            a.service:2:1: warning: BindsTo= is only approximated on nosh: links in `wants/` and `requires/`; it isn't stopped when the other one dies [backend-approximated]
            a.service:2:1: error: BindsTo= is lost on s6-rc: the service of `b.socket` opens it, and isn't waited for [backend-lost]
            a.service:2:1: error: BindsTo= is lost on s6: s6 alone knows no dependencies; s6-rc does [backend-lost]
            a.service:3:1: error: After= is lost on s6-rc: the service of `b.socket` opens it, and isn't waited for [backend-lost]
            a.service:3:1: error: After= is lost on s6: s6 starts all services at once; s6-rc has an order [backend-lost]
            a.service:9:1: error: MemoryDenyWriteExecute= is lost on s6, s6-rc and nosh: no stock tool installs a seccomp filter [backend-lost]
            a.service.d/10.conf:2:1: error: RestrictRealtime= is lost on s6, s6-rc and nosh: no stock tool installs a seccomp filter [backend-lost]
            b.socket:2:1: error: ListenStream= is lost on nosh: no service whose main process could be given it is converted along with it [backend-lost]
            b.socket:2:1: error: ListenStream= is lost on s6 and s6-rc: the service that it starts isn't converted along with it [backend-lost]
            b.socket:3:1: error: Service= is lost on s6, s6-rc and nosh: svlsp doesn't translate it here [backend-lost]
            2> 9 errors, 1 warning in 3 files
            status 1
        "#]],
    );
    folder().run(
        "check --format short",
        expect![[r#"
        2> no problems in 3 files
        status 0
    "#]],
    );
    folder().run(
        "check --backend nosh --select backend-lost a.service.d",
        expect![[r#"
        error[backend-lost]: RestrictRealtime= is lost on nosh: no stock tool installs a seccomp filter
         --> a.service.d/10.conf:2:1
          |
        2 | RestrictRealtime=yes
          | ^^^^^^^^^^^^^^^^

        2> 1 error in 1 file
        status 1
    "#]],
    );
}

#[test]
fn rules_are_chosen_as_ever() {
    folder().run(
        "check -q --format short --backend s6 --ignore backend-lost",
        expect![[r#"
            status 0
        "#]],
    );
    folder().run(
        "check -q --format short --backend s6-rc --ignore backend-lost --fail-on error",
        expect![[r#"
            status 0
        "#]],
    );
}

#[test]
fn a_backend_has_a_name() {
    folder().run(
        "check --backend s6rc",
        expect![[r#"
        2> error: invalid value 's6rc' for '--backend <BACKEND>': did you mean 's6-rc'?
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    folder().run(
        "check --backend openrc",
        expect![[r#"
            2> error: invalid value 'openrc' for '--backend <BACKEND>': there are runit, s6, s6-rc, nosh, systemd
            2> 
            2> For more information, try '--help'.
            status 2
        "#]],
    );
}

#[test]
fn the_configuration_may_name_backends() {
    let unit = "[Service]\nExecStart=/bin/true\nLockPersonality=yes\n";
    let folder = Folder::new(&[("svlsp.toml", "backend = [\"nosh\", \"s6-rc\"]\n"), ("a.service", unit)]);
    folder.run(
        "check -q --format short",
        expect![[r#"
        a.service:3:1: error: LockPersonality= is lost on s6-rc and nosh: no stock tool installs a seccomp filter [backend-lost]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --backend s6",
        expect![[r#"
        a.service:3:1: error: LockPersonality= is lost on s6: no stock tool installs a seccomp filter [backend-lost]
        status 1
    "#]],
    );
}
