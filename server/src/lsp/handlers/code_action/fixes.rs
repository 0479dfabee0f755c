use std::time::Duration;

use serde_json::json;
use similar::{ChangeTag, TextDiff};
use svlsp_core::features::actions;
use svlsp_core::text::Edit;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::*;

use super::{Asked, FIX_ALL, edit};
use crate::lsp::convert::{self, Data};
use crate::lsp::document::Document;
use crate::lsp::state::State;
use crate::workspace::fix;

/// After how many rounds to stop, should fixes never come to an end.
const MAX_ROUNDS: usize = 10;

/// For how many diagnostics at once comments are offered: who selects more won't choose among them.
const MOST_IGNORES: usize = 8;

/// How long to look for the smallest edits.
const MAX_DIFF: Duration = Duration::from_millis(100);

impl Asked<'_> {
    /// The fixes of what is wrong, and comments that silence it.
    pub(super) fn quick_fixes(&self) -> Result<Vec<CodeAction>> {
        let Asked { client, document, .. } = *self;
        let diagnostics = self.diagnostics();
        let mut actions = Vec::new();
        for diagnostic in &diagnostics {
            for (at, fix) in data(diagnostic).unwrap_or_default().fixes.into_iter().enumerate() {
                actions.push(CodeAction {
                    title: fix.title,
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![diagnostic.clone()]),
                    edit: Some(edit(client, document, fix.edits)),
                    is_preferred: Some(at == 0 && fix.certain),
                    ..CodeAction::default()
                });
            }
        }
        actions.extend(self.ignores(&diagnostics)?);
        Ok(actions)
    }

    /// What is wrong in the range: as the client sends it back, if that is still true, else looked for.
    fn diagnostics(&self) -> Vec<Diagnostic> {
        let Asked { document, params, .. } = *self;
        let ours = params.context.diagnostics.iter().filter(|known| known.source.as_deref() == Some("svlsp"));
        let ours: Vec<&Diagnostic> = ours.collect();
        let fresh = |known: &&Diagnostic| data(known).is_some_and(|data| data.version == Some(document.version));
        if !ours.is_empty() && ours.iter().all(fresh) {
            return ours.into_iter().cloned().collect();
        }
        let touches = |range: Range| range.start <= params.range.end && params.range.start <= range.end;
        self.found().iter().filter(|found| touches(found.range)).cloned().collect()
    }

    /// A comment for each of the first few that one can silence.
    fn ignores(&self, diagnostics: &[Diagnostic]) -> Result<Vec<CodeAction>> {
        let Asked { state, client, document, .. } = *self;
        let comments = state.look(&document.uri, |view| {
            let comment = |diagnostic: &Diagnostic| {
                let Some(NumberOrString::String(rule)) = &diagnostic.code else { return None };
                actions::ignore(view.unit.file, rule, view.span(diagnostic.range))
            };
            diagnostics.iter().take(MOST_IGNORES).map(comment).collect::<Vec<_>>()
        })?;
        let mut ignores: Vec<CodeAction> = Vec::new();
        for (diagnostic, comment) in diagnostics.iter().zip(comments.unwrap_or_default()) {
            let (Some(NumberOrString::String(rule)), Some(comment)) = (&diagnostic.code, comment) else { continue };
            let edits = vec![convert::text_edit(&comment, &document.rope, client.encoding)];
            let edit = Some(edit(client, document, edits));
            if ignores.iter().all(|other| other.edit != edit) {
                ignores.push(CodeAction {
                    title: format!("Ignore {rule} here"),
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![diagnostic.clone()]),
                    edit,
                    ..CodeAction::default()
                });
            }
        }
        Ok(ignores)
    }

    /// Every certain fix at once, if there is one.
    pub(super) fn fix_all(&self) -> Option<CodeAction> {
        let Asked { state, client, document, .. } = *self;
        let certain =
            |found: &Diagnostic| data(found).is_some_and(|data| data.fixes.first().is_some_and(|fix| fix.certain));
        if !self.found().iter().any(certain) {
            return None;
        }
        let resolves = self.abilities().and_then(|abilities| abilities.resolve_support.as_ref());
        let later = resolves.is_some_and(|resolve| resolve.properties.iter().any(|property| property == "edit"));
        Some(CodeAction {
            title: "Fix all that svlsp can fix for sure".to_owned(),
            kind: Some(CodeActionKind::new(FIX_ALL)),
            edit: (!later).then(|| edit(client, document, all_edits(state, document))),
            data: later.then(|| json!({ "uri": document.uri })),
            ..CodeAction::default()
        })
    }
}

/// Makes the edits of [`Asked::fix_all`], for the text as it is now.
pub(super) fn resolve(state: &State, mut action: CodeAction) -> Result<CodeAction> {
    let uri = action.data.as_ref().and_then(|data| serde_json::from_value::<Uri>(data.get("uri")?.clone()).ok());
    if action.edit.is_none() && action.kind.as_ref().is_some_and(|kind| kind.as_str() == FIX_ALL) {
        let uri = uri.ok_or_else(|| Error::invalid_params("the action says not what document it is for"))?;
        let document = state.document(&uri)?;
        action.edit = Some(edit(&state.client(), &document, all_edits(state, &document)));
    }
    Ok(action)
}

/// What `svlsp check --fix` would change in this file alone.
fn all_edits(state: &State, document: &Document) -> Vec<TextEdit> {
    let mended = state.in_world(document, |world, file| {
        let mut text = document.text.to_string();
        for _ in 0..MAX_ROUNDS {
            let findings = world.check(file, &text);
            let mended = fix::apply(text.as_bytes(), &findings).and_then(|(bytes, _)| String::from_utf8(bytes).ok());
            let Some(mended) = mended else { break };
            text = mended;
        }
        world.check(file, &document.text);
        text
    });
    let encoding = state.client().encoding;
    let edits = between(&document.text, &mended);
    edits.iter().map(|edit| convert::text_edit(edit, &document.rope, encoding)).collect()
}

/// The lines that make one text of another.
fn between(old: &str, new: &str) -> Vec<Edit> {
    let diff = TextDiff::configure().timeout(MAX_DIFF).diff_lines(old, new);
    let mut edits: Vec<Edit> = Vec::new();
    let mut at = 0;
    for change in diff.iter_all_changes() {
        let line: &str = change.value();
        if change.tag() != ChangeTag::Equal {
            if edits.last().is_none_or(|last| last.span.end as usize != at) {
                edits.push(Edit::insert(at, ""));
            }
            if let Some(edit) = edits.last_mut() {
                match change.tag() {
                    ChangeTag::Insert => edit.text.push_str(line),
                    _ => edit.span.end += line.len() as u32,
                }
            }
        }
        if change.tag() != ChangeTag::Insert {
            at += line.len();
        }
    }
    edits
}

fn data(diagnostic: &Diagnostic) -> Option<Data> {
    serde_json::from_value(diagnostic.data.clone()?).ok()
}
