//! The diagnostics of one document.

use tower_lsp::ls_types::Diagnostic;

use super::convert;
use super::document::Document;
use super::state::State;

impl State {
    /// What is wrong in a document, and with its unit as far as it shows there.
    pub(super) fn diagnose(&self, document: &Document) -> Vec<Diagnostic> {
        if !document.is_unit() {
            return Vec::new();
        }
        let encoding = self.client().encoding;
        self.in_world(document, |world, file| {
            let findings = world.check(file, &document.text);
            findings.iter().map(|finding| convert::diagnostic(finding, world, &document.rope, encoding)).collect()
        })
    }
}
