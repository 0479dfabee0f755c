//! `svlsp convert`: which units it takes, what it says, how it ends.

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
        2> svlsp: a.conf: is no name of a unit: the suffix is no kind of unit
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
        2> svlsp: sv/a: a.service is there twice; convert one of the files at a time
        2> nothing written
        status 2
    "#]],
    );
    folder.run(
        "convert a.service --out sv",
        expect![[r#"
        2> svlsp: for which supervisor? say --to with one of runit, s6, s6-rc, nosh
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
        2> error: invalid value 'sixes' for '--to <BACKEND>': there are runit, s6, s6-rc, nosh
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
fn the_target_can_be_described() {
    let folder = Folder::new(&[("a.service", GOOD)]);
    run(
        &folder,
        "-q --target version=2.1.2 --target tools=util-linux --target log=none a.service",
        expect![[r#"
        status 0
    "#]],
    );
    run(
        &folder,
        "--target version a.service",
        expect![[r#"
        2> error: invalid value 'version' for '--target <KEY=VALUE>': expected KEY=VALUE, such as version=2.13
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
    run(
        &folder,
        "--target verison=2 a.service",
        expect![[r#"
        2> svlsp: --target verison=2: unknown key "verison"; did you mean "version"?
        status 2
    "#]],
    );
    run(
        &folder,
        "--target tools=bubblewarp a.service",
        expect![[r#"
        2> svlsp: --target tools=bubblewarp: unknown tool "bubblewarp"; did you mean "bubblewrap"?
        status 2
    "#]],
    );
    run(
        &folder,
        "--layout s6-overlay a.service",
        expect![[r#"
        2> svlsp: --layout s6-overlay: "layout" is nothing that runit asks for, only s6-rc
        status 2
    "#]],
    );
    folder.run(
        "convert a.service --to s6-rc --out rc --layout s6overlay",
        expect![[r#"
        2> svlsp: --layout s6overlay: unknown layout "s6overlay"; did you mean "s6-overlay"?
        status 2
    "#]],
    );
}

#[test]
fn the_configuration_describes_it_too() {
    let config = "\
        [convert]\nto = \"runit\"\nout = \"services\"\ndeny = \"lost\"\nspecifier = [\"H=web1\"]\n\
        [target.runit]\nversion = 2.1\ntools = [\"util-linux\"]\nlog = \"none\"\ncgroups = false\n\
        [target.runit.unit]\n\"network.target\" = \"net\"\n\"a.service\" = \"\"\n";
    let folder = Folder::new(&[("svlsp.toml", config), ("u/a.service", "[Service]\nExecStart=/bin/d %H\n")]);
    folder.run(
        "convert -q u/a.service",
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("services/a/run").contains("web1"));
    folder.run(
        "convert -q --no-config u/a.service",
        expect![[r#"
        2> svlsp: for which supervisor? say --to with one of runit, s6, s6-rc, nosh
        status 2
    "#]],
    );
    for (text, expect) in [
        (
            "[convert]\nto = \"sixes\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: invalid value 'sixes' for to: there are runit, s6, s6-rc, nosh
            status 2
        "#]],
        ),
        (
            "\n[convert]\n\nout = 5.5\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:4: out: expected a string or a number, found a value of type float
            status 2
        "#]],
        ),
        (
            "[convert]\ninto = \"x\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: unknown key "into"; there are to, out, deny, specifier
            status 2
        "#]],
        ),
        (
            "convert = 1\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: convert: expected a table, found a value of type integer
            status 2
        "#]],
        ),
        (
            "[target.runnit]\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: unknown supervisor "runnit"; did you mean "runit"?
            status 2
        "#]],
        ),
        (
            "[target.s6]\nflavour = \"void\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: "flavour" is nothing that s6 asks for, only runit
            status 2
        "#]],
        ),
        (
            "[target.s6]\n\nversoin = \"2\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:3: unknown key "versoin"; did you mean "version"?
            status 2
        "#]],
        ),
        (
            "[target.s6]\n\nversion = \"two\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:3: version: expected a version, such as 2.13.1, found "two"
            status 2
        "#]],
        ),
        (
            "[target.s6.unit]\n\"network\" = \"x\"\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: "network" is no name of a unit: there is no suffix such as ".service"
            status 2
        "#]],
        ),
        (
            "[target.s6.unit]\n\"network.target\" = 1\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:2: network.target: expected the name of a service, found a value of type integer
            status 2
        "#]],
        ),
        (
            "[targets]\n",
            expect![[r#"
            2> svlsp: FOLDER/svlsp.toml:1: unknown key "targets"; did you mean "target"?
            status 2
        "#]],
        ),
    ] {
        folder.write("svlsp.toml", text);
        folder.run("convert -q u/a.service", expect);
    }
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

#[test]
fn every_key_of_a_target_is_documented() {
    let page = include_str!("../../docs/convert.md");
    let folder = Folder::new(&[]);
    let help = folder.svlsp(&["convert", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    for key in svlsp_core::backends::settings::KEYS {
        assert!(page.contains(&format!("| `{}` | ", key.name)), "{} in docs/convert.md", key.name);
        assert!(help.contains(&format!("\n  {}=", key.name)), "{} in the help text", key.name);
    }
}
