use serde_json::Value;
use svlsp_core::fate::Backend;
use svlsp_core::features;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::super::command;
use super::{Asked, REWRITE};
use crate::lsp::elsewhere;
use crate::lsp::view::View;

impl Asked<'_> {
    /// Writes the directory of each backend. A command does it, as no edit can make a file that is
    /// to be run, or a link.
    pub(super) fn generate(&self) -> Result<Vec<CodeAction>> {
        let disabled = self.abilities().and_then(|abilities| abilities.disabled_support) == Some(true);
        let actions = self.state.look(&self.document.uri, |view| {
            let trouble = elsewhere::trouble(view);
            Backend::OTHERS.map(|backend| action(view, backend, trouble.as_deref()))
        })?;
        let actions = actions.into_iter().flatten();
        Ok(actions.filter(|action| disabled || action.disabled.is_none()).collect())
    }
}

fn action(view: &View, backend: Backend, trouble: Option<&str>) -> CodeAction {
    let name = backend.name();
    let generated = features::generate(&view.unit, &view.world.settings.target(backend));
    let (losses, reason) = match &generated {
        Err(why) => (String::new(), Some((*why).to_owned())),
        Ok(rendering) => {
            let reason = trouble.map(str::to_owned).or_else(|| elsewhere::fault(rendering));
            // What is lost of a unit in error says little.
            let losses = if reason.is_none() { elsewhere::losses(rendering) } else { String::new() };
            (losses, reason)
        }
    };
    let title = format!("Generate {name} directory{losses}");
    let arguments: Vec<Value> = vec![view.document.uri.as_str().into(), name.into()];
    let command = Command { title: title.clone(), command: command::GENERATE.to_owned(), arguments: Some(arguments) };
    CodeAction {
        title,
        kind: Some(CodeActionKind::new(REWRITE)),
        command: reason.is_none().then_some(command),
        disabled: reason.map(|reason| CodeActionDisabled { reason }),
        ..CodeAction::default()
    }
}
