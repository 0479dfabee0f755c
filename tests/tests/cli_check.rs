//! `svlsp check`: what is checked, and how it ends.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const SLIP: &str = "[Service]\nExecStart=/bin/true\nRestrat=no\n";
const GOOD: &str = "[Service]\nExecStart=/bin/true\n";
const OLD: &str = "[Service]\nExecStart=/bin/true\nStandardOutput=syslog\n";
const LEFT: &str = "[Service]\n# svlsp: ignore[unknown-directive]\nExecStart=/bin/true\n";

fn one() -> Folder {
    Folder::new(&[("a.service", SLIP)])
}

#[test]
fn a_finding_fails() {
    one().run(
        "check --format short a.service",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
    Folder::new(&[("a.service", GOOD)]).run(
        "check --format short",
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
}

#[test]
fn the_level_to_fail_on_is_a_choice() {
    let folder = Folder::new(&[("old.service", OLD), ("left.service", LEFT)]);
    folder.run(
        "check -q --format short --fail-on error",
        expect![[r#"
        left.service:2:17: hint: nothing here for unknown-directive to find [unused-ignore]
        old.service:3:16: warning: "syslog" is only an old name of "journal" [deprecated-value]
        status 0
    "#]],
    );
    folder.run(
        "check -q --format short --fail-on warning",
        expect![[r#"
        left.service:2:17: hint: nothing here for unknown-directive to find [unused-ignore]
        old.service:3:16: warning: "syslog" is only an old name of "journal" [deprecated-value]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --fail-on hint left.service",
        expect![[r#"
        left.service:2:17: hint: nothing here for unknown-directive to find [unused-ignore]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short left.service",
        expect![[r#"
        left.service:2:17: hint: nothing here for unknown-directive to find [unused-ignore]
        status 0
    "#]],
    );
    folder.run(
        "check --fail-on never",
        expect![[r#"
        2> error: invalid value 'never' for '--fail-on <LEVEL>'
        2>   [possible values: error, warning, hint]
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn directories_are_walked_and_ignore_files_respected() {
    let folder = Folder::new(&[
        ("a.service", SLIP),
        ("b/c/d.service", SLIP),
        ("b/d.service.d/x.conf", "[Service]\nRestrat=no\n"),
        (".config/systemd/user/e.service", SLIP),
        ("b/notes.txt", "hello"),
        ("b/x.conf", "not a drop-in"),
        (".git/hooks/f.service", SLIP),
        ("out/g.service", SLIP),
        (".ignore", "out/\n"),
    ]);
    folder.run(
        "check --format short",
        expect![[r#"
        .config/systemd/user/e.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        b/c/d.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        b/d.service.d/x.conf:2:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 4 errors in 4 files, 4 fixable with --fix
        status 1
    "#]],
    );
    folder.run(
        "check --format short b/c out/g.service b",
        expect![[r#"
        b/c/d.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        b/d.service.d/x.conf:2:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        out/g.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 3 errors in 3 files, 3 fixable with --fix
        status 1
    "#]],
    );
    folder.run(
        "check --format short out",
        expect![[r#"
        out/g.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
}

#[test]
fn a_unit_is_seen_with_its_drop_ins() {
    let folder = Folder::new(&[
        ("a.service", "[Service]\nExecStart=/bin/true\n"),
        ("a.service.d/x.conf", "[Service]\nExecStart=/bin/false\n"),
    ]);
    folder.run("check -q --format short", expect![[r#"
        a.service.d/x.conf:2:11: error: this adds a second command to ExecStart=, and a service of Type=simple can have only one [exec-start-not-reset]
        status 1
    "#]]);
    folder.run("check -q --format short a.service a.service.d/x.conf", expect![[r#"
        a.service.d/x.conf:2:11: error: this adds a second command to ExecStart=, and a service of Type=simple can have only one [exec-start-not-reset]
        status 1
    "#]]);
    // Nothing outside the given paths is read.
    folder.run(
        "check -q --format short a.service",
        expect![[r#"
        status 0
    "#]],
    );
}

#[test]
fn directories_of_one_search_path_are_seen_together() {
    let folder = Folder::new(&[
        ("usr/lib/systemd/system/a.service", "[Service]\nExecStart=/bin/true\n"),
        ("etc/systemd/system/a.service.d/x.conf", "[Service]\nExecStart=/bin/false\n"),
        ("elsewhere/a.service.d/x.conf", "[Service]\nExecStart=/bin/false\n"),
    ]);
    folder.run("check -q --format short", expect![[r#"
        etc/systemd/system/a.service.d/x.conf:2:11: error: this adds a second command to ExecStart=, and a service of Type=simple can have only one [exec-start-not-reset]
        status 1
    "#]]);
}

#[test]
fn the_first_directory_of_a_search_path_wins() {
    let folder = Folder::new(&[
        ("etc/systemd/system/a.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n"),
        ("usr/lib/systemd/system/a.service", "[Service]\nExecStart=/bin/true\n"),
        ("usr/lib/systemd/system/a.service.d/x.conf", "[Service]\nExecStart=/bin/false\n"),
    ]);
    folder.run(
        "check --format short",
        expect![[r#"
        2> no problems in 3 files
        status 0
    "#]],
    );
}

#[test]
fn user_units_are_read_by_a_user_manager() {
    // A user's manager has no network-online.target to wait for.
    let text =
        "[Unit]\nAfter=network-online.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=default.target\n";
    let folder = Folder::new(&[("user/a.service", text), ("system/a.service", text)]);
    folder.run("check -q --format short --select network-online-not-wanted", expect![[r#"
        system/a.service:2:7: warning: After=network-online.target waits for nothing without Wants=network-online.target [network-online-not-wanted]
        status 1
    "#]]);
}

#[test]
fn a_drop_in_directory_may_be_the_current_one() {
    let folder = Folder::new(&[("a.service.d/x.conf", "[Service]\nRestrat=no\n")]);
    let run = |arguments: &[&str]| {
        let mut command = folder.svlsp(arguments);
        folder.show(&command.current_dir(folder.path("a.service.d")).output().expect("it runs"))
    };
    let text = run(&["check", "-q", "--format", "short", "--select", "unknown-directive"]);
    expect![[r#"
        x.conf:2:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        status 1
    "#]]
    .assert_eq(&text);
    assert_eq!(run(&["check", "-q", "--format", "short", "--select", "unknown-directive", "x.conf"]), text);
}

#[test]
fn standard_input_has_a_name() {
    let folder = one();
    folder.run_with(
        "check --format short --stdin-filename x/b.service -",
        SLIP,
        expect![[r#"
        x/b.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        2> 1 error in 1 file, 1 fixable with --fix
        status 1
    "#]],
    );
    folder.run_with(
        "check --format short --stdin-filename b.service",
        GOOD,
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
    folder.run_with(
        "check --format short -",
        SLIP,
        expect![[r#"
        2> svlsp: standard input has no name; give one with --stdin-filename foo.service
        status 2
    "#]],
    );
    folder.run_with(
        "check --format short --stdin-filename notes.txt -",
        SLIP,
        expect![[r#"
            2> svlsp: --stdin-filename notes.txt is no unit file by its name, nor one of supervisord by its text
            status 2
        "#]],
    );
    folder.run_with(
        "check --fix --stdin-filename b.service -",
        SLIP,
        expect![[r#"
        2> svlsp: --fix changes files; for standard input there is --diff
        status 2
    "#]],
    );
    folder.run_with(
        "check --diff --stdin-filename b.service -",
        SLIP,
        expect![[r#"
        --- a/b.service
        +++ b/b.service
        @@ -1,3 +1,3 @@
         [Service]
         ExecStart=/bin/true
        -Restrat=no
        +Restart=no
        2> 1 error in 1 file, 1 would be fixed
        status 1
    "#]],
    );
    // It stands for the file of that name.
    folder.run_with(
        "check --format short --stdin-filename a.service - .",
        GOOD,
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
}

#[test]
fn rules_are_selected_and_ignored() {
    let folder = Folder::new(&[("a.service", "[Service]\nExecStart=/bin/true\nRestrat=no\n[Sevrice]\n")]);
    folder.run(
        "check -q --format short --select unknown-directive",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --select default --ignore unknown-directive,unknown-section",
        expect![[r#"
        status 0
    "#]],
    );
    folder.run(
        "check -q --format short --select missing-description,unknown-section",
        expect![[r#"
            a.service:1:1: hint: there is no Description= [missing-description]
            a.service:4:2: error: unknown section [Sevrice] [unknown-section]
            status 1
        "#]],
    );
    folder.run("check --select unknown-directiv", expect![[r#"
        2> error: invalid value 'unknown-directiv' for '--select <RULE>': no rule is called that; did you mean 'unknown-directive'?
        2> 
        2> For more information, try '--help'.
        status 2
    "#]]);
    folder.run(
        "check --ignore frobnicate",
        expect![[r#"
        2> error: invalid value 'frobnicate' for '--ignore <RULE>': no rule is called that; `svlsp explain` lists them
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn statistics_count_by_rule() {
    let folder = Folder::new(&[("a.service", "[Service]\nExecStart=/bin/true\nRestrat=no\nUesr=a\n[Sevrice]\n")]);
    folder.run(
        "check --format short --statistics",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        a.service:4:1: error: unknown directive Uesr= in section [Service] [unknown-directive]
        a.service:5:2: error: unknown section [Sevrice] [unknown-section]
        2> 2  error    unknown-directive
        2> 1  error    unknown-section
        2> 3 errors in 1 file, 2 fixable with --fix
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --statistics",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
        a.service:4:1: error: unknown directive Uesr= in section [Service] [unknown-directive]
        a.service:5:2: error: unknown section [Sevrice] [unknown-section]
        2> 2  error    unknown-directive
        2> 1  error    unknown-section
        status 1
    "#]],
    );
}

#[test]
fn a_version_is_a_number() {
    let folder = Folder::new(&[("a.service", "[Service]\nType=notify-reload\nExecStart=/bin/true\n")]);
    folder.run(
        "check -q --format short --systemd-version 252 --select invalid-value",
        expect![[r#"
        a.service:2:6: error: Type=notify-reload needs systemd 253, the target is 252 [invalid-value]
        status 1
    "#]],
    );
    folder.run(
        "check -q --format short --systemd-version v253.4-1 --select invalid-value",
        expect![[r#"
        status 0
    "#]],
    );
    folder.run(
        "check --systemd-version bookworm",
        expect![[r#"
        2> error: invalid value 'bookworm' for '--systemd-version <VERSION>': expected a number, such as 252
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[test]
fn nothing_to_check_is_told() {
    Folder::new(&[("notes.txt", "")]).run(
        "check",
        expect![[r#"
        2> no unit files found
        status 0
    "#]],
    );
}

#[test]
fn one_thread_or_many_say_the_same() {
    let files: Vec<(String, String)> = (0..300)
        .map(|n| (format!("{}/u{n}.service", n % 7), format!("[Service]\nExecStart=/bin/true\nNo{n}=1\n")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let folder = Folder::new(&files);
    let run =
        |threads| folder.show(&folder.svlsp(&["check", "--format", "short", "-j", threads]).output().expect("it runs"));
    let alone = run("1");
    assert_eq!(alone.lines().filter(|line| line.contains("unknown-directive")).count(), 300);
    for threads in ["2", "3", "8"] {
        assert_eq!(run(threads), alone);
    }
}

#[cfg(unix)]
mod links {
    use super::*;

    #[test]
    fn links_are_aliases_masks_and_dependencies() {
        let folder = Folder::new(&[("a.service", SLIP), ("sub/real.in", SLIP)]);
        folder.link("alias.service", "a.service");
        folder.link("masked.service", "/dev/null");
        folder.link("multi-user.target.wants/a.service", "../a.service");
        folder.link("linked.service", "sub/real.in");
        folder.link("round.service", "round.service");
        folder.run(
            "check --format short --select unknown-directive",
            expect![[r#"
                a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
                linked.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
                2> 2 errors in 2 files, 2 fixable with --fix; 1 symbolic link to elsewhere not followed
                status 1
            "#]],
        );
    }

    #[test]
    fn links_out_of_the_given_paths_are_not_followed() {
        let folder = Folder::new(&[("outside/a.service", SLIP), ("outside/x.conf", SLIP), ("in/b.service", GOOD)]);
        folder.link("in/a.service", "../outside/a.service");
        folder.link("in/b.service.d", "../outside");
        folder.run(
            "check --format short in",
            expect![[r#"
                2> no problems in 1 file; 2 symbolic links to elsewhere not followed
                status 0
            "#]],
        );
        // A link that is named is meant.
        folder.run(
            "check --format short in/a.service",
            expect![[r#"
            in/a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
            2> 1 error in 1 file, 1 fixable with --fix
            status 1
        "#]],
        );
    }

    #[test]
    fn a_root_stands_for_the_whole_disk() {
        let folder = Folder::new(&[
            ("image/usr/lib/systemd/system/a.service", SLIP),
            ("image/opt/b.service", SLIP),
            ("image/elsewhere/c.service", SLIP),
            ("secret.service", SLIP),
        ]);
        folder.link("image/lib", "usr/lib");
        folder.link("image/etc/systemd/system/b.service", "/opt/b.service");
        folder.link("image/etc/systemd/system/up.service", "../../../../secret.service");
        folder.link("image/etc/systemd/system/out.service", folder.path("secret.service"));
        folder.link("image/etc/systemd/system/mask.service", "/dev/null");
        folder.run("check --format short --root image", expect![[r#"
            image/etc/systemd/system/b.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
            image/lib/systemd/system/a.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
            2> 2 errors in 2 files, 2 fixable with --fix; 2 symbolic links to elsewhere not followed
            status 1
        "#]]);
        folder.run(
            "check --format short --root image image/elsewhere",
            expect![[r#"
            image/elsewhere/c.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
            2> 1 error in 1 file, 1 fixable with --fix
            status 1
        "#]],
        );
        folder.run(
            "check --root nowhere",
            expect![[r#"
            2> svlsp: --root nowhere: is no directory
            status 2
        "#]],
        );
        folder.run(
            "check --root image --system",
            expect![[r#"
            2> error: the argument '--root <DIR>' cannot be used with '--system'
            2> 
            2> Usage: svlsp check --root <DIR> [PATH]...
            2> 
            2> For more information, try '--help'.
            status 2
        "#]],
        );
    }

    #[test]
    fn a_broken_pipe_ends_quietly() {
        let folder = one();
        let mut child = folder
            .svlsp(&["check"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
