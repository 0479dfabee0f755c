//! `docs/supervisord.md`: its commands work, and it leaves none of supervisorctl's out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use svlsp_tests::product;

/// What `supervisorctl help` lists, but for what is about supervisorctl itself.
const COMMANDS: [&str; 15] = [
    "add", "clear", "fg", "maintail", "pid", "remove", "reread", "restart", "shutdown", "signal", "start", "status",
    "stop", "tail", "update",
];

#[test]
fn the_commands_work() {
    let mut ran = 0;
    for line in page().lines().filter(|line| line.starts_with("svlsp ")) {
        let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let out = scratch.path().join("out");
        let mut words: Vec<String> = line
            .split_whitespace()
            .skip(1)
            .map(|word| word.replace("/etc/supervisor/", "examples/supervisord/"))
            .collect();
        if let Some(at) = words.iter().position(|word| word == "--out") {
            words[at + 1] = out.display().to_string();
        }
        let output = Command::new(product::binary()).args(&words).current_dir(root()).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(words[0] != "convert" || out.is_dir(), "{line} writes nothing");
        ran += 1;
    }
    assert!(ran >= 6, "{ran} commands are found");
}

#[test]
fn every_command_of_supervisorctl_is_there() {
    let page = page();
    let rows: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| `")).collect();
    for command in COMMANDS {
        let is_of = |row: &&&str| row.split(['`', ' ']).next() == Some(command);
        let row = rows.iter().find(is_of).unwrap_or_else(|| panic!("{command} isn't in the table"));
        assert_eq!(row.matches(" | ").count(), 5, "{command}: one cell for each supervisor");
    }
}

fn page() -> String {
    fs::read_to_string(root().join("docs/supervisord.md")).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
