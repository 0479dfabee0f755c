//! Names are escaped and unescaped as systemd-escape does it.

use std::process::Command;

use svlsp_core::units::{escape, escape_path, unescape, unescape_path};
use svlsp_tests::random::Random;
use svlsp_tests::samples;

#[test]
fn texts_are_escaped_as_systemd_escape_does() {
    compare(&[], &samples("escape"), |text| Some(escape(text)));
}

#[test]
fn names_are_unescaped_as_systemd_escape_does() {
    let names: Vec<String> = samples("unescape").iter().map(|text| text.replace(['\'', '"'], "\\x2")).collect();
    compare(&["--unescape"], &names, unescape);
}

#[test]
fn absolute_paths_are_escaped_as_systemd_escape_does() {
    let paths: Vec<String> = samples("path").iter().map(|text| format!("/{text}")).collect();
    compare(&["--path"], &paths, escape_path);
}

#[test]
fn names_of_paths_are_unescaped_as_systemd_escape_does() {
    compare(&["--path", "--unescape"], &samples("unescape path"), unescape_path);
}

fn compare(flags: &[&str], texts: &[String], ours: impl Fn(&str) -> Option<String>) {
    let mut differences = Vec::new();
    for text in texts {
        let (theirs, ours) = (systemd_escape(flags, text), ours(text));
        if theirs != ours {
            differences.push(format!("{text:?}: systemd-escape {theirs:?}, svlsp {ours:?}"));
        }
    }
    assert!(differences.is_empty(), "{flags:?}: {} of {}\n{}", differences.len(), texts.len(), differences.join("\n"));
}

/// `None` where it refuses the text.
fn systemd_escape(flags: &[&str], text: &str) -> Option<String> {
    let output = Command::new("systemd-escape").args(flags).arg("--").arg(text).output().expect("systemd-escape runs");
    let answer = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| answer.trim_end_matches('\n').to_owned())
}

/// Texts that people escape, and slips in them.
fn samples(seed: &str) -> Vec<String> {
    let seeds = samples::seed_file("any");
    let mut random = Random::new(seed);
    let slips: Vec<String> = (0..400).map(|_| samples::mutated(&seeds, &mut random)).collect();
    let names = ["dev-sda1", "a\\x2db", "a\\x2fb-c", "\\x2e", "-", "--", "home-me", "a\\", "a\\x", "a\\xzz", "a\\xe9"];
    let edges = ["/", "/dev//sda1/", "a-b", ".hidden", "a/.hidden", "a/./b", "a/../b", ".", "...", "ä", "a b\\c:d_e@f"];
    let names = names.into_iter().chain(edges).map(str::to_owned);
    seeds.into_iter().chain(slips).chain(names).filter(|text| !text.is_empty()).collect()
}
