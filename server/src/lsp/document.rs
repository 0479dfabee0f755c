//! An open document: its text as the client has it, and its tree.

use std::path::PathBuf;
use std::sync::Arc;

use ropey::Rope;
use svlsp_core::text::Span;
use svlsp_core::units::Role;
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
    /// Whether a change didn't fit: nothing is known of the text until the client sends all of it.
    pub(super) lost: bool,
}

/// A change that doesn't fit the text we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfSync;

impl Language {
    /// What the client says it is, else what its name says.
    pub(super) fn of(id: &str, uri: &Uri) -> Self {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        let in_its_folder = uri.path().as_str().contains("/supervisor/");
        let supervisord = match id {
            "supervisord" | "supervisord-conf" | "supervisor" => true,
            "systemd" | "systemd-unit" => false,
            _ => name == "supervisord.conf" || Role::of(uri.path().as_str()).is_none() && in_its_folder,
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
        // Of other schemes it would be that of another text: the one on the disk.
        let is_file = uri.scheme().as_str() == "file";
        let path = is_file.then(|| uri.to_file_path()).flatten().map(|path| path.into_owned());
        let rope = Rope::from_str(text);
        Document { uri, path, language, version, rope, tree: None, parsed: false, text: text.into(), lost: false }
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
    /// the client's any more. It is lost until one comes that replaces it as a whole.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) -> Result<(), OutOfSync> {
        let whole = changes.iter().rposition(|change| change.range.is_none());
        let fits = (version > self.version && !self.lost) || whole.is_some();
        self.lost = !fits || changes[whole.unwrap_or(0)..].iter().any(|change| !self.apply(change, encoding));
        self.version = version;
        self.parsed = false;
        if self.lost {
            (self.rope, self.tree, self.text) = (Rope::new(), None, Arc::default());
            return Err(OutOfSync);
        }
        self.text = self.rope.to_string().into();
        Ok(())
    }

    /// Applies one change; whether it fits.
    fn apply(&mut self, change: &TextDocumentContentChangeEvent, encoding: Encoding) -> bool {
        let Some(range) = change.range else {
            (self.rope, self.tree) = (Rope::from_str(&change.text), None);
            return true;
        };
        let fits = range.start <= range.end && range.end.line as usize <= self.rope.len_lines();
        if fits {
            let span = encoding.span(&self.rope, range);
            self.replace(span, &change.text);
        }
        fits
    }

    fn replace(&mut self, span: Span, text: &str) {
        let (start, end) = (span.start as usize, span.end as usize);
        let points = self.tree.is_some().then(|| (self.point(start), self.point(end)));
        let first = self.rope.byte_to_char(start);
        self.rope.remove(first..self.rope.byte_to_char(end));
        self.rope.insert(first, text);
        let new = start + text.len();
        let new_end_position = points.map(|_| self.point(new));
        if let (Some(tree), Some((start_position, old_end_position)), Some(new_end_position)) =
            (&mut self.tree, points, new_end_position)
        {
            tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: end,
                new_end_byte: new,
                start_position,
                old_end_position,
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

#[cfg(test)]
mod tests {
    use tower_lsp::ls_types::Range;
    use tree_sitter::Node;

    use super::*;

    const PIECES: [&str; 22] = [
        "[Unit]\n",
        "[Service]\r\n",
        "After=a.service b\n",
        "Exec",
        "Start",
        "=",
        "/bin/a %i $B \"c d\"",
        "\\\n",
        "\\\r\n",
        "\n",
        "\r\n",
        "\r",
        "# a comment\n",
        "; another\n",
        " ",
        "\t",
        "ä",
        "€",
        "𝄞",
        "\u{2028}",
        "\0",
        "%%\\x41'",
    ];

    /// A number below `bound`, from a linear congruential generator.
    fn below(state: &mut u64, bound: usize) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % bound.max(1)
    }

    fn boundary(text: &str, mut at: usize) -> usize {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn nodes(node: Node, out: &mut Vec<(u16, std::ops::Range<usize>, Point, Point)>) {
        out.push((node.kind_id(), node.byte_range(), node.start_position(), node.end_position()));
        (0..node.child_count()).filter_map(|at| node.child(at)).for_each(|child| nodes(child, out));
    }

    fn all_nodes(tree: Option<&Tree>) -> Vec<(u16, std::ops::Range<usize>, Point, Point)> {
        let mut out = Vec::new();
        tree.into_iter().for_each(|tree| nodes(tree.root_node(), &mut out));
        out
    }

    /// Text and tree after `edits` random changes are those of a document that is opened with them.
    fn edit_at_random(language: Language, encoding: Encoding, edits: usize, seed: u64) {
        let mut state = seed;
        let uri: Uri = "file:///a.service".parse().unwrap();
        let mut text: String = (0..40).map(|_| PIECES[below(&mut state, PIECES.len())]).collect();
        let mut document = Document::new(uri.clone(), language, 0, &text);
        document.tree();
        let (mut version, mut done) = (0, 0);
        while done < edits {
            let mut changes = Vec::new();
            for _ in 0..=below(&mut state, 4) {
                let start = boundary(&text, below(&mut state, text.len() + 1));
                let longest = if text.len() > 2000 { 400 } else { 30 };
                let end = boundary(&text, (start + below(&mut state, longest)).min(text.len()));
                // What people type is short; what they paste is not.
                let count = [0, 1, 1, 1, 2, 12][below(&mut state, 6)];
                let new: String = (0..count).map(|_| PIECES[below(&mut state, PIECES.len())]).collect();
                let range: Range = encoding.range(&Rope::from_str(&text), Span::new(start, end));
                // Between CR and LF there is no place in the protocol.
                let span = encoding.span(&Rope::from_str(&text), range);
                text.replace_range(span.range(), &new);
                changes.push(TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: new });
                done += 1;
            }
            version += 1;
            document.change(version, &changes, encoding).unwrap();
            assert_eq!(&*document.text, text);
            if below(&mut state, 3) == 0 {
                let afresh = all_nodes(Document::new(uri.clone(), language, 0, &text).tree());
                assert!(all_nodes(document.tree()) == afresh, "seed {seed}, {done} edits: {text:?}");
            }
        }
    }

    #[test]
    fn edits_leave_what_a_fresh_open_gives() {
        // SVLSP_EDITS=25000 makes 100,000 of them.
        let edits = std::env::var("SVLSP_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(500);
        for (at, encoding) in [Encoding::Utf8, Encoding::Utf16].into_iter().enumerate() {
            edit_at_random(Language::Systemd, encoding, edits, 1 + at as u64);
            edit_at_random(Language::Supervisord, encoding, edits, 3 + at as u64);
        }
    }
}
