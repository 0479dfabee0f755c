//! `textDocument/inlayHint`

use svlsp_core::features::{self, Hint};
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::convert;
use crate::lsp::state::State;
use crate::lsp::view::View;

pub(in crate::lsp) fn hints(state: &State, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    state.look(&params.text_document.uri, |view| {
        let settings = &view.world.settings;
        let Some(backend) = state.chosen(settings) else { return Vec::new() };
        let hints = features::hints(&view.unit, &settings.target(backend), view.span(params.range));
        hints.into_iter().map(|hint| inlay_hint(hint, view)).collect()
    })
}

fn inlay_hint(Hint { at, text, markdown }: Hint, view: &View) -> InlayHint {
    InlayHint {
        position: view.range(Span { start: at, end: at }).start,
        label: text.into(),
        kind: None,
        text_edits: None,
        tooltip: Some(convert::markup(markdown, true).into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
