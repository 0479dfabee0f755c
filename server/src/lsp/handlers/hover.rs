//! `textDocument/hover`

use svlsp_core::features;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Hover, HoverContents, HoverParams, MarkupKind};

use crate::lsp::state::{Client, State};
use crate::lsp::{clock, convert};

pub(in crate::lsp) fn hover(state: &State, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let client = state.client();
    let found = state.look(&at.text_document.uri, |view| {
        let hover = features::hover(&view.unit, view.offset(at.position), clock::now())?;
        let contents = HoverContents::Markup(convert::markup(hover.markdown, takes_markdown(&client)));
        Some(Hover { contents, range: Some(view.range(hover.span)) })
    })?;
    Ok(found.flatten())
}

fn takes_markdown(client: &Client) -> bool {
    let document = client.capabilities.text_document.as_ref();
    let formats = document.and_then(|document| document.hover.as_ref()?.content_format.as_ref());
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}
