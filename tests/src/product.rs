//! The svlsp program, as a user runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// One line of `svlsp check --format short`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as svlsp names it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// The rule that says so.
    pub rule: String,
}

/// The program, built in the profile of the tests.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "svlsp"]).status();
        assert!(build.expect("cargo runs").success(), "svlsp doesn't build");
        // The tests lie in target/PROFILE/deps.
        let tests = std::env::current_exe().expect("a test has a path");
        tests.parent().and_then(Path::parent).expect("a test lies in target").join("svlsp")
    })
}

/// What `svlsp check` finds in `folder` and below, run with these further arguments.
pub fn check(folder: &Path, arguments: &[&str]) -> Vec<Finding> {
    let output = Command::new(binary())
        .args(["check", "--no-config", "--format", "short"])
        .args(arguments)
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .expect("svlsp runs");
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}\n{errors}", output.status);
    text.lines().map(|line| finding(line).unwrap_or_else(|| panic!("not a finding: {line}"))).collect()
}

/// Converts units as users do, from `units` to `sv` in `folder`, for a machine with the tools of s6.
pub fn convert(backend: &str, units: &[(&str, &str)], folder: &Path) {
    let mut command = Command::new(binary());
    command.args(["convert", "--no-config", "-q", "--to", backend, "--out", "sv"]).current_dir(folder);
    command.args(["--target", "log=none", "--target", "tools=+s6"]);
    for (name, text) in units {
        fs::write(folder.join("units").join(name), text).expect("it can be written");
        command.arg(format!("units/{name}"));
    }
    let output = command.output().expect("it runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Reads `PATH:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`.
fn finding(line: &str) -> Option<Finding> {
    let (severity, at) = ["error", "warning", "hint"]
        .iter()
        .filter_map(|severity| Some((severity, line.find(&format!(": {severity}: "))?)))
        .min_by_key(|(_, at)| *at)?;
    let (place, rest) = (&line[..at], &line[at + severity.len() + 4..]);
    let (place, _column) = place.rsplit_once(':')?;
    let (path, number) = place.rsplit_once(':')?;
    let (message, rule) = rest.strip_suffix(']')?.rsplit_once(" [")?;
    Some(Finding {
        path: path.to_owned(),
        line: number.parse().ok()?,
        severity: (*severity).to_owned(),
        message: message.to_owned(),
        rule: rule.to_owned(),
    })
}
