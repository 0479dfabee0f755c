//! `textDocument/prepareRename`, `rename` and `workspace/willRenameFiles`: a unit gets another name,
//! its files and all that name it follow.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use svlsp_core::features::{self, Rename, Rewrite, supervisord};
use svlsp_core::units::{LinkFolder, Role, UnitName};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;

use crate::lsp::document::Document;
use crate::lsp::mentions::uri_of;
use crate::lsp::position::Encoding;
use crate::lsp::state::{Client, State};
use crate::lsp::world::World;

pub(in crate::lsp) fn prepare(
    state: &State,
    params: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let program = state.look(&params.text_document.uri, |view| {
        let name = supervisord::name_at(&view.unit, view.offset(params.position))?;
        let (range, placeholder) = (view.range(name.span), name.name.to_owned());
        Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder })
    })?;
    if let Some(program) = program.flatten() {
        return Ok(Some(program));
    }
    let found = state.look(&params.text_document.uri, |view| {
        let (name, span) = features::unit_at(&view.unit, view.offset(params.position))?;
        Some((name, view.range(span)))
    })?;
    let Some((name, range)) = found.flatten() else { return Ok(None) };
    let document = state.document(&params.text_document.uri)?;
    state.in_whole_world(&document, |world, file| has_file(world, file, &name))?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: name.as_str().to_owned() }))
}

pub(in crate::lsp) fn rename(state: &State, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let RenameParams { text_document_position: at, new_name, .. } = params;
    let uri = at.text_document.uri;
    let program = state.look(&uri, |view| {
        let name = supervisord::name_at(&view.unit, view.offset(at.position))?;
        Some(supervisord::rename(&view.unit, &name, &new_name).map(|edits| {
            let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
            for (file, edit) in edits {
                if let Some(Location { uri, range }) = view.place(file, edit.span) {
                    changes.entry(uri).or_default().push(TextEdit { range, new_text: edit.text });
                }
            }
            changes
        }))
    })?;
    if let Some(changes) = program.flatten() {
        return changes.map(|changes| Some(WorkspaceEdit::new(changes))).map_err(refused);
    }
    let found = state.look(&uri, |view| features::unit_at(&view.unit, view.offset(at.position)))?;
    let Some((old, _)) = found.flatten() else { return Ok(None) };
    let new = Rename::check(&old, &new_name).map_err(refused)?;
    let client = state.client();
    let document = state.document(&uri)?;
    let rename = Rename { old: &old, new: &new };
    let (edits, moves) = state.in_whole_world(&document, |world, file| {
        world.reread_mentions();
        has_file(world, file, &old)?;
        if world.exists(file, new.as_str()) && !new.is_instance() {
            return Err(refused(format!("{new_name} exists already")));
        }
        if !renames_files(&client) {
            let message = format!("renaming {} would rename its files too, which this editor can't do", old.as_str());
            return Err(refused(message));
        }
        Ok((mentions(world, file, &rename, client.encoding), moves(world, file, &rename)))
    })?;
    let edits = versioned(state, edits).into_iter().map(DocumentChangeOperation::Edit);
    let mut operations: Vec<_> = edits.collect();
    operations.extend(moves.iter().filter_map(|(from, to)| {
        let operation = RenameFile { old_uri: uri_of(from)?, new_uri: uri_of(to)?, options: None, annotation_id: None };
        Some(DocumentChangeOperation::Op(ResourceOp::Rename(operation)))
    }));
    Ok(Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..WorkspaceEdit::default()
    }))
}

/// The files are the client's to rename; what names them follows.
pub(in crate::lsp) fn will_rename(state: &State, params: RenameFilesParams) -> Option<WorkspaceEdit> {
    let encoding = state.client().encoding;
    let mut edits: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    state.in_all_worlds(World::reread_mentions);
    for FileRename { old_uri, new_uri } in params.files {
        let path = |uri: &str| Some(uri.parse::<Uri>().ok()?.to_file_path()?.into_owned());
        let (Some(from), Some(to)) = (path(&old_uri), path(&new_uri)) else { continue };
        let (Some(old), Some(new)) = (unit_of(&from), unit_of(&to)) else { continue };
        if old == new || Rename::check(&old, new.as_str()).is_err() {
            continue;
        }
        state.in_all_worlds(|world| {
            if let Some(file) = world.file(&from) {
                for (path, found) in mentions(world, file, &Rename { old: &old, new: &new }, encoding) {
                    edits.entry(path).or_default().extend(found);
                }
            }
        });
    }
    if edits.is_empty() {
        return None;
    }
    // A folder may be in several worlds.
    edits.values_mut().for_each(|edits| {
        edits.sort_by(|a, b| (a.range.start, a.range.end, &a.new_text).cmp(&(b.range.start, b.range.end, &b.new_text)));
        edits.dedup();
    });
    let edits = versioned(state, edits.into_iter().collect());
    let client = state.client();
    Some(match workspace_edit(&client).and_then(|edit| edit.document_changes) {
        Some(true) => {
            WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(edits)), ..WorkspaceEdit::default() }
        }
        _ => {
            let plain = |edit: TextDocumentEdit| {
                let texts = edit.edits.into_iter().filter_map(|one| match one {
                    OneOf::Left(edit) => Some(edit),
                    OneOf::Right(_) => None,
                });
                (edit.text_document.uri, texts.collect())
            };
            WorkspaceEdit { changes: Some(edits.into_iter().map(plain).collect()), ..WorkspaceEdit::default() }
        }
    })
}

fn unit_of(path: &Path) -> Option<UnitName> {
    match Role::of(&path.to_string_lossy())? {
        Role::Unit(name) => Some(name),
        _ => None,
    }
}

fn has_file(world: &World, file: u32, name: &UnitName) -> Result<()> {
    let is = |file: &u32| matches!(world.role(*file), Some(Role::Unit(other)) if other == name);
    if world.scope_files(file).iter().any(is) {
        return Ok(());
    }
    Err(refused(match name.template().filter(|template| world.exists(file, template.as_str())) {
        Some(template) => format!("{} is an instance of {}: rename that", name.as_str(), template.as_str()),
        None => format!("{} has no unit file here", name.as_str()),
    }))
}

fn refused(message: impl Into<String>) -> Error {
    // RequestFailed of the protocol: a proper request that can't be granted.
    Error { code: ErrorCode::ServerError(-32803), message: message.into().into(), data: None }
}

/// What changes in each file of the scope of `file`.
fn mentions(world: &World, file: u32, rename: &Rename, encoding: Encoding) -> Vec<(PathBuf, Vec<TextEdit>)> {
    let mut out = Vec::new();
    for &other in world.scope_files(file) {
        let exists = |name: &str| world.exists(other, name);
        let end = || if memchr::memmem::find(&world.bytes(other), b"\r\n").is_some() { "\r\n" } else { "\n" };
        let edits = world.mentions_in(other).iter().filter_map(|named| {
            let range = named.range(encoding);
            Some(match rename.rewrite(&named.mention, world.owner(other), exists)? {
                Rewrite::Word(new_text) => TextEdit { range, new_text },
                Rewrite::Line(line) => {
                    TextEdit { range: Range { start: range.end, end: range.end }, new_text: format!("{}{line}", end()) }
                }
            })
        });
        let edits: Vec<TextEdit> = edits.collect();
        if !edits.is_empty() {
            out.push((world.path(other).to_owned(), edits));
        }
    }
    out
}

/// Which files and folders get other names: those in a folder before it.
fn moves(world: &World, file: u32, rename: &Rename) -> Vec<(PathBuf, PathBuf)> {
    let (mut files, mut folders) = (Vec::new(), BTreeSet::new());
    for &other in world.scope_files(file) {
        let path = world.path(other);
        let unit = match world.role(other) {
            Some(Role::Unit(name) | Role::Dependency { name, .. }) => Some(name),
            _ => None,
        };
        if let Some(new) = unit.and_then(|name| rename.of(name)) {
            files.push((path.to_owned(), path.with_file_name(new.as_str())));
        }
        let folder = path.parent().filter(|_| !matches!(world.role(other), Some(Role::Unit(_))));
        if let Some((folder, name)) = folder.and_then(|folder| Some((folder, folder.file_name()?.to_str()?)))
            && let Some(new) = folder_name(name, rename)
        {
            folders.insert((folder.to_owned(), folder.with_file_name(new)));
        }
    }
    files.extend(folders);
    files
}

/// The new name of `NAME.d`, `NAME.wants` and such.
fn folder_name(folder: &str, rename: &Rename) -> Option<String> {
    let suffixes = LinkFolder::ALL.map(LinkFolder::suffix);
    let (name, suffix) =
        std::iter::once(".d").chain(suffixes).find_map(|suffix| Some((folder.strip_suffix(suffix)?, suffix)))?;
    Some(format!("{}{suffix}", rename.of(&UnitName::parse(name)?)?.as_str()))
}

/// The edits, for the versions of the documents that they were made of, as the client names these.
fn versioned(state: &State, edits: Vec<(PathBuf, Vec<TextEdit>)>) -> Vec<TextDocumentEdit> {
    let documents = state.documents();
    let open: HashMap<&Path, &Document> =
        documents.values().filter_map(|document| Some((document.path.as_deref()?, document))).collect();
    let edit = |(path, edits): (PathBuf, Vec<TextEdit>)| {
        let known = open.get(&*path);
        let uri = known.map(|document| document.uri.clone()).or_else(|| uri_of(&path))?;
        let version = known.map(|document| document.version);
        Some(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        })
    };
    edits.into_iter().filter_map(edit).collect()
}

fn workspace_edit(client: &Client) -> Option<&WorkspaceEditClientCapabilities> {
    client.capabilities.workspace.as_ref()?.workspace_edit.as_ref()
}

fn renames_files(client: &Client) -> bool {
    let edit = workspace_edit(client);
    let operations = edit.and_then(|edit| edit.resource_operations.as_ref());
    let renames = operations.is_some_and(|kinds| kinds.contains(&ResourceOperationKind::Rename));
    renames && edit.and_then(|edit| edit.document_changes) == Some(true)
}
