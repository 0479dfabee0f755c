//! Documents as the client opens, changes and closes them.

use tower_lsp::ls_types::{DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, Uri};

use super::life;
use crate::lsp::document::{Document, Language};
use crate::lsp::publish::Event;
use crate::lsp::server::Server;
use crate::lsp::state::{Worlds, lock};

pub(in crate::lsp) fn open(server: &Server, params: DidOpenTextDocumentParams) {
    let item = params.text_document;
    let language = Language::of(&item.language_id, &item.uri);
    let document = Document::new(item.uri.clone(), language, item.version, &item.text);
    let is_new = server.state.is_new(&document);
    server.state.documents().insert(item.uri.clone(), document);
    // It may be one more file of another one's unit.
    server.state.worlds().lonely.clear();
    server.state.touch();
    if is_new {
        life::rescan(server);
    }
    server.tell(Event::Changed(item.uri));
}

pub(in crate::lsp) fn change(server: &Server, params: DidChangeTextDocumentParams) {
    let item = params.text_document;
    let encoding = server.state.client().encoding;
    let mut documents = server.state.documents();
    let Some(document) = documents.get_mut(&item.uri) else {
        return tracing::warn!("{}: changed, but not open", item.uri.as_str());
    };
    let (known, ties) = (!document.lost, document.ties.clone());
    if document.change(item.version, &params.content_changes, encoding).is_err() {
        drop(documents);
        if known {
            forget(server, &item.uri);
            server.state.touch();
            server.tell(Event::Closed(item.uri.clone()));
            server.tell(Event::Lost(item.uri));
        }
        return;
    }
    let retied = document.ties != ties;
    drop(documents);
    server.state.touch();
    if retied {
        life::rescan(server);
    }
    server.tell(Event::Changed(item.uri));
}

pub(in crate::lsp) fn close(server: &Server, params: DidCloseTextDocumentParams) {
    let uri = params.text_document.uri;
    let closed = server.state.documents().remove(&uri);
    lock(&server.state.tokens).remove(&uri);
    lock(&server.state.previewed).remove(&uri);
    forget(server, &uri);
    server.state.touch();
    if closed.is_some_and(|document| server.state.is_new(&document)) {
        life::rescan(server);
    }
    server.tell(Event::Closed(uri));
}

/// From now on what is on the disk counts.
fn forget(server: &Server, uri: &Uri) {
    let mut worlds = server.state.worlds();
    let Worlds { folders, lonely } = &mut *worlds;
    lonely.remove(uri);
    let Some(path) = uri.to_file_path() else { return };
    for world in folders.iter_mut().map(|(_, world)| world).chain(lonely.values_mut()) {
        if let Some(file) = world.file(&path) {
            world.forget(file);
        }
    }
}
