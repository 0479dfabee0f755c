//! The thread that does what must not hold up answers: it scans folders, and sends diagnostics to
//! clients that don't ask for them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::Uri;

use super::capabilities::pulls;
use super::document::Document;
use super::state::State;
use super::world::World;

/// Something has changed.
#[derive(Debug)]
pub(super) enum Event {
    /// A document was opened or changed.
    Changed(Uri),
    /// A document was closed: what it says doesn't count any more.
    Closed(Uri),
    /// These are the folders now, or something in them or their settings has changed.
    Folders(Vec<PathBuf>),
}

/// Starts the thread. It ends when the sender is dropped.
pub(super) fn start(state: Arc<State>, client: Client) -> Sender<Event> {
    let (sender, receiver) = mpsc::channel();
    let runtime = Handle::current();
    thread::spawn(move || Publisher { state, client, runtime }.run(&receiver));
    sender
}

struct Publisher {
    state: Arc<State>,
    client: Client,
    runtime: Handle,
}

impl Publisher {
    fn run(&self, events: &Receiver<Event>) {
        while let Ok(first) = events.recv() {
            let mut changed = BTreeSet::new();
            let mut folders = None;
            // What has come in the meantime is done in one go.
            for event in std::iter::once(first).chain(events.try_iter()) {
                match event {
                    Event::Changed(uri) => drop(changed.insert(uri)),
                    Event::Closed(uri) => {
                        changed.remove(&uri);
                        self.publish(uri, Vec::new(), None);
                    }
                    Event::Folders(now) => folders = Some(now),
                }
            }
            if let Some(folders) = folders {
                self.scan(folders);
                changed.extend(self.state.documents().keys().cloned());
                self.refresh();
            }
            if !pulls(&self.state.client().capabilities) {
                changed.into_iter().for_each(|uri| self.diagnose(uri));
            }
        }
    }

    fn diagnose(&self, uri: Uri) {
        let Ok(document) = self.state.document(&uri) else { return };
        let diagnostics = self.state.diagnose(&document);
        // What is no longer true isn't worth saying: the next event is on its way.
        if self.state.document(&uri).is_ok_and(|now| now.version == document.version) {
            self.publish(uri, diagnostics, Some(document.version));
        }
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<tower_lsp::ls_types::Diagnostic>, version: Option<i32>) {
        if !pulls(&self.state.client().capabilities) {
            self.runtime.block_on(self.client.publish_diagnostics(uri, diagnostics, version));
        }
    }

    fn scan(&self, folders: Vec<PathBuf>) {
        let open: Vec<Document> = self.state.documents().values().cloned().collect();
        let scan = |folder: PathBuf| {
            let settings = self.state.settings_of(Some(&folder));
            let world = World::scan(&folder, settings, &open);
            (folder, world)
        };
        let scanned = folders.into_iter().map(scan).collect();
        let mut worlds = self.state.worlds();
        worlds.folders = scanned;
        worlds.lonely.clear();
    }

    /// Asks a client that pulls to pull again.
    fn refresh(&self) {
        if pulls(&self.state.client().capabilities) {
            let client = self.client.clone();
            self.runtime.spawn(async move { client.workspace_diagnostic_refresh().await });
        }
    }
}
