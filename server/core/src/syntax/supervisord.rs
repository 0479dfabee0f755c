//! Reads supervisord.conf, line by line as Python's `configparser` does for supervisor
//! (`RawConfigParser._read` with `;` and `#` inside lines too, `UnhosedConfigParser` of
//! `supervisor/options.py`).

use std::borrow::Cow;

use super::value::Joint;
use super::{Dialect, Directive, File, Problem, ProblemKind, Section, Value};
use crate::text::{Decoded, Span};

/// Reads the bytes of one file.
pub fn scan_decoded<'t>(decoded: &'t Decoded<'_>) -> File<'t> {
    let mut file = scan(&decoded.text);
    let invalid = decoded.invalid.iter().map(|span| Problem { kind: ProblemKind::InvalidText, span: *span });
    file.problems.extend(invalid);
    file
}

/// Reads the text of one file.
pub fn scan(text: &str) -> File<'_> {
    let file = File { text, dialect: Dialect::Supervisord, ..File::default() };
    let mut scanner = Scanner { text, file, indent: 0, open: None };
    for (line, end) in lines(text) {
        scanner.line(line, end);
    }
    scanner.close();
    scanner.file
}

/// What Python calls white space (`str.isspace`).
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

struct Scanner<'t> {
    text: &'t str,
    file: File<'t>,
    /// How far the last header or key was indented, in characters.
    indent: usize,
    /// The value that indented lines go on with.
    open: Option<Open<'t>>,
}

/// A directive whose value may go on.
struct Open<'t> {
    key: Cow<'t, str>,
    key_span: Span,
    /// The lines of the value, and how many empty ones stand in front of each.
    lines: Vec<(usize, Span)>,
    /// Empty lines since.
    empty: usize,
}

impl<'t> Scanner<'t> {
    /// Takes a line that ends at `end`, with its line end.
    fn line(&mut self, line: Span, end: u32) {
        let raw = &self.text[Span { start: line.start, end }];
        let cut = comment(raw);
        if let Some(at) = cut {
            let comment = raw[at..].trim_matches(is_blank);
            self.file.comments.push(Span::of(comment, raw).shift(line.start as usize));
        }
        let value = raw[..cut.unwrap_or(raw.len())].trim_matches(is_blank);
        if value.is_empty() {
            if let (None, Some(open)) = (cut, &mut self.open) {
                open.empty += 1;
            }
            return;
        }
        let indent = raw.chars().take_while(|c| is_blank(*c)).count();
        let span = Span::of(value, raw).shift(line.start as usize);
        if let Some(open) = self.open.as_mut().filter(|_| indent > self.indent) {
            let empty = std::mem::take(&mut open.empty);
            open.lines.push((empty, span));
            return;
        }
        self.close();
        self.indent = indent;
        if value.starts_with('[') && value.rfind(']').is_some_and(|end| end > 1) {
            self.header(value, span);
        } else {
            self.assignment(value, span);
        }
    }

    fn header(&mut self, value: &'t str, span: Span) {
        let length = value.rfind(']').unwrap_or(value.len());
        let name_span = Span { start: span.start + 1, end: span.start + length as u32 };
        let header = Span { start: span.start, end: name_span.end + 1 };
        let at = self.file.directives.len();
        let name = Cow::Borrowed(&self.text[name_span]);
        self.file.sections.push(Section { name, name_span, header, directives: at..at });
        if header.end < span.end {
            let rest = self.text[Span { start: header.end, end: span.end }].trim_start_matches(is_blank);
            self.problem(ProblemKind::AfterHeader, Span { start: span.end - rest.len() as u32, end: span.end });
        }
    }

    fn assignment(&mut self, line: &'t str, span: Span) {
        if self.file.sections.is_empty() {
            return self.problem(ProblemKind::OutsideSection, span);
        }
        let Some(delimiter) = memchr::memchr2(b'=', b':', line.as_bytes()) else {
            return self.problem(ProblemKind::MissingEquals, span);
        };
        let key = line[..delimiter].trim_end_matches(is_blank);
        if key.is_empty() {
            return self.problem(ProblemKind::MissingKey, span);
        }
        let value = line[delimiter + 1..].trim_start_matches(is_blank);
        let lower = match key.chars().any(char::is_uppercase) {
            true => Cow::Owned(key.to_lowercase()),
            false => Cow::Borrowed(key),
        };
        let key_span = Span { start: span.start, end: span.start + key.len() as u32 };
        let value_span = Span { start: span.end - value.len() as u32, end: span.end };
        self.open = Some(Open { key: lower, key_span, lines: vec![(0, value_span)], empty: 0 });
    }

    /// Ends the value that was read last.
    fn close(&mut self) {
        let Some(Open { key, key_span, lines, empty: _ }) = self.open.take() else { return };
        let Some((_, first)) = lines.first().copied() else { return };
        let value = match &lines[..] {
            [_] => Value::new(Cow::Borrowed(&self.text[first]), first, Vec::new()),
            _ => self.join(&lines),
        };
        let span = key_span.cover(value.span());
        self.file.directives.push(Directive { key, key_span, value, span });
        if let Some(section) = self.file.sections.last_mut() {
            section.directives.end = self.file.directives.len();
        }
    }

    /// A value of several lines: a line feed between them.
    fn join(&self, lines: &[(usize, Span)]) -> Value<'t> {
        let mut text = String::new();
        let mut joints = Vec::with_capacity(lines.len());
        let mut whole: Option<Span> = None;
        for (at, (empty, line)) in lines.iter().enumerate() {
            if at > 0 {
                text.extend(std::iter::repeat_n('\n', empty + 1));
            }
            joints.push(Joint { inner: text.len() as u32, source: line.start });
            text.push_str(&self.text[*line]);
            whole = Some(whole.map_or(*line, |whole| whole.cover(*line)));
        }
        Value::new(Cow::Owned(text), whole.unwrap_or_default(), joints)
    }

    fn problem(&mut self, kind: ProblemKind, span: Span) {
        self.file.problems.push(Problem { kind, span });
    }
}

/// Where the comment of a line begins.
///
/// A line is a comment if it begins with `#` or `;`; else it begins at the first of both that is
/// at the start of the line or behind a blank, also inside quotes. Both are looked for in turns, as
/// Python does: where the first `#` is one, a later `;` in front of it isn't looked at any more.
fn comment(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(is_blank);
    if text.starts_with(['#', ';']) {
        return Some(line.len() - text.len());
    }
    let mut rest: Vec<(u8, Option<usize>)> = vec![(b';', None), (b'#', None)];
    while !rest.is_empty() {
        let mut found = None;
        rest.retain_mut(|(prefix, last)| {
            let from = last.map_or(0, |last| last + 1);
            let Some(at) = memchr::memchr(*prefix, &line.as_bytes()[from..]).map(|at| at + from) else { return false };
            *last = Some(at);
            if at == 0 || line[..at].chars().next_back().is_some_and(is_blank) {
                found = Some(found.map_or(at, |found: usize| found.min(at)));
            }
            true
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The lines of a text without their ends, and where each ends with it: LF, CR LF or CR.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (Span, u32)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let ending = match rest.as_bytes()[length..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        let line = Span::new(start, start + length);
        start += length + ending;
        Some((line, start as u32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The assignments of a file, one a line.
    fn read(text: &str) -> Vec<String> {
        let file = scan(text);
        let of = |section: &Section| {
            let directives = file.directives_of(section).iter();
            directives.map(|it| format!("[{}] {}={:?}", section.name, it.key, it.value.text())).collect::<Vec<_>>()
        };
        file.sections.iter().flat_map(of).collect()
    }

    #[test]
    fn comments_begin_behind_blanks_even_in_quotes() {
        let text = "[a]\nx = 'b ;c'\ny=b;c\nz: d #e ;f\n ;g\n# h\nu=a;b ;c #d\n";
        assert_eq!(read(text), [r#"[a] x="'b""#, r#"[a] y="b;c""#, r#"[a] z="d""#, r#"[a] u="a;b ;c""#]);
    }

    #[test]
    fn values_go_on_in_indented_lines() {
        let text = "[a]\nx = 1\n  2\n\n# c\n\t3 ;d\ny=\n  4\n\n";
        assert_eq!(read(text), [r#"[a] x="1\n2\n\n3""#, r#"[a] y="\n4""#]);
        let file = scan(text);
        let value = &file.directives[0].value;
        assert_eq!(&text[value.source(Span::new(5, 6))], "3");
        assert_eq!(value.inner(value.source(Span::new(5, 6)).start), 5);
    }

    #[test]
    fn headers_and_keys_are_lax() {
        let text = "  [a b]x\n  KEY : v = w\r\n[c]]\rk=[d]\n";
        assert_eq!(read(text), [r#"[a b] key="v = w""#, r#"[c]] k="[d]""#]);
        assert_eq!(scan(text).problems[0].kind, ProblemKind::AfterHeader);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let kinds = |text| scan(text).problems.iter().map(|problem| problem.kind).collect::<Vec<_>>();
        assert_eq!(kinds("x=1\n"), [ProblemKind::OutsideSection]);
        assert_eq!(
            kinds("[a]\nx\n=1\n[]\n"),
            [ProblemKind::MissingEquals, ProblemKind::MissingKey, ProblemKind::MissingEquals]
        );
    }
}
