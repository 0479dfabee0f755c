//! The real systemd.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::case::Verb;
use super::job::Job;
use super::run::copy;
use super::supervisor::Supervisor;
use super::world::World;

/// How old what is known of the units may be.
const FRESH: Duration = Duration::from_millis(150);

/// What was the matter with each unit at some time: `active`, `inactive`, `failed`, `activating` …
type Look = (Instant, HashMap<String, String>);

/// One boot of systemd, with the units of all jobs.
#[derive(Debug)]
pub struct Systemd {
    world: World,
    /// The last looks at it, the newest first.
    looks: Mutex<Vec<Look>>,
}

impl Systemd {
    /// Boots it, with the units of the jobs, or those that were made of each job in `converted`;
    /// `furniture` goes to /srv/observe too.
    pub fn boot(
        probe: &Path,
        jobs: &[Job],
        converted: Option<&Path>,
        furniture: &[(&str, PathBuf)],
    ) -> io::Result<Self> {
        let program = ["container=docker", "/lib/systemd/systemd", "--system", "--unit=probe.target"];
        let mut world = World::new("systemd", probe, &program, |shared| {
            furniture.iter().try_for_each(|(name, from)| copy(from, &shared.join(name)))?;
            let units = shared.join("units");
            // Nothing but the cases: no order with units of a whole system.
            fs::write(units.join("probe.target"), "[Unit]\nDefaultDependencies=no\n")?;
            for kind in ["service", "socket"] {
                let folder = units.join(format!("{kind}.d"));
                fs::create_dir(&folder)?;
                fs::write(folder.join("test.conf"), "[Unit]\nDefaultDependencies=no\n")?;
            }
            jobs.iter().try_for_each(|job| {
                let all = match converted {
                    Some(converted) => adopt(job, &converted.join(&job.name), &units)?,
                    None => job.write_units(&units).map(|()| job.started())?,
                };
                let all = all.join(" ");
                fs::write(units.join(together(job)), format!("[Unit]\nDefaultDependencies=no\nWants={all}\n"))
            })
        })?;
        world.until(|world| world.root().join("run/systemd/private").exists())?;
        Ok(Self { world, looks: Mutex::default() })
    }

    fn systemctl(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command("", ["systemctl", "--no-pager", "--no-ask-password"]);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Looks at all units.
    fn look(&self) -> Look {
        let begun = Instant::now();
        let listing = self
            .systemctl(&["list-units", "--all", "--plain", "--no-legend", "--full", "--type=service,target,socket"])
            .stdout(Stdio::piped())
            .output();
        let text = listing.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let of = |line: &str| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.nth(1)?.to_owned()))
        };
        (begun, text.lines().filter_map(of).collect())
    }
}

/// Copies the units that were made of `job` from the directory `made`, with the job's name in front of theirs,
/// as they are in all jobs the same. Those that are started at boot.
fn adopt(job: &Job, made: &Path, units: &Path) -> io::Result<Vec<String>> {
    let entries: Vec<_> = fs::read_dir(made).into_iter().flatten().flatten().collect();
    let names: Vec<String> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let mut enabled = Vec::new();
    for (entry, name) in entries.iter().zip(&names).filter(|(entry, _)| entry.path().is_file()) {
        let text = fs::read_to_string(entry.path())?;
        let own = format!("{}-{name}", job.name);
        if text.contains("\nWantedBy=") {
            enabled.push(own.clone());
        }
        fs::write(units.join(own), names.iter().fold(text, |text, name| rename(&text, name, &job.name)))?;
    }
    Ok(enabled)
}

/// Puts `prefix` in front of the unit `name` wherever it stands in `text`.
fn rename(text: &str, name: &str, prefix: &str) -> String {
    let mut parts = text.split(name);
    let mut renamed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if !renamed.ends_with(|before: char| before.is_alphanumeric() || "-_.@/:".contains(before)) {
            renamed += &format!("{prefix}-");
        }
        renamed += name;
        renamed += part;
    }
    renamed
}

/// What systemd calls one of `units`: a process of a configuration is a service with the job's name in front.
fn called(job: &Job, unit: &str) -> String {
    if job.case.processes.is_empty() { unit.to_owned() } else { format!("{}-{unit}.service", job.name) }
}

/// What starts all units of a job at once, so that the order among them counts.
fn together(job: &Job) -> String {
    format!("{}-together.target", job.name)
}

impl Supervisor for Systemd {
    fn name(&self) -> &'static str {
        "systemd"
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn commands(&self, job: &Job, verb: Verb, units: &[String]) -> io::Result<Vec<Command>> {
        let all = !job.case.processes.is_empty() && units == job.started();
        if verb == Verb::Start && (all || units.len() > 1) {
            return Ok(vec![self.systemctl(&["start", &together(job)])]);
        }
        let mut command = match verb {
            Verb::Start => self.systemctl(&["start"]),
            Verb::Stop => self.systemctl(&["stop"]),
            // All that can be said to a program of supervisord.
            Verb::Reload if !job.case.processes.is_empty() => {
                self.systemctl(&["kill", "--kill-who=main", "--signal=HUP"])
            }
            Verb::Reload => self.systemctl(&["reload"]),
            Verb::Restart => self.systemctl(&["restart"]),
        };
        command.args(units.iter().map(|unit| called(job, unit)));
        Ok(vec![command])
    }

    fn commands_end(&self) -> bool {
        true
    }

    fn cleaning(&self, job: &Job) -> Vec<Command> {
        let mut command = self.systemctl(&["stop", "--no-block"]);
        command.args(job.started().iter().map(|unit| called(job, unit)));
        vec![command]
    }

    /// A unit that is being restarted is inactive for a moment, so it takes two looks.
    fn is_down(&self, job: &Job, unit: &str, since: Instant) -> bool {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.first().is_none_or(|(taken, _)| taken.elapsed() > FRESH) {
            looks.insert(0, self.look());
            looks.truncate(2);
        }
        let down = |(taken, states): &Look| {
            *taken > since
                && states.get(&called(job, unit)).is_none_or(|state| matches!(state.as_str(), "inactive" | "failed"))
        };
        looks.len() == 2 && looks.iter().all(down)
    }
}
