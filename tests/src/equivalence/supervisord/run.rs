//! Runs configurations under supervisord, and what is made of them elsewhere.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;

use super::super::convert::{Fates, fates};
use super::super::job::Job;
use super::super::run::{copy, each, join, probe, work};
use super::super::runit::Runit;
use super::super::s6::S6;
use super::super::supervisor::{Supervisor, log_directory};
use super::{Supervisord, folder};
use crate::equivalence::run::Results;

/// What is not the name of a service in the world's /srv/observe: what is converted to, by backend.
const CONVERTED: &str = "converted";

/// Runs all `jobs` under supervisord, and converted under the `backends`, so many at a time.
///
/// `modules` is where supervisord was installed to. What was made of the jobs goes to `scratch`.
pub fn run(
    jobs: &[Job],
    modules: &Path,
    backends: &[&'static str],
    scratch: &Path,
    at_once: usize,
) -> io::Result<Results> {
    let probe = probe();
    let supervisord = Supervisord::boot(&probe, modules, jobs)?;
    let mut results = Results::default();
    for &backend in backends {
        let transcripts = results.backends.entry(backend).or_default();
        for (name, outcome) in work(jobs, 2, |job| convert(&supervisord, backend, job)) {
            match outcome {
                Ok(fates) => {
                    results.fates.insert((backend, name), fates);
                }
                Err(message) => {
                    transcripts.insert(name, Err(message));
                }
            }
        }
    }
    let shared = supervisord.world().shared();
    fs::create_dir_all(scratch)?;
    for each in [CONVERTED, "configurations"] {
        copy(&shared.join(each), &scratch.join(each))?;
    }
    let configurations = ("configurations", scratch.join("configurations"));
    let services = |backend: &str| scratch.join(CONVERTED).join(backend);
    let ready = |backend: &str| {
        let failed = results.backends.get(backend);
        let ready = |job: &&Job| failed.is_some_and(|failed| !failed.contains_key(&job.name));
        jobs.iter().filter(ready).cloned().collect::<Vec<_>>()
    };
    let runit = Runit::boot(&probe, &services("runit"), &[configurations.clone()])?;
    let s6 = S6::boot(&probe, &services("s6"), &[configurations])?;
    let (for_runit, for_s6) = (ready("runit"), ready("s6"));
    let (reference, of_runit, of_s6) = thread::scope(|scope| {
        let runit = scope.spawn(|| each(&runit, &for_runit, at_once));
        let s6 = scope.spawn(|| each(&s6, &for_s6, at_once));
        (each(&supervisord, jobs, at_once), join(runit), join(s6))
    });
    results.reference = reference;
    for (backend, transcripts) in [("runit", of_runit), ("s6", of_s6)] {
        if let Some(all) = results.backends.get_mut(backend) {
            all.extend(transcripts);
        }
    }
    Ok(results)
}

/// Converts the configuration of `job` where it is: in the world that supervisord runs in.
fn convert(supervisord: &Supervisord, backend: &str, job: &Job) -> Result<Fates, String> {
    let out = format!("/srv/observe/{CONVERTED}/{backend}/{}", job.name);
    let logs = format!("log-directory={}", log_directory(job));
    let world = supervisord.world();
    let mut command =
        world.command("", ["/srv/observe/svlsp", "convert", "--no-config", "--quiet", "--format", "json"]);
    command.args(["--to", backend, "--out", &out, "--target", &logs]);
    command.arg(format!("{}/supervisord.conf", folder(job)));
    fates(&command.output().map_err(|error| error.to_string())?)
}
