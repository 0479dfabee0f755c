//! What was seen, freed of what can't be the same.

use std::collections::BTreeMap;

use super::drive::Record;
use super::events::Event;
use super::job::Job;
use super::world::World;

/// Variables that only systemd sets, and the language that it takes from the system.
const ENVIRONMENT: &[&str] = &[
    "env.INVOCATION_ID",
    "env.JOURNAL_STREAM",
    "env.LANG",
    "env.MEMORY_PRESSURE_WATCH",
    "env.MEMORY_PRESSURE_WRITE",
    "env.MONITOR_INVOCATION_ID",
    "env.SYSTEMD_EXEC_PID",
];

/// Signals that are no further apart than this came together, in microseconds.
const BURST: i64 = 150_000;

/// What one world showed of a case.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// Each start: `main#1`, and what the process saw.
    pub starts: Vec<(String, BTreeMap<String, String>)>,
    /// Starts, ends and notifications of all roles.
    pub order: Vec<String>,
    /// What each role did, in order, with the time in microseconds. The script is the role `driver`.
    pub roles: BTreeMap<String, Vec<(i64, String)>>,
    /// What the supervisors printed.
    pub log: String,
}

impl Transcript {
    /// Makes it of what was recorded in `world`.
    pub fn new(record: &Record, job: &Job, world: &World) -> Self {
        let namespaces = world.namespaces();
        let mut transcript = Self { log: record.log.clone(), ..Self::default() };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut roles = BTreeMap::new();
        let rename = |text: &str| text.replace(&job.name, &job.case.name);
        for event in &record.events {
            if event.kind == "start" {
                let count = counts.entry(&event.role).or_default();
                *count += 1;
                let mut fields = BTreeMap::new();
                for (key, value) in &event.fields {
                    if let Some(value) = normal(key, value, job, &namespaces, &roles) {
                        fields.insert(rename(key), rename(&value));
                    }
                }
                own_group(&mut fields);
                transcript.starts.push((format!("{}#{count}", event.role), fields));
                roles.insert(event.pid, event.role.clone());
            }
            // It comes with every other signal, from whoever sends one, and changes nothing.
            if event.fields.get("signal").is_some_and(|signal| signal == "CONT") {
                continue;
            }
            let (role, text) = told(event);
            match event.kind.as_str() {
                "start" => transcript.order.push(role.clone()),
                "exit" | "notify" => transcript.order.push(format!("{role}.{}", event.kind)),
                _ => {}
            }
            transcript.roles.entry(role).or_default().push((event.time, rename(&text)));
        }
        for events in transcript.roles.values_mut() {
            sort_bursts(events);
            // How many times a signal comes depends on how fast others end.
            events.dedup_by(|one, two| one.1 == two.1 && one.1.contains("signal "));
        }
        let notes = record.notes.iter().map(|(time, text)| (*time, rename(text))).collect();
        transcript.roles.insert("driver".to_owned(), notes);
        transcript
    }
}

/// Puts signals that came at about the same time in one order: the kernel delivers the lowest number first.
fn sort_bursts(events: &mut [(i64, String)]) {
    let is_signal = |text: &str| text.starts_with("signal") || text.starts_with("child-signal");
    let same =
        |one: &(i64, String), two: &(i64, String)| is_signal(&one.1) && is_signal(&two.1) && two.0 - one.0 < BURST;
    for burst in events.chunk_by_mut(same) {
        burst.sort_by(|one, two| one.1.cmp(&two.1));
    }
}

/// Whose doing an event is, and how it is told. Children report by themselves, in no order with their parent.
fn told(event: &Event) -> (String, String) {
    let (mut role, mut text) = (event.role.clone(), event.kind.clone());
    for (key, value) in &event.fields {
        match (event.kind.as_str(), key.as_str()) {
            ("start", _) => {}
            ("child" | "child-signal", "kind") => role = format!("{role}/{value}"),
            _ => text += &format!(" {value}"),
        }
    }
    (role, text)
}

/// What `value` is where it is the same as elsewhere; `None` if it can't be.
fn normal(
    key: &str,
    value: &str,
    job: &Job,
    namespaces: &BTreeMap<String, String>,
    roles: &BTreeMap<u32, String>,
) -> Option<String> {
    if ENVIRONMENT.contains(&key) && !job.units.iter().any(|(_, text)| text.contains(&key[4..])) || key == "cgroup" {
        return None;
    }
    if let Some(name) = key.strip_prefix("namespace.") {
        return Some(
            if namespaces.get(name).is_some_and(|shared| shared == value) { "shared" } else { "own" }.to_owned(),
        );
    }
    Some(match key {
        "env.NOTIFY_SOCKET" => "set".to_owned(),
        "env.MAINPID" => value.parse().ok().and_then(|pid: u32| roles.get(&pid)).map_or(value, |role| role).to_owned(),
        "signals.ignored" | "signals.blocked" => ordinary(value),
        // The idle class has no levels.
        "io-priority" if value.starts_with("3 ") => "3".to_owned(),
        "env.LISTEN_PID" => "set".to_owned(),
        "file.1" | "file.2" if is_log(value, job) => "log".to_owned(),
        _ => value.to_owned(),
    })
}

/// Leaves the group that the process has anyway out of the supplementary ones: there it changes nothing.
fn own_group(fields: &mut BTreeMap<String, String>) {
    let own = fields.get("gids").and_then(|gids| gids.split(' ').nth(1)).unwrap_or_default().to_owned();
    if let Some(groups) = fields.get_mut("groups") {
        *groups = groups.split(' ').filter(|group| *group != own).collect::<Vec<_>>().join(" ");
    }
}

/// Without the two that belong to the C library: nobody can set them back.
fn ordinary(signals: &str) -> String {
    const OF_THE_LIBRARY: u64 = 0b11 << 31;
    u64::from_str_radix(signals, 16).map_or(signals.to_owned(), |mask| format!("{:016x}", mask & !OF_THE_LIBRARY))
}

fn is_log(value: &str, job: &Job) -> bool {
    let target = value.split(' ').next().unwrap_or_default();
    matches!(target, "socket" | "pipe") || target.ends_with(&format!("/logs/{}", job.name))
}
