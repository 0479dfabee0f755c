//! `workspace/symbol` and the call hierarchy: the units of the workspace, and which of them name which;
//! the programs and groups of supervisord.

use std::collections::BTreeMap;

use svlsp_core::features;
use svlsp_core::features::supervisord::{self, NameKind};
use svlsp_core::schema::UnitKind;
use svlsp_core::syntax::{self, Dialect};
use svlsp_core::text;
use svlsp_core::units::{Owner, Role, Summary, UnitName};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::mentions::Named;
use crate::lsp::position::Encoding;
use crate::lsp::sheet::Lines;
use crate::lsp::state::State;
use crate::lsp::world::World;

/// The most units that one query gives.
const MOST: usize = 2000;

pub(in crate::lsp) fn symbols(state: &State, params: &WorkspaceSymbolParams) -> WorkspaceSymbolResponse {
    let query = params.query.to_lowercase();
    let encoding = state.client().encoding;
    let mut found = Vec::new();
    state.in_all_worlds(|world| {
        for scope in &world.plan.scopes {
            let units = scope.workspace.units.iter().filter(|unit| fits(unit, &query));
            found.extend(units.take(MOST - found.len()).filter_map(|unit| {
                let file = *scope.files.get(unit.fragment? as usize)?;
                let location = world.location(file, Range::default())?;
                Some(WorkspaceSymbol {
                    name: unit.name.as_str().to_owned(),
                    kind: kind(unit.name.kind()),
                    tags: None,
                    container_name: (!unit.description.is_empty()).then(|| unit.description.to_string()),
                    location: OneOf::Left(location),
                    data: None,
                })
            }));
        }
        programs(world, &query, encoding, &mut found);
    });
    WorkspaceSymbolResponse::Nested(found)
}

/// The programs and groups of supervisord, where their sections begin.
fn programs(world: &World, query: &str, encoding: Encoding, found: &mut Vec<WorkspaceSymbol>) {
    for file in world.checked().filter(|&file| world.role(file) == Some(&Role::Supervisord)) {
        let bytes = world.bytes(file);
        let decoded = text::decode(&bytes);
        let files = [syntax::read(&decoded, Dialect::Supervisord)];
        let named = supervisord::names(&files).filter(|name| name.sets && has_letters(name.name, query));
        let named: Vec<_> = named.take(MOST - found.len()).collect();
        if named.is_empty() {
            continue;
        }
        let lines = Lines::of(files[0].text, encoding);
        found.extend(named.into_iter().filter_map(|name| {
            let section = files[0].section_at(name.span)?;
            Some(WorkspaceSymbol {
                name: name.name.to_owned(),
                kind: match name.kind {
                    NameKind::Program => SymbolKind::FUNCTION,
                    NameKind::Group => SymbolKind::NAMESPACE,
                },
                tags: None,
                container_name: Some(format!("[{}]", section.name)),
                location: OneOf::Left(world.location(file, lines.range(name.span))?),
                data: None,
            })
        }));
    }
}

fn fits(unit: &Summary, query: &str) -> bool {
    has_letters(unit.name.as_str(), query) || unit.description.to_lowercase().contains(query)
}

/// Whether a name has the letters of `query` in their order.
fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = query.chars();
    let mut next = letters.next();
    for c in name.chars().flat_map(char::to_lowercase) {
        if next == Some(c) {
            next = letters.next();
        }
    }
    next.is_none()
}

fn kind(kind: UnitKind) -> SymbolKind {
    match kind {
        UnitKind::Service => SymbolKind::FUNCTION,
        UnitKind::Socket => SymbolKind::INTERFACE,
        UnitKind::Timer => SymbolKind::EVENT,
        UnitKind::Target => SymbolKind::NAMESPACE,
        UnitKind::Slice | UnitKind::Scope => SymbolKind::PACKAGE,
        _ => SymbolKind::FILE,
    }
}

pub(in crate::lsp) fn prepare(
    state: &State,
    params: CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>> {
    let at = params.text_document_position_params;
    let uri = at.text_document.uri;
    let name = state.look(&uri, |view| {
        let named = features::unit_at(&view.unit, view.offset(at.position)).map(|(name, _)| name);
        named.or_else(|| view.unit.name.cloned())
    })?;
    let Some(name) = name.flatten() else { return Ok(None) };
    let document = state.document(&uri)?;
    let item = state.in_whole_world(&document, |world, file| unit(world, file, &name, None));
    Ok(Some(vec![item.unwrap_or_else(|| shown(&name, uri, None))]))
}

pub(in crate::lsp) fn incoming(state: &State, item: &CallHierarchyItem) -> Option<Vec<CallHierarchyIncomingCall>> {
    let encoding = state.client().encoding;
    with(state, item, |world, file, name| {
        let mut calls = Vec::new();
        for &other in world.scope_files(file) {
            let Some(owner) = world.owner(other) else { continue };
            let named: Vec<&Named> = world.mentions_in(other).iter().filter(|one| one.mention.is_of(name)).collect();
            let mut keys: Vec<&str> = named.iter().map(|named| named.mention.entry.name).collect();
            let owner = match world.role(other) {
                Some(Role::Dependency { owner: Owner::Unit(owner), kind, name: of }) if of == name => {
                    keys.push(kind.suffix());
                    owner
                }
                Some(Role::Dependency { .. }) => continue,
                _ => owner,
            };
            if keys.is_empty() {
                continue;
            }
            // The ranges are in the file that names it, be it the unit's own or a drop-in.
            let from_ranges: Vec<Range> = named.iter().map(|named| named.range(encoding)).collect();
            let place = if from_ranges.is_empty() { None } else { Some(other) };
            if let Some(from) = unit_at(world, file, owner, Some(detail(&keys)), place) {
                calls.push(CallHierarchyIncomingCall { from, from_ranges });
            }
        }
        calls
    })
}

pub(in crate::lsp) fn outgoing(state: &State, item: &CallHierarchyItem) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let encoding = state.client().encoding;
    with(state, item, |world, file, name| {
        let mut calls: BTreeMap<UnitName, (Vec<&str>, Vec<Range>)> = BTreeMap::new();
        for &other in world.scope_files(file) {
            match world.role(other) {
                Some(Role::Dependency { owner: Owner::Unit(owner), kind, name: to }) if owner == name => {
                    calls.entry(to.clone()).or_default().0.push(kind.suffix());
                }
                Some(Role::Unit(owner)) if owner == name => {
                    for named in world.mentions_in(other) {
                        let Some(to) = UnitName::parse(&named.mention.name) else { continue };
                        let (keys, ranges) = calls.entry(to).or_default();
                        keys.push(named.mention.entry.name);
                        ranges.push(named.range(encoding));
                    }
                }
                // The ranges must be in the unit's own file.
                Some(Role::DropIn(_)) if world.owner(other) == Some(name) => {
                    for named in world.mentions_in(other) {
                        let Some(to) = UnitName::parse(&named.mention.name) else { continue };
                        calls.entry(to).or_default().0.push(named.mention.entry.name);
                    }
                }
                _ => {}
            }
        }
        let call = |(to, (keys, from_ranges)): (UnitName, (Vec<&str>, Vec<Range>))| {
            Some(CallHierarchyOutgoingCall { to: unit(world, file, &to, Some(detail(&keys)))?, from_ranges })
        };
        calls.into_iter().filter_map(call).collect()
    })
}

/// Does something with the unit of an item, in the world that has its file.
fn with<T>(state: &State, item: &CallHierarchyItem, act: impl FnOnce(&World, u32, &UnitName) -> T) -> Option<T> {
    let name = UnitName::parse(&item.name)?;
    if let Ok(document) = state.document(&item.uri) {
        return Some(state.in_whole_world(&document, |world, file| act(world, file, &name)));
    }
    let path = item.uri.to_file_path()?;
    let (mut act, mut found) = (Some(act), None);
    state.in_all_worlds(|world| {
        if let Some(file) = world.file(&path)
            && let Some(act) = act.take()
        {
            found = Some(act(world, file, &name));
        }
    });
    found
}

/// A unit of the scope of `file`, at its own file.
fn unit(world: &World, file: u32, name: &UnitName, detail: Option<String>) -> Option<CallHierarchyItem> {
    unit_at(world, file, name, detail, None)
}

fn unit_at(
    world: &World,
    file: u32,
    name: &UnitName,
    detail: Option<String>,
    place: Option<u32>,
) -> Option<CallHierarchyItem> {
    let own = |name: &UnitName| {
        let mut files = world.scope_files(file).iter().copied();
        files.find(|&file| matches!(world.role(file), Some(Role::Unit(other)) if other == name))
    };
    let place = place.or_else(|| own(name)).or_else(|| own(&name.template()?)).unwrap_or(file);
    let known = world.units(file).binary_search_by(|unit| unit.name.cmp(name));
    let description =
        known.ok().map(|at| world.units(file)[at].description.to_string()).filter(|text| !text.is_empty());
    let uri = world.location(place, Range::default())?.uri;
    Some(shown(name, uri, detail.or(description)))
}

fn shown(name: &UnitName, uri: Uri, detail: Option<String>) -> CallHierarchyItem {
    CallHierarchyItem {
        name: name.as_str().to_owned(),
        kind: kind(name.kind()),
        tags: None,
        detail,
        uri,
        range: Range::default(),
        selection_range: Range::default(),
        data: None,
    }
}

/// "After=, Requires=, .wants"
fn detail(keys: &[&str]) -> String {
    let mut shown: Vec<String> = Vec::new();
    for key in keys {
        let key = if key.starts_with('.') { (*key).to_owned() } else { format!("{key}=") };
        if !shown.contains(&key) {
            shown.push(key);
        }
    }
    shown.join(", ")
}
