//! `cargo xtask test`: every check there is, one after the other.

use std::env;
use std::time::Instant;

use crate::run::{cargo, command, done, root, works};
use crate::{corpus, grammar, tools};

/// What became of a step that didn't fail.
enum Outcome {
    Done,
    /// It couldn't be run; why.
    Skipped(String),
}

type Step = fn() -> Result<Outcome, String>;

/// In this order: what the tests need, the quick checks, the tests.
const STEPS: &[(&str, Step)] = &[
    ("tools", || tools::install().map(|()| Outcome::Done)),
    ("corpus", || corpus::fetch().map(|()| Outcome::Done)),
    ("format", || component("fmt", &["--all", "--check"])),
    ("clippy", || component("clippy", &["--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])),
    ("docs", docs),
    ("parsers", || grammar::check().map(|()| Outcome::Done)),
    ("tests", || cargo(&["test", "--workspace", "--no-fail-fast"], &[]).map(|()| Outcome::Done)),
];

/// Lets a run pass although a step of it was skipped.
const ALLOW_SKIPS: &str = "SVLSP_ALLOW_SKIPS";

/// Runs every step, also after one that failed, and prints what became of each.
pub(crate) fn run() -> Result<(), String> {
    let start = Instant::now();
    let mut summary = Vec::new();
    let (mut failed, mut skipped) = (0, 0);
    for (name, step) in STEPS {
        println!("==> {name}");
        let begun = Instant::now();
        let outcome = step();
        let seconds = begun.elapsed().as_secs_f64();
        let text = match outcome {
            Ok(Outcome::Done) => "ok".to_owned(),
            Ok(Outcome::Skipped(reason)) => {
                skipped += 1;
                format!("SKIPPED: {reason}")
            }
            Err(message) => {
                failed += 1;
                format!("FAILED: {message}")
            }
        };
        let line = format!("{name:12} {seconds:7.1} s  {text}");
        println!("<== {line}");
        summary.push(line);
    }
    println!("\n{}\n{:12} {:7.1} s", summary.join("\n"), "all", start.elapsed().as_secs_f64());
    if failed > 0 {
        return Err(format!("{failed} steps failed"));
    }
    if skipped > 0 && env::var_os(ALLOW_SKIPS).is_none() {
        return Err(format!("{skipped} steps were SKIPPED, see above; {ALLOW_SKIPS}=1 lets that pass"));
    }
    Ok(())
}

/// Runs a part of the Rust toolchain that may not be installed.
fn component(name: &str, arguments: &[&str]) -> Result<Outcome, String> {
    if !works(command(env!("CARGO")).args([name, "--version"])) {
        return Ok(Outcome::Skipped(format!("this toolchain has no cargo {name}")));
    }
    cargo(&[name], arguments).map(|()| Outcome::Done)
}

fn docs() -> Result<Outcome, String> {
    let arguments = ["doc", "--workspace", "--no-deps", "--quiet"];
    done(command(env!("CARGO")).current_dir(root()).env("RUSTDOCFLAGS", "--deny warnings").args(arguments))?;
    Ok(Outcome::Done)
}
