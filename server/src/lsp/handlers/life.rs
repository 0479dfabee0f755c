//! The beginning, and what changes around the documents: settings, folders, files.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;
use tower_lsp::ls_types::*;

use crate::lsp::capabilities;
use crate::lsp::position::Encoding;
use crate::lsp::publish::Event;
use crate::lsp::server::Server;
use crate::lsp::state::{Client, lock};
use crate::workspace::config;

/// The section of the client's settings that is ours.
const SECTION: &str = "svlsp";

/// How long a client may take to say what its settings are.
const PATIENCE: Duration = Duration::from_secs(2);

#[expect(deprecated, reason = "older clients name only one folder, as the root")]
pub(in crate::lsp) fn initialize(server: &Server, params: InitializeParams) -> InitializeResult {
    let general = params.capabilities.general.as_ref();
    let encoding = Encoding::choose(general.and_then(|general| general.position_encodings.as_deref()));
    let capabilities = capabilities::offered(&params.capabilities, encoding);
    *lock(&server.state.client) = Arc::new(Client { capabilities: params.capabilities, encoding });
    if let Some(options) = params.initialization_options {
        *lock(&server.state.settings) = ours(options);
    }
    let folders = match params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(path).collect(),
    };
    *lock(&server.state.folders) = folders;
    InitializeResult {
        capabilities,
        server_info: Some(ServerInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        ..InitializeResult::default()
    }
}

pub(in crate::lsp) async fn initialized(server: &Server) {
    if asks_back(server) {
        let settings = ask_settings(server).await;
        if settings.is_object() {
            *lock(&server.state.settings) = settings;
        }
    }
    rescan(server);
    let client = server.state.client();
    let workspace = client.capabilities.workspace.clone().unwrap_or_default();
    let watches = workspace.did_change_watched_files.and_then(|files| files.dynamic_registration) == Some(true);
    if watches {
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers() };
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        if let Err(error) = server.client.register_capability(vec![registration]).await {
            tracing::warn!("the client won't tell us of changed files: {error}");
        }
    }
}

/// What files we want to hear of.
fn watchers() -> Vec<FileSystemWatcher> {
    let suffixes = "service,socket,target,device,mount,automount,swap,timer,path,slice,scope";
    // What a supervisord.conf includes may be called anything, and mostly ends so.
    [format!("**/*.{{{suffixes}}}"), "**/*.{conf,ini}".to_owned(), format!("**/{}", config::NAME)]
        .map(|pattern| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern), kind: None })
        .into()
}

pub(in crate::lsp) async fn configure(server: &Server, params: DidChangeConfigurationParams) {
    let settings = match asks_back(server) {
        true => ask_settings(server).await,
        false => ours(params.settings),
    };
    if settings.is_object() {
        *lock(&server.state.settings) = settings;
        // What is said last holds.
        *lock(&server.state.chosen) = None;
    }
    rescan(server);
}

/// Our section of a client's settings; all of them, where it sends us no others.
fn ours(settings: Value) -> Value {
    settings.get(SECTION).cloned().unwrap_or(settings)
}

/// Whether the client wants to be asked for its settings.
fn asks_back(server: &Server) -> bool {
    let client = server.state.client();
    client.capabilities.workspace.as_ref().and_then(|workspace| workspace.configuration) == Some(true)
}

async fn ask_settings(server: &Server) -> Value {
    let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
    let answer = timeout(PATIENCE, server.client.configuration(vec![item])).await;
    let first = answer.ok().and_then(|answer| answer.ok()?.into_iter().next());
    first.unwrap_or_default()
}

pub(in crate::lsp) fn change_folders(server: &Server, params: DidChangeWorkspaceFoldersParams) {
    let removed: Vec<PathBuf> = params.event.removed.iter().filter_map(|folder| path(&folder.uri)).collect();
    let added = params.event.added.iter().filter_map(|folder| path(&folder.uri));
    let mut folders = lock(&server.state.folders);
    folders.retain(|folder| !removed.contains(folder));
    added.for_each(|folder| {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    });
    drop(folders);
    rescan(server);
}

pub(in crate::lsp) fn files_changed(server: &Server, _: DidChangeWatchedFilesParams) {
    rescan(server);
}

/// Has the folders read anew.
pub(super) fn rescan(server: &Server) {
    let folders = lock(&server.state.folders).clone();
    server.tell(Event::Folders(folders));
}

fn path(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().map(|path| path.into_owned())
}
