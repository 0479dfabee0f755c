//! Small units with and without mistakes: what systemd-analyze finds, svlsp finds too.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use svlsp_tests::{oracle, product};

/// A few files that belong together.
struct Case {
    name: String,
    /// Names, which may have a folder in front, and texts.
    files: Vec<(String, String)>,
}

/// What the two programs said about a case.
struct Verdict {
    case: String,
    systemd: Vec<String>,
    svlsp: Vec<String>,
}

/// Targets that units depend on unless they say otherwise.
const STUBS: &[&str] = &[
    "basic",
    "local-fs",
    "local-fs-pre",
    "multi-user",
    "network",
    "network-online",
    "paths",
    "shutdown",
    "slices",
    "sockets",
    "swap",
    "sysinit",
    "time-set",
    "time-sync",
    "timers",
    "umount",
];

#[test]
fn mistakes_that_systemd_finds_are_found() {
    let verdicts = judge("found.txt");
    report("found by systemd-analyze", &verdicts);
    let missed = verdicts.iter().filter(|verdict| verdict.systemd.is_empty() || verdict.svlsp.is_empty());
    fail(missed);
}

#[test]
fn mistakes_that_systemd_is_silent_about_are_found() {
    let verdicts = judge("beyond.txt");
    report("found by svlsp alone", &verdicts);
    let missed = verdicts.iter().filter(|verdict| verdict.finds_mistakes() || verdict.svlsp.is_empty());
    fail(missed);
}

#[test]
fn good_units_pass() {
    let verdicts = judge("good.txt");
    report("good", &verdicts);
    fail(verdicts.iter().filter(|verdict| verdict.finds_mistakes() || !verdict.svlsp.is_empty()));
}

impl Verdict {
    /// Whether systemd complains of more than programs that aren't installed here.
    fn finds_mistakes(&self) -> bool {
        self.systemd.iter().any(|line| !line.ends_with("is not executable: No such file or directory"))
    }
}

fn report(title: &str, verdicts: &[Verdict]) {
    let count = |said: fn(&Verdict) -> &[String]| verdicts.iter().filter(|verdict| !said(verdict).is_empty()).count();
    let (systemd, svlsp) = (count(|v| &v.systemd), count(|v| &v.svlsp));
    println!("{title}: {} units; systemd-analyze complains about {systemd}, svlsp about {svlsp}", verdicts.len());
}

/// Fails if there are any.
fn fail<'v>(wrong: impl Iterator<Item = &'v Verdict>) {
    let mut text = String::new();
    for verdict in wrong {
        writeln!(text, "{}", verdict.case).unwrap();
        for (who, said) in [("systemd", &verdict.systemd), ("svlsp", &verdict.svlsp)] {
            let said = if said.is_empty() { "nothing".to_owned() } else { said.join("\n           ") };
            writeln!(text, "  {who:8} {said}").unwrap();
        }
    }
    assert!(text.is_empty(), "not as listed:\n{text}");
}

fn judge(list: &str) -> Vec<Verdict> {
    cases(list).into_iter().map(verdict).collect()
}

fn verdict(case: Case) -> Verdict {
    let folder = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a scratch directory");
    let (scratch, stubs) = (folder(), folder());
    for (name, text) in &case.files {
        let path = scratch.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    // The units that every unit depends on are the machine's, not the case's.
    for target in STUBS {
        fs::write(stubs.path().join(target).with_extension("target"), "[Unit]\n").expect("a file can be written");
    }
    let units = case.files.iter().map(|(name, _)| name.as_str()).filter(|name| !name.contains('/'));
    let systemd = oracle::messages(scratch.path(), Some(stubs.path()), units).expect("systemd-analyze runs");
    let svlsp = product::check(scratch.path(), &["--systemd-version", "252"]);
    let shown = |finding: &product::Finding| format!("{}: {} [{}]", finding.line, finding.message, finding.rule);
    Verdict {
        case: case.name,
        systemd: systemd.lines().map(|line| line.replace(&format!("{}/", scratch.path().display()), "")).collect(),
        svlsp: svlsp.iter().filter(|finding| finding.severity != "hint").map(shown).collect(),
    }
}

fn cases(list: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/units").join(list);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut cases: Vec<Case> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case { name: name.trim_end().to_owned(), files: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            if let Some(name) = line.strip_prefix("--- ") {
                case.files.push((name.trim_end().to_owned(), String::new()));
            } else if let Some((_, text)) = case.files.last_mut() {
                text.push_str(line);
            }
        }
    }
    // The blank line in front of the next case isn't the unit's.
    for (_, text) in cases.iter_mut().flat_map(|case| &mut case.files) {
        text.truncate(text.trim_end_matches('\n').len() + 1);
    }
    cases
}
