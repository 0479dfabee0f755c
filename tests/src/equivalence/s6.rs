//! The real s6-svscan and s6-supervise, on generated directories.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::case::Verb;
use super::job::Job;
use super::run::copy;
use super::runit::logged;
use super::supervisor::{
    Supervisor, cgroup, environment, keep_down, kept, scan_directory, service_directory, service_directory_outside,
};
use super::world::World;

/// A world whose first process is s6-svscan; each job has one more, so that it starts when asked to.
#[derive(Debug)]
pub struct S6 {
    world: World,
}

impl S6 {
    /// Boots it. The directories of the jobs are in `services`; `furniture` goes to /srv/observe too.
    pub fn boot(probe: &Path, services: &Path, furniture: &[(&str, PathBuf)]) -> io::Result<Self> {
        let program = ["prlimit", "--nofile=1024:", "s6-svscan", "/run/lock"];
        let world = World::new("s6", probe, &program, |shared| {
            furniture.iter().try_for_each(|(name, from)| copy(from, &shared.join(name)))?;
            copy(services, &shared.join("services"))
        })?;
        Ok(Self { world })
    }
}

impl Supervisor for S6 {
    fn name(&self) -> &'static str {
        "s6"
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
        let option = match verb {
            Verb::Start if !started => {
                let mut command = self.world.command(&cgroup(job), environment(job));
                command.args(["prlimit", "--nofile=1024:", "s6-svscan"]);
                command.arg(scan_directory(job));
                self.world.make_cgroup(&cgroup(job));
                keep_down(self.world.shared(), job, units);
                return Ok(vec![logged(command, self.world.shared(), job)]);
            }
            Verb::Start => "-u",
            Verb::Stop => "-d",
            Verb::Reload => "-h",
            // A service that doesn't restart by itself stays down after -r.
            Verb::Restart => {
                let script = "for each; do s6-svc -wD -d \"$each\"; s6-svc -u \"$each\"; done";
                let mut command = self.world.command("", ["sh", "-c", script, "restart"]);
                command.args(units.iter().map(|unit| service_directory(job, unit)));
                return Ok(vec![logged(command, self.world.shared(), job)]);
            }
        };
        let of = |unit: &String| {
            let command = self.world.command("", ["s6-svc", option, &service_directory(job, unit)]);
            logged(command, self.world.shared(), job)
        };
        Ok(units.iter().map(of).collect())
    }

    fn logs(&self, job: &Job, path: &str) -> Vec<PathBuf> {
        kept(&self.world, job, path)
    }

    /// Reads `supervise/status` as s6-svstat does: at 24 the process, at 34 the flags, of which 4 is "wanted up".
    fn is_down(&self, job: &Job, unit: &str, _: Instant) -> bool {
        let path = service_directory_outside(self.world.shared(), job, unit).join("supervise/status");
        match fs::read(path).as_deref() {
            Ok(status) if status.len() >= 35 => status[24..32] == [0; 8] && status[34] & 4 == 0,
            _ => false,
        }
    }
}
