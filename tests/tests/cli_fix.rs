//! `--fix` and `--diff`.

mod cli_harness;

use cli_harness::Folder;
use expect_test::expect;

const SLIPS: &str = "[Unit]\nDescripton=a\n[Sevrice]\nExecStart=/bin/true\nRestrat=no\n";

#[test]
fn fixes_are_applied_until_nothing_is_left() {
    // The directives of the section are only known once it is mended.
    let folder = Folder::new(&[("a.service", "[Sevrice]\nExecStrat=/bin/true\n")]);
    folder.run(
        "check --fix --format short",
        expect![[r#"
        2> no problems in 1 file, 2 fixed
        status 0
    "#]],
    );
    expect![[r#"
        [Service]
        ExecStart=/bin/true
    "#]]
    .assert_eq(&folder.read("a.service"));
    folder.run(
        "check --fix --format short",
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
}

#[test]
fn a_diff_changes_nothing() {
    let folder = Folder::new(&[("sub/a.service", SLIPS), ("sub/b.service", "[Service]\nExecStart=/bin/true\n")]);
    folder.run(
        "check --diff",
        expect![[r#"
            --- a/sub/a.service
            +++ b/sub/a.service
            @@ -1,5 +1,5 @@
             [Unit]
            -Descripton=a
            -[Sevrice]
            +Description=a
            +[Service]
             ExecStart=/bin/true
            -Restrat=no
            +Restart=no
            2> 3 errors in 2 files, 3 would be fixed
            status 1
        "#]],
    );
    assert_eq!(folder.read("sub/a.service"), SLIPS);
}

#[test]
fn line_ends_and_marks_stay() {
    let folder = Folder::new(&[(
        "a.service",
        "\u{feff}[Service]\r\nExecStrat=/bin/true\r\n# svlsp: ignore[unknown-section]\r\nUser=a\r\n",
    )]);
    folder.run(
        "check --fix -q --format short",
        expect![[r#"
        status 0
    "#]],
    );
    assert_eq!(folder.read("a.service"), "\u{feff}[Service]\r\nExecStart=/bin/true\r\nUser=a\r\n");
}

#[test]
fn only_what_is_selected_is_fixed() {
    let folder = Folder::new(&[("a.service", SLIPS)]);
    folder.run(
        "check --fix -q --select unknown-section",
        expect![[r#"
        status 0
    "#]],
    );
    expect![[r#"
        [Unit]
        Descripton=a
        [Service]
        ExecStart=/bin/true
        Restrat=no
    "#]]
    .assert_eq(&folder.read("a.service"));
}

#[test]
fn what_is_silenced_is_not_fixed() {
    let text = "[Service]\nExecStart=/bin/true\n# svlsp: ignore[unknown-directive]\nRestrat=no\n";
    let folder = Folder::new(&[("a.service", text)]);
    folder.run(
        "check --fix",
        expect![[r#"
        2> no problems in 1 file
        status 0
    "#]],
    );
    assert_eq!(folder.read("a.service"), text);
}

#[test]
fn what_is_only_likely_is_not_fixed() {
    let text = "[Service]\nExecStart=/bin/true\nCapabilityBoundingSet=CAP_NET_RAWW\n";
    let folder = Folder::new(&[("a.service", text)]);
    folder.run(
        "check --fix -q --format short",
        expect![[r#"
        a.service:3:23: warning: there is no capability "CAP_NET_RAWW" [doubtful-value]
        status 1
    "#]],
    );
    assert_eq!(folder.read("a.service"), text);
}

#[test]
fn no_value_is_lost_on_the_way() {
    // Two slips of one name; a line that is idle only once another one is mended.
    let slips = "[Service]\nExecStart=/bin/true\nRestrt=no\nRestar=always\nTyep=oneshot\nRuntimeMaxSec=5\n";
    let config = "[supervisord]\n[program:a]\ncomand=/bin/a\ncommnd=/bin/b\n";
    let folder = Folder::new(&[("a.service", slips), ("supervisord.conf", config)]);
    folder.run(
        "check --fix --format short",
        expect![[r#"
        a.service:3:1: error: unknown directive Restrt= in section [Service] [unknown-directive]
        a.service:4:1: error: unknown directive Restar= in section [Service] [unknown-directive]
        a.service:6:1: warning: RuntimeMaxSec= has no effect with Type=oneshot [no-effect]
        supervisord.conf:2:1: error: [program:a] needs command=: supervisord doesn't start [missing-setting]
        supervisord.conf:3:1: error: unknown key comand= in section [program:a] [unknown-directive]
        supervisord.conf:4:1: error: unknown key commnd= in section [program:a] [unknown-directive]
        2> 5 errors, 1 warning in 2 files, 1 fixed
        status 1
    "#]],
    );
    assert_eq!(folder.read("a.service"), slips.replace("Tyep", "Type"));
    assert_eq!(folder.read("supervisord.conf"), config);
}

#[test]
fn fix_and_diff_exclude_each_other() {
    Folder::new(&[]).run(
        "check --fix --diff",
        expect![[r#"
        2> error: the argument '--fix' cannot be used with '--diff'
        2> 
        2> Usage: svlsp check --fix [PATH]...
        2> 
        2> For more information, try '--help'.
        status 2
    "#]],
    );
}

#[cfg(unix)]
#[test]
fn the_mode_stays_and_links_are_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("in/a.service", SLIPS), ("outside.service", SLIPS)]);
    folder.link("in/b.service", "../outside.service");
    std::fs::set_permissions(folder.path("in/a.service"), PermissionsExt::from_mode(0o640)).expect("a mode can be set");
    folder.run(
        "check --fix -q --format short in/a.service in/b.service",
        expect![[r#"
        2> svlsp: in/b.service: not fixed: it is a symbolic link; name the file that it leads to
        status 2
    "#]],
    );
    let mode = std::fs::metadata(folder.path("in/a.service")).expect("the file is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(folder.read("outside.service"), SLIPS);
    assert!(std::fs::read_link(folder.path("in/b.service")).is_ok());
    let left: Vec<_> = std::fs::read_dir(folder.path("in")).expect("a directory").collect();
    assert_eq!(left.len(), 2, "no temporary file is left: {left:?}");
}
