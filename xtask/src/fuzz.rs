//! `cargo xtask fuzz`: long runs of the fuzz targets.

use crate::run::{command, done, root, target};
use crate::tools;

/// The targets of `fuzz/`.
const TARGETS: &[&str] = &["parse", "values", "check", "format", "supervisord"];

/// Runs each target for so many minutes; stops at the first finding.
pub(crate) fn run(minutes: &str) -> Result<(), String> {
    let minutes: u32 = minutes.parse().map_err(|_| format!("not a number of minutes: {minutes:?}"))?;
    tools::binary("cargo-fuzz", "0.13.2")?;
    let cargo_fuzz = target().join("tools/bin/cargo-fuzz");
    for name in TARGETS {
        println!("==> {name}, {minutes} min");
        // The sanitizers need a nightly compiler; safe Rust does without them.
        done(
            command(&cargo_fuzz)
                .current_dir(root())
                .env("RUSTC_BOOTSTRAP", "1")
                .args(["fuzz", "run", "--sanitizer", "none", name, "--"])
                .args([format!("-max_total_time={}", minutes * 60), "-max_len=65536".to_owned()])
                .args(["-timeout=10", "-rss_limit_mb=2048"]),
        )?;
    }
    Ok(())
}
