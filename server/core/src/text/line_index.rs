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
}

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
        LineIndex { starts }
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
        let column = before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        Position { line: line as u32, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
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
    fn columns_are_characters_and_a_bom_is_none() {
        let text = "\u{feff}äb\nü=c";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text.find('b').unwrap(), text), Position { line: 0, column: 1 });
        assert_eq!(index.position(text.find('c').unwrap(), text), Position { line: 1, column: 2 });
    }
}
