//! The real systemd.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::case::Verb;
use super::job::Job;
use super::supervisor::Supervisor;
use super::world::World;

/// How old what is known of the units may be.
const FRESH: Duration = Duration::from_millis(150);

/// One boot of systemd, with the units of all jobs.
#[derive(Debug)]
pub struct Systemd {
    world: World,
    states: Mutex<Option<(Instant, HashMap<String, String>)>>,
}

impl Systemd {
    /// Boots it.
    pub fn boot(probe: &Path, jobs: &[Job]) -> io::Result<Self> {
        let program = ["container=docker", "/lib/systemd/systemd", "--system", "--unit=probe.target"];
        let mut world = World::new("systemd", probe, &program, |shared| {
            let units = shared.join("units");
            // Nothing but the cases: no order with units of a whole system.
            fs::write(units.join("probe.target"), "[Unit]\nDefaultDependencies=no\n")?;
            fs::create_dir(units.join("service.d"))?;
            fs::write(units.join("service.d/test.conf"), "[Unit]\nDefaultDependencies=no\n")?;
            jobs.iter().try_for_each(|job| job.write_units(&units))
        })?;
        world.until(|world| world.root().join("run/systemd/private").exists())?;
        Ok(Self { world, states: Mutex::new(None) })
    }

    fn systemctl(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command("", ["systemctl", "--no-pager", "--no-ask-password"]);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What is the matter with `unit`: `active`, `inactive`, `failed`, `activating` …
    fn state(&self, unit: &str) -> String {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, known) = match states.take() {
            Some(known) if known.0.elapsed() < FRESH => states.insert(known),
            _ => {
                let listing = self
                    .systemctl(&[
                        "list-units",
                        "--all",
                        "--plain",
                        "--no-legend",
                        "--full",
                        "--type=service,target,socket",
                    ])
                    .stdout(Stdio::piped())
                    .output();
                let text =
                    listing.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
                let of = |line: &str| {
                    let mut words = line.split_whitespace();
                    Some((words.next()?.to_owned(), words.nth(1)?.to_owned()))
                };
                states.insert((Instant::now(), text.lines().filter_map(of).collect()))
            }
        };
        known.get(unit).cloned().unwrap_or_else(|| "inactive".to_owned())
    }
}

impl Supervisor for Systemd {
    fn name(&self) -> &'static str {
        "systemd"
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn commands(&self, _: &Job, verb: Verb, units: &[String]) -> Vec<Command> {
        let verb = match verb {
            Verb::Start => "start",
            Verb::Stop => "stop",
            Verb::Reload => "reload",
            Verb::Restart => "restart",
        };
        let mut command = self.systemctl(&[verb]);
        command.args(units);
        vec![command]
    }

    fn commands_end(&self) -> bool {
        true
    }

    fn cleaning(&self, job: &Job) -> Vec<Command> {
        let mut command = self.systemctl(&["stop", "--no-block"]);
        command.args(job.started());
        vec![command]
    }

    fn is_down(&self, _: &Job, unit: &str) -> bool {
        matches!(self.state(unit).as_str(), "inactive" | "failed")
    }
}
