//! `textDocument/documentSymbol`, `foldingRange` and `selectionRange`: how a document is built.

use svlsp_core::features::{self, Fold, FoldKind, Symbol};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::sheet::Sheet;
use crate::lsp::state::State;

pub(in crate::lsp) fn symbols(state: &State, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
    let uri = params.text_document.uri;
    let client = state.client();
    let document = client.capabilities.text_document.as_ref();
    let symbol = document.and_then(|document| document.document_symbol.as_ref());
    let nested = symbol.and_then(|symbol| symbol.hierarchical_document_symbol_support) == Some(true);
    let show = |symbols: Vec<Symbol>, sheet: &Sheet| match nested {
        true => DocumentSymbolResponse::Nested(symbols.into_iter().map(|one| tree(one, sheet, 0)).collect()),
        false => DocumentSymbolResponse::Flat(symbols.into_iter().flat_map(|one| flat(one, sheet, &uri)).collect()),
    };
    state.read(&uri, |document, sheet| show(features::symbols(document), sheet))
}

#[expect(deprecated, reason = "a field that has to be named")]
fn tree(symbol: Symbol, sheet: &Sheet, depth: u32) -> DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|child| tree(child, sheet, depth + 1)).collect();
    DocumentSymbol {
        name: symbol.name,
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: if depth == 0 { SymbolKind::MODULE } else { SymbolKind::PROPERTY },
        tags: None,
        deprecated: None,
        range: sheet.range(symbol.span),
        selection_range: sheet.range(symbol.name_span),
        children: (!children.is_empty()).then_some(children),
    }
}

#[expect(deprecated, reason = "a field that has to be named")]
fn flat(section: Symbol, sheet: &Sheet, uri: &Uri) -> Vec<SymbolInformation> {
    let one = |name: String, kind, span, container: Option<&str>| SymbolInformation {
        name,
        kind,
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: sheet.range(span) },
        container_name: container.map(str::to_owned),
    };
    let mut out = vec![one(section.name.clone(), SymbolKind::MODULE, section.span, None)];
    let within = Some(&*section.name);
    out.extend(section.children.into_iter().map(|child| one(child.name, SymbolKind::PROPERTY, child.span, within)));
    out
}

pub(in crate::lsp) fn folding(state: &State, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
    let client = state.client();
    let folding = client.capabilities.text_document.as_ref().and_then(|document| document.folding_range.as_ref());
    let most = folding.and_then(|folding| folding.range_limit).map_or(usize::MAX, |limit| limit as usize);
    let show = |folds: Vec<Fold>, sheet: &Sheet| {
        let lines = folds.into_iter().filter_map(|fold| lines(fold, sheet));
        lines.take(most).collect()
    };
    state.read(&params.text_document.uri, |document, sheet| show(features::folds(document), sheet))
}

/// A fold in whole lines, which is all that some clients can do and what the others do too.
fn lines(fold: Fold, sheet: &Sheet) -> Option<FoldingRange> {
    let Range { start, end } = sheet.range(fold.span);
    (start.line < end.line).then(|| FoldingRange {
        start_line: start.line,
        end_line: end.line,
        kind: match fold.kind {
            FoldKind::Section => Some(FoldingRangeKind::Region),
            FoldKind::Comment => Some(FoldingRangeKind::Comment),
            FoldKind::Value => None,
        },
        ..FoldingRange::default()
    })
}

pub(in crate::lsp) fn selection(state: &State, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
    let positions = params.positions;
    state.read(&params.text_document.uri, |document, sheet| {
        let at = |position: &Position| chain(features::selection(document, sheet.offset(*position)), sheet, *position);
        positions.iter().map(at).collect()
    })
}

fn chain(spans: Vec<svlsp_core::text::Span>, sheet: &Sheet, position: Position) -> SelectionRange {
    let grow = |parent: Option<SelectionRange>, span| {
        Some(SelectionRange { range: sheet.range(span), parent: parent.map(Box::new) })
    };
    let nowhere = SelectionRange { range: Range { start: position, end: position }, parent: None };
    spans.into_iter().rev().fold(None, grow).unwrap_or(nowhere)
}
