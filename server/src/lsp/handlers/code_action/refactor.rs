use std::fs;
use std::path::Path;

use ropey::Rope;
use svlsp_core::features::actions::{self, Action, DropIn};
use svlsp_core::rules::MAX_FILE;
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::{Asked, EXTRACT, REWRITE, creates_files, edit, edit_at, of_document};
use crate::lsp::convert;

impl Asked<'_> {
    /// Other ways to write what stands there.
    pub(super) fn refactorings(&self) -> Result<Vec<CodeAction>> {
        let Asked { state, client, document, params, .. } = *self;
        let found = state.look(&document.uri, |view| {
            let span = view.span(params.range);
            (actions::refactorings(&view.unit, span), actions::drop_in(&view.unit, span.start))
        })?;
        let (refactorings, drop_in) = found.unwrap_or_default();
        let rewrite = |Action { title, edits }: Action| CodeAction {
            title,
            kind: Some(CodeActionKind::new(REWRITE)),
            edit: Some(edit(
                client,
                document,
                edits.iter().map(|edit| convert::text_edit(edit, &document.rope, client.encoding)).collect(),
            )),
            ..CodeAction::default()
        };
        let rewrites = refactorings.into_iter().filter(|_| self.wants(REWRITE)).map(rewrite);
        let drop_in = drop_in.filter(|_| self.wants(EXTRACT)).and_then(|drop_in| self.drop_in(&drop_in));
        Ok(rewrites.chain(drop_in).collect())
    }

    /// Creates the drop-in beside the unit, or adds to the one that is there.
    fn drop_in(&self, DropIn { title, path, text }: &DropIn) -> Option<CodeAction> {
        let client = self.client;
        let path = self.document.path.as_ref()?.parent()?.join(path);
        let uri = Uri::from_file_path(&path)?;
        let open = self.state.documents().values().find(|open| open.path.as_deref() == Some(&path)).cloned();
        let (uri, version, known) = match open {
            Some(open) if open.lost => return None,
            Some(open) => (open.uri, Some(open.version), Some(open.rope)),
            None => (uri, None, on_disk(&path)),
        };
        let edit = match known {
            Some(known) => {
                let end = client.encoding.range(&known, Span::at(known.len_bytes()));
                let new_text = actions::appendix(&known.to_string(), text);
                edit_at(client, uri, version, vec![TextEdit { range: end, new_text }])
            }
            None if creates_files(client) => {
                // Without options: Neovim makes no folder for a file that may be there.
                let create = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
                let insert = TextEdit { range: Range::default(), new_text: text.clone() };
                let operations = vec![
                    DocumentChangeOperation::Op(ResourceOp::Create(create)),
                    DocumentChangeOperation::Edit(of_document(uri, None, vec![insert])),
                ];
                let changes = DocumentChanges::Operations(operations);
                WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
            }
            None => return None,
        };
        Some(CodeAction {
            title: format!("Override {title} in a drop-in"),
            kind: Some(CodeActionKind::new(EXTRACT)),
            edit: Some(edit),
            ..CodeAction::default()
        })
    }
}

/// What is in a file; `None` if there is none, or nothing that could be a drop-in.
fn on_disk(path: &Path) -> Option<Rope> {
    let small = fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= MAX_FILE);
    let text = if small { fs::read(path).ok()? } else { return None };
    Some(Rope::from_str(&String::from_utf8_lossy(&text)))
}
