//! `svlsp convert`: what it says, how it ends.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const WEB: &str = "\
[Service]
ExecStart=/usr/bin/webd
Nice=5
SystemCallFilter=@system-service
Documentation=man:none
[Unit]
Documentation=man:webd(8)
";
const GOOD: &str = "[Service]\nExecStart=/usr/bin/d\n";
const TO: &str = "convert --color never --to runit --out sv";

fn run(folder: &Folder, arguments: &str, expect: expect_test::Expect) {
    folder.run(&format!("{TO} {arguments}"), expect);
}

#[test]
fn what_becomes_of_each_setting_is_listed() {
    let folder = Folder::new(&[
        ("web.service", &WEB.replace("Documentation=man:none\n", "")),
        ("web.service.d/nice.conf", "[Service]\nNice=7\n"),
    ]);
    run(
        &folder,
        "web.service",
        expect![[r#"
        web.service → sv/web: 1 native, 1 emulated, 1 lost
          web.service:4              SystemCallFilter=  lost          no stock tool installs a seccomp filter
          web.service:2              ExecStart=         native        the program that `run` becomes
          web.service.d/nice.conf:2  Nice=              emulated      `nice -n`
        2> 1 directory made in sv
        status 0
    "#]],
    );
    run(
        &folder,
        "-v web.service",
        expect![[r#"
        web.service → sv/web: 1 native, 1 emulated, 1 lost
          web.service:4              SystemCallFilter=  lost          no stock tool installs a seccomp filter
          web.service:2              ExecStart=         native        the program that `run` becomes
          web.service.d/nice.conf:2  Nice=              emulated      `nice -n`
          web.service:6              Documentation=     irrelevant    only for readers; it becomes a comment
        sv/web unchanged
        2> 1 directory unchanged in sv
        status 0
    "#]],
    );
    run(
        &folder,
        "-q web.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("sv/web/run").contains("nice -n 7"));
}

#[test]
fn losses_can_be_refused() {
    let folder = Folder::new(&[
        ("lost.service", "[Service]\nExecStart=/bin/d\nSystemCallFilter=@clock\n"),
        ("near.service", "[Service]\nExecStart=/bin/d\n[Unit]\nBindsTo=x.service\n"),
        ("good.service", GOOD),
    ]);
    run(
        &folder,
        "-q --deny lost lost.service good.service",
        expect![[r#"
        2> nothing written: 1 setting is lost, which --deny lost refuses
        status 1
    "#]],
    );
    run(
        &folder,
        "-q --deny approximated lost.service near.service",
        expect![[r#"
        2> nothing written: 2 settings are lost or only approximated, which --deny approximated refuses
        status 1
    "#]],
    );
    assert!(!folder.path("sv").exists());
    run(
        &folder,
        "-q --deny lost near.service",
        expect![[r#"
            status 0
        "#]],
    );
    run(
        &folder,
        "-q --deny native near.service",
        expect![[r#"
        2> error: invalid value 'native' for '--deny <FATE>'
        2>   [possible values: lost, approximated]
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn nothing_is_written_on_trial() {
    let folder = Folder::new(&[("a.service", GOOD)]);
    run(
        &folder,
        "-q --dry-run a.service",
        expect![[r#"
        status 0
    "#]],
    );
    run(
        &folder,
        "--diff --dry-run a.service",
        expect![[r#"
        2> error: the argument '--diff' cannot be used with '--dry-run'
        2> 
        2> Usage: svlsp convert --color <WHEN> --to <BACKEND> --out <DIR> --diff <UNIT>...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    let output = folder.svlsp(&["convert", "a.service", "--to=runit", "--out=sv", "--diff"]).output().unwrap();
    let patch = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(patch.contains("--- /dev/null\n+++ b/sv/a/run\n@@ -0,0 +1,"), "{patch}");
    assert!(!folder.path("sv").exists());
}

#[test]
fn a_unit_in_error_is_not_written() {
    let folder = Folder::new(&[
        ("good.service", GOOD),
        ("bad.service", "[Service]\nExecStart=/bin/d\nNice=77\nRestrat=no\n"),
        ("host.service", "[Service]\nExecStart=/bin/d %H\n"),
        ("known.service", "[Service]\nExecStart=/bin/d\n# svlsp: ignore[unknown-directive]\nRestrat=no\n"),
    ]);
    run(
        &folder,
        "good.service bad.service",
        expect![[r#"
        error[invalid-value]: Nice= takes an integer from -20 to 19, not "77"
         --> bad.service:3:6
          |
        3 | Nice=77
          |      ^^

        error[unknown-directive]: unknown directive Restrat= in section [Service]
         --> bad.service:4:1
          |
        4 | Restrat=no
          | ^^^^^^^
          |
          = help: did you mean Restart=?

        2> nothing written: 1 file in error
        status 1
    "#]],
    );
    run(
        &folder,
        "host.service",
        expect![[r#"
            error[not-convertible]: only the target knows what "%H" stands for; say it with --specifier H=…
             --> host.service:2:11
              |
            2 | ExecStart=/bin/d %H
              |           ^^^^^^^^^

            2> nothing written: 1 file in error
            status 1
        "#]],
    );
    assert!(!folder.path("sv").exists());
    run(
        &folder,
        "-q known.service",
        expect![[r#"
        status 0
    "#]],
    );
    run(
        &folder,
        "-q --specifier H=web1 host.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("sv/host/run").contains("web1"));
    run(
        &folder,
        "--specifier i=x host.service",
        expect![[r#"
        2> error: invalid value 'i=x' for '--specifier <LETTER=TEXT>': what %i stands for follows from the unit's name
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    run(
        &folder,
        "--specifier host=x host.service",
        expect![[r#"
        2> error: invalid value 'host=x' for '--specifier <LETTER=TEXT>': expected a letter, = and what it stands for, such as H=web1
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn wrong_arguments_are_refused() {
    let folder = Folder::new(&[("a.service", GOOD), ("a.conf", ""), ("x/a.service", GOOD), ("b c.service", GOOD)]);
    folder.link("null.service", "/dev/null");
    folder.link("gone.service", "nowhere.service");
    run(
        &folder,
        "",
        expect![[r#"
        2> error: the following required arguments were not provided:
        2>   <UNIT>...
        2> 
        2> Usage: svlsp convert --color <WHEN> --to <BACKEND> --out <DIR> <UNIT>...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    run(
        &folder,
        "a.conf",
        expect![[r#"
            2> svlsp: a.conf: is neither a unit file by its name, which ends in .service, .socket, .timer and so on or is that of a drop-in, NAME.service.d/*.conf, nor supervisord's by its sections, such as [program:NAME]
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        "./b.service",
        expect![[r#"
        2> svlsp: ./b.service: No such file or directory (os error 2)
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "null.service",
        expect![[r#"
            2> svlsp: null.service: is masked, as it is empty or a link to /dev/null
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        "gone.service",
        expect![[r#"
        2> svlsp: gone.service: No such file or directory (os error 2)
        2> nothing written
        status 2
    "#]],
    );
    run(
        &folder,
        "a.service a.service x/a.service",
        expect![[r#"
            a.service → sv/a: 1 native
              a.service:2  ExecStart=  native        the program that `run` becomes
            a.service → sv/a: 1 native
              x/a.service:2  ExecStart=  native        the program that `run` becomes
            2> svlsp: sv/a: a.service (a.service:2) and a.service (x/a.service:2) would both become this directory
            2> nothing written
            status 2
        "#]],
    );
    folder.run(
        "convert a.service --out sv",
        expect![[r#"
            2> svlsp: for which supervisor? say --to with one of runit, s6, s6-rc, nosh, systemd
            status 2
        "#]],
    );
    folder.run(
        "convert a.service --to runit",
        expect![[r#"
        2> svlsp: where to? say --out DIR, the directory that holds the service directories
        status 2
    "#]],
    );
    folder.run(
        "convert a.service --to sixes --out sv",
        expect![[r#"
            2> error: invalid value 'sixes' for '--to <BACKEND>': there are runit, s6, s6-rc, nosh, systemd
            2> 
            2> For more information, try '--help'.
            status 2
        "#]],
    );
    assert!(!folder.path("sv").exists());
    let output = folder.svlsp(&["convert", "b c.service", "--to=runit", "--out=sv"]).output().unwrap();
    expect![[r#"
        2> svlsp: b c.service: is no name of a unit: ' ' is none of the characters allowed: letters, digits and ":-_.\@"
        2> nothing written
        status 2
    "#]]
    .assert_eq(&folder.show(&output));
}

#[test]
fn json_has_it_all() {
    let folder = Folder::new(&[
        ("a.service", "[Service]\nExecStart=/bin/d\nNice=1\nSystemCallFilter=@clock\n"),
        ("bad.service", "[Service]\nExecStart=/bin/d\nNice=77\n"),
    ]);
    let json = |arguments: &[&str]| {
        let mut all = vec!["convert", "--to=runit", "--out=sv", "--format=json", "-q"];
        all.extend(arguments);
        let output = folder.svlsp(&all).output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let done = json(&["a.service"]);
    assert_eq!((&done["backend"], &done["status"], &done["written"]), (&"runit".into(), &0.into(), &true.into()));
    let row = |line, directive, value, fate, with, why| {
        serde_json::json!({
            "path": "a.service", "line": line, "directive": directive, "value": value,
            "fate": fate, "with": with, "loses": null, "why": why,
        })
    };
    let rows = [
        row(2, "ExecStart", "/bin/d", "native", Some("the program that `run` becomes"), None),
        row(3, "Nice", "1", "emulated", Some("`nice -n`"), None),
        row(4, "SystemCallFilter", "@clock", "lost", None, Some("no stock tool installs a seccomp filter")),
    ];
    assert_eq!(done["units"][0]["settings"], serde_json::json!(rows));
    assert_eq!(done["units"][0]["directories"], serde_json::json!(["sv/a"]));
    assert_eq!(
        (&done["directories"][0]["path"], &done["directories"][0]["action"]),
        (&"sv/a".into(), &"create".into())
    );
    assert!(done["directories"][0]["writes"].as_array().unwrap().contains(&"run".into()));
    assert_eq!(json(&["a.service"])["directories"][0]["action"], "keep");
    let bad = json(&["bad.service"]);
    assert_eq!((&bad["status"], &bad["findings"][0]["rule"]), (&1.into(), &"invalid-value".into()));
    let missing = json(&["./none.service"]);
    assert_eq!((&missing["status"], &missing["failures"][0]["path"]), (&2.into(), &"./none.service".into()));
}
