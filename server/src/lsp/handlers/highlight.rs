//! `textDocument/documentHighlight` and `documentLink`

use svlsp_core::features;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, DocumentLink, DocumentLinkParams,
};

use crate::lsp::state::State;

pub(in crate::lsp) fn highlight(
    state: &State,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>> {
    let at = params.text_document_position_params;
    state.look(&at.text_document.uri, |view| {
        let found = features::highlights(&view.unit, view.offset(at.position));
        let shown = found.into_iter().map(|one| DocumentHighlight {
            range: view.range(one.span),
            kind: Some(if one.sets { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
        });
        shown.collect()
    })
}

pub(in crate::lsp) fn links(state: &State, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
    let client = state.client();
    let document = client.capabilities.text_document.as_ref();
    let shows = document.and_then(|document| document.document_link.as_ref()?.tooltip_support) == Some(true);
    state.look(&params.text_document.uri, |view| {
        let shown = features::links(&view.unit).into_iter().filter_map(|link| {
            let target = link.target.parse().ok()?;
            let tooltip = (shows && !link.title.is_empty()).then_some(link.title);
            Some(DocumentLink { range: view.range(link.span), target: Some(target), tooltip, data: None })
        });
        shown.collect()
    })
}
