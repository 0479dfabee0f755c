//! What the unit of a document becomes for another supervisor, and where that is written.

use std::path::{Path, PathBuf};

use svlsp_core::fate::Backend;
use svlsp_core::features::{self, Counts, Extent, Generated};
use tower_lsp::jsonrpc::{Error, Result};

use super::state::{State, lock};
use super::view::View;
use crate::report::statistics::plural;

/// The backend that a client names.
///
/// # Errors
///
/// When there is none of that name.
pub(super) fn backend(name: &str) -> Result<Backend> {
    let names = Backend::ALL.map(Backend::name).join(", ");
    Backend::from_name(name).ok_or_else(|| Error::invalid_params(format!("no backend {name:?}: expected {names}")))
}

/// What the unit becomes by itself, or what is in `extent` of a configuration of supervisord; and why it
/// isn't written if it is in error.
///
/// # Errors
///
/// Why nothing can be made of it.
pub(super) fn generate(
    view: &View,
    backend: Backend,
    extent: Extent,
) -> std::result::Result<(Generated, Option<String>), String> {
    let generated = features::generate(&view.unit, &view.world.settings.target(backend), extent)?;
    let trouble = trouble(view).or_else(|| fault(&generated));
    Ok((generated, trouble))
}

/// Why nothing is written, as the unit is in error for this backend.
pub(super) fn fault(generated: &Generated) -> Option<String> {
    generated.faults.first().map(|fault| fault.message.clone())
}

/// " (2 settings lost)"; nothing where all is kept.
pub(super) fn losses(counts: Counts) -> String {
    match counts.lost {
        0 => String::new(),
        lost => format!(" ({} lost)", plural(lost, "setting")),
    }
}

/// Why the unit can't be written, as it is in error.
pub(super) fn trouble(view: &View) -> Option<String> {
    let errors = view.world.errors(view.file);
    let first = errors.first()?;
    let line = first.spot.start.line + 1;
    let place = match first.spot.file == view.file {
        true => format!("line {line}"),
        false => format!("{}:{line}", view.world.path(first.spot.file).display()),
    };
    let more = match errors.len() - 1 {
        0 => String::new(),
        more => format!(", and {} more", plural(more, "error")),
    };
    Some(format!("{place}: {}{more}", first.message))
}

impl State {
    /// The directory that the service directories of a unit are written to: that of the
    /// configuration, else one named after the backend beside the unit file.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(super) fn out(&self, view: &View, backend: Backend) -> std::result::Result<PathBuf, String> {
        let unit = view.files.first().map(|file| view.world.path(*file)).filter(|path| path.is_absolute());
        let folders = lock(&self.folders);
        let around = |folder: &&PathBuf| unit.is_none_or(|unit| unit.starts_with(folder));
        let folder = folders.iter().filter(around).max_by_key(|folder| folder.as_os_str().len());
        let beside = view.document.path.as_ref().and(unit).and_then(Path::parent).or(folder.map(PathBuf::as_path));
        let out = match &view.world.settings.config.convert.out {
            Some(out) => folder.map(PathBuf::as_path).or(beside).map_or_else(|| out.clone(), |base| base.join(out)),
            None => beside.unwrap_or(Path::new("")).join(backend.name()),
        };
        match out.is_absolute() {
            true => Ok(out),
            false => Err("nobody knows where to; save the unit first, or set `convert.out`".to_owned()),
        }
    }
}
