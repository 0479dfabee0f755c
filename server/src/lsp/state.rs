//! What the server knows: documents, settings, workspaces.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use svlsp_core::fate::Backend;
use svlsp_core::units::Role;
use tokio::sync::watch;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{ClientCapabilities, Uri};

use super::diagnose::Report;
use super::document::{Document, Language};
use super::handlers::tokens::Told;
use super::position::Encoding;
use super::settings::Settings;
use super::world::World;

/// All of it, shared by the handlers and the thread that publishes.
///
/// No lock is held across an `.await`. `reports` comes before `worlds`, and `worlds` before all
/// others, of which never two are held.
#[derive(Debug, Default)]
pub(super) struct State {
    /// What the client has said of itself.
    pub(super) client: Mutex<Arc<Client>>,
    documents: Mutex<HashMap<Uri, Document>>,
    worlds: Mutex<Worlds>,
    /// The semantic tokens that the client has of each document.
    pub(super) tokens: Mutex<HashMap<Uri, Told>>,
    /// The settings that the client has sent.
    pub(super) settings: Mutex<Value>,
    /// The folders of the workspace.
    pub(super) folders: Mutex<Vec<PathBuf>>,
    /// Whose equivalents the inlay hints tell, if a command has said so.
    pub(super) chosen: Mutex<Option<Option<Backend>>>,
    /// The documents that somebody looks at the preview or the summary of.
    pub(super) previewed: Mutex<BTreeSet<Uri>>,
    /// Counts whatever may change a diagnostic.
    changes: AtomicU64,
    /// The last diagnostics of everything, and after how many changes they were made.
    reports: Mutex<(u64, Arc<BTreeMap<Uri, Report>>)>,
    /// Whether the folders have been read.
    scanned: watch::Sender<bool>,
}

/// The client and how to talk to it.
#[derive(Debug, Default)]
pub(super) struct Client {
    /// What it can do.
    pub(super) capabilities: ClientCapabilities,
    /// How columns are counted.
    pub(super) encoding: Encoding,
}

/// The folders of the workspace, and the files outside of them.
#[derive(Debug, Default)]
pub(super) struct Worlds {
    /// By folder.
    pub(super) folders: Vec<(PathBuf, World)>,
    /// By document: files that lie in no folder, and those that aren't on the disk.
    pub(super) lonely: HashMap<Uri, World>,
}

impl State {
    /// The client's abilities.
    pub(super) fn client(&self) -> Arc<Client> {
        lock(&self.client).clone()
    }

    /// All open documents.
    pub(super) fn documents(&self) -> MutexGuard<'_, HashMap<Uri, Document>> {
        lock(&self.documents)
    }

    /// All worlds.
    pub(super) fn worlds(&self) -> MutexGuard<'_, Worlds> {
        lock(&self.worlds)
    }

    /// Something has changed that diagnostics may depend on.
    pub(super) fn touch(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// The folders have been read.
    pub(super) fn set_scanned(&self) {
        self.touch();
        self.scanned.send_replace(true);
    }

    /// Waits until the folders have been read.
    pub(super) async fn scanned(&self) {
        // The sender is ours, so that it can't be gone.
        let _ = self.scanned.subscribe().wait_for(|done| *done).await;
    }

    /// The diagnostics of everything; made anew if anything has changed since the last time.
    pub(super) fn reports(&self) -> Arc<BTreeMap<Uri, Report>> {
        let mut last = lock(&self.reports);
        let now = self.changes.load(Ordering::Relaxed) + 1;
        if last.0 != now {
            *last = (now, Arc::new(self.diagnose_all()));
        }
        last.1.clone()
    }

    /// Whether a document lies in one of the folders, but not among the files found there.
    pub(super) fn is_new(&self, document: &Document) -> bool {
        let Some(path) = document.path.as_deref() else { return false };
        if document.language != Language::Supervisord && Role::of(&path.to_string_lossy()).is_none() {
            return false;
        }
        let worlds = self.worlds();
        let mut around = worlds.folders.iter().filter(|(folder, _)| path.starts_with(folder)).peekable();
        around.peek().is_some() && around.all(|(_, world)| world.file(path).is_none())
    }

    /// The open documents of which the text is known.
    pub(super) fn live(&self) -> Vec<Document> {
        self.documents().values().filter(|document| !document.lost).cloned().collect()
    }

    /// An open document as it is now.
    ///
    /// # Errors
    ///
    /// When it isn't open, or no longer what the client has.
    pub(super) fn document(&self, uri: &Uri) -> Result<Document> {
        let document = self.documents().get(uri).cloned();
        let (code, problem) = match document {
            Some(document) if !document.lost => return Ok(document),
            Some(_) => (ErrorCode::ContentModified, "what is known of it isn't what the editor has; open it again"),
            None => (ErrorCode::InvalidParams, "no such document is open here"),
        };
        Err(Error { code, message: format!("{}: {problem}", uri.as_str()).into(), data: None })
    }

    /// Does something in the world that a document belongs to, with the number of its file there.
    ///
    /// A document that no folder has gets a world of its own.
    pub(super) fn in_world<T>(&self, document: &Document, act: impl FnOnce(&mut World, u32) -> T) -> T {
        let mut worlds = self.worlds();
        let Worlds { folders, lonely } = &mut *worlds;
        let inside = document.path.as_deref().and_then(|path| {
            let folders = folders.iter_mut().filter(|(folder, _)| path.starts_with(folder));
            let (_, world) = folders.max_by_key(|(folder, _)| folder.as_os_str().len())?;
            let file = world.file(path)?;
            Some((world, file))
        });
        match inside {
            Some((world, file)) => {
                self.catch_up(world, file);
                act(world, file)
            }
            None => {
                let alone = || World::alone(document, self.settings_of(document.path.as_deref()));
                let world = lonely.entry(document.uri.clone()).or_insert_with(alone);
                let file = document.path.as_deref().and_then(|path| world.file(path)).unwrap_or(0);
                self.catch_up(world, file);
                act(world, file)
            }
        }
    }

    /// Does the same after the world has taken all its open files as they are now.
    pub(super) fn in_whole_world<T>(&self, document: &Document, act: impl FnOnce(&mut World, u32) -> T) -> T {
        self.in_world(document, |world, file| {
            world.update(file, &document.text);
            self.catch_up_all(world);
            act(world, file)
        })
    }

    /// Does something in each folder's world, all open files taken as they are now.
    pub(super) fn in_all_worlds(&self, mut act: impl FnMut(&mut World)) {
        for (_, world) in &mut self.worlds().folders {
            self.catch_up_all(world);
            act(world);
        }
    }

    fn catch_up_all(&self, world: &mut World) {
        for document in self.live() {
            if let Some(file) = document.path.as_deref().and_then(|path| world.file(path)) {
                world.update(file, &document.text);
            }
        }
        world.refresh();
    }

    /// Lets a world know the other open files of the unit of a file as they are now.
    fn catch_up(&self, world: &mut World, file: u32) {
        let parts = world.task(file).map_or(&[][..], |task| &task.files);
        if parts.len() < 2 {
            return;
        }
        let parts: Vec<u32> = parts.iter().map(|part| part.file).filter(|part| *part != file).collect();
        for document in self.live() {
            let part = document.path.as_deref().and_then(|path| world.file(path));
            if let Some(part) = part.filter(|part| parts.contains(part)) {
                world.update(part, &document.text);
            }
        }
    }

    /// The supervisor whose fates are shown at the end of lines: the one chosen since, else that of `settings`.
    pub(super) fn chosen(&self, settings: &Settings) -> Option<Backend> {
        lock(&self.chosen).or(settings.config.hints).flatten()
    }

    /// The settings for a file or folder.
    pub(super) fn settings_of(&self, path: Option<&Path>) -> Arc<Settings> {
        let client = lock(&self.settings).clone();
        let (settings, problems) = Settings::of(path, &client);
        problems.iter().for_each(|problem| tracing::warn!("{problem}"));
        Arc::new(settings)
    }
}

/// A panic while a lock was held leaves values that are still whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
