//! `textDocument/semanticTokens`: full, as a difference, and of a range.

use svlsp_core::features::{self, Token};
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::paint;
use crate::lsp::sheet::Sheet;
use crate::lsp::state::{State, lock};

/// What a client has been told of a document's colours last.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct Told {
    id: String,
    data: Vec<SemanticToken>,
}

/// How many numbers a token is.
const NUMBERS: u32 = 5;

pub(in crate::lsp) fn full(state: &State, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
    let uri = params.text_document.uri;
    Ok(tokens(state, &uri, None)?.map(|data| SemanticTokensResult::Tokens(tell(state, uri, data))))
}

pub(in crate::lsp) fn delta(
    state: &State,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let uri = params.text_document.uri;
    let Some(data) = tokens(state, &uri, None)? else { return Ok(None) };
    let known = lock(&state.tokens).get(&uri).filter(|told| told.id == params.previous_result_id).cloned();
    let told = tell(state, uri, data);
    Ok(Some(match known {
        Some(known) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: told.result_id,
            edits: difference(&known.data, &told.data).into_iter().collect(),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(told),
    }))
}

pub(in crate::lsp) fn range(
    state: &State,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>> {
    let data = tokens(state, &params.text_document.uri, Some(params.range))?;
    Ok(data.map(|data| SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
}

fn tokens(state: &State, uri: &Uri, range: Option<Range>) -> Result<Option<Vec<SemanticToken>>> {
    let within = |sheet: &Sheet| match range {
        Some(range) => sheet.span(range),
        None => Span::new(0, sheet.text().len()),
    };
    let show = |tokens: Vec<Token>, sheet: &Sheet| paint::paint(&tokens, sheet.text(), sheet.encoding());
    state.read(uri, |document, sheet| show(features::tokens(document, within(sheet)), sheet))
}

/// Keeps what is told, under a name of its own.
fn tell(state: &State, uri: Uri, data: Vec<SemanticToken>) -> SemanticTokens {
    let mut known = lock(&state.tokens);
    let last = known.get(&uri).and_then(|told| told.id.parse::<u64>().ok()).unwrap_or_default();
    let id = (last + 1).to_string();
    known.insert(uri, Told { id: id.clone(), data: data.clone() });
    SemanticTokens { result_id: Some(id), data }
}

/// One edit from the first to the last token that differs; `None` if none does.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[same..], &new[same..]);
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - behind], &new[..new.len() - behind]);
    (!old.is_empty() || !new.is_empty()).then(|| SemanticTokensEdit {
        start: same as u32 * NUMBERS,
        delete_count: old.len() as u32 * NUMBERS,
        data: (!new.is_empty()).then(|| new.to_vec()),
    })
}
