//! `svlsp convert` on supervisord.conf.

mod cli_harness;

use std::fs;
use std::path::Path;

use cli_harness::Folder;
use expect_test::expect;

const MAIN: &str = "\
[supervisord]
environment=LANG=\"C.UTF-8\"

[unix_http_server]
file=/run/supervisor.sock

[include]
files=conf.d/*.conf
";
const WEB: &str = "\
[program:web]
command=/usr/bin/webd --port 80%(process_num)02d
process_name=%(program_name)s_%(process_num)02d
numprocs=6
stdout_logfile=/var/log/%(program_name)s_%(process_num)02d.log
priority=20
";
const DB: &str = "\
[program:db]
command=/usr/bin/dbd
priority=10

[group:app]
programs=web,db
";
const TO: &str = "convert --color never --out sv --to";

fn app() -> Folder {
    Folder::new(&[("supervisord.conf", MAIN), ("conf.d/web.conf", WEB), ("conf.d/db.conf", DB)])
}

#[test]
fn a_configuration_becomes_directories() {
    let folder = app();
    folder.run(&format!("{TO} runit supervisord.conf"), expect![[r#"
        program:web → sv/web_00, sv/web_01, …, sv/web_05 (6): 2 native, 1 emulated, 1 approximated
          conf.d/web.conf:5  stdout_logfile=  approximated  `svlogd` in `/var/log/runit/web_00`; the file is `current` there, the old ones have times for numbers
          conf.d/web.conf:2  command=         native        the program that `run` becomes
          conf.d/web.conf:3  process_name=    native        the name of the service directory
          conf.d/web.conf:4  numprocs=        emulated      a service directory for each process
        program:db → sv/db: 1 native
          conf.d/db.conf:2  command=  native        the program that `run` becomes
        group:app: nothing to write
          conf.d/db.conf:6  programs=  lost          services stand alone here; s6-rc has bundles
        supervisord: 1 native, 1 lost
          supervisord.conf:5  file=         lost          there is no XML-RPC; the supervisor has commands of its own
          supervisord.conf:2  environment=  native        `env`
        2> 7 directories made in sv
        status 0
    "#]]);
    assert!(folder.path("sv/web_05/run").exists());
    // Again: there is nothing to do.
    folder.run(
        &format!("{TO} runit -q supervisord.conf"),
        expect![[r#"
        status 0
    "#]],
    );
    folder.run(
        &format!("{TO} runit --diff supervisord.conf"),
        expect![[r#"
            2> 7 directories unchanged in sv
            status 0
        "#]],
    );
}

#[test]
fn every_supervisor_takes_it() {
    for to in ["s6", "s6-rc", "nosh", "systemd", "runit"] {
        let folder = app();
        let output = folder.svlsp(&["convert", "--to", to, "--out", "sv", "-q", "."]).output().unwrap();
        assert!(output.status.success(), "{to}: {}", String::from_utf8_lossy(&output.stderr));
        let names: Vec<String> =
            fs::read_dir(folder.path("sv")).unwrap().map(|entry| name(&entry.unwrap().path())).collect();
        for process in ["web_00", "web_05", "db"] {
            let process = if to == "systemd" { format!("{process}.service") } else { process.to_owned() };
            assert!(names.contains(&process), "{to}: {names:?}");
        }
        assert!(!names.iter().any(|name| name.starts_with("supervisord")), "{to}: {names:?}");
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn one_program_of_many() {
    let folder = app();
    for (program, made) in [("db", 1), ("web", 6), ("app", 7), ("app:web_03", 1), ("app:*", 7)] {
        let out = program.replace([':', '*'], "-");
        let arguments = ["convert", "--to", "runit", "-q", "--out", &out, "--program", program, "supervisord.conf"];
        let output = folder.svlsp(&arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        let services = fs::read_dir(folder.path(&out))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().join("run").exists());
        assert_eq!(services.count(), made, "{program}");
    }
    folder.run(
        &format!("{TO} runit --program wep supervisord.conf"),
        expect![[r#"
        2> svlsp: --program: there is no program 'wep'; did you mean 'web'?
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn priorities_become_dependencies_on_request() {
    let folder = app();
    let depends = |arguments: &[&str]| {
        let arguments = [&["convert", "--to", "s6-rc", "--out", "sv", "-q"], arguments, &["supervisord.conf"]].concat();
        let output = folder.svlsp(&arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder.path("sv/web_00/dependencies.d/db").exists()
    };
    assert!(!depends(&[]));
    assert!(depends(&["--dependencies", "priority"]));
    assert!(!depends(&["--dependencies", "none"]));
    folder.write("svlsp.toml", "[convert]\ndependencies = \"priority\"\n");
    assert!(depends(&[]));
    folder.run(
        &format!("{TO} s6-rc --dependencies always supervisord.conf"),
        expect![[r#"
        2> error: invalid value 'always' for '--dependencies <WHICH>'
        2>   [possible values: none, priority]
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn what_only_the_target_knows_is_said() {
    let text = "[program:a]\ncommand=/usr/bin/a %(ENV_HOME)s %(host_node_name)s\n";
    let folder = Folder::new(&[("a.conf", text)]);
    folder.run(
        &format!("{TO} runit a.conf"),
        expect![[r#"
            error[not-convertible]: only the target knows what "%(ENV_HOME)s" stands for; say it with --environment HOME=…
             --> a.conf:2:9
              |
            2 | command=/usr/bin/a %(ENV_HOME)s %(host_node_name)s
              |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

            2> nothing written: 1 file in error
            status 1
        "#]],
    );
    folder.run(
        &format!("{TO} runit -q a.conf --environment HOME=/root --specifier H=web1"),
        expect![[r#"
        status 0
    "#]],
    );
    assert!(folder.read("sv/a/run").contains("/usr/bin/a /root web1"), "{}", folder.read("sv/a/run"));
    folder.run(
        &format!("{TO} runit a.conf --environment HOME"),
        expect![[r#"
        2> error: invalid value 'HOME' for '--environment <NAME=VALUE>': expected NAME=VALUE, such as HOME=/root
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn a_configuration_in_error_is_left() {
    let folder = app();
    folder.write("conf.d/bad.conf", "[program:bad]\nautostart=maybe\n\n[group:x]\nprograms=nobody\n");
    folder.run(
        &format!("{TO} runit supervisord.conf"),
        expect![[r#"
        error[missing-setting]: [program:bad] needs command=: supervisord doesn't start
         --> conf.d/bad.conf:1:1
          |
        1 | [program:bad]
          | ^^^^^^^^^^^^^

        error[invalid-value]: autostart= takes a boolean ("true" or "false"), not "maybe"
         --> conf.d/bad.conf:2:11
          |
        2 | autostart=maybe
          |           ^^^^^

        error[group-programs]: there is no program nobody
         --> conf.d/bad.conf:5:10
          |
        5 | programs=nobody
          |          ^^^^^^

        2> nothing written: 1 file in error
        status 1
    "#]],
    );
    assert!(!folder.path("sv").exists());
}

#[test]
fn an_include_that_leads_nowhere_is_told() {
    let folder = Folder::new(&[("supervisord.conf", &format!("{MAIN}{DB}").replace("conf.d/", "/etc/none.d/"))]);
    folder.write("supervisord.conf", folder.read("supervisord.conf").replace("programs=web,db", "programs=db"));
    folder.run(
        &format!("{TO} runit supervisord.conf"),
        expect![[r#"
            program:db → sv/db: 1 native
              supervisord.conf:10  command=  native        the program that `run` becomes
            group:app: nothing to write
              supervisord.conf:14  programs=  lost          services stand alone here; s6-rc has bundles
            supervisord: 1 native, 1 lost
              supervisord.conf:5  file=         lost          there is no XML-RPC; the supervisor has commands of its own
              supervisord.conf:2  environment=  native        `env`
            2> supervisord.conf:8:7 includes /etc/none.d/*.conf, which leads to no file here
            2> 1 directory made in sv
            status 0
        "#]],
    );
}

#[test]
fn names_that_clash_are_refused() {
    let folder = Folder::new(&[
        ("web.service", "[Service]\nExecStart=/usr/bin/d\n"),
        ("supervisord.conf", "[supervisord]\n[program:web]\ncommand=/usr/bin/d\n[program:other]\ncommand=/usr/bin/o\n"),
    ]);
    folder.run(
        &format!("{TO} runit ."),
        expect![[r#"
            web.service → sv/web: 1 native
              web.service:2  ExecStart=  native        the program that `run` becomes
            program:other → sv/other: 1 native
              supervisord.conf:5  command=  native        the program that `run` becomes
            program:web → sv/web: 1 native
              supervisord.conf:3  command=  native        the program that `run` becomes
            2> svlsp: sv/web: web.service (web.service:2) and program:web (supervisord.conf:3) would both become this directory
            2> nothing written
            status 2
        "#]],
    );
    folder.run(
        &format!("{TO} runit . --program other"),
        expect![[r#"
        web.service → sv/web: 1 native
          web.service:2  ExecStart=  native        the program that `run` becomes
        program:other → sv/other: 1 native
          supervisord.conf:5  command=  native        the program that `run` becomes
        2> 2 directories made in sv
        status 0
    "#]],
    );
    // Of the same name in two groups, each process has a directory.
    let twice =
        "[program:w]\ncommand=/usr/bin/a\nprocess_name=main\n[program:v]\ncommand=/usr/bin/b\nprocess_name=main\n";
    let folder = Folder::new(&[("app.conf", twice)]);
    folder.run(
        &format!("{TO} runit app.conf"),
        expect![[r#"
        program:v → sv/main: 2 native
          app.conf:5  command=       native        the program that `run` becomes
          app.conf:6  process_name=  native        the name of the service directory
        program:w → sv/w:main: 2 native
          app.conf:2  command=       native        the program that `run` becomes
          app.conf:3  process_name=  native        the name of the service directory
        2> 2 directories made in sv
        status 0
    "#]],
    );
}

#[test]
fn a_file_that_is_not_there_is_told() {
    for path in ["gone.conf", "gone.ini", "sub/supervisord.conf"] {
        let output = app().svlsp(&["convert", "--to", "runit", "--out", "sv", path]).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(&format!("{path}: No such file or directory")), "{error}");
        assert_eq!(output.status.code(), Some(2), "{path}");
    }
}

#[test]
fn losses_can_be_refused() {
    let folder = app();
    folder.run(
        &format!("{TO} runit -q --deny lost supervisord.conf"),
        expect![[r#"
            2> nothing written: 2 settings are lost, which --deny lost refuses
            status 1
        "#]],
    );
}

#[test]
fn there_is_json() {
    let folder = Folder::new(&[("app.conf", "[program:a]\ncommand=/usr/bin/a\n")]);
    folder.run(
        &format!("{TO} runit --format json app.conf"),
        expect![[r#"
        {
          "backend": "runit",
          "status": 0,
          "written": true,
          "units": [
            {
              "unit": "a.service",
              "section": "program:a",
              "files": [
                "app.conf"
              ],
              "directories": [
                "sv/a"
              ],
              "settings": [
                {
                  "path": "app.conf",
                  "line": 2,
                  "directive": "command",
                  "value": "/usr/bin/a",
                  "fate": "native",
                  "with": "the program that `run` becomes",
                  "loses": null,
                  "why": null
                }
              ],
              "notes": []
            }
          ],
          "directories": [
            {
              "path": "sv/a",
              "action": "create",
              "writes": [
                "check",
                "control/t",
                "data/attempts",
                "data/deadline",
                "finish",
                "log/run",
                "run"
              ],
              "removes": []
            }
          ],
          "findings": [],
          "failures": []
        }
        2> 1 directory made in sv
        status 0
    "#]],
    );
}

#[test]
fn one_process_of_a_pool_shares_the_socket_of_all() {
    let pool = "[supervisord]\n[fcgi-program:web]\ncommand=web\nsocket=unix:///run/web.sock\n\
        process_name=web%(process_num)d\nnumprocs=2\n";
    let folder = Folder::new(&[("supervisord.conf", pool)]);
    folder.run(&format!("{TO} s6 supervisord.conf --program web:web1"), expect![[r#"
        fcgi-program:web → sv/web1, sv/web-socket: 2 native, 1 emulated, 1 approximated
          supervisord.conf:4  socket=        approximated  `data/hold` in `web-socket`; it stays open while none of its processes runs
          supervisord.conf:3  command=       native        the program that `run` becomes
          supervisord.conf:5  process_name=  native        the name of the service directory
          supervisord.conf:6  numprocs=      emulated      a service directory for each process
        2> 2 directories made in sv
        status 0
    "#]]);
    let run = fs::read_to_string(folder.path("sv/web1/run")).expect("a script");
    assert!(run.contains("./data/hold take ../web-socket\n"), "{run}");
}
