//! Where the files of a world name units.

use std::path::Path;

use svlsp_core::features::{Mention, mentions};
use svlsp_core::syntax;
use svlsp_core::text;
use svlsp_core::units::{Role, UnitName};
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use super::position::Encoding;
use super::world::World;

/// A place where a unit is named, with its line and columns, so that a file needn't be read again to
/// tell of it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// What is named.
    pub(super) mention: Mention,
    line: u32,
    /// From and to, in bytes.
    bytes: [u32; 2],
    /// The same in code units of two bytes.
    units: [u32; 2],
}

impl Named {
    /// Where it is.
    pub(super) fn range(&self, encoding: Encoding) -> Range {
        let [start, end] = match encoding {
            Encoding::Utf8 => self.bytes,
            Encoding::Utf16 => self.units,
        };
        Range { start: Position::new(self.line, start), end: Position::new(self.line, end) }
    }
}

impl World {
    /// Where a file names units.
    pub(super) fn mentions_in(&self, file: u32) -> &[Named] {
        self.mentions[file as usize].get_or_init(|| self.find_mentions(file))
    }

    /// Reads all files for it, so that the first one to ask needn't wait.
    pub(super) fn read_mentions(&self) {
        for file in self.checked() {
            self.mentions_in(file);
        }
    }

    /// The unit that a file defines or adds to.
    pub(super) fn owner(&self, file: u32) -> Option<&UnitName> {
        self.role(file)?.unit()
    }

    /// Whether there is a unit of this name, or its template, in the scope of `file`.
    pub(super) fn exists(&self, file: u32, name: &str) -> bool {
        let find = |name: &str| {
            let known = self.neighbours(file);
            known.binary_search_by(|other| other.name.as_str().cmp(name)).is_ok()
        };
        find(name) || UnitName::parse(name).and_then(|name| name.template()).is_some_and(|name| find(name.as_str()))
    }

    /// The location of a range in a file.
    pub(super) fn location(&self, file: u32, range: Range) -> Option<Location> {
        Some(Location { uri: uri_of(self.path(file))?, range })
    }

    fn find_mentions(&self, file: u32) -> Box<[Named]> {
        let Some(role) = self.role(file).filter(|role| matches!(role, Role::Unit(_) | Role::DropIn(_))) else {
            return Box::default();
        };
        let bytes = self.bytes(file);
        let decoded = text::decode(&bytes);
        let scanned = syntax::scan_decoded(&decoded);
        let found = mentions(&scanned, role.kind(), role.unit(), role.is_drop_in());
        let (mut at, mut line) = (0, 0);
        let mut place = |mention: Mention| {
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            let passed = decoded.text.as_bytes().get(at..start).unwrap_or_default();
            for end in memchr::memchr2_iter(b'\n', b'\r', passed) {
                let end = at + end;
                let bytes = decoded.text.as_bytes();
                line += u32::from(bytes[end] == b'\n' || bytes.get(end + 1) != Some(&b'\n'));
            }
            at = at.max(start);
            let first = scanned.line(mention.span.start).start as usize;
            let count = |to: usize| [to - first, decoded.text[first..to].encode_utf16().count()].map(|n| n as u32);
            let ([from, from_units], [to, to_units]) = (count(start), count(end));
            Named { mention, line, bytes: [from, to], units: [from_units, to_units] }
        };
        found.into_iter().map(&mut place).collect()
    }
}

/// The URI of a file.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path)
}
