//! Runs all jobs in all worlds at the same time.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::drive::drive;
use super::job::Job;
use super::runit::Runit;
use super::s6::S6;
use super::supervisor::Supervisor;
use super::systemd::Systemd;
use super::transcript::Transcript;
use crate::product;

/// How long a step of a whole case may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a step may take without a directive: there what the script waits for may never come.
const IMPATIENCE: Duration = Duration::from_secs(6);
/// How many jobs each world runs at a time. They wait most of their time.
const AT_ONCE: usize = 20;

/// What one world showed, by the names of the jobs, or why it could not.
pub type Transcripts = BTreeMap<String, Result<Transcript, String>>;

/// What all worlds showed.
#[derive(Debug, Default)]
pub struct Results {
    /// The real systemd, with and without single directives.
    pub systemd: Transcripts,
    /// The backends, by name.
    pub backends: BTreeMap<&'static str, Transcripts>,
    /// What `svlsp convert --format json` said, by backend and job.
    pub reports: BTreeMap<(&'static str, String), String>,
}

/// Runs `whole` everywhere and `ablations` under systemd.
pub fn run(whole: &[Job], ablations: &[Job], scratch: &Path) -> io::Result<Results> {
    let probe = probe();
    let mut results = Results::default();
    for backend in ["runit", "s6"] {
        let converted = convert(backend, whole, scratch);
        let mut transcripts = Transcripts::new();
        for (name, outcome) in converted {
            match outcome {
                Ok(report) => {
                    results.reports.insert((backend, name), report);
                }
                Err(message) => {
                    transcripts.insert(name, Err(message));
                }
            }
        }
        results.backends.insert(backend, transcripts);
    }
    let all: Vec<Job> = whole.iter().chain(ablations).cloned().collect();
    // The worlds end with the thread that made them.
    let systemd = Systemd::boot(&probe, &all)?;
    let runit = Runit::boot(&probe, &scratch.join("runit"))?;
    let s6 = S6::boot(&probe, &scratch.join("s6"))?;
    let ready = |backend| {
        let failed = results.backends.get(backend);
        let ready = |job: &&Job| failed.is_none_or(|failed| !failed.contains_key(&job.name));
        whole.iter().filter(ready).cloned().collect::<Vec<_>>()
    };
    let (for_runit, for_s6) = (ready("runit"), ready("s6"));
    let (of_systemd, of_runit, of_s6) = thread::scope(|scope| {
        let runit = scope.spawn(|| each(&runit, &for_runit));
        let s6 = scope.spawn(|| each(&s6, &for_s6));
        (each(&systemd, &all), join(runit), join(s6))
    });
    results.systemd = of_systemd;
    results.backends.entry("runit").or_default().extend(of_runit);
    results.backends.entry("s6").or_default().extend(of_s6);
    Ok(results)
}

/// The probe, built in the profile of the tests.
fn probe() -> PathBuf {
    let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "svlsp-probe"]).status();
    assert!(build.expect("cargo runs").success(), "the probe doesn't build");
    product::binary().with_file_name("svlsp-probe")
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Drives all of `jobs`, some at a time.
fn each(supervisor: &dyn Supervisor, jobs: &[Job]) -> Transcripts {
    work(jobs, AT_ONCE, |job| {
        let patience = if job.without.is_some() { IMPATIENCE } else { PATIENCE };
        let record = drive(supervisor, job, patience).map_err(|error| error.to_string())?;
        Ok(Transcript::new(&record, job, supervisor.world()))
    })
}

/// Does `task` with each of `jobs` in so many threads; what it gave, by name.
fn work<T: Send>(jobs: &[Job], threads: usize, task: impl Fn(&Job) -> T + Sync) -> BTreeMap<String, T> {
    let queue: Mutex<VecDeque<&Job>> = Mutex::new(jobs.iter().collect());
    let results = Mutex::new(BTreeMap::new());
    let worker = || {
        while let Some(job) = { queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front() } {
            let result = task(job);
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(job.name.clone(), result);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Converts all of `jobs` into `scratch/BACKEND/JOB`; what the program said, or why it could not.
fn convert(backend: &str, jobs: &[Job], scratch: &Path) -> BTreeMap<String, Result<String, String>> {
    work(jobs, 2, |job| {
        let text = |error: io::Error| error.to_string();
        let units = scratch.join("units").join(&job.name);
        job.write_units(&units).map_err(text)?;
        let to = scratch.join(backend).join(&job.name);
        fs::create_dir_all(to.parent().unwrap_or(scratch)).map_err(text)?;
        if let Some(by_hand) = std::env::var_os("EQUIVALENCE_BY_HAND") {
            let from = Path::new(&by_hand).join(backend).join(&job.name);
            if !from.exists() {
                return Err("not there".to_owned());
            }
            return copy(&from, &to).map(|()| String::new()).map_err(text);
        }
        let mut command = Command::new(product::binary());
        command.args(["convert", "--format", "json", "--to", backend, "--out"]).arg(&to);
        if let Some(instance) = &job.case.instance {
            command.args(["--instance", instance]);
        }
        command.args(job.units.iter().map(|(unit, _)| units.join(unit)));
        let output = command.stdin(Stdio::null()).output().map_err(text)?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() && to.exists() {
            Ok(said(&output.stdout))
        } else {
            Err(format!("svlsp convert: {}: {}{}", output.status, said(&output.stdout), said(&output.stderr)))
        }
    })
}

/// Copies a directory with all in it, links and modes included.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("cp: {status}"))) }
}
