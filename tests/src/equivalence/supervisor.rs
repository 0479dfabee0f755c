//! What all service managers under test can do.

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
    fn logs(&self, path: &str) -> Vec<PathBuf> {
        let path = self.world().root().join(path.trim_start_matches('/'));
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

/// The same as [`service_directory`], seen from outside.
pub(super) fn service_directory_outside(shared: &Path, job: &Job, unit: &str) -> std::path::PathBuf {
    let inside = service_directory(job, unit);
    shared.join(inside.trim_start_matches("/srv/observe/"))
}
