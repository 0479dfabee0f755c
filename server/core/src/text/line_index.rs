use super::Span;

/// A place as people and protocols count it: both parts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line; LF, CR LF and a lone CR end one.
    pub line: u32,
    /// Column in Unicode scalar values.
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters begin before each [`BLOCK`], so that no place in a
    /// long line has to be counted out from its start.
    blocks: Vec<u32>,
}

/// In bytes.
const BLOCK: usize = 1 << 10;

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut count = 0;
        for block in bytes.chunks(BLOCK) {
            blocks.push(count);
            count += characters(block);
        }
        LineIndex { starts, blocks }
    }

    /// The line that holds the byte at `offset`, from 0.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// Where line `line` begins and where the next one does (or the text ends).
    pub fn line_span(&self, line: usize, text: &str) -> Span {
        let start = self.starts.get(line).map_or(text.len(), |&s| s as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |&s| s as usize);
        Span::new(start, end)
    }

    /// The position of the byte at `offset` of `text`, the indexed text.
    ///
    /// A byte-order mark does not count as a column.
    pub fn position(&self, offset: usize, text: &str) -> Position {
        let line = self.line(offset);
        let start = self.starts[line] as usize;
        let mut before = &text.as_bytes()[start..offset.min(text.len())];
        if start == 0 {
            before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
        }
        let column = match before.len() {
            0..=BLOCK => characters(before),
            _ => self.before(offset.min(text.len()), text) - self.before(offset.min(text.len()) - before.len(), text),
        };
        Position { line: line as u32, column }
    }

    /// How many characters begin before `offset`.
    fn before(&self, offset: usize, text: &str) -> u32 {
        let Some(count) = self.blocks.get(offset / BLOCK).or(self.blocks.last()) else { return 0 };
        let block = (offset / BLOCK).min(self.blocks.len() - 1);
        count + characters(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters begin in `bytes`.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&byte| u32::from(byte & 0xc0 != 0x80)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..text.len()).map(|at| index.line(at)).collect();
        assert_eq!(lines, [0, 0, 1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn columns_of_long_lines_are_the_same() {
        let text = format!("\u{feff}{}", "aäb€".repeat(1000));
        let index = LineIndex::new(&text);
        for (column, (at, _)) in text.char_indices().skip(1).enumerate() {
            assert_eq!(index.position(at, &text), Position { line: 0, column: column as u32 });
        }
        assert_eq!(index.position(text.len(), &text), Position { line: 0, column: 4000 });
    }

    #[test]
    fn columns_are_characters_and_a_bom_is_none() {
        let text = "\u{feff}äb\nü=c";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text.find('b').unwrap(), text), Position { line: 0, column: 1 });
        assert_eq!(index.position(text.find('c').unwrap(), text), Position { line: 1, column: 2 });
    }
}
