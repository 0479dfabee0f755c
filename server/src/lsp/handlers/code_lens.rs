//! `textDocument/codeLens`

use serde_json::Value;
use svlsp_core::fate::Backend;
use svlsp_core::features;
use svlsp_core::features::supervisord::{Made, made};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::command;
use crate::lsp::state::State;
use crate::lsp::view::View;

/// What editors with our plugin show the preview by: [uri, backend].
const PREVIEW: &str = "svlsp.preview";

/// What they generate a directory by: [uri, backend].
const GENERATE: &str = "svlsp.generateDirectory";

pub(in crate::lsp) fn lenses(state: &State, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let plugin = has_plugin(&state.client().capabilities);
    state.look(&params.text_document.uri, |view| {
        let backends = backends(state, view);
        let whole = backends.iter().flat_map(|backend| of_backend(view, *backend, plugin));
        let sections = made(&view.unit).into_iter().flat_map(|made| of_section(view, &made, &backends));
        whole.chain(sections).collect()
    })
}

/// What becomes of the unit, and what there is to be done about it.
fn of_backend(view: &View, backend: Backend, plugin: bool) -> Vec<CodeLens> {
    let target = view.world.settings.target(backend);
    let Some(counts) = features::counts(&view.unit, &target, None) else { return Vec::new() };
    let name = backend.name();
    let arguments: Vec<Value> = vec![view.document.uri.as_str().into(), name.into()];
    let lens = |title: &str, command: &str| CodeLens {
        range: Range::default(),
        command: Some(Command {
            title: title.to_owned(),
            command: command.to_owned(),
            arguments: Some(arguments.clone()),
        }),
        data: None,
    };
    let counts = format!("{name}: {counts}");
    match (features::is_generated(&view.unit, None).is_ok(), plugin) {
        // Nothing to be done: the command without a name is none.
        (false, _) => vec![lens(&counts, "")],
        (true, true) => vec![lens(&counts, PREVIEW), lens("preview", PREVIEW), lens("generate", GENERATE)],
        (true, false) => vec![lens(&format!("generate {counts}"), command::GENERATE)],
    }
}

/// The processes that come of a section of supervisord.conf, and what becomes of them.
fn of_section(view: &View, made: &Made, backends: &[Backend]) -> Vec<CodeLens> {
    let range = view.range(made.header);
    let lens = |title: String, command: &str, arguments: Vec<Value>| CodeLens {
        range,
        command: Some(Command { title, command: command.to_owned(), arguments: Some(arguments) }),
        data: None,
    };
    let mut lenses = vec![lens(made.title.clone(), "", Vec::new())];
    for backend in backends {
        let target = view.world.settings.target(*backend);
        if let Some(counts) = features::counts(&view.unit, &target, Some(&made.section)) {
            let name = backend.name();
            let arguments = vec![view.document.uri.as_str().into(), name.into(), (&*made.section).into()];
            lenses.push(lens(format!("generate {name}: {counts}"), command::GENERATE, arguments));
        }
    }
    lenses
}

/// The ones that the settings name: those whose losses are told, that of the hints, and that of
/// `svlsp convert`.
fn backends(state: &State, view: &View) -> Vec<Backend> {
    let config = &view.world.settings.config;
    let chosen = state.chosen(&view.world.settings);
    let mut backends: Vec<Backend> = view.unit.backends.iter().map(|target| target.backend).collect();
    for backend in chosen.into_iter().chain(config.convert.to) {
        if !backends.contains(&backend) {
            backends.push(backend);
        }
    }
    backends
}

/// Whether the client knows the commands of our plugins.
fn has_plugin(client: &ClientCapabilities) -> bool {
    let commands = client.experimental.as_ref().and_then(|experimental| experimental.get("svlsp")?.get("commands"));
    commands.and_then(Value::as_bool) == Some(true)
}
