//! `textDocument/definition` and `declaration`: a unit to its file, a drop-in to what it adds to, a
//! path to the file.

use std::path::{Path, PathBuf};

use ropey::Rope;
use svlsp_core::features::{self, Target};
use svlsp_core::units::{UnitName, load_path};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::mentions::uri_of;
use crate::lsp::state::{State, lock};
use crate::lsp::view::View;
use crate::workspace::below;

pub(in crate::lsp) fn definition(
    state: &State,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let client = state.client();
    let document = client.capabilities.text_document.as_ref();
    let links = document.and_then(|document| document.definition.as_ref()?.link_support) == Some(true);
    find(state, params.text_document_position_params, links)
}

pub(in crate::lsp) fn declaration(
    state: &State,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let client = state.client();
    let document = client.capabilities.text_document.as_ref();
    let links = document.and_then(|document| document.declaration.as_ref()?.link_support) == Some(true);
    find(state, params.text_document_position_params, links)
}

fn find(state: &State, at: TextDocumentPositionParams, links: bool) -> Result<Option<GotoDefinitionResponse>> {
    let folders = lock(&state.folders).clone();
    let found = state.look(&at.text_document.uri, |view| {
        let (span, target) = features::target(&view.unit, view.offset(at.position))?;
        let to = match target {
            Target::Unit(name) => Location { uri: uri_of(&unit_file(view, &name)?)?, range: Range::default() },
            Target::File(path) => Location { uri: uri_of(&file(view, &folders, &path)?)?, range: Range::default() },
            Target::Base(span) => {
                let base = *view.files.first()?;
                let text = Rope::from_str(view.unit.whole?.unit.files.first()?.text);
                view.world.location(base, view.encoding().range(&text, span))?
            }
            Target::Place { file, span } => view.place(file, span)?,
        };
        Some(match links {
            true => GotoDefinitionResponse::Link(vec![LocationLink {
                origin_selection_range: Some(view.range(span)),
                target_uri: to.uri,
                target_range: to.range,
                target_selection_range: to.range,
            }]),
            false => GotoDefinitionResponse::Scalar(to),
        })
    })?;
    Ok(found.flatten())
}

/// The file of a unit or of its template: in the workspace, else below the root of the settings.
fn unit_file(view: &View, name: &UnitName) -> Option<PathBuf> {
    let known = view.unit.neighbour(name).map(|known| PathBuf::from(&*known.path));
    known.filter(|path| !path.as_os_str().is_empty()).or_else(|| {
        let root = view.world.settings.config.options.root.as_deref()?;
        let names = [Some(name.clone()), name.template()];
        let mut paths = names
            .iter()
            .flatten()
            .flat_map(|name| load_path::SYSTEM.iter().map(move |folder| format!("{folder}/{}", name.as_str())));
        paths.find_map(|path| below(root, Path::new(&path)))
    })
}

/// Where a path that a unit names is: below the root of the settings, or of a tree in the workspace
/// that the unit is in. Nothing outside of both is looked at.
fn file(view: &View, folders: &[PathBuf], path: &str) -> Option<PathBuf> {
    let root = view.world.settings.config.options.root.as_deref();
    if let Some(found) = root.and_then(|root| below(root, Path::new(path))) {
        return Some(found);
    }
    let own = view.document.path.as_deref()?;
    let folder =
        folders.iter().filter(|folder| own.starts_with(folder)).max_by_key(|folder| folder.as_os_str().len())?;
    let inside = Path::new(path).strip_prefix(folder).ok().and_then(|rest| below(folder, rest));
    let trees = own.ancestors().skip(1).take_while(|tree| tree.starts_with(folder));
    inside.or_else(|| trees.into_iter().find_map(|tree| below(tree, Path::new(path))))
}
