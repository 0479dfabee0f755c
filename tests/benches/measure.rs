//! What a program costs: time, processor time, memory.
//!
//! Each program runs under a copy of the benchmark itself, whose only child it
//! is, so that the kernel's sums for children are those of this one program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

const MEASURE: &str = "--measure";

/// What one run cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// From start to end.
    pub(crate) seconds: f64,
    /// Processor time, user and system, in seconds.
    pub(crate) cpu: f64,
    /// The most memory it had.
    pub(crate) mebibytes: f64,
}

/// A program with its first arguments.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
    arguments: &'static [&'static str],
}

impl Measured {
    /// Files in a second.
    pub(crate) fn rate(&self, files: usize) -> f64 {
        files as f64 / self.seconds
    }
}

impl Program {
    /// The release build, about to convert.
    pub(crate) fn svlsp_convert() -> Self {
        Program { path: target().join("release/svlsp"), arguments: &["convert", "--no-config", "-q"] }
    }

    /// The release build.
    pub(crate) fn svlsp() -> Self {
        let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--release", "--package", "svlsp"]).status();
        assert!(build.expect("cargo runs").success(), "svlsp doesn't build");
        Program { path: target().join("release/svlsp"), arguments: &["check", "--no-config", "--format", "short"] }
    }

    /// The peer from crates.io; `None`, and said, if it isn't there.
    pub(crate) fn systemd_lsp() -> Option<Self> {
        let path = target().join("tools/bin/systemd-lsp");
        if !path.exists() {
            println!("NOT MEASURED: systemd-lsp; `cargo xtask bench` installs it");
            return None;
        }
        Some(Program { path, arguments: &["--recursive"] })
    }

    /// The peer of the machine.
    pub(crate) fn systemd_analyze() -> Self {
        Program { path: "systemd-analyze".into(), arguments: &["verify", "--recursive-errors=no", "--man=no"] }
    }

    /// The run with the median time, of so many.
    pub(crate) fn run(&self, paths: &[&Path], runs: usize) -> Measured {
        let mut measured: Vec<Measured> = (0..runs).map(|_| self.run_once(paths)).collect();
        measured.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        measured[runs / 2]
    }

    fn run_once(&self, paths: &[&Path]) -> Measured {
        let copy = env::current_exe().expect("the benchmark has a path");
        let output = Command::new(copy).arg(MEASURE).arg(&self.path).args(self.arguments).args(paths).output();
        let output = output.expect("the benchmark runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [seconds, cpu, mebibytes] = numbers[..] else {
            panic!("{self:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        };
        Measured { seconds, cpu, mebibytes }
    }
}

/// In a copy that shall measure: runs the program and prints what it cost.
pub(crate) fn measure_for_parent() -> bool {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != MEASURE) {
        return false;
    }
    let program = arguments.next().expect("a program to measure");
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    let seconds = start.elapsed().as_secs_f64();
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    let cpu = (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6;
    println!("{seconds} {cpu} {}", usage.max_rss() as f64 / 1024.0);
    true
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target")
}
