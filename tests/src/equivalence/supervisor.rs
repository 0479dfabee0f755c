//! What all service managers under test can do.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::case::Verb;
use super::job::Job;
use super::world::World;

/// A service manager in a world of its own.
pub trait Supervisor: Sync {
    /// `systemd`, `runit`, `s6`, `supervisord`.
    fn name(&self) -> &'static str;

    /// Where it runs.
    fn world(&self) -> &World;

    /// What asks it to do `verb` with `units` of `job`, unless that is done right away.
    fn commands(&self, job: &Job, verb: Verb, units: &[String]) -> io::Result<Vec<Command>>;

    /// Whether such a command ends only when it is done.
    fn commands_end(&self) -> bool;

    /// What ends all that is left of `job`, beside the processes of probes.
    fn cleaning(&self, job: &Job) -> Vec<Command>;

    /// Whether the unit neither runs nor is about to, after `since`.
    fn is_down(&self, job: &Job, unit: &str, since: Instant) -> bool;

    /// The files with what was logged at `path`, the oldest first.
    fn logs(&self, _: &Job, path: &str) -> Vec<PathBuf> {
        let path = self.world().root().join(path.trim_start_matches('/'));
        if !path.exists() {
            return named_like(&path);
        }
        let older = |number| PathBuf::from(format!("{}.{number}", path.display()));
        let count = (1..).take_while(|&number| older(number).exists()).count();
        (1..=count).rev().map(older).chain([path.clone()]).collect()
    }

    /// What it said about `job`, beside what its commands print.
    fn log(&self, _: &Job) -> String {
        String::new()
    }
}

/// What was started for one job and may still run.
#[derive(Debug, Default)]
pub struct Running(Mutex<(Vec<Child>, Option<Instant>)>);

impl Running {
    /// Starts it, without waiting.
    pub fn spawn(&self, mut command: Command) -> io::Result<()> {
        let child = command.spawn()?;
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.push(child);
        state.1 = None;
        Ok(())
    }

    /// Since when all have ended, as far as anybody looked.
    pub fn idle_since(&self) -> Option<Instant> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.retain_mut(|child| !matches!(child.try_wait(), Ok(Some(_))));
        if state.0.is_empty() { Some(*state.1.get_or_insert_with(Instant::now)) } else { None }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for child in self.0.get_mut().unwrap_or_else(PoisonError::into_inner).0.iter_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The cgroup of the supervisors of `job`.
pub(super) fn cgroup(job: &Job) -> String {
    format!("supervisors-{}", job.name)
}

/// The program's directory below /srv/observe, for the services of `job`.
pub(super) fn scan_directory(job: &Job) -> String {
    format!("/srv/observe/services/{}", job.name)
}

/// The directory of one service: `web.service` is `web`.
pub(super) fn service_directory(job: &Job, unit: &str) -> String {
    let name = unit.rsplit_once('.').map_or(unit, |(name, _)| name);
    format!("{}/{name}", scan_directory(job))
}

/// Keeps all services of `job` but `units` from starting with the others.
pub(super) fn keep_down(shared: &Path, job: &Job, units: &[String]) {
    for unit in job.started().iter().filter(|unit| !units.contains(unit)) {
        let _ = std::fs::write(service_directory_outside(shared, job, unit).join("down"), "");
    }
}

/// The files whose names begin like that of `path`.
fn named_like(path: &Path) -> Vec<PathBuf> {
    let start = path.file_name().unwrap_or_default().as_encoded_bytes();
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(start)).map(|entry| entry.path()).collect()
}

/// What the supervisors of `job` are started with, beside a path: something that units never see.
pub(super) fn environment(job: &Job) -> Option<&'static str> {
    (!job.case.processes.is_empty()).then_some("INHERITED=from the supervisor")
}

/// The directory of the logs of `job`, where a supervisor has one a service.
pub(super) fn log_directory(job: &Job) -> String {
    format!("/srv/work/{}/log", job.name)
}

/// The files with what was logged at `path`, if it isn't one itself, in the directory of the process that is
/// called like it, or of the first one.
pub(super) fn kept(world: &World, job: &Job, path: &str) -> Vec<PathBuf> {
    let outside = |path: &str| world.root().join(path.trim_start_matches('/'));
    if outside(path).exists() {
        return vec![outside(path)];
    }
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let processes = job.started();
    let process = processes.iter().find(|process| **process == stem).or(processes.first());
    let folder = outside(&log_directory(job)).join(process.map_or("", String::as_str));
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_old = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"@"));
    let mut files: Vec<PathBuf> = entries.filter(is_old).collect();
    files.sort();
    files.push(folder.join("current"));
    files
}

/// The same as [`service_directory`], seen from outside.
pub(super) fn service_directory_outside(shared: &Path, job: &Job, unit: &str) -> std::path::PathBuf {
    let inside = service_directory(job, unit);
    shared.join(inside.trim_start_matches("/srv/observe/"))
}
