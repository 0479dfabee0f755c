//! A document and the places in it.

use svlsp_core::features;
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Position, Range, Uri};
use tree_sitter::Tree;

use super::document::Document;
use super::position::Encoding;
use super::state::State;

/// One version of a document, with places as the client counts them.
#[derive(Debug)]
pub(super) struct Sheet {
    document: Document,
    encoding: Encoding,
}

impl Sheet {
    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.document.text
    }

    /// How columns are counted.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The offset of a position.
    pub(super) fn offset(&self, position: Position) -> u32 {
        self.encoding.offset(&self.document.rope, position) as u32
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        self.encoding.range(&self.document.rope, span)
    }

    /// The span of a range.
    pub(super) fn span(&self, range: Range) -> Span {
        self.encoding.span(&self.document.rope, range)
    }
}

impl State {
    /// Reads an open document, in whichever language it is; `None` for a file that only has the name
    /// of a unit file.
    ///
    /// # Errors
    ///
    /// When it isn't open.
    pub(super) fn read<T>(
        &self,
        uri: &Uri,
        unit: impl FnOnce(&features::Document, &Sheet) -> T,
        tree: impl FnOnce(&Tree, &Sheet) -> T,
    ) -> Result<Option<T>> {
        let encoding = self.client().encoding;
        let mut document = self.document(uri)?;
        if document.is_unit() {
            let sheet = Sheet { document, encoding };
            return self.look(uri, |view| unit(&view.unit, &sheet));
        }
        // The tree is kept with the document, so that the next one is made from it.
        if let Some(kept) = self.documents().get_mut(uri) {
            kept.tree();
            document = kept.clone();
        }
        let syntax = document.tree().cloned();
        Ok(syntax.map(|syntax| tree(&syntax, &Sheet { document, encoding })))
    }
}
