//! Asks the programs that read generated scripts whether they can.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tempfile::TempDir;

/// Scripts of any number of directories; those that differ in comments or in the name of the service alone count once.
#[derive(Clone, Debug, Default)]
pub struct Scripts(BTreeMap<Vec<u8>, Script>);

#[derive(Clone, Debug)]
struct Script {
    origin: String,
    text: Vec<u8>,
}

/// What a script is written in.
enum Language {
    Sh,
    /// With the options of its first line.
    Execline(String),
    /// Nothing here reads it: [`crate::nosh`] does.
    Nosh,
    Other,
}

/// How many scripts one call of shellcheck reads.
const BATCH: usize = 50;

impl Scripts {
    /// Adds one of the service `name`; `origin` tells which it is.
    pub fn add(&mut self, origin: impl FnOnce() -> String, name: &str, text: &[u8]) {
        let shape = shape(name, text);
        self.0.entry(shape).or_insert_with(|| Script { origin: origin(), text: text.to_vec() });
    }

    /// The same for those of another collection.
    pub fn append(&mut self, other: Scripts) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What dash, busybox, shellcheck and execlineb have against them, each
    /// complaint with the script's origin.
    pub fn complaints(&self) -> Vec<String> {
        let folder = tempfile::tempdir().expect("there is a temporary directory");
        let (mut shell, mut execline) = (Vec::new(), Vec::new());
        let mut complaints = Vec::new();
        for (at, Script { origin, text }) in self.0.values().enumerate() {
            let path = folder.path().join(at.to_string());
            let written = match language(text) {
                Language::Sh => {
                    shell.push((path.clone(), &**origin));
                    text.clone()
                }
                Language::Execline(options) => {
                    execline.push((path.clone(), &**origin, options));
                    // All of it is parsed; what is run then is `true` with all of it as arguments.
                    [b"true\n", &text[..]].concat()
                }
                Language::Nosh => continue,
                Language::Other => {
                    complaints.push(format!("{origin}: starts with no interpreter that is known"));
                    continue;
                }
            };
            fs::write(&path, written).expect("it can be written");
        }
        complaints.extend(each(&shell, |(path, origin)| {
            let shells: [&[&str]; 2] = [&["dash", "-n"], &["busybox", "sh", "-n"]];
            shells.iter().filter_map(|shell| complaint(&[shell, &[text(path)][..]].concat(), origin)).collect()
        }));
        complaints.extend(each(&execline, |(path, origin, options)| {
            let options = if options.is_empty() { "-P" } else { options };
            complaint(&["execlineb", options, text(path), "1", "2"], origin).into_iter().collect()
        }));
        let batches: Vec<_> = shell.chunks(BATCH).collect();
        complaints.extend(each(&batches, |batch| shellcheck(batch, &folder)));
        complaints.sort();
        complaints
    }
}

/// A script without its comments and without what its service is called, unless that has to be quoted.
fn shape(name: &str, text: &[u8]) -> Vec<u8> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    let comment =
        |line: &&[u8]| line.starts_with(b"#") && !line.starts_with(b"#!") && !line.starts_with(b"# shellcheck");
    let code: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !comment(line)).collect();
    match String::from_utf8(code.join(&b'\n')) {
        Ok(code) if name.bytes().all(plain) => code.replace(name, "/").into_bytes(),
        Ok(code) => code.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

fn language(text: &[u8]) -> Language {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let mut words = first.split_whitespace();
    match words.next().and_then(|word| word.strip_prefix("#!")) {
        Some("/bin/sh") => Language::Sh,
        Some("/bin/nosh") => Language::Nosh,
        Some(path) if path.ends_with("/execlineb") => Language::Execline(words.collect()),
        _ => Language::Other,
    }
}

/// Does `work` for all, on two threads.
fn each<T: Sync>(all: &[T], work: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut out = Vec::new();
        while let Some(item) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            out.extend(work(item));
        }
        out
    };
    thread::scope(|scope| {
        let other = scope.spawn(some);
        let mut out = some();
        out.extend(other.join().expect("the work doesn't panic"));
        out
    })
}

fn complaint(command: &[&str], origin: &str) -> Option<String> {
    let output = Command::new(command[0]).args(&command[1..]).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", command[0]));
    let said = String::from_utf8_lossy(&output.stderr);
    (!output.status.success()).then(|| format!("{origin}: {}: {}", command[0], said.trim()))
}

fn shellcheck(batch: &[(PathBuf, &str)], folder: &TempDir) -> Vec<String> {
    let files = batch.iter().map(|(path, _)| path);
    let output = Command::new("shellcheck").args(["-s", "sh", "-f", "gcc"]).args(files).output();
    let output = output.unwrap_or_else(|error| panic!("shellcheck: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    let origin = |line: &str| {
        let (path, rest) = line.split_once(':')?;
        let (_, origin) = batch.iter().find(|(known, _)| known == Path::new(path))?;
        Some(format!("{origin}: shellcheck: {rest}"))
    };
    let mut out: Vec<String> = said.lines().filter_map(origin).collect();
    if out.is_empty() && !output.status.success() {
        out.push(format!("shellcheck in {}: {}", folder.path().display(), String::from_utf8_lossy(&output.stderr)));
    }
    out
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary directories have plain names")
}
