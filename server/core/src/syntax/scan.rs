use std::borrow::Cow;

use super::value::Joint;
use super::{Directive, File, Problem, ProblemKind, Section, Value};
use crate::text::{Decoded, Span};

/// How many bytes a line may have (`LONG_LINE_MAX`): a line as it stands in
/// the file must be shorter than that, what is joined from several lines may
/// reach it.
pub const MAX_LINE: usize = 1 << 20;

const BOM: &str = "\u{feff}";

/// Reads the bytes of one unit file.
pub fn scan_decoded<'t>(decoded: &'t Decoded<'_>) -> File<'t> {
    let mut file = scan(&decoded.text);
    file.refuse_text(decoded.invalid.iter().copied());
    file
}

/// Reads the text of one unit file.
pub fn scan(text: &str) -> File<'_> {
    let mut file = scan_lines(text);
    if !text.is_ascii() {
        file.refuse_text(noncharacters(text));
    }
    file
}

fn scan_lines(text: &str) -> File<'_> {
    let mut scanner = Scanner { text, file: File { text, ..File::default() }, joined: None };
    let mut bom_seen = false;
    for line in raw_lines(text) {
        let raw = &text[line];
        if raw.len() >= MAX_LINE {
            scanner.problem(ProblemKind::LineTooLong, line);
            return scanner.file;
        }
        if let Some(comment) = comment_of(raw) {
            scanner.file.comments.push(comment.shift(line.start as usize));
            continue;
        }
        let mut start = line.start as usize;
        if !bom_seen && raw.starts_with(BOM) {
            bom_seen = true;
            start += BOM.len();
        }
        if !scanner.raw_line(Span::new(start, line.end as usize)) {
            return scanner.file;
        }
    }
    scanner.end();
    scanner.file
}

impl File<'_> {
    /// Notes the spans outside of comments as problems: systemd doesn't look into those.
    fn refuse_text(&mut self, spans: impl Iterator<Item = Span>) {
        for span in spans {
            if !self.in_comment(span) {
                self.problems.push(Problem { kind: ProblemKind::InvalidText, span });
            }
        }
    }
}

/// The code points that Unicode sets aside and `utf8_is_valid` refuses.
fn noncharacters(text: &str) -> impl Iterator<Item = Span> {
    text.char_indices().filter(|&(_, c)| !is_text(c)).map(|(at, c)| Span::new(at, at + c.len_utf8()))
}

/// Whether a code point isn't one of those.
pub(crate) fn is_text(c: char) -> bool {
    !matches!(c, '\u{fdd0}'..='\u{fdef}') && u32::from(c) & 0xfffe != 0xfffe
}

/// A comment line's text, as a span of the line.
pub(crate) fn comment_of(line: &str) -> Option<Span> {
    let text = line.trim_start_matches([' ', '\t']);
    text.starts_with(['#', ';']).then(|| Span::of(text, line))
}

struct Scanner<'t> {
    text: &'t str,
    file: File<'t>,
    /// The continued line so far.
    joined: Option<Joined>,
}

struct Joined {
    text: String,
    joints: Vec<Joint>,
    /// Where the backslash that was read last stands.
    backslash: u32,
}

impl<'t> Scanner<'t> {
    /// Takes one line without its end; false when the rest isn't read.
    fn raw_line(&mut self, line: Span) -> bool {
        let raw = &self.text[line];
        let escaped = ends_escaped(raw);
        if escaped || self.joined.is_some() {
            let joined =
                self.joined.get_or_insert_with(|| Joined { text: String::new(), joints: Vec::new(), backslash: 0 });
            if joined.text.len() + raw.len() > MAX_LINE {
                self.problem(ProblemKind::LineTooLong, line);
                return false;
            }
            joined.joints.push(Joint { inner: joined.text.len() as u32, source: line.start });
            joined.text.push_str(raw);
            if escaped {
                joined.text.pop();
                joined.text.push(' ');
                joined.backslash = line.end - 1;
                return true;
            }
        }
        match self.joined.take() {
            None => self.plain_line(line),
            Some(joined) => self.joined_line(joined),
        }
    }

    /// The end of the file also ends a continuation.
    fn end(&mut self) {
        if let Some(joined) = self.joined.take() {
            let at = joined.backslash;
            self.joined_line(joined);
            self.problem(ProblemKind::DanglingBackslash, Span { start: at, end: at + 1 });
        }
    }

    fn plain_line(&mut self, line: Span) -> bool {
        let text = self.text;
        self.logical_line(&text[line], Cow::Borrowed, |inner| inner.shift(line.start as usize), |_| Vec::new())
    }

    fn joined_line(&mut self, joined: Joined) -> bool {
        let map = Value::new(Cow::Borrowed(""), Span::default(), joined.joints.clone());
        let joints_from = |start: u32| {
            let first = joined.joints.partition_point(|joint| joint.inner <= start).saturating_sub(1);
            joined.joints[first..]
                .iter()
                .map(|joint| Joint {
                    inner: joint.inner.saturating_sub(start),
                    source: joint.source + start.saturating_sub(joint.inner),
                })
                .collect()
        };
        self.logical_line(&joined.text, |part| Cow::Owned(part.to_owned()), |inner| map.source(inner), joints_from)
    }

    /// Takes one whole line: `keep` makes a part of it last, `place` tells
    /// where a part of it lies, `joints` how it was joined from an offset on.
    fn logical_line<'l>(
        &mut self,
        line: &'l str,
        keep: impl Fn(&'l str) -> Cow<'t, str>,
        place: impl Fn(Span) -> Span,
        joints: impl Fn(u32) -> Vec<Joint>,
    ) -> bool {
        let stripped = strip(line);
        if stripped.is_empty() {
            return true;
        }
        let span = |part: &str| place(Span::of(part, line));
        if let Some(after) = stripped.strip_prefix('[') {
            let name = match after.strip_suffix(']') {
                Some(name) => name,
                None => {
                    self.problem(ProblemKind::UnclosedHeader, span(stripped));
                    strip(after.split(']').next().unwrap_or(after))
                }
            };
            if name.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\'' | b'\\' | 0x7f)) {
                self.problem(ProblemKind::UnsafeHeader, span(name));
            }
            let at = self.file.directives.len();
            let (name_span, header) = (span(name), span(stripped));
            self.file.sections.push(Section { name: keep(name), name_span, header, directives: at..at });
            return true;
        }
        if self.file.sections.is_empty() {
            self.problem(ProblemKind::OutsideSection, span(stripped));
            return true;
        }
        let Some(equals) = memchr::memchr(b'=', stripped.as_bytes()) else {
            self.problem(ProblemKind::MissingEquals, span(stripped));
            return true;
        };
        if equals == 0 {
            self.problem(ProblemKind::MissingKey, span(stripped));
            return true;
        }
        let key = strip(&stripped[..equals]);
        let value = strip(&stripped[equals + 1..]);
        let value_span = Span::of(value, line);
        self.file.directives.push(Directive {
            key: keep(key),
            key_span: span(key),
            value: Value::new(keep(value), place(value_span), joints(value_span.start)),
            span: span(stripped),
        });
        if let Some(section) = self.file.sections.last_mut() {
            section.directives.end = self.file.directives.len();
        }
        true
    }

    fn problem(&mut self, kind: ProblemKind, span: Span) {
        self.file.problems.push(Problem { kind, span });
    }
}

/// Takes away the blanks that systemd takes away (`WHITESPACE`).
fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// Whether `line` ends in a backslash that no other one escapes.
pub(crate) fn ends_escaped(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// The lines of a text without their ends, as `read_line` of
/// `src/basic/fileio.c` splits them: LF, CR and NUL end a line, each of them
/// once where several stand together, and nothing joins a NUL.
pub(crate) fn raw_lines(text: &str) -> impl Iterator<Item = Span> {
    RawLines { text, at: 0 }
}

struct RawLines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for RawLines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr3(b'\n', b'\r', 0, rest).unwrap_or(rest.len());
        let end = start + length;
        self.at = end;
        let mut seen = 0u8;
        while let Some(&byte) = bytes.get(self.at) {
            let kind = match byte {
                b'\n' => 1,
                b'\r' => 2,
                0 => 4,
                _ => break,
            };
            if seen & 4 != 0 || seen & kind != 0 {
                break;
            }
            seen |= kind;
            self.at += 1;
        }
        Some(Span::new(start, end))
    }
}
