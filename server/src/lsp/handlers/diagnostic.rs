//! `textDocument/diagnostic` and `workspace/diagnostic`

use std::collections::HashMap;

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::*;

use crate::lsp::diagnose::Report;
use crate::lsp::server::Server;

pub(in crate::lsp) fn document(
    server: &Server,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    let document = server.state.document(&params.text_document.uri)?;
    let Report { id, diagnostics, .. } = server.state.diagnose(&document);
    let report = match params.previous_result_id.as_ref() == Some(&id) {
        true => DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        }),
        false => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items: diagnostics },
        }),
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// Tells of the files whose diagnostics aren't those that the client has; a file that it doesn't
/// know of and that is all right is one of those that are left out.
///
/// It waits until the folders have been read, and works beside the messages that come meanwhile.
pub(in crate::lsp) async fn workspace(
    server: &Server,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let state = server.state.clone();
    state.scanned().await;
    let reports = tokio::task::spawn_blocking(move || state.reports()).await.map_err(|_| Error::internal_error())?;
    let mut known: HashMap<Uri, String> = HashMap::new();
    known.extend(params.previous_result_ids.into_iter().map(|previous| (previous.uri, previous.value)));
    let mut items = Vec::new();
    for (uri, report) in reports.iter() {
        let news = match known.remove(uri) {
            Some(id) => id != report.id,
            None => !report.diagnostics.is_empty(),
        };
        if news {
            items.push(full(uri.clone(), report.clone()));
        }
    }
    // What is gone has nothing wrong any more.
    let gone = Report { version: None, id: String::new(), diagnostics: Vec::new() };
    items.extend(known.into_keys().map(|uri| full(uri, gone.clone())));
    Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
}

fn full(uri: Uri, report: Report) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version: report.version.map(i64::from),
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(report.id).filter(|id| !id.is_empty()),
            items: report.diagnostics,
        },
    })
}
