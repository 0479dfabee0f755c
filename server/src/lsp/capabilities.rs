//! What the server says that it can do.

use svlsp_core::schema::UnitKind;
use tower_lsp::ls_types::*;

use super::handlers::{code_action, command, completion, format};
use super::paint;
use super::position::Encoding;

/// What is offered to a client that can do this much.
pub(super) fn offered(client: &ClientCapabilities, encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        diagnostic_provider: pulls(client).then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("svlsp".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..DiagnosticOptions::default()
            })
        }),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).into()),
            completion_item: Some(CompletionOptionsCompletionItem { label_details_support: Some(true) }),
            ..CompletionOptions::default()
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: command::ALL.map(str::to_owned).into(),
            ..ExecuteCommandOptions::default()
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: format::TRIGGER.to_owned(),
            more_trigger_character: None,
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(code_action::KINDS.map(CodeActionKind::new).into()),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: paint::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            }
            .into(),
        ),
        definition_provider: Some(OneOf::Left(true)),
        declaration_provider: Some(DeclarationCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(rename(client)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        workspace: Some(WorkspaceServerCapabilities {
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(FileOperationRegistrationOptions { filters: vec![unit_files()] }),
                ..WorkspaceFileOperationsServerCapabilities::default()
            }),
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
        }),
        ..ServerCapabilities::default()
    }
}

/// Whether the client asks for diagnostics itself, also when it is told that other files have changed
/// what they are. Neovim 0.11 asks only when the file itself changes: diagnostics are pushed to it.
pub(super) fn pulls(client: &ClientCapabilities) -> bool {
    let workspace = client.workspace.as_ref().and_then(|workspace| workspace.diagnostics.as_ref());
    client.text_document.as_ref().is_some_and(|text| text.diagnostic.is_some())
        && workspace.and_then(|diagnostics| diagnostics.refresh_support) == Some(true)
}

/// A client must say that it knows the request to prepare before it may be offered.
fn rename(client: &ClientCapabilities) -> OneOf<bool, RenameOptions> {
    let rename = client.text_document.as_ref().and_then(|document| document.rename.as_ref());
    match rename.and_then(|rename| rename.prepare_support) {
        Some(true) => OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        _ => OneOf::Left(true),
    }
}

/// The files whose names are names of units.
fn unit_files() -> FileOperationFilter {
    let suffixes = UnitKind::ALL.map(UnitKind::suffix).join(",");
    FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern {
            glob: format!("**/*.{{{suffixes}}}"),
            matches: Some(FileOperationPatternKind::File),
            options: None,
        },
    }
}
