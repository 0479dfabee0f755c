//! Mistakes in supervisord.conf are found, and what works is left alone.
//!
//! `tests/supervisord/mistakes.txt` has the mistakes and says which of them supervisor itself
//! refuses, which is held against its own code.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use svlsp_core::diagnostic::{Diagnostic, Severity};
use svlsp_core::rules::{self, Selection, Target};
use svlsp_core::schema::{FileKind, Manager, Version};
use svlsp_core::syntax::{File, supervisord::scan};
use svlsp_core::units::supervisord::{Around, Config};

struct Mistake {
    what: String,
    rule: String,
    refused: bool,
    text: String,
}

#[test]
fn mistakes_are_found() {
    let mistakes = mistakes();
    let mut faults = Vec::new();
    for Mistake { what, rule, refused, text } in &mistakes {
        let found = check(text);
        let names: BTreeSet<&str> = found.iter().map(|finding| finding.rule).collect();
        if !names.contains(&**rule) {
            faults.push(format!("{what}: {rule} doesn't find it, but {names:?}"));
        }
        if *refused && !found.iter().any(|finding| finding.severity == Severity::Error) {
            faults.push(format!("{what}: no error"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(mistakes.len() >= 60, "{} mistakes", mistakes.len());
    let silent = mistakes.iter().filter(|mistake| !mistake.refused).count();
    println!("{} mistakes; supervisord takes {silent} of them", mistakes.len());
}

#[test]
fn supervisor_refuses_what_is_said_to_be_refused() {
    let mistakes = mistakes();
    let folder = tempfile::tempdir().expect("there is a temporary directory");
    let mut paths = Vec::new();
    for (number, mistake) in mistakes.iter().enumerate() {
        let path = folder.path().join(format!("{number}.conf"));
        fs::write(&path, &mistake.text).expect("it can be written");
        paths.push(path);
    }
    let refused = refused(&paths);
    let wrong = mistakes.iter().zip(refused).filter(|(mistake, refused)| mistake.refused != *refused);
    let wrong: Vec<&str> = wrong.map(|(mistake, _)| &*mistake.what).collect();
    assert!(wrong.is_empty(), "supervisor is of another opinion about: {wrong:#?}");
}

/// Those that supervisor brings along, and takes, give rise to nothing but `findings.txt`: their servers
/// are for tests that do without `supervisorctl`. `SVLSP_CONFIGS_DIR` is looked into too.
#[test]
fn real_configurations_are_left_alone() {
    let expected = fs::read_to_string(data("findings.txt")).unwrap_or_default();
    let mut found = String::new();
    let own = modules().join("supervisor");
    let others = std::env::var_os("SVLSP_CONFIGS_DIR").map(PathBuf::from);
    for folder in [own.join("skel"), own.join("tests/fixtures")].into_iter().chain(others) {
        let entries = fs::read_dir(folder).expect("it is there");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("it is there").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "conf"));
        paths.sort();
        for (path, refused) in paths.iter().zip(refused(&paths)) {
            let text = fs::read_to_string(path).expect("it is text");
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            for finding in check(&text).iter().filter(|_| !refused) {
                let line = text[..finding.span.start as usize].matches('\n').count() + 1;
                found += &format!("{name}:{line}: {} {}: {}\n", finding.severity.name(), finding.rule, finding.message);
            }
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(data("findings.txt"), &found).expect("it can be written");
    }
    assert_eq!(found, expected, "UPDATE_EXPECT=1 writes tests/supervisord/findings.txt");
}

/// What all rules that aren't optional find in a whole configuration of one file.
fn check(text: &str) -> Vec<Diagnostic> {
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let files: [File; 1] = [scan(text)];
    let selection = Selection::default();
    let mut found = rules::check_file(&files[0], FileKind::Supervisord, None, false, target, &selection);
    found.extend(rules::check_config(&Config::new(&files, &Around::default()), true, target, &selection));
    found
}

fn mistakes() -> Vec<Mistake> {
    let text = fs::read_to_string(data("mistakes.txt")).expect("it is there");
    let blocks = text.split("\n== ").skip(1);
    blocks
        .map(|block| {
            let (head, text) = block.split_once('\n').expect("lines follow");
            let fields: Vec<&str> = head.split(" | ").collect();
            let [what, rule, verdict] = fields[..] else { panic!("{head}: three fields") };
            assert!(matches!(verdict, "refused" | "taken"), "{head}");
            Mistake {
                what: what.to_owned(),
                rule: rule.to_owned(),
                refused: verdict == "refused",
                text: format!("[supervisord]\n{text}\n"),
            }
        })
        .collect()
}

/// Which of these supervisor refuses.
fn refused(paths: &[PathBuf]) -> Vec<bool> {
    let modules = modules();
    assert!(modules.exists(), "{} is missing: `cargo xtask tools` installs it", modules.display());
    let mut child = Command::new("python3")
        .args(["-I", "-B", "-X", "utf8"])
        .args([data("read.py"), modules])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let requests: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
    child.stdin.take().expect("it is piped").write_all(requests.as_bytes()).expect("python3 reads all");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "read.py: {}", output.status);
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), paths.len());
    answers.iter().map(|answer| answer.get("error").is_some()).collect()
}

/// Where `cargo xtask tools` puts supervisor.
fn modules() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
    target.join("tools/supervisor")
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("supervisord").join(name)
}
