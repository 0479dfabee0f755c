//! `textDocument/formatting`, `rangeFormatting` and `onTypeFormatting`: as `svlsp fmt` does it, with the
//! options of `svlsp.toml`; those of the editor are for files that nobody else formats.

use svlsp_core::features::format::{self, Options};
use svlsp_core::text::Edit;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::convert;
use crate::lsp::state::State;
use crate::lsp::view::View;

/// What makes a client ask while one types.
pub(in crate::lsp) const TRIGGER: &str = "\n";

pub(in crate::lsp) fn document(state: &State, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    edits(state, &params.text_document.uri, |view, options| format::format(view.unit.file, options))
}

pub(in crate::lsp) fn range(state: &State, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    edits(state, &params.text_document.uri, |view, options| {
        format::format_range(view.unit.file, options, view.span(params.range))
    })
}

pub(in crate::lsp) fn on_type(state: &State, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    let at = params.text_document_position;
    edits(state, &at.text_document.uri, |view, options| match params.ch.as_str() {
        TRIGGER => format::format_after_newline(view.unit.file, options, view.offset(at.position)),
        _ => Vec::new(),
    })
}

fn edits(state: &State, uri: &Uri, format: impl FnOnce(&View, &Options) -> Vec<Edit>) -> Result<Option<Vec<TextEdit>>> {
    state.look(uri, |view| {
        let edits = format(view, &view.world.settings.config.fmt.options());
        edits.iter().map(|edit| convert::text_edit(edit, &view.document.rope, view.encoding)).collect()
    })
}
