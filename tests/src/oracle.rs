//! `systemd-analyze verify` of the machine, asked about many units at once.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

/// One unit to be asked about.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the unit is called: `a.service`.
    pub name: String,
    /// What stands in its file.
    pub text: String,
}

/// What systemd says about one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What it says about single lines: the number, from 1, and the message.
    pub lines: Vec<(usize, String)>,
    /// What it says about the unit as a whole.
    pub unit: Vec<String>,
}

/// The version of the installed systemd; `None` if there is no systemd-analyze.
pub fn version() -> Option<u16> {
    let output = Command::new("systemd-analyze").arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(1)?.parse().ok()
}

/// Section and name of every setting that the installed systemd knows.
pub fn settings() -> io::Result<Vec<(String, String)>> {
    let output = Command::new("/lib/systemd/systemd").arg("--dump-configuration-items").output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut section = "";
    let mut settings = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        } else if let Some((name, value)) = line.split_once('=')
            && value != "NOTSUPPORTED"
        {
            settings.push((section.to_owned(), name.to_owned()));
        }
    }
    Ok(settings)
}

/// What systemd says about each of `cases`, which must have different names.
///
/// They are written to a fresh directory in `scratch`. Nothing but the cases is
/// read: the host's units stay out of it.
pub fn verify(cases: &[Case], scratch: &Path) -> io::Result<Vec<Answer>> {
    let mut answers = Vec::with_capacity(cases.len());
    for batch in cases.chunks(1000) {
        answers.extend(verify_batch(batch, scratch)?);
    }
    Ok(answers)
}

/// What `systemctl enable` says about each of `cases`; `[Install]` is read by nobody else.
pub fn enable(cases: &[Case], scratch: &Path) -> io::Result<Vec<Answer>> {
    cases.iter().map(|case| enable_one(case, scratch)).collect()
}

fn enable_one(case: &Case, scratch: &Path) -> io::Result<Answer> {
    let root = tempfile::Builder::new().prefix("enable-").tempdir_in(scratch)?;
    let units = root.path().join("etc/systemd/system");
    fs::create_dir_all(&units)?;
    fs::write(units.join(&case.name), &case.text)?;
    let output = Command::new("systemctl")
        .args(["--quiet", "--root"])
        .arg(root.path())
        .args(["enable", "--", &case.name])
        .env("LC_ALL", "C.UTF-8")
        .env("SYSTEMD_LOG_COLOR", "0")
        .output()?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let prefix = format!("{}:", units.join(&case.name).display());
    let mut answer = Answer::default();
    for line in stderr.lines() {
        if let Some((number, message)) = line.strip_prefix(&prefix).and_then(|rest| rest.split_once(": ")) {
            answer.lines.push((number.parse().unwrap_or(0), message.to_owned()));
        } else if !output.status.success() {
            answer.unit.push(line.to_owned());
        }
    }
    Ok(answer)
}

fn verify_batch(cases: &[Case], scratch: &Path) -> io::Result<Vec<Answer>> {
    let folder = tempfile::Builder::new().prefix("verify-").tempdir_in(scratch)?;
    for case in cases {
        fs::write(folder.path().join(&case.name), &case.text)?;
    }
    let stderr = messages(folder.path(), None, cases.iter().map(|case| case.name.as_str()))?;
    let index: HashMap<&str, usize> = cases.iter().enumerate().map(|(at, case)| (case.name.as_str(), at)).collect();
    let mut answers = vec![Answer::default(); cases.len()];
    let prefix = format!("{}/", folder.path().display());
    for line in stderr.split('\n') {
        let (of_line, rest) = match line.strip_prefix(&prefix) {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let Some((name, rest)) = rest.split_once(':') else { continue };
        let Some(answer) = index.get(name).map(|&at| &mut answers[at]) else { continue };
        let numbered = || {
            let (number, message) = rest.split_once(": ")?;
            Some((number.parse().ok()?, message.to_owned()))
        };
        match numbered() {
            Some(message) if of_line => answer.lines.push(message),
            _ => answer.unit.push(rest.trim_start().to_owned()),
        }
    }
    Ok(answers)
}

/// All that systemd-analyze says about `names`, units in `folder`; it sees no
/// other units than those there and in `stubs`.
///
/// Without `--recursive-errors=` it looks at the dependencies too, which `no` would pass over.
pub fn messages<'n>(folder: &Path, stubs: Option<&Path>, names: impl Iterator<Item = &'n str>) -> io::Result<String> {
    let unit_path = std::env::join_paths(std::iter::once(folder).chain(stubs)).map_err(io::Error::other)?;
    let output = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "--"])
        .args(names.map(|name| folder.join(name)))
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .env("SYSTEMD_UNIT_PATH", unit_path)
        .env("SYSTEMD_LOG_COLOR", "0")
        .output()?;
    if output.status.code().is_none() {
        return Err(io::Error::other(format!("systemd-analyze was killed: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}
