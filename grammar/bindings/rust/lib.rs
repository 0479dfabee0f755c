//! tree-sitter grammars for systemd unit files and for supervisord.conf.
//!
//! Any bytes have a tree without ERROR and MISSING nodes; what the reader of the
//! file would refuse is an `invalid_line`, an `invalid_header` or an
//! `unterminated_string`.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_svunit::LANGUAGE_SYSTEMD.into())?;
//! let tree = parser.parse("[Unit]\nDescription=%n is up\n", None).unwrap();
//! assert_eq!(
//!     tree.root_node().to_sexp(),
//!     "(source_file (section (section_header (section_name)) \
//!      (directive key: (key) value: (value (specifier)))))",
//! );
//! # Ok::<(), tree_sitter::LanguageError>(())
//! ```

#![expect(unsafe_code, reason = "a tree-sitter parser is C code")]

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_systemd() -> *const ();
    fn tree_sitter_supervisord() -> *const ();
}

/// systemd unit files, drop-ins and other files in the syntax of systemd.syntax(7).
pub const LANGUAGE_SYSTEMD: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_systemd) };

/// supervisord.conf and the files it includes.
pub const LANGUAGE_SUPERVISORD: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_supervisord) };

/// The texts that go with [`LANGUAGE_SYSTEMD`].
pub mod systemd {
    /// All node types and their fields, as JSON.
    pub const NODE_TYPES: &str = include_str!("../../systemd/src/node-types.json");
    /// Query for syntax highlighting.
    pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/systemd/highlights.scm");
    /// Query for folding: sections and values over several lines.
    pub const FOLDS_QUERY: &str = include_str!("../../queries/systemd/folds.scm");
    /// Query for embedded languages: shell scripts in Exec lines.
    pub const INJECTIONS_QUERY: &str = include_str!("../../queries/systemd/injections.scm");
}

/// The texts that go with [`LANGUAGE_SUPERVISORD`].
pub mod supervisord {
    /// All node types and their fields, as JSON.
    pub const NODE_TYPES: &str = include_str!("../../supervisord/src/node-types.json");
    /// Query for syntax highlighting.
    pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/supervisord/highlights.scm");
    /// Query for folding: sections and values over several lines.
    pub const FOLDS_QUERY: &str = include_str!("../../queries/supervisord/folds.scm");
    /// Query for embedded languages: comments.
    pub const INJECTIONS_QUERY: &str = include_str!("../../queries/supervisord/injections.scm");
}
