//! What the probes of one world report, as it comes in.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// One report of a probe.
#[derive(Clone, Debug)]
pub struct Event {
    /// The role of the process in its case.
    pub role: String,
    /// `start`, `signal`, `exit` …
    pub kind: String,
    /// Microseconds of the monotonic clock.
    pub time: i64,
    /// The process, as it is called in its world.
    pub pid: u32,
    /// What it reports.
    pub fields: BTreeMap<String, String>,
}

/// What is sent to see that nothing else is still coming.
pub const SETTLED: &str = "settled";

/// All reports of a world, by case.
#[derive(Debug, Default)]
pub struct Hub {
    cases: Mutex<HashMap<String, Vec<Event>>>,
    news: Condvar,
}

impl Hub {
    /// Listens at `folder/socket`, and plays the journal at `folder/journal`.
    pub fn listen(folder: &Path) -> io::Result<Arc<Self>> {
        let hub = Arc::new(Self::default());
        let socket = bind(folder, "socket", |path| UnixDatagram::bind(path))?;
        let journal = bind(folder, "journal", |path| UnixListener::bind(path))?;
        let ours = Arc::clone(&hub);
        thread::spawn(move || ours.receive(&socket));
        // A stream that nobody reads is as good as the journal to whoever writes little to it.
        thread::spawn(move || {
            let mut streams = Vec::new();
            journal.incoming().flatten().for_each(|stream| streams.push(stream));
        });
        Ok(hub)
    }

    /// What was reported in `case` so far.
    pub fn events(&self, case: &str) -> Vec<Event> {
        let cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.get(case).cloned().unwrap_or_default()
    }

    /// Waits until `enough` holds of the reports in `case`, but not longer than `limit`; whether it does.
    pub fn wait(&self, case: &str, limit: Duration, enough: impl Fn(&[Event]) -> bool) -> bool {
        let end = Instant::now() + limit;
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if enough(cases.get(case).map_or(&[], Vec::as_slice)) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            cases = self.news.wait_timeout(cases, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until all has come in that was reported in `case` before; `folder` is that of [`Hub::listen`].
    pub fn settle(&self, case: &str, folder: &Path, limit: Duration) -> io::Result<()> {
        let text = format!("case={case}\nrole={SETTLED}\nevent={SETTLED}\ntime=0\npid=0\n");
        UnixDatagram::unbound()?.send_to(text.as_bytes(), folder.join("socket"))?;
        self.wait(case, limit, |events| events.iter().any(|event| event.kind == SETTLED));
        Ok(())
    }

    fn receive(&self, socket: &UnixDatagram) {
        let mut buffer = vec![0; 1 << 18];
        while let Ok(size) = socket.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..size]).into_owned();
            let Some((case, event)) = read(&text) else { continue };
            let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
            cases.entry(case).or_default().push(event);
            self.news.notify_all();
        }
    }
}

fn bind<S>(folder: &Path, name: &str, how: impl Fn(&Path) -> io::Result<S>) -> io::Result<S> {
    let path = folder.join(name);
    let socket = how(&path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o777))?;
    Ok(socket)
}

fn read(text: &str) -> Option<(String, Event)> {
    let mut fields: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let case = fields.remove("case")?;
    let event = Event {
        role: fields.remove("role")?,
        kind: fields.remove("event")?,
        time: fields.remove("time")?.parse().ok()?,
        pid: fields.remove("pid")?.parse().ok()?,
        fields,
    };
    Some((case, event))
}
