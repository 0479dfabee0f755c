//! `textDocument/hover`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Hover, HoverParams};

use crate::lsp::state::State;

pub(in crate::lsp) fn hover(state: &State, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let found = state.look(&at.text_document.uri, |view| {
        let _offset = view.offset(at.position);
        None
    })?;
    Ok(found.flatten())
}
