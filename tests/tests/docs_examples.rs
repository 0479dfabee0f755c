//! What the pages in `docs/` show of the program is what it says and writes now.
//!
//! A line `<!-- svlsp ARGUMENTS -->` is followed by a block with what the program prints, a line
//! `<!-- BACKEND UNIT... -> FILE -->` by one with that file of what the units become.
//! `UPDATE_DOCS=1 cargo test -p svlsp-tests --test docs_examples` writes the blocks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use svlsp_tests::product;

#[test]
fn the_blocks_are_current() {
    let mut blocks = 0;
    let mut stale = Vec::new();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let current = refresh(&text, &mut blocks);
        if env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &current).unwrap();
        } else if current != text {
            stale.push(path);
        }
    }
    assert!(blocks >= 6, "the markers aren't found");
    assert!(stale.is_empty(), "not current: {stale:?}; see the top of this test");
}

/// `text` with the block behind each marker written anew.
fn refresh(text: &str, blocks: &mut usize) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let marker = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some((language, content)) = marker.and_then(content) else { continue };
        *blocks += 1;
        let open = lines.next_if(|line| line.starts_with("```")).is_some();
        while open && lines.next().is_some_and(|line| line != "```") {}
        out.push_str(&format!("```{language}\n{}\n```\n", content.trim_end()));
    }
    out
}

/// What a marker stands for.
fn content(marker: &str) -> Option<(&'static str, String)> {
    if let Some(arguments) = marker.strip_prefix("svlsp ") {
        return Some(("console", format!("$ {}\n{}", shown(marker), run(&arguments.split(' ').collect::<Vec<_>>()))));
    }
    let (units, file) = marker.split_once(" -> ")?;
    let (backend, units) = units.split_once(' ')?;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let mut arguments = vec!["convert", "--no-config", "-q", "--to", backend, "--out", out];
    arguments.extend(units.split(' '));
    let said = run(&arguments);
    assert!(said.is_empty(), "{said}");
    let text = fs::read_to_string(folder.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let language = match backend {
        "systemd" => "ini",
        _ if text.starts_with("#!/bin/sh") => "sh",
        _ => "",
    };
    Some((language, text))
}

/// A command line without what keeps its output the same everywhere.
fn shown(command: &str) -> String {
    command.replace(" --no-config", "").replace(" --color never", "")
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new(product::binary()).args(arguments).current_dir(root()).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
