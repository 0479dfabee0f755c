//! The real runsvdir and runsv, on generated directories.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::case::Verb;
use super::job::Job;
use super::run::copy;
use super::supervisor::{
    Supervisor, cgroup, environment, keep_down, kept, scan_directory, service_directory, service_directory_outside,
};
use super::world::World;

/// A world whose first process is runsvdir; each job has one more, so that it starts when asked to.
#[derive(Debug)]
pub struct Runit {
    world: World,
}

impl Runit {
    /// Boots it. The directories of the jobs are in `services`; `furniture` goes to /srv/observe too.
    pub fn boot(probe: &Path, services: &Path, furniture: &[(&str, PathBuf)]) -> io::Result<Self> {
        let program = ["prlimit", "--nofile=1024:", "runsvdir", "-P", "/run/lock"];
        let world = World::new("runit", probe, &program, |shared| {
            furniture.iter().try_for_each(|(name, from)| copy(from, &shared.join(name)))?;
            copy(services, &shared.join("services"))
        })?;
        Ok(Self { world })
    }
}

impl Supervisor for Runit {
    fn name(&self) -> &'static str {
        "runit"
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn commands_end(&self) -> bool {
        false
    }

    fn cleaning(&self, job: &Job) -> Vec<Command> {
        self.world.kill_cgroup(&cgroup(job));
        Vec::new()
    }

    fn commands(&self, job: &Job, verb: Verb, units: &[String]) -> io::Result<Vec<Command>> {
        let started = job
            .started()
            .iter()
            .any(|unit| service_directory_outside(self.world.shared(), job, unit).join("supervise/status").exists());
        let mut command = match verb {
            Verb::Start if !started => {
                let mut command = self.world.command(&cgroup(job), environment(job));
                command.args(["prlimit", "--nofile=1024:", "runsvdir", "-P"]);
                command.arg(scan_directory(job));
                self.world.make_cgroup(&cgroup(job));
                keep_down(self.world.shared(), job, units);
                return Ok(vec![logged(command, self.world.shared(), job)]);
            }
            Verb::Start => self.world.command("", ["sv", "up"]),
            Verb::Stop => self.world.command("", ["sv", "down"]),
            Verb::Reload => self.world.command("", ["sv", "hup"]),
            Verb::Restart => self.world.command("", ["sv", "-w", "60", "restart"]),
        };
        command.args(units.iter().map(|unit| service_directory(job, unit)));
        Ok(vec![logged(command, self.world.shared(), job)])
    }

    fn logs(&self, job: &Job, path: &str) -> Vec<PathBuf> {
        kept(&self.world, job, path)
    }

    /// Reads `supervise/status` as `sv` does: at 12 the process, at 17 what is wanted, at 19 the state.
    fn is_down(&self, job: &Job, unit: &str, _: Instant) -> bool {
        let path = service_directory_outside(self.world.shared(), job, unit).join("supervise/status");
        match fs::read(path).as_deref() {
            Ok([_, _, _, _, _, _, _, _, _, _, _, _, pid @ .., _, wanted, _, state]) => {
                pid == [0; 4] && *wanted == b'd' && *state == 0
            }
            _ => false,
        }
    }
}

/// Whatever it prints goes to a file of the job's.
pub(super) fn logged(mut command: Command, shared: &Path, job: &Job) -> Command {
    let folder = shared.join("logs");
    let file = fs::create_dir_all(&folder)
        .and_then(|()| fs::OpenOptions::new().create(true).append(true).open(folder.join(&job.name)));
    if let Ok((log, again)) = file.and_then(|file| Ok((file.try_clone()?, file))) {
        command.stdout(Stdio::from(log)).stderr(Stdio::from(again));
    }
    command
}
