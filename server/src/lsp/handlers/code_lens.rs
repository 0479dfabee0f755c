//! `textDocument/codeLens`

use serde_json::Value;
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::features::supervisord::{Made, made};
use svlsp_core::features::{self, Counting, Counts};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use super::command;
use crate::lsp::state::State;
use crate::lsp::view::View;

/// What editors with our plugin show the preview by: [uri, backend]; of a section of
/// supervisord.conf: [uri, backend, "program:web"].
const PREVIEW: &str = "svlsp.preview";

/// What they generate a directory by, with the same arguments.
const GENERATE: &str = "svlsp.generateDirectory";

pub(in crate::lsp) fn lenses(state: &State, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let plugin = has_plugin(&state.client().capabilities);
    state.look(&params.text_document.uri, |view| {
        let targets: Vec<Target> =
            backends(state, view).into_iter().map(|backend| view.world.settings.target(backend)).collect();
        let mut countings: Vec<Counting> = targets.iter().map(|target| Counting::new(&view.unit, target)).collect();
        let lenses = |made: Option<&Made>| {
            let counts = countings.iter_mut().map(|counting| counting.of(made.map(|made| &*made.section)));
            let counts = targets.iter().zip(counts).filter_map(|(target, counts)| Some((target.backend, counts?)));
            let of_backends = counts.flat_map(|(backend, counts)| of_backend(view, backend, counts, plugin, made));
            made.map(|made| title(view, made)).into_iter().chain(of_backends).collect::<Vec<_>>()
        };
        let sections = made(&view.unit);
        std::iter::once(None).chain(sections.iter().map(Some)).flat_map(lenses).collect()
    })
}

/// The processes that come of a section of supervisord.conf.
fn title(view: &View, made: &Made) -> CodeLens {
    let command = Command { title: made.title.clone(), command: String::new(), arguments: None };
    CodeLens { range: view.range(made.header), command: Some(command), data: None }
}

/// What becomes of the unit, or of a section of supervisord.conf, and what there is to be done about it.
fn of_backend(view: &View, backend: Backend, counts: Counts, plugin: bool, made: Option<&Made>) -> Vec<CodeLens> {
    let only = made.map(|made| &*made.section);
    let name = backend.name();
    let mut arguments: Vec<Value> = vec![view.document.uri.as_str().into(), name.into()];
    arguments.extend(only.map(Value::from));
    let range = made.map(|made| view.range(made.header)).unwrap_or_default();
    let lens = |title: &str, command: &str| CodeLens {
        range,
        command: Some(Command {
            title: title.to_owned(),
            command: command.to_owned(),
            arguments: Some(arguments.clone()),
        }),
        data: None,
    };
    let counts = format!("{name}: {counts}");
    match (features::is_generated(&view.unit, only).is_ok(), plugin) {
        // Nothing to be done: the command without a name is none.
        (false, _) => vec![lens(&counts, "")],
        (true, true) => vec![lens(&counts, PREVIEW), lens("preview", PREVIEW), lens("generate", GENERATE)],
        (true, false) => vec![lens(&format!("generate {counts}"), command::GENERATE)],
    }
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
