//! `svlsp convert --to systemd`: unit files, side by side with those of others.
#![cfg(unix)]

mod cli_harness;

use std::fs;

use cli_harness::Folder;
use expect_test::{Expect, expect};

const WEB: &str = "[Unit]\nDescription=Web\n[Service]\nExecStart=/usr/bin/web --port=80\nRestart=always\nRestartMode=direct\n\
                   [Install]\nWantedBy=multi-user.target\n";
const WORKER: &str = "[Service]\nExecStart=/usr/bin/worker %i\n";

fn run(folder: &Folder, arguments: &str, expect: Expect) {
    folder.run(&format!("convert -q --to systemd --out out {arguments}"), expect);
}

fn done() -> Expect {
    expect![[r#"
        status 0
    "#]]
}

/// A folder with a unit and the one that it has become.
fn converted() -> Folder {
    let folder = Folder::new(&[("web.service", WEB), ("worker@.service", WORKER)]);
    run(&folder, "web.service", done());
    folder
}

/// Everything in `out`.
fn files(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("out")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_unit_becomes_a_unit() {
    let folder = Folder::new(&[("web.service", WEB)]);
    folder.run(
        "convert --color never --to systemd --out out web.service",
        expect![[r#"
        web.service → out/web.service: 5 native
          web.service:2  Description=  native        the same
          web.service:4  ExecStart=    native        the same
          web.service:5  Restart=      native        the same
          web.service:6  RestartMode=  native        the same
          web.service:8  WantedBy=     native        the same
        2> 1 unit file made in out
        status 0
    "#]],
    );
    assert_eq!(files(&folder), [".svlsp", "web.service"]);
    expect![[r#"
        # web.service: written by svlsp from the unit file.

        [Unit]
        Description=Web

        [Service]
        ExecStart=/usr/bin/web --port=80
        Restart=always
        RestartMode=direct

        [Install]
        WantedBy=multi-user.target
    "#]]
    .assert_eq(&folder.read("out/web.service"));
    // Again there is nothing to do.
    folder.run(
        "convert --color never --to systemd --out out web.service --dry-run",
        expect![[r#"
        web.service → out/web.service: 5 native
          web.service:2  Description=  native        the same
          web.service:4  ExecStart=    native        the same
          web.service:5  Restart=      native        the same
          web.service:6  RestartMode=  native        the same
          web.service:8  WantedBy=     native        the same
        out/web.service unchanged
        2> 1 unit file unchanged in out
        status 0
    "#]],
    );
    run(
        &folder,
        "web.service --diff",
        expect![[r#"
        status 0
    "#]],
    );
}

#[test]
fn nothing_is_written_on_trial() {
    let folder = Folder::new(&[("web.service", WEB)]);
    folder.run(
        "convert --color never --to systemd --out out web.service --dry-run",
        expect![[r#"
        web.service → out/web.service: 5 native
          web.service:2  Description=  native        the same
          web.service:4  ExecStart=    native        the same
          web.service:5  Restart=      native        the same
          web.service:6  RestartMode=  native        the same
          web.service:8  WantedBy=     native        the same
        out/web.service would be made
        2> 1 unit file would be made in out
        status 0
    "#]],
    );
    run(
        &folder,
        "web.service --diff",
        expect![[r#"
        --- /dev/null
        +++ b/out/web.service
        @@ -0,0 +1,12 @@
        +# web.service: written by svlsp from the unit file.
        +
        +[Unit]
        +Description=Web
        +
        +[Service]
        +ExecStart=/usr/bin/web --port=80
        +Restart=always
        +RestartMode=direct
        +
        +[Install]
        +WantedBy=multi-user.target
        status 0
    "#]],
    );
    assert!(!folder.path("out").exists());
}

#[test]
fn an_older_systemd_gets_what_it_knows() {
    let folder = converted();
    run(
        &folder,
        "web.service --target version=252 --diff",
        expect![[r#"
        --- a/out/web.service
        +++ b/out/web.service
        @@ -1,4 +1,7 @@
         # web.service: written by svlsp from the unit file.
        +#
        +# Not quite as there:
        +#   RestartMode=direct: lost: systemd 252 doesn't know it, only 254 and later

         [Unit]
         Description=Web
        @@ -6,7 +9,6 @@
         [Service]
         ExecStart=/usr/bin/web --port=80
         Restart=always
        -RestartMode=direct

         [Install]
         WantedBy=multi-user.target
        status 0
    "#]],
    );
    run(
        &folder,
        "web.service --target version=252 --deny lost",
        expect![[r#"
        2> nothing written: 1 setting is lost, which --deny lost refuses
        status 1
    "#]],
    );
    for version in ["new", "252.4", ""] {
        let arguments = format!("web.service --target version={version}");
        match version {
            "new" => run(
                &folder,
                &arguments,
                expect![[r#"
                2> svlsp: --target version=new: version: expected a version, such as 252, found "new"
                status 2
            "#]],
            ),
            "252.4" => run(
                &folder,
                &arguments,
                expect![[r#"
                2> svlsp: --target version=252.4: version: expected a version, such as 252, found "252.4"
                status 2
            "#]],
            ),
            _ => run(
                &folder,
                &arguments,
                expect![[r#"
                2> svlsp: --target version=: version: expected a version, such as 252, found ""
                status 2
            "#]],
            ),
        }
    }
    folder.write("svlsp.toml", "[target.systemd]\nversion = 245\n");
    run(&folder, "web.service", done());
    assert!(!folder.read("out/web.service").contains("\nRestartMode="));
    run(
        &folder,
        "web.service --target log=none",
        expect![[r#"
        2> svlsp: --target log=none: "log" is nothing that systemd asks for, only runit, s6, s6-rc, nosh
        status 2
    "#]],
    );
}

#[test]
fn files_of_others_are_theirs() {
    let folder = converted();
    folder.write("out/other.service", "[Service]\nExecStart=/bin/other\n");
    folder.write("out/worker@.service", "mine\n");
    folder.write("web.service", WEB.replace("--port=80", "--port=81"));
    run(
        &folder,
        "web.service worker@.service",
        expect![[r#"
        2> svlsp: out/worker@.service: is there and not written by svlsp; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
    assert!(folder.read("out/web.service").contains("--port=80"), "everything or nothing");
    run(&folder, "web.service worker@.service --force", done());
    assert!(folder.read("out/web.service").contains("--port=81"));
    assert!(folder.read("out/worker@.service").contains("ExecStart=/usr/bin/worker %i"));
    assert_eq!(files(&folder), [".svlsp", "other.service", "web.service", "worker@.service"]);
    assert!(folder.read("out/other.service").contains("/bin/other"));
}

#[test]
fn what_somebody_has_changed_is_left_alone() {
    let folder = converted();
    folder.write("out/web.service", "[Service]\nExecStart=/usr/bin/mine\n");
    run(
        &folder,
        "web.service",
        expect![[r#"
        2> svlsp: out/web.service: has been changed since svlsp wrote it; --force overwrites that, --diff shows it
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "web.service --diff",
        expect![[r#"
            --- a/out/web.service
            +++ b/out/web.service
            @@ -1,2 +1,12 @@
            +# web.service: written by svlsp from the unit file.
            +
            +[Unit]
            +Description=Web
            +
             [Service]
            -ExecStart=/usr/bin/mine
            +ExecStart=/usr/bin/web --port=80
            +Restart=always
            +RestartMode=direct
            +
            +[Install]
            +WantedBy=multi-user.target
            2> svlsp: out/web.service: has been changed since svlsp wrote it; --force overwrites that, --diff shows it
            2> nothing written
            status 2
        "#]],
    );
    assert!(folder.read("out/web.service").contains("mine"));
    run(&folder, "web.service --force", done());
    assert!(folder.read("out/web.service").contains("/usr/bin/web"));
    fs::remove_file(folder.path("out/web.service")).unwrap();
    run(
        &folder,
        "web.service",
        expect![[r#"
        2> svlsp: out/web.service: has been taken away since svlsp wrote it; --force writes it again
        2> nothing written
        status 2
    "#]],
    );
    run(&folder, "web.service --force", done());
    folder.link("out/link.service", "web.service");
    folder.write("link.service", WORKER);
    run(
        &folder,
        "link.service",
        expect![[r#"
        2> svlsp: out/link.service: is there and not written by svlsp; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn runs_after_each_other_know_each_others_files() {
    let folder = converted();
    run(&folder, "worker@.service", done());
    run(&folder, "worker@.service --instance a", done());
    assert_eq!(files(&folder), [".svlsp", "web.service", "worker@.service", "worker@a.service"]);
    assert!(folder.read("out/worker@a.service").contains("ExecStart=/usr/bin/worker a"));
    folder.write("web.service", WEB.replace("--port=80", "--port=81"));
    run(&folder, "web.service", done());
    assert!(folder.read("out/web.service").contains("--port=81"));
    folder.run("convert -q --to runit --out out web.service", done());
    run(&folder, "web.service", done());
    folder.run(
        "convert -q --to systemd --out out/web web.service",
        expect![[r#"
        2> svlsp: out/web: was made for runit; --force writes into it
        2> nothing written
        status 2
    "#]],
    );
}
