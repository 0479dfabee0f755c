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
use super::super::systemd::Systemd;
use super::super::world::PATH;
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
    let configurations = [("configurations", scratch.join("configurations"))];
    let mut worlds: Vec<Box<dyn Supervisor>> = Vec::new();
    for &backend in backends {
        let made = scratch.join(CONVERTED).join(backend);
        worlds.push(match backend {
            "runit" => Box::new(Runit::boot(&probe, &made, &configurations)?),
            "s6" => Box::new(S6::boot(&probe, &made, &configurations)?),
            _ => Box::new(Systemd::boot(&probe, jobs, Some(&made), &configurations)?),
        });
    }
    let ready = |backend: &str| {
        let failed = results.backends.get(backend);
        let ready = |job: &&Job| failed.is_some_and(|failed| !failed.contains_key(&job.name));
        jobs.iter().filter(ready).cloned().collect::<Vec<_>>()
    };
    let (reference, found) = thread::scope(|scope| {
        let mut running = Vec::new();
        for world in &worlds {
            let jobs = ready(world.name());
            running.push(scope.spawn(move || (world.name(), each(world.as_ref(), &jobs, at_once))));
        }
        (each(&supervisord, jobs, at_once), running.into_iter().map(join).collect::<Vec<_>>())
    });
    results.reference = reference;
    for (backend, transcripts) in found {
        results.backends.entry(backend).or_default().extend(transcripts);
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
    command.args(["--to", backend, "--out", &out, "--specifier", "H=world"]);
    // As run by whoever knows what supervisord is started with.
    command.args(["--environment", PATH]);
    if backend != "systemd" {
        command.args(["--target", &logs]);
    }
    if backend == "runit" {
        command.args(["--target", "tools=+s6"]);
    }
    command.args(&job.case.options);
    command.arg(format!("{}/supervisord.conf", folder(job)));
    fates(&command.output().map_err(|error| error.to_string())?)
}
