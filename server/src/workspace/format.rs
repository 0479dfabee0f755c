//! Formatting files.

use std::path::{Path, PathBuf};

use svlsp_core::features::format::{Options, format};
use svlsp_core::rules::MAX_FILE;
use svlsp_core::syntax::{self, Dialect};
use svlsp_core::text::{self, Edit};
use svlsp_core::units::{Role, is_foreign, is_supervisord};

use super::{Failure, Found, Reach, fix, parallel, read};

/// What formatting came to; nothing is written yet.
#[derive(Debug, Default)]
pub struct Formatted {
    /// The files that are laid out in another way.
    pub changes: Vec<Change>,
    /// How many are laid out well.
    pub fine: usize,
    /// How many have the name of a unit file, but are somebody else's.
    pub foreign: usize,
    /// What could not be read.
    pub failures: Vec<Failure>,
}

/// A file that shall be laid out in another way.
#[derive(Debug)]
pub struct Change {
    /// As users see it.
    pub path: PathBuf,
    old: Vec<u8>,
    new: Vec<u8>,
}

/// Formats the files that were found, in their order; symbolic links and what
/// they lead to by other names are left alone.
pub fn files(found: &[Found], options: &Options, threads: usize) -> Formatted {
    let wanted = |file: &&Found| matches!(file.reach, Reach::Disk(_)) && file.facts.link.is_none();
    let wanted: Vec<&Found> = found.iter().filter(wanted).collect();
    let mut formatted = Formatted::default();
    let results = parallel::map(&wanted, threads, |file| {
        let bytes = load(file).map_err(|message| Failure::new(&file.path, message))?;
        Ok(new_text(file.facts.role.as_ref(), &bytes, options).map(|new| (bytes, new)))
    });
    for (file, result) in wanted.into_iter().zip(results) {
        match result {
            Ok(Some((old, new))) => match Change::of(&file.path, old, new) {
                Some(change) => formatted.changes.push(change),
                None => formatted.fine += 1,
            },
            Ok(None) => formatted.foreign += 1,
            Err(failure) => formatted.failures.push(failure),
        }
    }
    formatted
}

/// Formats `bytes`, which come as the file `path`; what is no unit file stays as it is.
pub fn text(path: &Path, bytes: &[u8], options: &Options) -> Vec<u8> {
    let by_text = || is_supervisord(&String::from_utf8_lossy(bytes)).then_some(Role::Supervisord);
    let role = Role::of(&path.to_string_lossy()).or_else(by_text);
    new_text(role.as_ref(), bytes, options).unwrap_or_else(|| bytes.to_owned())
}

impl Change {
    /// Of `path` from one text to another; `None` if they are the same.
    pub fn of(path: &Path, old: Vec<u8>, new: Vec<u8>) -> Option<Self> {
        (old != new).then(|| Change { path: path.to_owned(), old, new })
    }

    /// As a unified diff.
    pub fn diff(&self) -> String {
        fix::diff(&self.path, &self.old, &self.new)
    }

    /// Puts the new text in the place of the file.
    ///
    /// # Errors
    ///
    /// When the file, or its directory, can't be written to.
    pub fn write(&self) -> Result<(), Failure> {
        fix::replace(&self.path, &self.new).map_err(|error| Failure::new(&self.path, format!("not formatted: {error}")))
    }
}

/// The formatted text; `None` if the file is somebody else's.
fn new_text(role: Option<&Role>, bytes: &[u8], options: &Options) -> Option<Vec<u8>> {
    let decoded = text::decode(bytes);
    if role.is_some_and(|role| is_foreign(role.kind(), &decoded.text)) {
        return None;
    }
    let dialect = role.map_or(Dialect::Systemd, |role| role.kind().dialect());
    // Offsets into the text are offsets into the bytes.
    Some(apply(bytes, &format(&syntax::read(&decoded, dialect), options)))
}

/// Makes `edits`, which are apart from each other and in order.
fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for Edit { span, text } in edits {
        out.extend_from_slice(&bytes[done..span.start as usize]);
        out.extend_from_slice(text.as_bytes());
        done = span.end as usize;
    }
    out.extend_from_slice(&bytes[done..]);
    out
}

fn load(file: &Found) -> Result<Vec<u8>, String> {
    let Reach::Disk(size) = file.reach else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    read::read_into(&file.path, size, MAX_FILE + 1, &mut bytes).map_err(|error| error.to_string())?;
    match bytes.len() as u64 > MAX_FILE {
        true => Err(format!("has more than {MAX_FILE} bytes, which no unit file has")),
        false => Ok(bytes),
    }
}
