//! The protocol's methods, each passed on to its handler.
//!
//! Handlers are plain functions: what they do is done before the next message is looked at, so that
//! texts change in the order in which they were changed.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use super::handlers::*;
use super::publish::{self, Event};
use super::state::State;

/// The server.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) state: Arc<State>,
    events: OnceLock<Sender<Event>>,
    /// Set when the client has asked to shut down.
    clean: Arc<AtomicBool>,
}

impl Server {
    pub(super) fn new(client: Client, clean: Arc<AtomicBool>) -> Self {
        Server { client, state: Arc::default(), events: OnceLock::new(), clean }
    }

    /// Tells the thread beside us.
    pub(super) fn tell(&self, event: Event) {
        let events = self.events.get_or_init(|| publish::start(self.state.clone(), self.client.clone()));
        // It only ends with us, or by a panic that has been reported.
        let _ = events.send(event);
    }
}

/// What the protocol doesn't have.
impl Server {
    pub(super) async fn preview(&self, params: preview::PreviewParams) -> Result<Value> {
        preview::preview(&self.state, &params)
    }

    pub(super) async fn summary(&self, params: preview::SummaryParams) -> Result<Value> {
        preview::summary(&self.state, params)
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        Ok(life::initialize(self, params))
    }

    async fn initialized(&self, _: InitializedParams) {
        life::initialized(self).await;
    }

    async fn shutdown(&self) -> Result<()> {
        self.clean.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        sync::open(self, params);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        sync::change(self, params);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        sync::close(self, params);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        life::configure(self, params).await;
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        life::change_folders(self, params);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        life::files_changed(self, params);
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        diagnostic::document(self, params)
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        diagnostic::workspace(self, params).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        hover::hover(&self.state, params)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        completion::complete(&self.state, params)
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        Ok(completion::resolve(&self.state, item))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        command::execute(self, params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        outline::symbols(&self.state, params)
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        outline::folding(&self.state, params)
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        outline::selection(&self.state, params)
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        highlight::highlight(&self.state, params)
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        highlight::links(&self.state, params)
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        tokens::full(&self.state, params)
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        tokens::delta(&self.state, params)
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        tokens::range(&self.state, params)
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        format::document(&self.state, params)
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        format::range(&self.state, params)
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        format::on_type(&self.state, params)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        code_action::actions(&self.state, &params)
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        code_action::resolve(&self.state, action)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        code_lens::lenses(&self.state, params)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        // Neovim may not draw what it gets the second time: the first answer has to be the right one.
        self.state.scanned().await;
        inlay_hint::hints(&self.state, params)
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.state.scanned().await;
        goto::definition(&self.state, params)
    }

    async fn goto_declaration(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.state.scanned().await;
        goto::declaration(&self.state, params)
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.state.scanned().await;
        references::references(&self.state, params)
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.state.scanned().await;
        rename::prepare(&self.state, params)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.state.scanned().await;
        rename::rename(&self.state, params)
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.state.scanned().await;
        Ok(rename::will_rename(&self.state, params))
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.state.scanned().await;
        Ok(Some(units::symbols(&self.state, &params)))
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.state.scanned().await;
        units::prepare(&self.state, params)
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        Ok(units::incoming(&self.state, &params.item))
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        Ok(units::outgoing(&self.state, &params.item))
    }
}
