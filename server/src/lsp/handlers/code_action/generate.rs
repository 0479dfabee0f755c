use serde_json::Value;
use svlsp_core::fate::Backend;
use svlsp_core::features::{self, Extent};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::super::command;
use super::{Asked, REWRITE};
use crate::lsp::elsewhere;
use crate::lsp::view::View;

impl Asked<'_> {
    /// Writes the directory of each backend; of supervisord.conf those of the program that the cursor
    /// is in, and of all of it. A command does it, as no edit can make a file that is to be run, or a
    /// link.
    pub(super) fn generate(&self) -> Result<Vec<CodeAction>> {
        let disabled = self.abilities().and_then(|abilities| abilities.disabled_support) == Some(true);
        let actions = self.state.look(&self.document.uri, |view| {
            let trouble = elsewhere::trouble(view);
            let section = view.unit.configured.and_then(|_| {
                let section = view.unit.place(view.span(self.params.range).start).section?;
                let of_program = matches!(
                    section.name.split_once(':'),
                    Some(("program" | "fcgi-program" | "eventlistener" | "group", _))
                );
                of_program.then(|| section.name.to_string())
            });
            let of = |section: Option<&str>| {
                let backends = view.backends().iter();
                backends.map(|backend| action(view, *backend, section, trouble.as_deref())).collect::<Vec<_>>()
            };
            let narrow = section.as_deref().map(|section| of(Some(section))).unwrap_or_default();
            narrow.into_iter().chain(of(None)).collect::<Vec<_>>()
        })?;
        let actions = actions.into_iter().flatten();
        Ok(actions.filter(|action| disabled || action.disabled.is_none()).collect())
    }
}

fn action(view: &View, backend: Backend, section: Option<&str>, trouble: Option<&str>) -> CodeAction {
    let name = backend.name();
    let extent = Extent { only: section, sample: true };
    let generated = features::generate(&view.unit, &view.world.settings.target(backend), extent);
    let (losses, reason) = match &generated {
        Err(why) => (String::new(), Some((*why).to_owned())),
        Ok(generated) => {
            let reason = trouble.map(str::to_owned).or_else(|| elsewhere::fault(generated));
            // What is lost of a unit in error says little.
            let losses = if reason.is_none() { elsewhere::losses(generated.counts) } else { String::new() };
            (losses, reason)
        }
    };
    let title = match (backend, view.unit.configured, section) {
        (_, None, _) => format!("Generate {name} directory{losses}"),
        (Backend::Systemd, _, Some(section)) => format!("Generate systemd units of [{section}]{losses}"),
        (Backend::Systemd, _, None) => format!("Generate systemd units of all programs{losses}"),
        (_, _, Some(section)) => format!("Generate {name} directory of [{section}]{losses}"),
        (_, _, None) => format!("Generate {name} directories of all programs{losses}"),
    };
    let mut arguments: Vec<Value> = vec![view.document.uri.as_str().into(), name.into()];
    arguments.extend(section.map(Value::from));
    let command = Command { title: title.clone(), command: command::GENERATE.to_owned(), arguments: Some(arguments) };
    CodeAction {
        title,
        kind: Some(CodeActionKind::new(REWRITE)),
        command: reason.is_none().then_some(command),
        disabled: reason.map(|reason| CodeActionDisabled { reason }),
        ..CodeAction::default()
    }
}
