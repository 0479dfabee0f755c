//! Runs all jobs in all worlds at the same time.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::convert::{Fates, convert};
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

/// What one world showed, by the names of the jobs, or why it could not.
pub type Transcripts = BTreeMap<String, Result<Transcript, String>>;

/// What all worlds showed.
#[derive(Debug, Default)]
pub struct Results {
    /// What is to be matched: the real systemd, with and without single directives, or the real supervisord.
    pub reference: Transcripts,
    /// The backends, by name.
    pub backends: BTreeMap<&'static str, Transcripts>,
    /// What became of the directives, by backend and job.
    pub fates: BTreeMap<(&'static str, String), Fates>,
}

impl Results {
    /// Takes those of a later run instead.
    pub fn replace(&mut self, later: Results) {
        self.reference.extend(later.reference);
        for (backend, transcripts) in later.backends {
            self.backends.entry(backend).or_default().extend(transcripts);
        }
    }
}

/// Runs `whole` everywhere and `ablations` under systemd.
///
/// So many of them at a time in each world: they wait most of their time.
pub fn run(whole: &[Job], ablations: &[Job], scratch: &Path, at_once: usize) -> io::Result<Results> {
    let probe = probe();
    let mut results = Results::default();
    for backend in ["runit", "s6"] {
        let converted = work(whole, 2, |job| {
            let units = scratch.join("units").join(backend).join(&job.name);
            convert(backend, job, &units, &scratch.join(backend).join(&job.name))
        });
        let mut transcripts = Transcripts::new();
        for (name, outcome) in converted {
            match outcome {
                Ok(fates) => {
                    results.fates.insert((backend, name), fates);
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
    let systemd = Systemd::boot(&probe, &all, None, &[])?;
    let runit = Runit::boot(&probe, &scratch.join("runit"), &[])?;
    let s6 = S6::boot(&probe, &scratch.join("s6"), &[])?;
    let ready = |backend| {
        let failed = results.backends.get(backend);
        let ready = |job: &&Job| failed.is_none_or(|failed| !failed.contains_key(&job.name));
        whole.iter().filter(ready).cloned().collect::<Vec<_>>()
    };
    let (for_runit, for_s6) = (ready("runit"), ready("s6"));
    let (of_systemd, of_runit, of_s6) = thread::scope(|scope| {
        let runit = scope.spawn(|| each(&runit, &for_runit, at_once));
        let s6 = scope.spawn(|| each(&s6, &for_s6, at_once));
        (each(&systemd, &all, at_once), join(runit), join(s6))
    });
    results.reference = of_systemd;
    results.backends.entry("runit").or_default().extend(of_runit);
    results.backends.entry("s6").or_default().extend(of_s6);
    Ok(results)
}

/// The probe, built in the profile of the tests.
pub(super) fn probe() -> PathBuf {
    let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "svlsp-probe"]).status();
    assert!(build.expect("cargo runs").success(), "the probe doesn't build");
    product::binary().with_file_name("svlsp-probe")
}

pub(super) fn join<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Drives all of `jobs`, some at a time.
pub(super) fn each(supervisor: &dyn Supervisor, jobs: &[Job], at_once: usize) -> Transcripts {
    work(jobs, at_once, |job| {
        let patience = if job.without.is_some() { IMPATIENCE } else { PATIENCE };
        let record = drive(supervisor, job, patience).map_err(|error| error.to_string())?;
        Ok(Transcript::new(&record, job, supervisor.world()))
    })
}

/// Does `task` with each of `jobs` in so many threads; what it gave, by name.
pub(super) fn work<T: Send>(jobs: &[Job], threads: usize, task: impl Fn(&Job) -> T + Sync) -> BTreeMap<String, T> {
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

/// Copies a directory with all in it, links and modes included.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("cp: {status}"))) }
}
