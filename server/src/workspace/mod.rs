//! Finding unit files, reading them, and knowing which belong together.

pub mod check;
pub mod config;
pub mod convert;
pub mod discover;
mod entries;
pub mod fix;
pub mod format;
mod glob;
pub mod load;
mod parallel;
mod place;
pub mod plan;
mod read;
pub(crate) mod root;
pub mod schema;
pub mod stamp;
pub mod supervisord;
pub mod write;

pub use check::{Checker, Outcome};
pub use discover::{Found, Reach};
pub use entries::entries;
pub use place::about_file;
pub use plan::Plan;
pub use root::below;

use std::path::PathBuf;

/// Something that could not be read or written; the rest of the run goes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// What it was about.
    pub path: PathBuf,
    /// What went wrong and what can be done.
    pub message: String,
}

impl Failure {
    /// About `path`.
    pub fn new(path: impl Into<PathBuf>, message: impl ToString) -> Self {
        Failure { path: path.into(), message: message.to_string() }
    }
}
