//! An open document: its text as the client has it.

use std::path::PathBuf;
use std::sync::Arc;

use ropey::Rope;
use svlsp_core::rules::MAX_EDITED;
use svlsp_core::text::Span;
use svlsp_core::units::Role;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::position::Encoding;
use crate::workspace::supervisord::Ties;

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
    /// The text in one piece.
    pub(super) text: Arc<str>,
    /// What it has to do with other files, if it is in the language of supervisord.
    pub(super) ties: Arc<Ties>,
    /// Whether a change didn't fit: nothing is known of the text until the client sends all of it.
    pub(super) lost: bool,
}

/// A change that doesn't fit the text we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfSync;

impl Language {
    /// What the client says it is, else what its name says.
    pub(super) fn of(id: &str, uri: &Uri) -> Self {
        let supervisord = match id {
            "supervisord" | "supervisord-conf" | "supervisor" => true,
            "systemd" | "systemd-unit" => false,
            _ => Role::of(uri.path().as_str()) == Some(Role::Supervisord),
        };
        if supervisord { Language::Supervisord } else { Language::Systemd }
    }
}

impl Document {
    /// A document that has just been opened.
    pub(super) fn new(uri: Uri, language: Language, version: i32, text: &str) -> Self {
        // Of other schemes it would be that of another text: the one on the disk.
        let is_file = uri.scheme().as_str() == "file";
        let path = is_file.then(|| uri.to_file_path()).flatten().map(|path| path.into_owned());
        let rope = Rope::from_str(text);
        let mut document =
            Document { uri, path, language, version, rope, text: text.into(), ties: Arc::default(), lost: false };
        document.tie();
        document
    }

    fn tie(&mut self) {
        if self.language == Language::Supervisord && self.text.len() <= MAX_EDITED {
            self.ties = Arc::new(Ties::of(&self.text));
        }
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
        if self.lost {
            (self.rope, self.text) = (Rope::new(), Arc::default());
            return Err(OutOfSync);
        }
        self.text = self.rope.to_string().into();
        self.tie();
        Ok(())
    }

    /// Applies one change; whether it fits.
    fn apply(&mut self, change: &TextDocumentContentChangeEvent, encoding: Encoding) -> bool {
        let Some(range) = change.range else {
            self.rope = Rope::from_str(&change.text);
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
        let first = self.rope.byte_to_char(start);
        self.rope.remove(first..self.rope.byte_to_char(end));
        self.rope.insert(first, text);
    }
}

#[cfg(test)]
mod tests {
    use tower_lsp::ls_types::Range;

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

    /// The text after `edits` random changes is the one that the client has.
    fn edit_at_random(encoding: Encoding, edits: usize, seed: u64) {
        let mut state = seed;
        let uri: Uri = "file:///a.service".parse().unwrap();
        let mut text: String = (0..40).map(|_| PIECES[below(&mut state, PIECES.len())]).collect();
        let mut document = Document::new(uri, Language::Systemd, 0, &text);
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
        }
    }

    #[test]
    fn edits_leave_what_the_client_has() {
        // SVLSP_EDITS=25000 makes 100,000 of them.
        let edits = std::env::var("SVLSP_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(500);
        for (at, encoding) in [Encoding::Utf8, Encoding::Utf16].into_iter().enumerate() {
            edit_at_random(encoding, edits, 1 + at as u64);
        }
    }
}
