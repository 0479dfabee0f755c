//! An open document: its text as the client has it, and its tree.

use std::path::PathBuf;
use std::sync::Arc;

use ropey::Rope;
use svlsp_core::text::Span;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};
use tree_sitter::{InputEdit, Parser, Point, Tree};

use super::position::Encoding;

/// What language a document is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// A unit file, a drop-in, or another file in their syntax.
    Systemd,
    /// supervisord.conf.
    Supervisord,
}

/// An open document; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// As the client names it.
    pub(super) uri: Uri,
    /// Where it lies, if it is a file.
    pub(super) path: Option<PathBuf>,
    /// What it is in.
    pub(super) language: Language,
    /// As the client counts.
    pub(super) version: i32,
    /// Its text.
    pub(super) rope: Rope,
    /// Its syntax tree, as far as it has been made.
    tree: Option<Tree>,
    /// Whether the tree is of this very text.
    parsed: bool,
    /// The text in one piece.
    pub(super) text: Arc<str>,
}

/// A change that doesn't fit the text we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfSync;

impl Language {
    /// What the client says it is, else what its name says.
    pub(super) fn of(id: &str, uri: &Uri) -> Self {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        let supervisord = match id {
            "supervisord" | "supervisord-conf" | "supervisor" => true,
            "systemd" | "systemd-unit" => false,
            _ => name == "supervisord.conf" || uri.path().as_str().contains("/supervisor/"),
        };
        if supervisord { Language::Supervisord } else { Language::Systemd }
    }

    fn parser(self) -> Option<Parser> {
        let mut parser = Parser::new();
        let language = match self {
            Language::Systemd => tree_sitter_svunit::LANGUAGE_SYSTEMD,
            Language::Supervisord => tree_sitter_svunit::LANGUAGE_SUPERVISORD,
        };
        parser.set_language(&language.into()).ok()?;
        Some(parser)
    }
}

impl Document {
    /// A document that has just been opened.
    pub(super) fn new(uri: Uri, language: Language, version: i32, text: &str) -> Self {
        let path = uri.to_file_path().map(|path| path.into_owned());
        let rope = Rope::from_str(text);
        Document { uri, path, language, version, rope, tree: None, parsed: false, text: text.into() }
    }

    /// Its syntax tree. It is made when it is asked for: changes come in bursts.
    pub(super) fn tree(&mut self) -> Option<&Tree> {
        if !self.parsed {
            self.tree = self.language.parser()?.parse(self.text.as_bytes(), self.tree.as_ref());
            self.parsed = true;
        }
        self.tree.as_ref()
    }

    /// Applies changes, one after the other as they stand.
    ///
    /// # Errors
    ///
    /// When one doesn't fit the text, or is no newer than it: this document's text is not
    /// the client's any more, whatever comes next.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) -> Result<(), OutOfSync> {
        if version <= self.version {
            return Err(OutOfSync);
        }
        for change in changes {
            match change.range {
                Some(range) => {
                    if range.start > range.end || range.end.line as usize > self.rope.len_lines() {
                        return Err(OutOfSync);
                    }
                    let span = encoding.span(&self.rope, range);
                    self.replace(span, &change.text);
                }
                None => {
                    self.rope = Rope::from_str(&change.text);
                    self.tree = None;
                }
            }
        }
        self.version = version;
        self.text = self.rope.to_string().into();
        self.parsed = false;
        Ok(())
    }

    fn replace(&mut self, span: Span, text: &str) {
        let (start, end) = (span.start as usize, span.end as usize);
        let (from, old) = (self.point(start), self.point(end));
        let first = self.rope.byte_to_char(start);
        self.rope.remove(first..self.rope.byte_to_char(end));
        self.rope.insert(first, text);
        let new = start + text.len();
        let new_end_position = self.point(new);
        if let Some(tree) = &mut self.tree {
            tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: end,
                new_end_byte: new,
                start_position: from,
                old_end_position: old,
                new_end_position,
            });
        }
    }

    /// As tree-sitter counts lines: only LF ends one.
    fn point(&self, offset: usize) -> Point {
        let (mut row, mut start, mut at) = (0, 0, 0);
        for chunk in self.rope.byte_slice(..offset).chunks() {
            for end in memchr::memchr_iter(b'\n', chunk.as_bytes()) {
                row += 1;
                start = at + end + 1;
            }
            at += chunk.len();
        }
        Point { row, column: offset - start }
    }
}
