//! Splits values into words as `extract_first_word` does (`src/basic/extract-word.c`).

use std::borrow::Cow;

use super::Problem;
use super::escape::{self, decoded};
use crate::text::Span;

/// What systemd takes for blanks (`WHITESPACE`).
pub const BLANKS: &[u8] = b" \t\n\r";

/// How a value is split.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The bytes that separate words.
    pub separators: &'static [u8],
    /// Whether `'…'` and `"…"` hold separators together and are taken away.
    pub quotes: bool,
    /// What a backslash does.
    pub escapes: Escapes,
    /// Whether several separators together count as one; else there are empty words between them.
    pub coalesce: bool,
}

/// What a backslash does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Nothing, it is a character like any other.
    Kept,
    /// It goes away and the next character stands for itself.
    Literal,
    /// As in C: `\n`, `\x20`, `\u00e4`; also `\s`, a space. Others are refused.
    C,
    /// The same, and a separator with one in front is none.
    CAndSeparators,
}

/// One word of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// Without quotes, escapes resolved.
    pub text: Cow<'t, str>,
    /// Where it stands in the value, quotes included.
    pub span: Span,
    /// Whether any of it was in quotes.
    pub quoted: bool,
    /// The bytes, where escapes gave some that aren't UTF-8; U+FFFD stands for those in `text`.
    raw: Option<Vec<u8>>,
    /// Where `text` begins in the value, if it stands there as it is.
    verbatim: Option<u32>,
}

/// The words of a value, one after the other; ends at the first that can't be split off.
#[derive(Clone, Debug)]
pub struct Words<'t> {
    text: &'t str,
    /// Where the next word is looked for; `None` once all is read.
    at: Option<usize>,
    style: Style,
    /// The word of another splitting that `text` is, for its spans.
    outer: Outer,
}

/// Where a text lies in the value that it comes from.
#[derive(Clone, Copy, Debug)]
struct Outer {
    span: Span,
    verbatim: Option<u32>,
}

impl Style {
    /// By blanks; quotes and backslashes mean nothing (`EXTRACT_RETAIN_ESCAPE`).
    pub const PLAIN: Style = Style { separators: BLANKS, quotes: false, escapes: Escapes::Kept, coalesce: true };
    /// By blanks; a backslash protects the next character (no flags).
    pub const BARE: Style = Style { escapes: Escapes::Literal, ..Style::PLAIN };
    /// By blanks outside quotes; a backslash protects the next character (`EXTRACT_UNQUOTE`).
    pub const QUOTED: Style = Style { quotes: true, ..Style::BARE };
    /// By blanks outside quotes; backslashes mean nothing (`EXTRACT_UNQUOTE|EXTRACT_RETAIN_ESCAPE`).
    pub const TUPLES: Style = Style { quotes: true, ..Style::PLAIN };
    /// As command lines: quotes and C escapes (`EXTRACT_UNQUOTE|EXTRACT_CUNESCAPE`).
    pub const COMMAND: Style = Style { escapes: Escapes::C, ..Style::QUOTED };
    /// By single colons (`EXTRACT_DONT_COALESCE_SEPARATORS`).
    pub const COLONS: Style = Style { separators: b":", coalesce: false, ..Style::BARE };
    /// The parts of one of the [`Style::TUPLES`] (`EXTRACT_CUNESCAPE|EXTRACT_UNESCAPE_SEPARATORS`).
    pub const TUPLE: Style = Style { separators: b":", escapes: Escapes::CAndSeparators, ..Style::BARE };
}

impl<'t> Words<'t> {
    /// The words of a whole value.
    pub fn new(text: &'t str, style: Style) -> Self {
        let outer = Outer { span: Span::new(0, text.len()), verbatim: Some(0) };
        Words { text, at: Some(0), style, outer }
    }

    /// The words from byte `from` of a value on, as behind a `~`.
    pub(super) fn behind(text: &'t str, from: usize, style: Style) -> Self {
        Words { at: Some(from), ..Words::new(text, style) }
    }

    /// The words inside a word.
    pub fn inside(word: &'t Word, style: Style) -> Self {
        let outer = Outer { span: word.span, verbatim: word.verbatim };
        Words { text: &word.text, at: Some(0), style, outer }
    }

    /// What is still to be split; empty once all is read.
    pub fn rest(&self) -> &'t str {
        self.at.map_or("", |at| &self.text[at..])
    }

    /// Whether the word before ended at this separator.
    pub(super) fn is_behind(&self, separator: u8) -> bool {
        let before = self.at.and_then(|at| at.checked_sub(1));
        before.is_some_and(|before| self.text.as_bytes()[before] == separator)
    }

    /// The words that are left, split in another way.
    pub(super) fn with(self, style: Style) -> Self {
        Words { style, ..self }
    }

    /// All that is left, separators included, as one word.
    pub fn remainder(&mut self) -> Option<Word<'t>> {
        let at = self.at.take()?;
        Some(self.borrowed(at, self.text.len(), Span::new(at, self.text.len()), false))
    }

    /// Passes over the next `count` bytes, ASCII all of them, and the separators behind.
    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.and_then(|at| self.beyond(at + count));
    }

    /// Where the next word begins, if one follows; for [`Words::skip`]ped bytes.
    pub(super) fn here(&self) -> usize {
        self.at.unwrap_or(self.text.len())
    }

    /// The next word, with unknown escapes kept as they are and warned of
    /// (`extract_first_word_and_warn`).
    pub fn next_or_warn(&mut self, problems: &mut Vec<Problem>) -> Option<Result<Word<'t>, Problem>> {
        let mut unknown = Vec::new();
        let word = self.extract(Some(&mut unknown));
        if let Some(Ok(_)) = word {
            for span in unknown {
                problems.push(escape::kept(&self.text[span], self.outer.place(span), self.outer.verbatim.is_some()));
            }
        }
        word
    }

    /// The next word; what keeps it from being split off goes to `problems`
    /// and ends the words.
    pub fn next_word(&mut self, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
        self.next()?.map_err(|problem| problems.push(problem)).ok()
    }

    fn extract(&mut self, mut unknown: Option<&mut Vec<Span>>) -> Option<Result<Word<'t>, Problem>> {
        let start = if self.style.coalesce { self.beyond(self.at?) } else { self.at };
        let Some(start) = start else {
            self.at = None;
            return None;
        };
        if let Some(word) = self.simple(start) {
            return Some(Ok(word));
        }
        let word = self.complex(start, &mut unknown);
        if word.is_err() {
            self.at = None;
        }
        Some(word)
    }

    /// A word that stands in the text as it is, maybe in quotes.
    fn simple(&mut self, start: usize) -> Option<Word<'t>> {
        let Style { quotes, escapes, .. } = self.style;
        let bytes = &self.text.as_bytes()[start..];
        if let (true, Some(quote @ (b'"' | b'\''))) = (quotes, bytes.first()) {
            let length = memchr::memchr(*quote, &bytes[1..])?;
            let end = start + 1 + length;
            let closed = bytes.get(length + 2).is_none_or(|byte| self.separates(*byte));
            let whole = escapes == Escapes::Kept || memchr::memchr(b'\\', &bytes[1..=length]).is_none();
            return (closed && whole).then(|| {
                self.leave(end + 1);
                self.borrowed(start + 1, end, Span::new(start, end + 1), true)
            });
        }
        let mut end = start;
        for &byte in bytes {
            if self.separates(byte) {
                break;
            }
            if (byte == b'\\' && escapes != Escapes::Kept) || (quotes && matches!(byte, b'"' | b'\'')) {
                return None;
            }
            end += 1;
        }
        self.leave(end);
        Some(self.borrowed(start, end, Span::new(start, end), false))
    }

    /// A word of several pieces, put together byte by byte.
    fn complex(&mut self, start: usize, unknown: &mut Option<&mut Vec<Span>>) -> Result<Word<'t>, Problem> {
        let Style { quotes, escapes, .. } = self.style;
        let bytes = self.text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len().min(start + 256) - start);
        let mut quote: Option<(u8, usize)> = None;
        let mut quoted = false;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            match (byte, quote) {
                (b'\\', _) if escapes != Escapes::Kept => {
                    at = self.escape(at, quote, unknown, &mut out)?;
                    continue;
                }
                (_, Some((open, _))) if byte == open => quote = None,
                (_, Some(_)) => out.push(byte),
                (b'"' | b'\'', None) if quotes => {
                    quote = Some((byte, at));
                    quoted = true;
                }
                _ if self.separates(byte) => break,
                _ => out.push(byte),
            }
            at += 1;
        }
        if let Some((_, open)) = quote {
            return Err(self.unbalanced(open));
        }
        self.leave(at);
        let (text, raw) = decoded(out);
        let span = self.outer.place(Span::new(start, at));
        Ok(Word { text: Cow::Owned(text), span, quoted, raw, verbatim: None })
    }

    /// Resolves the escape that begins at `at`; says where it ends.
    fn escape(
        &self,
        at: usize,
        quote: Option<(u8, usize)>,
        unknown: &mut Option<&mut Vec<Span>>,
        out: &mut Vec<u8>,
    ) -> Result<usize, Problem> {
        let Some(&byte) = self.text.as_bytes().get(at + 1) else {
            if unknown.is_some() && quote.is_none() {
                // Only blanks behind it keep it from continuing the line: a rule of its own tells of them.
                out.push(b'\\');
                return Ok(at + 1);
            }
            return Err(match quote {
                Some((_, open)) => self.unbalanced(open),
                None => Problem::refused(self.outer.place(Span::new(at, at + 1)), "nothing follows this backslash"),
            });
        };
        let c = matches!(self.style.escapes, Escapes::C | Escapes::CAndSeparators);
        if let (true, Some((unescaped, length))) = (c, escape::read(&self.text.as_bytes()[at + 1..], false)) {
            unescaped.put(out);
            return Ok(at + 1 + length);
        }
        let separator = self.style.escapes == Escapes::CAndSeparators && self.separates(byte);
        if separator || self.style.escapes == Escapes::Literal {
            out.push(byte);
            return Ok(at + 2);
        }
        let length = self.text[at + 1..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(at, at + 1 + length);
        match unknown {
            Some(unknown) => unknown.push(span),
            None => {
                return Err(escape::refused(&self.text[span], self.outer.place(span), self.outer.verbatim.is_some()));
            }
        }
        out.extend_from_slice(self.text[span].as_bytes());
        Ok(at + 1 + length)
    }

    fn unbalanced(&self, open: usize) -> Problem {
        Problem::refused(self.outer.place(Span::new(open, open + 1)), "this quote is never closed")
    }

    fn separates(&self, byte: u8) -> bool {
        self.style.separators.contains(&byte)
    }

    /// The first byte from `at` on that doesn't separate.
    fn beyond(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        rest.iter().position(|byte| !self.separates(*byte)).map(|skipped| at + skipped)
    }

    /// Goes on behind a word that ends at `end`.
    fn leave(&mut self, end: usize) {
        self.at = if end >= self.text.len() {
            None
        } else if self.style.coalesce {
            self.beyond(end)
        } else {
            Some(end + 1)
        };
    }

    fn borrowed(&self, start: usize, end: usize, span: Span, quoted: bool) -> Word<'t> {
        let verbatim = self.outer.verbatim.and_then(|from| from.checked_add(u32::try_from(start).ok()?));
        let text = Cow::Borrowed(&self.text[start..end]);
        Word { text, span: self.outer.place(span), quoted, raw: None, verbatim }
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = Result<Word<'t>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        self.extract(None)
    }
}

impl<'t> Word<'t> {
    /// A whole value as one word.
    pub fn whole(text: &'t str) -> Self {
        let span = Span::new(0, text.len());
        Word { text: Cow::Borrowed(text), span, quoted: false, raw: None, verbatim: Some(0) }
    }

    /// Its bytes, also where they aren't UTF-8.
    pub fn bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Whether its bytes aren't UTF-8.
    pub fn is_lossy(&self) -> bool {
        self.raw.is_some()
    }

    /// Where a part of [`Word::text`] stands in the value; the whole word
    /// where quotes or escapes make that hard to say.
    pub fn place(&self, inner: Span) -> Span {
        Outer { span: self.span, verbatim: self.verbatim }.place(inner)
    }

    /// The word with other text that it stands for.
    pub(super) fn replaced(self, bytes: Vec<u8>) -> Word<'static> {
        let (text, raw) = decoded(bytes);
        Word { text: Cow::Owned(text), span: self.span, quoted: self.quoted, raw, verbatim: None }
    }

    /// The word from byte `from` on, as after a prefix has been taken off.
    ///
    /// `from` must be where a character begins.
    pub fn tail(&self, from: usize) -> Word<'_> {
        let (span, verbatim) = self.cut(from);
        let raw = self.raw.as_ref().map(|raw| raw[from..].to_vec());
        Word { text: Cow::Borrowed(&self.text[from..]), span, quoted: self.quoted, raw, verbatim }
    }

    /// The same, taking the word along.
    pub(super) fn into_tail(self, from: usize) -> Word<'t> {
        let (span, verbatim) = self.cut(from);
        let text = match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[from..]),
            Cow::Owned(text) => Cow::Owned(text[from..].to_owned()),
        };
        let raw = self.raw.map(|raw| raw[from..].to_vec());
        Word { text, span, quoted: self.quoted, raw, verbatim }
    }

    /// A word that is written in another way than it reads.
    pub(crate) fn escaped(text: impl Into<Cow<'t, str>>, span: Span) -> Self {
        Word { text: text.into(), span, quoted: false, raw: None, verbatim: None }
    }

    fn cut(&self, from: usize) -> (Span, Option<u32>) {
        let verbatim = self.verbatim.and_then(|start| start.checked_add(u32::try_from(from).ok()?));
        match verbatim {
            Some(start) if !self.quoted => (Span { start, end: self.span.end }, verbatim),
            _ => (self.span, verbatim),
        }
    }
}

impl Outer {
    fn place(self, inner: Span) -> Span {
        self.verbatim.map_or(self.span, |start| inner.shift(start as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::show;

    fn split(text: &str, style: Style) -> String {
        let word = |word: Result<Word, Problem>| match word {
            Ok(word) => format!("{}-{} {}", word.span.start, word.span.end, word.text),
            Err(problem) => show(&problem),
        };
        Words::new(text, style).map(word).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn styles_split_as_systemd_does() {
        let tabs = Style { separators: b":\t", ..Style::COLONS };
        for (text, style, expected) in [
            ("", Style::PLAIN, ""),
            ("  a\tb\r", Style::PLAIN, "2-3 a, 4-5 b"),
            (r"'a b' \x2d\", Style::PLAIN, r"0-2 'a, 3-5 b', 6-11 \x2d\"),
            (r"'a\ b c\\", Style::BARE, "0-5 'a b, 6-9 c\\"),
            (r"a\", Style::BARE, "refused 1-2 nothing follows this backslash"),
            (r#""a b"c 'd\'e' ''"#, Style::QUOTED, "0-6 a bc, 7-13 d'e, 14-16 "),
            (r#"a"b"#, Style::QUOTED, "refused 1-2 this quote is never closed"),
            (r#""a\"#, Style::QUOTED, "refused 0-1 this quote is never closed"),
            (r#""a\" "b c":"#, Style::TUPLES, r#"0-4 a\, 5-11 b c:"#),
            (r"\x41\102\u0043\U00000044\s\t", Style::COMMAND, "0-28 ABCD \t"),
            (
                r"a \q",
                Style::COMMAND,
                "0-1 a, refused 2-4 \"\\q\" is no escape sequence; write a backslash as \"\\\\\" (perhaps: \\\\q)",
            ),
            (
                r"\x00",
                Style::COMMAND,
                "refused 0-2 \"\\x\" is no escape sequence; write a backslash as \"\\\\\" (perhaps: \\\\x)",
            ),
            ("", Style::COLONS, "0-0 "),
            ("a::b:", Style::COLONS, "0-1 a, 2-2 , 3-4 b, 5-5 "),
            (":a\tb", tabs, "0-0 , 1-2 a, 3-4 b"),
            (r"a\:b:c\x20:", Style::TUPLE, "0-4 a:b, 5-10 c "),
        ] {
            assert_eq!(split(text, style), expected, "{text}");
        }
    }

    #[test]
    fn plain_words_are_borrowed() {
        for (text, style, borrowed) in [
            ("a", Style::COMMAND, true),
            ("'a b' c", Style::COMMAND, true),
            ("'a'b", Style::COMMAND, false),
            (r"a\x2d", Style::PLAIN, true),
        ] {
            let word = Words::new(text, style).next().unwrap().unwrap();
            assert_eq!(matches!(word.text, Cow::Borrowed(_)), borrowed, "{text}");
        }
    }

    #[test]
    fn spans_of_parts_are_exact_where_they_can_be() {
        let text = r#"x "a:b" 'c'\x3ad"#;
        let mut spans = Vec::new();
        for word in Words::new(text, Style::COMMAND) {
            let word = word.unwrap();
            for part in Words::inside(&word, Style::COLONS) {
                spans.push(&text[part.unwrap().span]);
            }
        }
        assert_eq!(spans, ["x", "a", "b", r"'c'\x3ad", r"'c'\x3ad"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_marked() {
        let word = Words::new(r"\xc3\xa4\xff", Style::COMMAND).next().unwrap().unwrap();
        assert_eq!((&*word.text, word.bytes()), ("ä\u{fffd}", &b"\xc3\xa4\xff"[..]));
    }
}
