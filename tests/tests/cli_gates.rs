//! What svlsp is put into: code scanning services and pre-commit.

mod cli_harness;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cli_harness::Folder;
use svlsp_tests::product;

/// Validates JSON on standard input against the schema that is the argument.
const VALIDATE: &str = "\
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
validator = jsonschema.validators.validator_for(schema)(schema)
problems = [f'{error.json_path}: {error.message}' for error in validator.iter_errors(json.load(sys.stdin))]
sys.exit('\\n'.join(problems) or 0)";

/// Something that `cargo xtask tools` installs.
fn tool(path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
    let tool = target.join("tools").join(path);
    assert!(tool.exists(), "{} is missing: run `cargo xtask tools` first", tool.display());
    tool
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

#[test]
fn sarif_follows_its_schema() {
    let folder = Folder::new(&[
        ("ü x.service", "[Service]\nRestrat=no\n"),
        ("empty.service", ""),
        (
            "supervisord.conf",
            "[supervisord]\n[program:ü]\ncommand=/bin/a\ncomand=/bin/b\n[include]\nfiles=conf.d/* a.conf\n",
        ),
        ("conf.d/web.conf", "[program:web]\ncommand=a\nnumprocs=2\n[program:ü]\ncommand=b\n"),
    ]);
    let examples = root().join("examples");
    for arguments in [&["."][..], &[&*examples.to_string_lossy(), "gone.service"], &["--select", "all", "."]] {
        let log = folder.svlsp(&[&["check", "--format", "sarif"], arguments].concat()).output().expect("svlsp runs");
        folder.write("log.sarif", &log.stdout);
        let output = Command::new(tool("python/bin/python"))
            .args(["-c", VALIDATE])
            .arg(tool("sarif/package/lib/schemas/sarif-2.1.0-rtm.5.json"))
            .stdin(fs::File::open(folder.path("log.sarif")).expect("the log is there"))
            .output()
            .expect("Python runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let log = String::from_utf8_lossy(&log.stdout);
        let of_supervisord = ["supervisord.conf", "conf.d/web.conf", "missing-include", "missing-process-num"];
        let is_told = |what: &&str| log.contains(*what);
        assert!(!arguments.contains(&".") || of_supervisord.iter().all(is_told), "{arguments:?}: {log}");
    }
}

#[test]
fn pre_commit_stops_bad_units() {
    let hooks = Folder::new(&[]);
    copy(root(), &hooks.path(""));
    commit(&hooks.path(""));
    let units = Folder::new(&[
        ("good.service", "[Service]\nExecStart=/bin/true\n"),
        ("good.service.d/limits.conf", "[Service]\nNice=5\n"),
        ("notes.conf", "Restrat=no\n"),
    ]);
    commit(&units.path(""));
    for hook in ["svlsp-check", "svlsp-check-system"] {
        let run = |units: &Folder| pre_commit(units, &hooks, hook);
        let good = run(&units);
        let text = String::from_utf8_lossy(&good.stdout);
        assert!(good.status.success(), "{hook}: {text}{}", String::from_utf8_lossy(&good.stderr));
        assert!(text.contains("Passed"), "{hook}: {text}");
        for (path, text) in [
            ("bad.service", "[Service]\nExecStart=/bin/true\nRestrat=no\n"),
            ("good.service.d/slip.conf", "[Service]\nNise=5\n"),
            ("socket.d/slip.conf", "[Socket]\nBacklogg=5\n"),
            ("sub/bad@.timer", "[Timer]\nOnCalender=daily\n"),
            ("supervisord.conf", "[supervisord]\nlogfle=/a\n"),
            ("supervisor/conf.d/web.conf", "[program:web]\ncommand=/bin/true\nuzer=a\n"),
        ] {
            units.write(path, text);
            git(&units.path(""), &["add", "--all"]);
            let bad = run(&units);
            let text = String::from_utf8_lossy(&bad.stdout);
            assert_eq!(bad.status.code(), Some(1), "{hook}, {path}: {text}");
            assert!(text.contains("unknown-directive") && text.contains(path), "{hook}, {path}: {text}");
            fs::remove_file(units.path(path)).expect("a file can be removed");
            git(&units.path(""), &["add", "--all"]);
        }
    }
}

/// Runs one of the hooks on all files of a repository.
fn pre_commit(units: &Folder, hooks: &Folder, hook: &str) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let programs = product::binary().parent().expect("the program lies in target");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path)));
    Command::new(tool("python/bin/pre-commit"))
        .args(["try-repo", "--all-files", "--verbose"])
        .arg(hooks.path(""))
        .arg(hook)
        .current_dir(units.path(""))
        .env("PATH", path.expect("no directory has a colon"))
        .env("PRE_COMMIT_HOME", hooks.path("target/pre-commit"))
        .env("PRE_COMMIT_COLOR", "never")
        // The hook builds svlsp as users' do, only faster.
        .env("CARGO_TARGET_DIR", target.join("pre-commit-target"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .output()
        .expect("pre-commit runs")
}

/// Copies a directory, without what is built or isn't ours.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("a directory can be read") {
        let entry = entry.expect("a directory can be read");
        let (name, kind) = (entry.file_name(), entry.file_type().expect("an entry has a type"));
        if [".git", "target", "dist", "node_modules"].iter().any(|skipped| name == *skipped) {
            continue;
        }
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a link can be read");
            std::os::unix::fs::symlink(target, to.join(name)).expect("a link can be made");
        } else if kind.is_dir() {
            copy(&entry.path(), &to.join(name));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name)).expect("a file can be copied");
        }
    }
}

/// Makes a repository of a directory.
fn commit(folder: &Path) {
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "all"]);
}

fn git(folder: &Path, arguments: &[&str]) {
    let options = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").args(options).args(arguments).current_dir(folder).status();
    assert!(status.expect("git runs").success(), "git {arguments:?}");
}
