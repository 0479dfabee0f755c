//! The core's values in the protocol's types.

use ropey::Rope;
use serde::{Deserialize, Serialize};
use svlsp_core::diagnostic::{Severity, Tag};
use svlsp_core::text::{Edit, markdown};
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    MarkupContent, MarkupKind, NumberOrString, TextEdit, Uri,
};

use super::position::Encoding;
use super::world::World;
use crate::report::Finding;

/// Where a rule is described.
const RULES: &str = "https://github.com/svlsp/svlsp/blob/main/docs/rules.md";

/// What a client sends back with a diagnostic, so that its fixes needn't be found again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Data {
    /// The version of the document that the edits are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<i32>,
    /// The best one first.
    pub(super) fixes: Vec<Fix>,
}

/// A fix of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Fix {
    /// What it does.
    pub(super) title: String,
    /// Whether `--fix` would apply it.
    pub(super) certain: bool,
    /// How.
    pub(super) edits: Vec<TextEdit>,
}

/// A finding in the document `uri`; `text` is that of the document.
pub(super) fn diagnostic(finding: &Finding, world: &World, uri: &Uri, text: &Rope, encoding: Encoding) -> Diagnostic {
    let related = finding.related.iter().filter_map(|other| {
        let (uri, range) = match other.spot.file == finding.spot.file {
            true => (uri.clone(), encoding.range(text, other.spot.span)),
            false => {
                let elsewhere = Rope::from_str(&String::from_utf8_lossy(&world.bytes(other.spot.file)));
                let uri = Uri::from_file_path(world.path(other.spot.file))?;
                (uri, encoding.range(&elsewhere, other.spot.span))
            }
        };
        Some(DiagnosticRelatedInformation { location: Location { uri, range }, message: other.message.clone() })
    });
    let related: Vec<_> = related.collect();
    let fixes = finding.fixes.iter().map(|fix| Fix {
        title: fix.title.clone(),
        certain: fix.certain,
        edits: fix.changes.iter().map(|change| text_edit(&change.edit, text, encoding)).collect(),
    });
    let fixes = fixes.collect();
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    Diagnostic {
        range: encoding.range(text, finding.spot.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        code_description: format!("{RULES}#{}", finding.rule).parse().ok().map(|href| CodeDescription { href }),
        source: Some("svlsp".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: finding.tag.map(|tag| match tag {
            Tag::Deprecated => vec![DiagnosticTag::DEPRECATED],
            Tag::Unnecessary => vec![DiagnosticTag::UNNECESSARY],
        }),
        data: serde_json::to_value(Data { version: None, fixes }).ok(),
    }
}

/// An edit of a document.
pub(super) fn text_edit(edit: &Edit, text: &Rope, encoding: Encoding) -> TextEdit {
    TextEdit { range: encoding.range(text, edit.span), new_text: edit.text.clone() }
}

/// A text in Markdown, for a client that takes it or not.
pub(super) fn markup(text: String, takes_markdown: bool) -> MarkupContent {
    match takes_markdown {
        true => MarkupContent { kind: MarkupKind::Markdown, value: text },
        false => MarkupContent { kind: MarkupKind::PlainText, value: markdown::to_text(&text) },
    }
}
