//! The thread that does what must not hold up answers: it reads folders, and sends diagnostics to
//! clients that don't ask for them.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;
use tower_lsp::Client;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{MessageType, ProgressToken, TextDocumentIdentifier, Uri};

use super::capabilities::pulls;
use super::diagnose::Report;
use super::settings::Settings;
use super::state::{self, State, lock};
use super::world::World;

/// How long nothing must happen before the diagnostics of the documents that
/// weren't changed are looked at again.
const QUIET: Duration = Duration::from_millis(300);

/// How long a client may take to make room for a progress bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Something has changed.
#[derive(Debug)]
pub(super) enum Event {
    /// A document was opened or changed.
    Changed(Uri),
    /// A document was closed: what it says doesn't count any more.
    Closed(Uri),
    /// A document isn't what the client has any more.
    Lost(Uri),
    /// These are the folders now, or something in them or their settings has changed.
    Folders(Vec<PathBuf>),
}

/// The preview of a unit, or the summary, would be another one now.
enum PreviewChanged {}

impl Notification for PreviewChanged {
    type Params = TextDocumentIdentifier;
    const METHOD: &'static str = "svlsp/previewChanged";
}

/// Starts the thread. It ends when the sender is dropped.
pub(super) fn start(state: Arc<State>, client: Client) -> Sender<Event> {
    let (sender, receiver) = mpsc::channel();
    let runtime = Handle::current();
    let mut publisher = Publisher { state, client, runtime, published: HashMap::new(), told: Vec::new() };
    thread::spawn(move || publisher.run(&receiver));
    sender
}

/// Has the client ask again for what it shows of other supervisors.
pub(super) fn refresh_hints(client: &Client, abilities: &state::Client) {
    let workspace = abilities.capabilities.workspace.as_ref();
    let hints = workspace.and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support) == Some(true);
    let lenses = workspace.and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support) == Some(true);
    let client = client.clone();
    // What a client answers to this tells nothing.
    tokio::spawn(async move {
        if hints {
            let _ = client.inlay_hint_refresh().await;
        }
        if lenses {
            let _ = client.code_lens_refresh().await;
        }
    });
}

struct Publisher {
    state: Arc<State>,
    client: Client,
    runtime: Handle,
    /// What the client has been sent of each file that has something wrong: [`Report::id`].
    published: HashMap<Uri, String>,
    /// What was wrong with the settings the last time.
    told: Vec<String>,
}

impl Publisher {
    fn run(&mut self, events: &Receiver<Event>) {
        let mut settled = true;
        loop {
            let first = match settled {
                true => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => events.recv_timeout(QUIET),
            };
            match first {
                Ok(first) => {
                    self.survive(|publisher| publisher.take(std::iter::once(first).chain(events.try_iter())));
                    settled = self.pulls();
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.survive(Self::publish_all);
                    settled = true;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Goes on after a panic, as handlers do; nobody has to wait for a scan that has failed.
    fn survive(&mut self, act: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| act(self))).is_err() {
            tracing::error!("diagnostics failed, which is a mistake in svlsp");
            self.state.set_scanned();
        }
    }

    /// What has come in the meantime is done in one go.
    fn take(&mut self, events: impl Iterator<Item = Event>) {
        let mut changed = BTreeSet::new();
        // With those that were closed.
        let mut touched = BTreeSet::new();
        let mut folders = None;
        for event in events {
            match event {
                Event::Changed(uri) => drop(changed.insert(uri)),
                Event::Closed(uri) => {
                    changed.remove(&uri);
                    touched.insert(uri.clone());
                    self.publish(uri, Report::default());
                }
                Event::Lost(uri) => {
                    let name = uri.path().as_str();
                    let message = format!("{name}: svlsp lost track of the text; close the file and open it again");
                    self.runtime.block_on(self.client.show_message(MessageType::WARNING, message));
                }
                Event::Folders(now) => folders = Some(now),
            }
        }
        if let Some(folders) = folders {
            self.scan(folders);
            self.refresh();
            changed.extend(self.state.documents().keys().cloned());
        }
        touched.extend(changed.iter().cloned());
        self.tell_of_previews(&touched);
        if !self.pulls() {
            changed.into_iter().for_each(|uri| self.diagnose(uri));
        }
    }

    fn pulls(&self) -> bool {
        pulls(&self.state.client().capabilities)
    }

    /// Says which of the previews that a client has are of units with a changed file.
    fn tell_of_previews(&self, changed: &BTreeSet<Uri>) {
        let previewed = lock(&self.state.previewed).clone();
        let paths: Vec<_> = changed.iter().filter_map(|uri| uri.to_file_path()).collect();
        for uri in previewed {
            let Ok(document) = self.state.document(&uri) else { continue };
            let concerned = changed.contains(&uri)
                || self.state.in_world(&document, |world, file| {
                    let parts = world.task(file).map_or(&[][..], |task| &task.files);
                    parts.iter().any(|part| paths.iter().any(|path| path == world.path(part.file)))
                });
            if concerned {
                self.runtime.block_on(self.client.send_notification::<PreviewChanged>(TextDocumentIdentifier { uri }));
            }
        }
    }

    fn diagnose(&mut self, uri: Uri) {
        let Ok(document) = self.state.document(&uri) else { return };
        let report = self.state.diagnose(&document);
        // What is no longer true isn't worth saying: the next event is on its way.
        if self.state.document(&uri).is_ok_and(|now| now.version == document.version) {
            self.publish(uri, report);
        }
    }

    /// A change may matter to other files than the one that was changed.
    fn publish_all(&mut self) {
        let reports = self.state.reports();
        for uri in self.published.keys().filter(|uri| !reports.contains_key(*uri)).cloned().collect::<Vec<_>>() {
            self.publish(uri, Report::default());
        }
        for (uri, report) in reports.iter() {
            let known = self.published.get(uri);
            if known.map_or(!report.diagnostics.is_empty(), |id| *id != report.id) {
                self.publish(uri.clone(), report.clone());
            }
        }
    }

    fn publish(&mut self, uri: Uri, report: Report) {
        if self.pulls() {
            return;
        }
        let Report { version, id, diagnostics } = report;
        match diagnostics.is_empty() {
            true => drop(self.published.remove(&uri)),
            false => drop(self.published.insert(uri.clone(), id)),
        }
        self.runtime.block_on(self.client.publish_diagnostics(uri, diagnostics, version));
    }

    fn scan(&mut self, folders: Vec<PathBuf>) {
        let progress = self.begin_progress(folders.len());
        let open = self.state.live();
        let client = lock(&self.state.settings).clone();
        let mut problems = Vec::new();
        let mut scanned = Vec::new();
        for folder in folders {
            let (settings, wrong) = Settings::of(Some(&folder), &client);
            problems.extend(wrong);
            let world = World::scan(&folder, Arc::new(settings), &open);
            scanned.push((folder, world));
        }
        let mut worlds = self.state.worlds();
        worlds.folders = scanned;
        worlds.lonely.clear();
        // What was closed in the meantime counts no more.
        let open: BTreeSet<PathBuf> = self.state.live().into_iter().filter_map(|document| document.path).collect();
        worlds.folders.iter_mut().for_each(|(_, world)| world.retain(|path| open.contains(path)));
        drop(worlds);
        self.state.set_scanned();
        if let Some(progress) = progress {
            self.runtime.block_on(progress.finish());
        }
        problems.dedup();
        if problems != self.told {
            for problem in &problems {
                self.runtime.block_on(self.client.show_message(MessageType::ERROR, problem));
            }
            self.told = problems;
        }
    }

    /// Says that folders are being read, if the client shows such things.
    fn begin_progress(
        &self,
        folders: usize,
    ) -> Option<tower_lsp::OngoingProgress<tower_lsp::Unbounded, tower_lsp::NotCancellable>> {
        let client = self.state.client();
        let shows = client.capabilities.window.as_ref().and_then(|window| window.work_done_progress) == Some(true);
        if !shows || folders == 0 {
            return None;
        }
        let token = ProgressToken::String("svlsp-scan".to_owned());
        self.runtime.block_on(async {
            // A client that says nothing gets its diagnostics without.
            timeout(PATIENCE, self.client.create_work_done_progress(token.clone())).await.ok()?.ok()?;
            Some(self.client.progress(token, "Reading unit files").begin().await)
        })
    }

    /// Asks a client that pulls to pull again, and one that shows hints to show them anew.
    fn refresh(&self) {
        let _runtime = self.runtime.enter();
        refresh_hints(&self.client, &self.state.client());
        if self.pulls() {
            let client = self.client.clone();
            self.runtime.spawn(async move { client.workspace_diagnostic_refresh().await });
        }
    }
}
