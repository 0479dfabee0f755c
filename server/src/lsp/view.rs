//! A document as the core's features take it.

use ropey::Rope;
use svlsp_core::backends::Together;
use svlsp_core::fate::Backend;
use svlsp_core::features::{self, Whole};
use svlsp_core::rules::{MAX_EDITED, Target};
use svlsp_core::schema::FileKind;
use svlsp_core::syntax::{self, File};
use svlsp_core::text::{self, Decoded, Span};
use svlsp_core::units::Unit;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use super::configuration;
use super::document::{Document, Language};
use super::position::Encoding;
use super::state::State;
use super::world::World;

/// One version of a document, with what is around it.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The document.
    pub(super) document: &'a Document,
    /// The world it belongs to.
    pub(super) world: &'a World,
    /// Its number there.
    pub(super) file: u32,
    /// What features take.
    pub(super) unit: features::Document<'a>,
    /// The number of each file of the unit, where it is part of one.
    pub(super) files: &'a [u32],
    /// How the client counts columns.
    pub(super) encoding: Encoding,
}

impl View<'_> {
    /// The offset of a position.
    pub(super) fn offset(&self, position: Position) -> u32 {
        self.encoding.offset(&self.document.rope, position) as u32
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        self.encoding.range(&self.document.rope, span)
    }

    /// How columns are counted.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// A place in a file of the configuration of supervisord.
    pub(super) fn place(&self, file: usize, span: Span) -> Option<Location> {
        let configured = self.unit.configured?;
        if file == configured.at {
            return Some(Location { uri: self.document.uri.clone(), range: self.range(span) });
        }
        let text = Rope::from_str(configured.config.files.get(file)?.text);
        self.world.location(*self.files.get(file)?, self.encoding.range(&text, span))
    }

    /// What the file can be converted to.
    pub(super) fn backends(&self) -> &'static [Backend] {
        match self.unit.kind {
            FileKind::Supervisord => &Backend::ALL,
            FileKind::Unit(_) | FileKind::Other(_) => &Backend::OTHERS,
        }
    }

    /// The span of a range.
    pub(super) fn span(&self, range: Range) -> Span {
        self.encoding.span(&self.document.rope, range)
    }
}

impl State {
    /// Looks at an open file; `None` where it only has the name of a unit file, or is so large
    /// that only its syntax is checked.
    ///
    /// # Errors
    ///
    /// When it isn't open.
    pub(super) fn look<T>(&self, uri: &Uri, look: impl FnOnce(&View) -> T) -> Result<Option<T>> {
        let document = self.document(uri)?;
        if document.text.len() > MAX_EDITED {
            return Ok(None);
        }
        let encoding = self.client().encoding;
        Ok(self.in_world(&document, |world, file| {
            world.update(file, &document.text);
            match document.language {
                Language::Systemd => view(world, file, &document, encoding, look),
                Language::Supervisord => Some(configuration::view(world, file, &document, encoding, look)),
            }
        }))
    }
}

fn view<T>(
    world: &World,
    file: u32,
    document: &Document,
    encoding: Encoding,
    look: impl FnOnce(&View) -> T,
) -> Option<T> {
    let role = world.role(file)?;
    let task = world.task(file);
    let numbers: Vec<u32> = match task {
        Some(task) => task.files.iter().map(|part| part.file).collect(),
        None => vec![file],
    };
    let bytes: Vec<_> = numbers.iter().map(|&number| world.bytes(number)).collect();
    let texts: Vec<Decoded> = bytes.iter().map(|bytes| text::decode(bytes)).collect();
    let files: Vec<File> = texts.iter().map(syntax::scan_decoded).collect();
    let at = numbers.iter().position(|number| *number == file)?;
    let paths: Vec<Box<str>> = numbers.iter().map(|&number| world.path(number).to_string_lossy().into()).collect();
    let fragment = task.is_some_and(|task| task.fragment);
    let name = task.and_then(|task| task.unit.as_ref()).or(role.unit());
    let unit = name.map(|name| match fragment {
        true => Unit::new(name, &files),
        false => Unit::of_drop_ins(name, &files),
    });
    let together = Together::named(world.names(file));
    let unit = features::Document {
        file: &files[at],
        kind: role.kind(),
        name: role.unit(),
        drop_in: role.is_drop_in(),
        whole: unit.as_ref().map(|unit| Whole { unit, at, paths: &paths }),
        configured: None,
        target: Target { version: world.settings.version(), manager: world.manager(file) },
        backends: &world.settings.targets,
        neighbours: world.neighbours(file),
        together: &together,
        users: &world.users,
        groups: &world.groups,
    };
    Some(look(&View { document, world, file, unit, files: &numbers, encoding }))
}
