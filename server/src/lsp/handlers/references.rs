//! `textDocument/references`: all places that name a unit.

use svlsp_core::features::{self, Configured, supervisord};
use svlsp_core::units::{Role, UnitName};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, Range, ReferenceParams};

use crate::lsp::position::Encoding;
use crate::lsp::state::State;
use crate::lsp::view::View;
use crate::lsp::world::World;

pub(in crate::lsp) fn references(state: &State, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let at = params.text_document_position;
    let uri = at.text_document.uri;
    let declared = params.context.include_declaration;
    let found = state.look(&uri, |view| {
        let offset = view.offset(at.position);
        match view.unit.configured {
            Some(configured) => Err(programs(view, configured, offset, declared)),
            None => Ok(features::unit_at(&view.unit, offset)),
        }
    })?;
    let name = match found {
        Some(Ok(Some((name, _)))) => name,
        Some(Err(places)) => return Ok(places),
        Some(Ok(None)) | None => return Ok(None),
    };
    let encoding = state.client().encoding;
    let document = state.document(&uri)?;
    let found = state.in_whole_world(&document, |world, file| {
        let names = other_names(world, file, &name);
        all(world, file, &names, declared, encoding)
    });
    Ok(Some(found))
}

/// Where a program or group of supervisord is named.
fn programs(view: &View, configured: Configured, offset: u32, declared: bool) -> Option<Vec<Location>> {
    let name = supervisord::name_at(&view.unit, offset)?;
    let all = supervisord::names(configured.config.files);
    let same = all.filter(|other| (other.kind, other.name) == (name.kind, name.name) && (declared || !other.sets));
    Some(same.filter_map(|other| view.place(other.file, other.span)).collect())
}

/// A unit's name and the others that it has.
fn other_names(world: &World, file: u32, name: &UnitName) -> Vec<UnitName> {
    let unit = world.units(file).iter().find(|unit| unit.name == *name || unit.aliases.contains(name));
    match unit {
        Some(unit) => std::iter::once(&unit.name).chain(&unit.aliases).cloned().collect(),
        None => vec![name.clone()],
    }
}

fn all(world: &World, file: u32, names: &[UnitName], with_files: bool, encoding: Encoding) -> Vec<Location> {
    let mut out = Vec::new();
    for &other in world.scope_files(file) {
        let owner = world.owner(other).is_some_and(|owner| names.contains(owner));
        let stands = match world.role(other) {
            // The name of a link or of a folder of drop-ins names the unit too.
            Some(Role::Dependency { .. } | Role::DropIn(_)) => owner,
            Some(Role::Unit(_)) => owner && with_files,
            _ => false,
        };
        if stands {
            out.extend(world.location(other, Range::default()));
        }
        let named = world.mentions_in(other).iter().filter(|named| names.iter().any(|name| named.mention.is_of(name)));
        out.extend(named.filter_map(|named| world.location(other, named.range(encoding))));
    }
    out
}
