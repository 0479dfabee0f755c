//! `svlsp check` and `svlsp fmt` on supervisord.conf.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const MAIN: &str = "\
[supervisord]
environment=A=\"1\"

[supervisorctl]

[include]
files=conf.d/*.conf
";
const WEB: &str = "[program:web]\ncommand=/usr/bin/webd --port 80\n";
const SLIP: &str = "[program:web]\ncommand=/usr/bin/webd\nautorestrat=true\n";

fn debian(web: &str) -> Folder {
    Folder::new(&[
        ("etc/supervisor/supervisord.conf", &MAIN.replace("conf.d", "/etc/supervisor/conf.d")),
        ("etc/supervisor/conf.d/web.conf", web),
        ("etc/supervisor/conf.d/group.conf", "[group:all]\nprograms=web\n"),
    ])
}

#[test]
fn a_configuration_is_one() {
    debian(WEB).run(
        "check --format short",
        expect![[r#"
        2> no problems in 3 files
        status 0
    "#]],
    );
    // By its main file, what it includes is checked too.
    debian(SLIP).run(
        "check --format short etc/supervisor/supervisord.conf",
        expect![[r#"
        etc/supervisor/conf.d/web.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 3 files, 1 fixable with --fix
        status 1
    "#]],
    );
    debian(&WEB.replace(":web", ":wep")).run(
        "check --format short",
        expect![[r#"
        etc/supervisor/conf.d/group.conf:2:10: error: there is no program web [group-programs]
        2> 1 error in 3 files
        status 1
    "#]],
    );
}

#[test]
fn of_an_included_file_alone_little_is_known() {
    debian(WEB).run(
        "check --format short etc/supervisor/conf.d/group.conf",
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
    debian(SLIP).run(
        "check --format short etc/supervisor/conf.d",
        expect![[r#"
        etc/supervisor/conf.d/web.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 2 files, 1 fixable with --fix
        status 1
    "#]],
    );
}

#[test]
fn an_include_that_leads_nowhere_hides_what_may_be_there() {
    let folder = Folder::new(&[("supervisord.conf", &format!("{MAIN}[group:all]\nprograms=web\n"))]);
    folder.run(
        "check --format short",
        expect![[r#"
            supervisord.conf:7:7: hint: no file matches conf.d/*.conf [missing-include]
            2> 1 hint in 1 file
            status 0
        "#]],
    );
}

#[test]
fn an_include_that_no_file_matches_is_told() {
    let include =
        "[include]\nfiles = conf.d/*.conf webb.conf %(here)s/b.conf\n  /srv/none.conf %(ENV_X)s/c.conf empty.d/*\n";
    let main = format!("[supervisord]\n[program:a]\ncommand=/bin/a\n{include}");
    let folder = Folder::new(&[("supervisord.conf", &main)]);
    std::fs::create_dir(folder.path("empty.d")).expect("a directory can be made");
    folder.run(
        "check --format short",
        expect![[r#"
        supervisord.conf:5:9: hint: no file matches conf.d/*.conf [missing-include]
        supervisord.conf:5:23: warning: there is no file webb.conf: supervisord passes over it [missing-include]
        supervisord.conf:5:33: warning: there is no file FOLDER/b.conf: supervisord passes over it [missing-include]
        2> 2 warnings, 1 hint in 1 file
        status 1
    "#]],
    );
    folder.run(
        "check --format short --root . supervisord.conf",
        expect![[r#"
        supervisord.conf:5:9: hint: no file matches conf.d/*.conf [missing-include]
        supervisord.conf:5:23: warning: there is no file webb.conf: supervisord passes over it [missing-include]
        supervisord.conf:5:33: warning: there is no file //b.conf: supervisord passes over it [missing-include]
        supervisord.conf:6:3: warning: there is no file /srv/none.conf: supervisord passes over it [missing-include]
        2> 3 warnings, 1 hint in 1 file
        status 1
    "#]],
    );
    folder.run(
        "convert --color never --out sv --to runit supervisord.conf",
        expect![[r#"
        error[not-convertible]: only the target knows what "%(ENV_X)s" stands for; say it with --environment X=…
         --> supervisord.conf:6:18
          |
        6 |   /srv/none.conf %(ENV_X)s/c.conf empty.d/*
          |                  ^^^^^^^^^^^^^^^^

        2> supervisord.conf:5:9 includes conf.d/*.conf, which leads to no file here
        2> supervisord.conf:5:23 includes webb.conf, which leads to no file here
        2> supervisord.conf:5:33 includes FOLDER/b.conf, which leads to no file here
        2> supervisord.conf:6:3 includes /srv/none.conf, which leads to no file here
        2> supervisord.conf:6:35 includes empty.d/*, which leads to no file here
        2> nothing written: 1 file in error
        status 1
    "#]],
    );
    folder.run(
        "convert --color never --out sv --to runit --environment X=conf supervisord.conf",
        expect![[r#"
        program:a → sv/a: 1 native
          supervisord.conf:3  command=  native        the program that `run` becomes
        supervisord
        2> supervisord.conf:5:9 includes conf.d/*.conf, which leads to no file here
        2> supervisord.conf:5:23 includes webb.conf, which leads to no file here
        2> supervisord.conf:5:33 includes FOLDER/b.conf, which leads to no file here
        2> supervisord.conf:6:3 includes /srv/none.conf, which leads to no file here
        2> supervisord.conf:6:18 includes conf/c.conf, which leads to no file here
        2> supervisord.conf:6:35 includes empty.d/*, which leads to no file here
        2> 1 directory made in sv
        status 0
    "#]],
    );
}

#[test]
fn a_file_is_known_by_its_sections() {
    let folder = Folder::new(&[("deploy/app.conf", SLIP), ("other.conf", "[uwsgi]\nmaster=1\n"), ("a.ini", "x=1\n")]);
    folder.run(
        "check --format short deploy/app.conf",
        expect![[r#"
        deploy/app.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
    folder.run("check --format short other.conf a.ini", expect![[r#"
        2> svlsp: a.ini: is neither a unit file by its name, which ends in .service, .socket, .timer and so on or is that of a drop-in, NAME.service.d/*.conf, nor supervisord's by its sections, such as [program:NAME]
        2> svlsp: other.conf: is neither a unit file by its name, which ends in .service, .socket, .timer and so on or is that of a drop-in, NAME.service.d/*.conf, nor supervisord's by its sections, such as [program:NAME]
        2> no unit files found
        status 2
    "#]]);
    // On a walk, the name has to tell.
    folder.run(
        "check --format short",
        expect![[r#"
        2> no unit files found
        status 0
    "#]],
    );
}

#[test]
fn what_belongs_to_others_is_left_alone() {
    let folder = Folder::new(&[
        ("supervisor.conf", "[kube]\nserver=a\n"),
        ("etc/supervisor.d/notes.ini", "[notes]\na=b\n"),
        ("conf.d/site.conf", "server { }\n"),
        ("php.ini", "[PHP]\nengine=On\n"),
    ]);
    folder.run(
        "check --format short",
        expect![[r#"
        2> no unit files found; 2 files of another format left out
        status 0
    "#]],
    );
    folder.run(
        "fmt --check .",
        expect![[r#"
        2> no unit files found; 2 files of another format left out
        status 0
    "#]],
    );
}

#[test]
fn standard_input_is_known_by_its_name_or_its_sections() {
    let folder = Folder::new(&[]);
    folder.run_with(
        "check --format short --stdin-filename supervisord.conf -",
        SLIP,
        expect![[r#"
        supervisord.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
    folder.run_with(
        "check --format short --stdin-filename deploy/app.conf -",
        SLIP,
        expect![[r#"
        deploy/app.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
    folder.run_with(
        "fmt --stdin-filename app.conf -",
        "[program:a]\ncommand = a\n",
        expect![[r#"
        [program:a]
        command=a
        status 0
    "#]],
    );
}

#[test]
fn reports_name_the_right_file_and_line() {
    debian(SLIP).run("check --format github etc", expect![[r#"
        ::error file=etc/supervisor/conf.d/web.conf,line=3,endLine=3,col=1,endColumn=11,title=svlsp%3A unknown-directive::unknown key autorestrat= in section [program:web]%0Adid you mean autorestart=?
        2> 1 error in 3 files, 1 fixable with --fix
        status 1
    "#]]);
    debian(SLIP).run("check --format json -q etc", expect![[r#"
        [
        {"path":"etc/supervisor/conf.d/web.conf","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":12}},"severity":"error","rule":"unknown-directive","message":"unknown key autorestrat= in section [program:web]","help":"did you mean autorestart=?","related":[],"fixes":[{"title":"Rename to autorestart=","certain":true,"edits":[{"range":{"start":{"line":3,"column":1},"end":{"line":3,"column":12}},"text":"autorestart"}]}]}
        ]
        status 1
    "#]]);
    debian(SLIP).run(
        "check -q --statistics etc",
        expect![[r#"
        error[unknown-directive]: unknown key autorestrat= in section [program:web]
         --> etc/supervisor/conf.d/web.conf:3:1
          |
        3 | autorestrat=true
          | ^^^^^^^^^^^
          |
          = help: did you mean autorestart=?

        2> 1  error    unknown-directive
        status 1
    "#]],
    );
}

#[test]
fn findings_are_silenced_and_fixed() {
    let silenced = SLIP.replace("auto", "; svlsp: ignore[unknown-directive]\nauto");
    debian(&silenced).run(
        "check --format short",
        expect![[r#"
        2> no problems in 3 files
        status 0
    "#]],
    );
    debian(&WEB.replace("[", "; svlsp: ignore[unknown-directive]\n[")).run(
        "check --format short",
        expect![[r#"
        etc/supervisor/conf.d/web.conf:1:17: hint: nothing here for unknown-directive to find [unused-ignore]
        2> 1 hint in 3 files, 1 fixable with --fix
        status 0
    "#]],
    );
    debian(SLIP).run(
        "check --diff",
        expect![[r#"
        --- a/etc/supervisor/conf.d/web.conf
        +++ b/etc/supervisor/conf.d/web.conf
        @@ -1,3 +1,3 @@
         [program:web]
         command=/usr/bin/webd
        -autorestrat=true
        +autorestart=true
        2> 1 error in 3 files, 1 would be fixed
        status 1
    "#]],
    );
    let folder = debian(SLIP);
    folder.run(
        "check --fix --format short",
        expect![[r#"
        2> no problems in 3 files, 1 fixed
        status 0
    "#]],
    );
    assert!(folder.read("etc/supervisor/conf.d/web.conf").contains("\nautorestart=true\n"));
}

#[test]
fn losses_are_told_once_a_program() {
    let web = "\
[program:web]
command=/usr/bin/webd
numprocs=3
process_name=%(program_name)s_%(process_num)02d
stdout_capture_maxbytes=1MB
";
    debian(web).run("check --format short --backend runit,systemd", expect![[r#"
        etc/supervisor/conf.d/group.conf:2:1: error: programs= is lost on runit: services stand alone here; s6-rc has bundles [backend-lost]
        etc/supervisor/conf.d/web.conf:5:1: error: stdout_capture_maxbytes= is lost on runit and systemd: events are for listeners under supervisord [backend-lost]
        2> 2 errors in 3 files
        status 1
    "#]]);
}

#[test]
fn a_root_has_a_configuration() {
    debian(SLIP).run("check --format short --root .", expect![[r#"
        ./etc/supervisor/conf.d/web.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 1 error in 3 files, 1 fixable with --fix
        status 1
    "#]]);
}

#[cfg(unix)]
#[test]
fn nothing_outside_is_read() {
    let folder = Folder::new(&[
        ("in/supervisord.conf", "[supervisord]\n[supervisorctl]\n[include]\nfiles=../out/*.conf conf.d/*.conf\n"),
        ("out/web.conf", SLIP),
        ("in/conf.d/fine.conf", WEB),
    ]);
    folder.link("in/conf.d/web.conf", folder.path("out/web.conf"));
    folder.run(
        "check --format short in",
        expect![[r#"
        2> no problems in 2 files
        status 0
    "#]],
    );
    folder.run(
        "check --format short in/supervisord.conf",
        expect![[r#"
        2> no problems in 2 files
        status 0
    "#]],
    );
    folder.run(
        "check --format short .",
        expect![[r#"
        in/conf.d/fine.conf:2:1: hint: command= is set twice: this value has no effect [duplicate-setting]
        in/conf.d/web.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        out/web.conf:3:1: error: unknown key autorestrat= in section [program:web] [unknown-directive]
        2> 2 errors, 1 hint in 4 files, 2 fixable with --fix
        status 1
    "#]],
    );
}

#[test]
fn files_are_laid_out_alike() {
    let folder = Folder::new(&[
        ("supervisord.conf", "[supervisord]\n\n\n\nlogfile = /tmp/a\n[include]\nfiles=more/*.conf\n"),
        ("more/web.conf", "[program:web]\ncommand = /usr/bin/webd\n   --port 80\n"),
    ]);
    folder.run(
        "fmt --check .",
        expect![[r#"
        more/web.conf
        supervisord.conf
        2> 2 of 2 files would be formatted
        status 1
    "#]],
    );
    folder.run(
        "fmt .",
        expect![[r#"
        2> 2 of 2 files formatted
        status 0
    "#]],
    );
    folder.run(
        "fmt --check .",
        expect![[r#"
        2> 2 files, nothing to format
        status 0
    "#]],
    );
    expect![[r#"
        [supervisord]

        logfile=/tmp/a

        [include]
        files=more/*.conf
        --
        [program:web]
        command=/usr/bin/webd
           --port 80
    "#]]
    .assert_eq(&(folder.read("supervisord.conf") + "--\n" + &folder.read("more/web.conf")));
}
