//! `textDocument/codeAction` and `codeAction/resolve`

mod fixes;
mod generate;
mod refactor;

use std::cell::OnceCell;
use std::collections::HashMap;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::document::Document;
use crate::lsp::state::{Client, State};

/// Applies every certain fix of a file.
const FIX_ALL: &str = "source.fixAll.svlsp";
/// Writes something in another way, or elsewhere.
const REWRITE: &str = "refactor.rewrite.svlsp";
/// Moves something into another file.
const EXTRACT: &str = "refactor.extract.svlsp";

/// The kinds of actions that there are.
pub(in crate::lsp) const KINDS: [&str; 4] = ["quickfix", FIX_ALL, REWRITE, EXTRACT];

/// Who asks, for what.
struct Asked<'a> {
    state: &'a State,
    client: &'a Client,
    document: &'a Document,
    params: &'a CodeActionParams,
    /// What is wrong in the document, once somebody has looked.
    found: OnceCell<Vec<Diagnostic>>,
}

pub(in crate::lsp) fn actions(state: &State, params: &CodeActionParams) -> Result<Option<CodeActionResponse>> {
    let document = state.document(&params.text_document.uri)?;
    let client = state.client();
    let asked = Asked { state, client: &client, document: &document, params, found: OnceCell::new() };
    let mut actions = Vec::new();
    if asked.wants("quickfix") {
        actions.extend(asked.quick_fixes()?);
    }
    if asked.wants(FIX_ALL) {
        actions.extend(asked.fix_all());
    }
    if asked.wants(REWRITE) || asked.wants(EXTRACT) {
        actions.extend(asked.refactorings()?);
    }
    if asked.wants(REWRITE) {
        actions.extend(asked.generate()?);
    }
    Ok(Some(actions.into_iter().filter_map(|action| asked.as_the_client_takes_it(action)).collect()))
}

/// Makes the edit of an action that was offered without.
pub(in crate::lsp) fn resolve(state: &State, action: CodeAction) -> Result<CodeAction> {
    fixes::resolve(state, action)
}

impl Asked<'_> {
    /// Whether actions of this kind are asked for: a kind stands for those below it.
    fn wants(&self, kind: &str) -> bool {
        let below = |only: &str| {
            only.is_empty() || kind.strip_prefix(only).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.params.context.only.as_ref().is_none_or(|only| only.iter().any(|only| below(only.as_str())))
    }

    /// What is wrong in the document now.
    fn found(&self) -> &[Diagnostic] {
        self.found.get_or_init(|| self.state.diagnose(self.document).diagnostics)
    }

    /// What the client says of code actions.
    fn abilities(&self) -> Option<&CodeActionClientCapabilities> {
        self.client.capabilities.text_document.as_ref()?.code_action.as_ref()
    }

    /// Older clients know commands alone.
    fn as_the_client_takes_it(&self, action: CodeAction) -> Option<CodeActionOrCommand> {
        let literals = self.abilities().is_some_and(|abilities| abilities.code_action_literal_support.is_some());
        match literals {
            true => Some(action.into()),
            false if action.disabled.is_some() => None,
            false => action.command.map(CodeActionOrCommand::Command),
        }
    }
}

/// Edits of an open document, of the version that it has.
fn edit(client: &Client, document: &Document, edits: Vec<TextEdit>) -> WorkspaceEdit {
    edit_at(client, document.uri.clone(), Some(document.version), edits)
}

/// Edits of any document.
fn edit_at(client: &Client, uri: Uri, version: Option<i32>, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if !takes_documents(client) {
        return WorkspaceEdit::new(HashMap::from([(uri, edits)]));
    }
    let edits = vec![of_document(uri, version, edits)];
    WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(edits)), ..WorkspaceEdit::default() }
}

fn of_document(uri: Uri, version: Option<i32>, edits: Vec<TextEdit>) -> TextDocumentEdit {
    let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
    TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() }
}

/// Whether the client takes edits with versions.
fn takes_documents(client: &Client) -> bool {
    edits(client).and_then(|abilities| abilities.document_changes) == Some(true)
}

/// Whether the client can create files.
fn creates_files(client: &Client) -> bool {
    let operations = edits(client).and_then(|abilities| abilities.resource_operations.as_ref());
    takes_documents(client) && operations.is_some_and(|known| known.contains(&ResourceOperationKind::Create))
}

fn edits(client: &Client) -> Option<&WorkspaceEditClientCapabilities> {
    client.capabilities.workspace.as_ref()?.workspace_edit.as_ref()
}
