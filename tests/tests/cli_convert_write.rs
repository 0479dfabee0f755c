//! `svlsp convert`: what is written, what is left alone.
#![cfg(unix)]

mod cli_harness;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use cli_harness::Folder;
use expect_test::{Expect, expect};
use svlsp::workspace::write::{Action, Made, Writer};
use svlsp_core::backends::Directory;
use svlsp_core::fate::Backend;
use svlsp_core::units::UnitName;

const GOOD: &str = "[Service]\nExecStart=/usr/bin/d\n";
const LOGLESS: &str = "[Service]\nExecStart=/usr/bin/e\nStandardOutput=null\nStandardError=null\n";

fn run(folder: &Folder, arguments: &str, expect: Expect) {
    folder.run(&format!("convert -q --to runit --out sv {arguments}"), expect);
}

fn done() -> Expect {
    expect![[r#"
        status 0
    "#]]
}

/// A folder with `a.service` and what it has become.
fn converted() -> Folder {
    let folder = Folder::new(&[("a.service", GOOD), ("b.service", GOOD)]);
    run(&folder, "a.service", done());
    folder
}

fn mode(folder: &Folder, path: &str) -> u32 {
    fs::symlink_metadata(folder.path(path)).unwrap().permissions().mode() & 0o7777
}

/// Everything below `sv`, apart from what is in directories of services.
fn services(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("sv")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn scripts_can_be_run_and_nothing_else_is_left() {
    let folder = converted();
    assert_eq!(mode(&folder, "sv/a/run"), 0o755);
    assert_eq!(mode(&folder, "sv/a/.svlsp"), 0o644);
    assert_eq!(services(&folder), ["a"]);
    run(&folder, "b.service", done());
    assert_eq!(services(&folder), ["a", "b"]);
    let script = "umask 077; exec \"$0\" convert -q --to runit --out masked a.service";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script]).arg(svlsp_tests::product::binary()).current_dir(folder.path(""));
    assert!(shell.status().unwrap().success());
    assert_eq!((mode(&folder, "masked/a/run"), mode(&folder, "masked/a/.svlsp")), (0o755, 0o644));
}

#[test]
fn a_directory_of_ours_is_updated_in_place() {
    let folder = converted();
    let inode = |path: &str| fs::metadata(folder.path(path)).unwrap().ino();
    let (directory, tool) = (inode("sv/a"), inode("sv/a/finish"));
    folder.write("sv/a/supervise/status", "x");
    folder.write("sv/a/down", "");
    folder.write("a.service", GOOD.replace("/usr/bin/d", "/usr/bin/e"));
    run(&folder, "a.service", done());
    assert!(folder.read("sv/a/run").contains("/usr/bin/e"));
    assert_eq!((inode("sv/a"), inode("sv/a/finish")), (directory, tool), "what needn't be written isn't");
    assert_eq!(folder.read("sv/a/supervise/status"), "x");
    assert!(folder.path("sv/a/down").exists());
    assert_eq!(services(&folder), ["a"]);
}

#[test]
fn what_is_stale_goes() {
    let folder = converted();
    assert!(folder.path("sv/a/log/run").exists());
    folder.write("a.service", LOGLESS);
    run(&folder, "a.service", done());
    assert!(!folder.path("sv/a/log").exists());
    folder.write("a.service", GOOD);
    run(&folder, "a.service", done());
    folder.write("sv/a/log/supervise/lock", "");
    folder.write("a.service", LOGLESS);
    run(&folder, "a.service", done());
    assert!(!folder.path("sv/a/log/run").exists() && folder.path("sv/a/log/supervise/lock").exists());
}

#[test]
fn what_somebody_has_changed_is_left_alone() {
    let folder = converted();
    run(&folder, "a.service b.service", done());
    folder.write("sv/a/run", "#!/bin/sh\nexec mine\n");
    folder.write("b.service", GOOD.replace("/usr/bin/d", "/usr/bin/e"));
    run(
        &folder,
        "a.service b.service",
        expect![[r#"
        2> svlsp: sv/a: has been changed since svlsp wrote it: run; --force overwrites that, --diff shows it
        2> nothing written
        status 2
    "#]],
    );
    assert!(folder.read("sv/a/run").contains("mine") && folder.read("sv/b/run").contains("/usr/bin/d"));
    run(&folder, "--force a.service b.service", done());
    assert!(folder.read("sv/a/run").contains("/usr/bin/d") && folder.read("sv/b/run").contains("/usr/bin/e"));
    fs::remove_file(folder.path("sv/a/run")).unwrap();
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: has been changed since svlsp wrote it: run; --force overwrites that, --diff shows it
        2> nothing written
        status 2
    "#]],
    );
    run(&folder, "--force a.service", done());
    fs::set_permissions(folder.path("sv/a/run"), fs::Permissions::from_mode(0o644)).unwrap();
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: has been changed since svlsp wrote it: run; --force overwrites that, --diff shows it
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn what_somebody_else_wrote_is_left_alone() {
    let folder =
        Folder::new(&[("a.service", GOOD), ("sv/a/run", "mine"), ("sv/a/conf", "mine"), ("sv/a/supervise/lock", "")]);
    folder.write("sv/a/log/main/current", "");
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: is there and not written by svlsp; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
    assert_eq!(folder.read("sv/a/run"), "mine");
    run(&folder, "--force a.service", done());
    assert!(!folder.path("sv/a/conf").exists() && folder.path("sv/a/log/main/current").exists());
    assert!(folder.path("sv/a/supervise/lock").exists());
    run(&folder, "a.service", done());
}

#[test]
fn another_unit_or_supervisor_is_told_apart() {
    let folder = converted();
    let stamp = folder.read("sv/a/.svlsp");
    folder.write("sv/a/.svlsp", stamp.replace("unit a.service", "unit other.service"));
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: was made from other.service; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
    folder.write("sv/a/.svlsp", stamp.replace("backend runit", "backend s6"));
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: was made for s6; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
    folder.write("sv/a/.svlsp", "gibberish");
    run(
        &folder,
        "a.service",
        expect![[r#"
        2> svlsp: sv/a: is there and not written by svlsp; --force replaces it
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn a_directory_that_the_unit_had_before_goes() {
    let folder = converted();
    run(&folder, "b.service", done());
    // As if a.service had once become b, too.
    let stamp = folder.read("sv/a/.svlsp");
    folder.write("sv/a/.svlsp", stamp.replace("with a", "with a b c ../../a.service"));
    run(&folder, "a.service", done());
    assert_eq!(services(&folder), ["a", "b"], "b is of b.service");
    folder.write("sv/a/.svlsp", stamp.replace("with a", "with a b"));
    let theirs = folder.read("sv/b/.svlsp");
    folder.write("sv/b/.svlsp", theirs.replace("unit b.service", "unit a.service"));
    run(&folder, "a.service", done());
    assert_eq!(services(&folder), ["a"]);
}

#[test]
fn no_link_is_followed() {
    let folder = Folder::new(&[("a.service", GOOD), ("elsewhere/x", ""), ("sv/x", "")]);
    folder.link("sv/a", "../elsewhere");
    run(
        &folder,
        "--force a.service",
        expect![[r#"
        2> svlsp: sv/a: is a symbolic link to ../elsewhere, which isn't followed
        2> nothing written
        status 2
    "#]],
    );
    fs::remove_file(folder.path("sv/a")).unwrap();
    run(&folder, "a.service", done());
    fs::remove_dir_all(folder.path("sv/a/log")).unwrap();
    folder.link("sv/a/log", "../../elsewhere");
    run(
        &folder,
        "--force a.service",
        expect![[r#"
        2> svlsp: sv/a/log/run: isn't written, as log is a symbolic link, which isn't followed
        2> nothing written
        status 2
    "#]],
    );
    fs::remove_dir_all(folder.path("sv/a")).unwrap();
    folder.write("sv/a", "");
    run(
        &folder,
        "--force a.service",
        expect![[r#"
        2> svlsp: sv/a: is there and no directory
        2> nothing written
        status 2
    "#]],
    );
    assert_eq!(fs::read_dir(folder.path("elsewhere")).unwrap().count(), 1);
}

#[test]
fn a_file_in_the_way_stays_a_file() {
    let folder = converted();
    fs::remove_file(folder.path("sv/a/run")).unwrap();
    folder.write("sv/a/run/x", "");
    run(
        &folder,
        "--force a.service",
        expect![[r#"
        2> svlsp: sv/a/run: is a directory, where a file shall be
        2> nothing written
        status 2
    "#]],
    );
}

#[test]
fn no_name_leads_out_of_the_directory() {
    let folder =
        Folder::new(&[("..service", GOOD), ("...service", GOOD), (".hidden.service", GOOD), ("a.service", GOOD)]);
    run(
        &folder,
        "..service a.service",
        expect![[r#"
            2> svlsp: ..service: would become ".", at which no supervisor looks, as it begins with a dot
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        "...service a.service",
        expect![[r#"
            2> svlsp: ...service: would become "..", at which no supervisor looks, as it begins with a dot
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        ".hidden.service a.service",
        expect![[r#"
            2> svlsp: .hidden.service: would become ".hidden", at which no supervisor looks, as it begins with a dot
            2> nothing written
            status 2
        "#]],
    );
    run(
        &folder,
        "sub/../../a.service",
        expect![[r#"
        2> svlsp: sub/../../a.service: No such file or directory (os error 2)
        2> nothing written
        status 2
    "#]],
    );
    assert!(!folder.path("sv").exists() && !folder.path("run").exists());
}

#[test]
fn where_nothing_can_be_written_nothing_is() {
    let folder = Folder::new(&[("a.service", GOOD), ("file", "")]);
    folder.run(
        "convert -q --to runit --out file a.service",
        expect![[r#"
            2> svlsp: file: is no directory
            2> nothing written
            status 2
        "#]],
    );
    folder.run(
        "convert -q --to runit --out new/../file/sv a.service",
        expect![[r#"
        2> svlsp: new/../file/sv: File exists (os error 17)
        2> nothing written
        status 2
    "#]],
    );
    assert!(!folder.path("new").exists(), "what was made on the way is gone");
    folder.run("convert -q --to runit --out deep/er/sv a.service", done());
    assert!(folder.path("deep/er/sv/a/run").exists());
}

#[test]
fn a_bundle_of_somebody_else_is_only_added_to() {
    let folder = Folder::new(&[("a.service", &format!("{GOOD}[Install]\nWantedBy=multi-user.target\n"))]);
    let convert = |expect| folder.run("convert -q --to s6-rc --out sv a.service", expect);
    convert(done());
    for path in ["sv/default/.svlsp", "sv/default/contents.d/a"] {
        fs::remove_file(folder.path(path)).unwrap();
    }
    folder.write("sv/default/contents.d/other", "");
    convert(done());
    assert!(folder.path("sv/default/contents.d/a").exists() && folder.path("sv/default/contents.d/other").exists());
    folder.write("sv/default/type", "longrun\n");
    convert(expect![[r#"
        2> svlsp: sv/default/type: is there with something else in it; --force overwrites it
        2> nothing written
        status 2
    "#]]);
    fs::remove_dir_all(folder.path("sv/default")).unwrap();
    folder.link("sv/default", "../elsewhere");
    convert(expect![[r#"
        2> svlsp: sv/default: is a symbolic link to ../elsewhere, which isn't followed
        2> nothing written
        status 2
    "#]]);
    assert!(!folder.path("elsewhere").exists());
}

#[test]
fn a_down_file_is_a_switch() {
    let folder = Folder::new(&[]);
    let unit = UnitName::parse("a.service").unwrap();
    let mut directory = Directory { name: "a".to_owned(), ..Directory::default() };
    directory.script("run", "#!/bin/sh\n");
    directory.text("down", "");
    let made = [Made { unit: &unit, from: "", directories: std::slice::from_ref(&directory) }];
    let out = folder.path("sv");
    let writer = Writer { out: &out, backend: Backend::Runit, force: false, threads: 1 };
    assert!(writer.survey(&made).commit().is_ok());
    fs::remove_file(out.join("a/down")).unwrap();
    let survey = writer.survey(&made);
    assert!(survey.refusals.is_empty() && survey.changes[0].action == Action::Keep, "{survey:?}");
    fs::remove_file(out.join("a/run")).unwrap();
    assert_eq!(writer.survey(&made).refusals.len(), 1);
}

#[test]
fn what_was_interrupted_can_be_finished() {
    let folder = converted();
    let stamp = folder.read("sv/a/.svlsp");
    folder.write("a.service", GOOD.replace("/usr/bin/d", "/usr/bin/e"));
    run(&folder, "a.service", done());
    // As if the power had failed before the stamp was written.
    folder.write("sv/a/.svlsp", stamp);
    run(&folder, "a.service", done());
    assert_eq!(services(&folder), ["a"]);
}

#[test]
fn a_bundle_may_be_of_several_units() {
    let wanted = format!("{GOOD}[Install]\nWantedBy=some.target\n");
    let folder = Folder::new(&[("a.service", &wanted), ("b.service", &wanted), ("some.target", "")]);
    folder.write("some.target", "[Unit]\nDescription=Some\n");
    let convert = |units: &str| folder.run(&format!("convert -q --to s6-rc --out sv {units}"), done());
    let bundle = || {
        let entries = fs::read_dir(folder.path("sv")).unwrap().flat_map(|entry| {
            let folder = entry.unwrap().path().join("contents.d");
            fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap())
        });
        let mut names: Vec<_> = entries.collect();
        names.sort();
        names.join(" ")
    };
    convert("some.target a.service b.service");
    let together = bundle();
    assert!(together.starts_with("a b"), "{together}");
    fs::remove_dir_all(folder.path("sv")).unwrap();
    convert("a.service b.service");
    let apart = bundle();
    convert("a.service b.service");
    assert_eq!(bundle(), apart);
    folder.write("a.service", GOOD);
    convert("a.service");
    assert_eq!(bundle(), apart.replacen("a ", "", 1));
}
