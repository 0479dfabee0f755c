//! The directories that `svlsp convert` makes of a job's units.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::job::Job;
use crate::product;

/// Names of directives, each with what became of one of its assignments: `native`, `lost` …
pub type Fates = Vec<(String, String)>;

/// Converts all units of `job` into `folder`, by way of files in `units`.
pub fn convert(backend: &str, job: &Job, units: &Path, folder: &Path) -> Result<Fates, String> {
    job.write_units(units).map_err(|error| error.to_string())?;
    let mut command = Command::new(product::binary());
    command.args(["convert", "--no-config", "--quiet", "--format", "json", "--to", backend, "--out"]).arg(folder);
    for (letter, text) in facts() {
        command.arg("--specifier").arg(format!("{letter}={text}"));
    }
    if let Some(instance) = &job.case.instance {
        command.args(["--instance", instance]);
    }
    command.args(job.units.iter().map(|(unit, _)| units.join(unit)));
    fates(&command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?)
}

/// What became of the directives, out of what `svlsp convert --format json` printed.
pub fn fates(output: &Output) -> Result<Fates, String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if !output.status.success() {
        let errors: Vec<&str> = list(&report["findings"]).filter_map(|finding| finding["message"].as_str()).collect();
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!("svlsp convert: {}: {} {}", output.status, errors.join("; "), text.trim()));
    }
    let settings = list(&report["units"]).flat_map(|unit| list(&unit["settings"]));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(settings.map(|setting| (text(&setting["directive"]), text(&setting["fate"]))).collect())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What furnish.sh makes of the machine.
fn facts() -> [(char, String); 6] {
    let of_kernel = |name: &str| fs::read_to_string(Path::new("/proc/sys/kernel").join(name)).unwrap_or_default();
    [
        ('H', "world".to_owned()),
        ('l', "world".to_owned()),
        ('m', "0123456789abcdef0123456789abcdef".to_owned()),
        ('b', of_kernel("random/boot_id").trim().replace('-', "")),
        ('v', of_kernel("osrelease").trim().to_owned()),
        ('a', "x86-64".to_owned()),
    ]
}
