//! The tests of both languages.

mod bytes;
mod corpus;
mod highlight;
mod limits;
mod properties;
mod queries;

use tree_sitter::Language;
use tree_sitter_svunit::{LANGUAGE_SUPERVISORD, LANGUAGE_SYSTEMD};

/// Both languages, with the names of their folders.
pub(crate) fn languages() -> [(&'static str, Language); 2] {
    [("systemd", LANGUAGE_SYSTEMD.into()), ("supervisord", LANGUAGE_SUPERVISORD.into())]
}
