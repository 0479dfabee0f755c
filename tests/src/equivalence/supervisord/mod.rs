//! The real supervisord, on the configurations of the cases.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::case::Verb;
use super::job::Job;
use super::runit::logged;
use super::supervisor::{Supervisor, cgroup, environment};
use super::world::World;
use crate::product;

pub mod rpc;
pub mod run;
pub mod shown;

/// How long supervisord may take until it can be asked something.
const PATIENCE: Duration = Duration::from_secs(20);
/// How old what is known of the processes may be.
const FRESH: Duration = Duration::from_millis(150);

/// Runs supervisord's modules without anything of Python's environment.
const PROGRAM: &str = "import sys; sys.path.insert(0, '/srv/observe/supervisor'); \
    from supervisor.supervisord import main; main()";

/// What was the matter with each process at some time.
type Look = (Instant, Vec<rpc::Process>);

/// A world in which each job has a supervisord of its own.
#[derive(Debug)]
pub struct Supervisord {
    world: World,
    /// The last looks at each job, the newest first.
    looks: Mutex<HashMap<String, Vec<Look>>>,
}

impl Supervisord {
    /// Boots it, with the configurations of all `jobs`. `modules` is where supervisord was installed to.
    pub fn boot(probe: &Path, modules: &Path, jobs: &[Job]) -> io::Result<Self> {
        // It takes the processes that nobody else waits for.
        let program = ["prlimit", "--nofile=1024:", "runsvdir", "-P", "/run/lock"];
        let world = World::new("supervisord", probe, &program, |shared| {
            super::run::copy(modules, &shared.join("supervisor"))?;
            fs::copy(product::binary(), shared.join("svlsp"))?;
            fs::create_dir(shared.join("converted"))?;
            jobs.iter().try_for_each(|job| write(job, shared))
        })?;
        Ok(Self { world, looks: Mutex::default() })
    }

    fn socket(&self, job: &Job) -> PathBuf {
        self.world.root().join(format!("srv/work/{}/rpc.sock", job.name))
    }

    /// The names that supervisord has for `units`.
    fn full_names(&self, job: &Job, units: &[String]) -> io::Result<Vec<String>> {
        let all = rpc::processes(&self.socket(job))?;
        let of = |unit: &String| all.iter().find(|process| process.name == *unit).map(rpc::Process::full_name);
        let names = units.iter().map(|unit| of(unit).ok_or_else(|| io::Error::other(format!("no process {unit}"))));
        names.collect()
    }

    fn ask(&self, job: &Job, verb: Verb, units: &[String]) -> io::Result<()> {
        let socket = self.socket(job);
        let end = Instant::now() + PATIENCE;
        while rpc::processes(&socket).is_err() && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
        if verb == Verb::Stop && units == job.started() {
            return rpc::command(&socket, "stopAllProcesses", "", false);
        }
        for name in self.full_names(job, units)? {
            // A process that is there already, or isn't any more, is no failure of the test.
            let _ = match verb {
                Verb::Start => rpc::command(&socket, "startProcess", &name, false),
                Verb::Stop => rpc::command(&socket, "stopProcess", &name, false),
                Verb::Reload => rpc::signal(&socket, &name, "HUP"),
                Verb::Restart => rpc::command(&socket, "stopProcess", &name, true)
                    .and_then(|()| rpc::command(&socket, "startProcess", &name, false)),
            };
        }
        Ok(())
    }
}

/// Where the configuration of `job` is, in all worlds.
pub fn folder(job: &Job) -> String {
    format!("/srv/observe/configurations/{}", job.name)
}

/// Writes the configuration of `job`, with what lets the test talk to supervisord.
pub fn write(job: &Job, shared: &Path) -> io::Result<()> {
    let folder = shared.join(folder(job).trim_start_matches("/srv/observe/"));
    job.write_units(&folder)?;
    let main = folder.join("supervisord.conf");
    let text = fs::read_to_string(&main)? + &include_str!("talk.conf").replace("{case}", &job.name);
    fs::write(main, text)
}

impl Supervisor for Supervisord {
    fn name(&self) -> &'static str {
        "supervisord"
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
        // What was seen before may be over now.
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).remove(&job.name);
        let work = self.world.root().join("srv/work").join(&job.name);
        if verb == Verb::Start && !work.join("supervisord.log").exists() {
            self.world.make_cgroup(&cgroup(job));
            let mut command = self.world.command(&cgroup(job), environment(job));
            command.args(["LANG=C.UTF-8", "prlimit", "--nofile=1024:"]);
            command.args(["python3", "-I", "-c", PROGRAM, "-c"]);
            command.arg(format!("{}/supervisord.conf", folder(job)));
            return Ok(vec![logged(command, self.world.shared(), job)]);
        }
        self.ask(job, verb, units).map(|()| Vec::new())
    }

    /// What has just ended and is to be restarted is `EXITED` for a moment, so it takes two looks.
    fn is_down(&self, job: &Job, unit: &str, _: Instant) -> bool {
        let mut all = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let looks = all.entry(job.name.clone()).or_default();
        if looks.first().is_none_or(|(taken, _)| taken.elapsed() > FRESH) {
            let processes = rpc::processes(&self.socket(job)).unwrap_or_default();
            looks.insert(0, (Instant::now(), processes));
            looks.truncate(2);
        }
        let down = |(_, processes): &Look| processes.iter().any(|process| process.name == unit && process.is_down());
        looks.len() == 2 && looks.iter().all(down)
    }

    fn log(&self, job: &Job) -> String {
        let own = self.world.root().join(format!("srv/work/{}/supervisord.log", job.name));
        fs::read_to_string(own).unwrap_or_default()
    }
}
