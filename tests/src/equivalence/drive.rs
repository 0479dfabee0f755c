//! Goes through a case's script and keeps what was seen.

use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::time::{ClockId, clock_gettime};

use super::case::{Awaited, Step, Verb};
use super::events::{Event, SETTLED};
use super::job::Job;
use super::supervisor::{Running, Supervisor};

/// What is noted if something that the script waits for doesn't come.
pub const MISSED: &str = "never";

/// How often a state that nobody tells of is asked for.
const POLL: Duration = Duration::from_millis(100);

/// What was seen of one job in one world.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What the probes reported.
    pub events: Vec<Event>,
    /// What the script did and found: microseconds of the monotonic clock, and text.
    pub notes: Vec<(i64, String)>,
    /// What the supervisors printed.
    pub log: String,
}

/// Does what the script of `job` says, and ends all its processes then.
/// No step takes longer than `patience`.
pub fn drive(supervisor: &dyn Supervisor, job: &Job, patience: Duration) -> io::Result<Record> {
    let world = supervisor.world();
    job.write_files(&world.root())?;
    let mut driver = Driver { supervisor, job, patience, running: Running::default(), notes: Vec::new() };
    let result = job.script.iter().try_for_each(|step| driver.step(step));
    world.hub().settle(&job.name, world.shared(), patience)?;
    let mut events = world.hub().events(&job.name);
    events.retain(|event| event.kind != SETTLED);
    driver.clean();
    result?;
    events.sort_by_key(|event| event.time);
    let log = driver.printed() + &supervisor.log(job);
    Ok(Record { events, notes: driver.notes, log })
}

struct Driver<'a> {
    supervisor: &'a dyn Supervisor,
    job: &'a Job,
    patience: Duration,
    running: Running,
    notes: Vec<(i64, String)>,
}

impl Driver<'_> {
    fn step(&mut self, step: &Step) -> io::Result<()> {
        let world = self.supervisor.world();
        match step {
            Step::Act(verb, units) => self.act(*verb, units)?,
            Step::Wait(awaited) => {
                let found = self.wait(awaited);
                let Awaited { role, event, value, count, or_down } = awaited;
                let outcome = match found {
                    true => "seen",
                    false if *or_down => "not before down",
                    false => MISSED,
                };
                self.note(format!("{role} {event} {value} {count}: {outcome}"));
            }
            Step::Down(units) => {
                let units = if units.is_empty() { self.job.started() } else { units.clone() };
                let found = self.until(|| self.is_down(&units));
                self.note(format!("{}: {}", units.join(" "), if found { "down" } else { MISSED }));
            }
            Step::Quiet(milliseconds) => {
                thread::sleep(Duration::from_millis(*milliseconds));
                self.note("quiet".to_owned());
            }
            Step::State => {
                // It takes some looks to be sure that it is down.
                let units = self.job.started();
                let down = (0..10).any(|_| {
                    thread::sleep(POLL);
                    self.is_down(&units)
                });
                self.note(format!("all {}", if down { "down" } else { "not down" }));
            }
            Step::Files(paths) => {
                for path in paths {
                    let mut lines = Vec::new();
                    list(&world.root(), path, &mut lines);
                    self.note(format!("files: {}", lines.join(", ")));
                }
            }
            Step::Survivors => {
                let alive = self.alive();
                self.note(format!("alive: {}", alive.join(" ")));
            }
            Step::Kill(role, signal) => self.kill(role, signal)?,
            Step::Write(path, text) => {
                let path = world.root().join(path.trim_start_matches('/'));
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(path, format!("{text}\n"))?;
            }
            Step::Remove(path) => fs::remove_file(world.root().join(path.trim_start_matches('/')))?,
            Step::Send(address, text) => {
                // What waits for it finds out.
                let _ = self.send(address, text);
            }
            Step::Logged(path, text) => {
                let found = self.until(|| self.logged(path).contains(text.as_str()));
                self.note(format!("{path} {text}: {}", if found { "logged" } else { MISSED }));
            }
            Step::Log(path, last) => {
                let text = self.logged(path);
                let end = text.get(text.len().saturating_sub(*last)..).unwrap_or(&text);
                self.note(format!("log {path}: {end:?}"));
            }
            Step::Printed(text) => {
                let found = self.until(|| self.printed().contains(text.as_str()));
                self.note(format!("{text}: {}", if found { "printed" } else { MISSED }));
            }
            Step::Shared(roles) => {
                let mut inputs: Vec<_> = roles.iter().map(|role| self.input(role)).collect();
                inputs.dedup();
                let one = inputs.len() == 1 && inputs[0].as_ref().is_some_and(|input| input.starts_with("socket:"));
                self.note(format!("{}: {}", roles.join(" "), if one { "one socket" } else { "not one socket" }));
            }
            Step::Again(path) => self.again(path)?,
            Step::Kept(path) => self.note(format!("kept {path}: {}", self.supervisor.logs(self.job, path).len())),
        }
        Ok(())
    }

    fn act(&mut self, verb: Verb, units: &[String]) -> io::Result<()> {
        let units = if units.is_empty() { self.job.started() } else { units.to_vec() };
        self.note(format!("{verb:?}"));
        for command in self.supervisor.commands(self.job, verb, &units)? {
            self.running.spawn(command)?;
        }
        Ok(())
    }

    fn wait(&self, awaited: &Awaited) -> bool {
        let Awaited { role, event, value, count, or_down } = awaited;
        let hub = self.supervisor.world().hub();
        let seen = |events: &[Event]| {
            let matches = |seen: &&Event| {
                let holds = value.is_empty() || seen.fields.values().any(|field| field == value);
                seen.role == *role && seen.kind == *event && holds
            };
            events.iter().filter(matches).count() >= *count
        };
        if !*or_down {
            return hub.wait(&self.job.name, self.patience, seen);
        }
        let (end, units) = (Instant::now() + self.patience, self.job.started());
        loop {
            if hub.wait(&self.job.name, POLL, seen) {
                return true;
            }
            if self.is_down(&units) || Instant::now() > end {
                return hub.wait(&self.job.name, Duration::ZERO, seen);
            }
        }
    }

    fn is_down(&self, units: &[String]) -> bool {
        let since = match self.running.idle_since() {
            Some(since) => since,
            None if self.supervisor.commands_end() => return false,
            None => Instant::now(),
        };
        units.iter().all(|unit| self.supervisor.is_down(self.job, unit, since))
    }

    /// The processes that reported and still live: roles, and kinds of children.
    fn alive(&self) -> Vec<String> {
        let world = self.supervisor.world();
        let events = world.hub().events(&self.job.name);
        let mut alive: Vec<String> = events
            .iter()
            .filter(|event| matches!(event.kind.as_str(), "start" | "child") && world.is_alive(event.pid))
            .map(|event| event.fields.get("kind").unwrap_or(&event.role).clone())
            .collect();
        alive.sort();
        alive
    }

    fn kill(&self, role: &str, signal: &str) -> io::Result<()> {
        let world = self.supervisor.world();
        let events = world.hub().events(&self.job.name);
        let last = events.iter().rev().find(|event| event.role == role && event.kind == "start");
        let Some(event) = last else { return Ok(()) };
        let signal: Signal = format!("SIG{signal}").parse().map_err(io::Error::other)?;
        let mut command = world.command("", ["kill", "-s", &signal.as_str()[3..], &event.pid.to_string()]);
        command.status().map(|_| ())
    }

    /// What the standard input of the process is that started last in that role.
    fn input(&self, role: &str) -> Option<String> {
        let world = self.supervisor.world();
        let pid = world.hub().events(&self.job.name).iter().rev().find(|event| event.role == role)?.pid;
        let input = fs::read_link(world.root().join(format!("proc/{pid}/fd/0"))).ok()?;
        Some(input.to_string_lossy().into_owned())
    }

    /// Ends whatever keeps the socket `path` for others, and waits until it is back.
    fn again(&self, path: &str) -> io::Result<()> {
        let world = self.supervisor.world();
        let keepers = || {
            let mut keepers = world.processes();
            let keeps = |arguments: &[u8]| {
                let mut words = arguments.split(|byte| *byte == 0);
                words.any(|word| word == b"./data/hold") && words.any(|word| word == path.as_bytes())
            };
            keepers.retain(|(_, arguments)| keeps(arguments));
            keepers.into_iter().map(|(pid, _)| pid).collect::<Vec<_>>()
        };
        let before = keepers();
        if before.is_empty() {
            return Ok(());
        }
        let pids = before.iter().map(u32::to_string);
        world.command("", ["kill".to_owned()].into_iter().chain(pids)).status()?;
        if !self.until(|| keepers().iter().any(|pid| !before.contains(pid))) {
            return Err(io::Error::other(format!("what keeps {path} doesn't come back")));
        }
        Ok(())
    }

    /// Asks again and again whether something is the case, as long as a step may take; what the answer was.
    fn until(&self, holds: impl Fn() -> bool) -> bool {
        let end = Instant::now() + self.patience;
        while !holds() && Instant::now() < end {
            thread::sleep(POLL);
        }
        holds()
    }

    /// What the supervisors of the job have printed.
    fn printed(&self) -> String {
        let path = self.supervisor.world().shared().join("logs").join(&self.job.name);
        String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
    }

    /// All that was logged at `path` and is still there.
    fn logged(&self, path: &str) -> String {
        let read = |path: &PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        self.supervisor.logs(self.job, path).iter().map(read).collect()
    }

    /// Connects to `unix:PATH` or `tcp:HOST:PORT` in the world, and sends a line.
    fn send(&self, address: &str, text: &str) -> io::Result<()> {
        let world = self.supervisor.world();
        let (kind, place) = address.split_once(':').unwrap_or(("unix", address));
        if kind == "unix" {
            let path = world.root().join(place.trim_start_matches('/'));
            return writeln!(UnixStream::connect(path)?, "{text}");
        }
        let script = format!("echo '{text}' >/dev/tcp/{}", place.replace(':', "/"));
        world.command("", ["bash", "-c", &script]).status().map(|_| ())
    }

    /// Ends what is left of the job.
    fn clean(&mut self) {
        let world = self.supervisor.world();
        for command in self.supervisor.cleaning(self.job) {
            let _ = self.running.spawn(command);
        }
        let ours = format!("/srv/probe\0{}\0", self.job.name);
        let left = world.processes().into_iter().filter(|(_, arguments)| arguments.starts_with(ours.as_bytes()));
        let pids: Vec<String> = left.map(|(pid, _)| pid.to_string()).collect();
        if !pids.is_empty() {
            let _ = self
                .running
                .spawn(quiet(world.command("", ["kill", "-s", "KILL"].into_iter().map(str::to_owned).chain(pids))));
        }
    }

    fn note(&mut self, text: String) {
        self.notes.push((now(), text));
    }
}

fn quiet(mut command: std::process::Command) -> std::process::Command {
    command.stderr(std::process::Stdio::null());
    command
}

/// Microseconds of the clock that the probes use.
fn now() -> i64 {
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(0, |time| time.tv_sec() * 1_000_000 + time.tv_nsec() / 1000)
}

/// One line for `path`, and for all in it: kind, owner, mode, content.
fn list(root: &Path, path: &str, lines: &mut Vec<String>) {
    let outside = root.join(path.trim_start_matches('/'));
    let about = match fs::symlink_metadata(&outside) {
        Ok(about) => about,
        Err(_) => {
            lines.push(format!("{path} missing"));
            return;
        }
    };
    let (owner, mode) = (format!("{}:{}", about.uid(), about.gid()), about.mode() & 0o7777);
    let kind = about.file_type();
    if kind.is_symlink() {
        let target = fs::read_link(&outside).unwrap_or_default();
        lines.push(format!("{path} -> {}", String::from_utf8_lossy(target.as_os_str().as_bytes())));
    } else if kind.is_dir() {
        lines.push(format!("{path}/ {owner} {mode:o}"));
        let entries = fs::read_dir(&outside).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        for name in names {
            list(root, &format!("{path}/{name}"), lines);
        }
    } else if kind.is_file() {
        let text = fs::read(&outside).unwrap_or_default();
        lines.push(format!("{path} {owner} {mode:o} {:?}", String::from_utf8_lossy(&text)));
    } else {
        lines.push(format!("{path} {owner} {mode:o} special"));
    }
}
