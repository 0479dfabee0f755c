//! Units that Debian ships work: each error and warning about them is true, and listed with its reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use svlsp_tests::{corpus, product};

/// A line of `findings.txt`: a finding that is true.
struct Known {
    /// The file, below the corpus; the package is its first part.
    path: String,
    /// The rule.
    rule: String,
    /// A part of the message.
    message: String,
}

#[test]
fn every_finding_is_a_known_one() {
    let root = corpus::root(env!("CARGO_TARGET_TMPDIR"));
    let units = corpus::units(&root);
    let package =
        |path: &Path| path.strip_prefix(&root).expect("it is below").iter().next().map(|part| part.to_owned());
    let packages: BTreeSet<_> = units.iter().map(|path| package(path)).collect();
    println!("{} unit files of {} packages", units.len(), packages.len());
    assert!(units.len() >= 1000 && packages.len() >= 200, "that is too few to show anything");

    let known = known();
    let mut seen = vec![false; known.len()];
    let mut unknown = Vec::new();
    let findings = product::check(&root, &[]);
    for finding in findings.iter().filter(|finding| finding.severity != "hint") {
        let path = Path::new(&finding.path).strip_prefix(&root).expect("it is below").to_string_lossy();
        let fits = |known: &Known| {
            known.path == path && known.rule == finding.rule && finding.message.contains(&known.message)
        };
        let hits: Vec<usize> = (0..known.len()).filter(|&at| fits(&known[at])).collect();
        if hits.is_empty() {
            let product::Finding { line, severity, message, rule, .. } = finding;
            unknown.push(format!("{path}:{line}: {severity}: {message} [{rule}]"));
        }
        hits.into_iter().for_each(|at| seen[at] = true);
    }
    let gone = known.iter().zip(&seen).filter(|(_, seen)| !**seen);
    let gone: Vec<String> =
        gone.map(|(known, _)| format!("{} [{}] {}", known.path, known.rule, known.message)).collect();
    assert!(unknown.is_empty(), "{} findings that aren't listed:\n{}", unknown.len(), unknown.join("\n"));
    assert!(gone.is_empty(), "listed findings that aren't there any more:\n{}", gone.join("\n"));
}

/// Reads lines of path, rule, part of the message and reason, with tabs in between.
fn known() -> Vec<Known> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/findings.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let known = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, rule, message, reason] = fields[..] else { panic!("not four fields: {line}") };
        assert!(!reason.is_empty(), "no reason: {line}");
        Known { path: path.into(), rule: rule.into(), message: message.into() }
    };
    lines.map(known).collect()
}
