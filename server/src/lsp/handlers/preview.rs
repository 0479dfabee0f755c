//! `svlsp/preview` and `svlsp/summary`: what the open unit becomes elsewhere, as it stands.

use serde::Deserialize;
use serde_json::{Value, json};
use svlsp_core::backends::{Content, Directory};
use svlsp_core::fate::Backend;
use svlsp_core::features::{self, Counts, Extent, Generated};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{TextDocumentIdentifier, Uri};

use crate::lsp::elsewhere;
use crate::lsp::state::{State, lock};

/// Of `svlsp/preview`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lsp) struct PreviewParams {
    text_document: TextDocumentIdentifier,
    backend: String,
    /// A section of supervisord.conf, `program:web`; else all of it.
    #[serde(default)]
    section: Option<String>,
}

/// Of `svlsp/summary`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lsp) struct SummaryParams {
    text_document: TextDocumentIdentifier,
}

/// The directories that `svlsp convert` would write of this unit alone. A unit in error has some
/// too, with a note that they aren't written.
pub(in crate::lsp) fn preview(state: &State, params: &PreviewParams) -> Result<Value> {
    let backend = elsewhere::backend(&params.backend)?;
    let uri = &params.text_document.uri;
    let extent = Extent { only: params.section.as_deref(), sample: false };
    let generated = state.look(uri, |view| elsewhere::generate(view, backend, extent))?;
    watch(state, uri);
    let refused = |why: String| Error::invalid_params(why);
    let (generated, trouble) =
        generated.ok_or_else(|| refused("it isn't a unit file, or too large a one".to_owned()))?.map_err(refused)?;
    let Generated { units, counts, mut notes, .. } = generated;
    if let Some(trouble) = trouble {
        notes.insert(0, format!("nothing is written as long as the unit is in error: {trouble}"));
    }
    let directories = units.iter().flat_map(|(_, directories)| directories);
    let files: Vec<Value> = directories.flat_map(files).collect();
    Ok(json!({ "files": files, "notes": notes, "fates": told(counts) }))
}

/// What becomes of the unit's settings, for every backend.
pub(in crate::lsp) fn summary(state: &State, params: SummaryParams) -> Result<Value> {
    let uri = params.text_document.uri;
    let summaries = state.look(&uri, |view| {
        let chosen = state.chosen(&view.world.settings);
        let of = |backend: Backend| {
            let mut summary = told(features::counts(&view.unit, &view.world.settings.target(backend))?);
            summary["backend"] = backend.name().into();
            summary["chosen"] = (chosen == Some(backend)).into();
            Some(summary)
        };
        view.backends().iter().copied().filter_map(of).collect::<Vec<Value>>()
    })?;
    watch(state, &uri);
    Ok(summaries.unwrap_or_default().into())
}

/// From now on the client is told when the answer may be another one.
fn watch(state: &State, uri: &Uri) {
    lock(&state.previewed).insert(uri.clone());
}

fn files(directory: &Directory) -> impl Iterator<Item = Value> {
    directory.files.iter().map(|file| {
        let path = directory.path_of(file);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match &file.content {
            Content::Text(bytes) => json!({ "path": path, "content": text(bytes), "executable": false }),
            Content::Script(bytes) => json!({ "path": path, "content": text(bytes), "executable": true }),
            Content::Link(to) => json!({ "path": path, "content": "", "executable": false, "link": to }),
            Content::Directory => json!({ "path": path + "/", "content": "", "executable": false }),
        }
    })
}

fn told(counts: Counts) -> Value {
    let Counts { native, emulated, approximated, lost, irrelevant } = counts;
    json!({
        "native": native,
        "emulated": emulated,
        "approximated": approximated,
        "lost": lost,
        "irrelevant": irrelevant,
    })
}
