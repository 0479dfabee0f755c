//! Python's `shlex`, the two ways in which supervisor uses it.

use std::borrow::Cow;

use crate::text::Span;
use crate::values::Problem;

/// A word of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// What is read: of a command without quotes and backslashes, of an environment with both.
    pub text: Cow<'t, str>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// `shlex.whitespace`
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// `shlex.split(text)`: words between blanks; `'…'` and `"…"` hold them together, a backslash
/// takes the next character as it is, in `"…"` only a `"` or another one.
///
/// Behind the last word there may be a problem, and then no word of the rest.
pub(super) fn split<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(BLANKS);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        match word(rest) {
            Ok((word, length)) => {
                words.push(Word { text: word, span: Span::new(start, start + length) });
                rest = rest[length..].trim_start_matches(BLANKS);
            }
            Err((at, message)) => {
                problems.push(Problem::refused(Span::new(start + at, start + at + 1), message));
                break;
            }
        }
    }
    words
}

/// The word that `text` begins with, and its length; or where what isn't ended begins.
fn word(text: &str) -> Result<(Cow<'_, str>, usize), (usize, &'static str)> {
    let plain = text.find(|c| matches!(c, '\'' | '"' | '\\') || BLANKS.contains(&c)).unwrap_or(text.len());
    if text[plain..].chars().next().is_none_or(|c| BLANKS.contains(&c)) {
        return Ok((Cow::Borrowed(&text[..plain]), plain));
    }
    let mut word = text[..plain].to_owned();
    let mut quote = None;
    let mut chars = text.char_indices().skip_while(|(at, _)| *at < plain).peekable();
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            (c, Some((mark, _))) if c == mark => quote = None,
            ('\'' | '"', None) => quote = Some((c, at)),
            ('\\', None) => match chars.next() {
                Some((_, c)) => word.push(c),
                None => return Err((at, "nothing follows the backslash; write \"\\\\\" for one")),
            },
            ('\\', Some(('"', _))) => {
                word.push(chars.next_if(|(_, c)| matches!(c, '"' | '\\')).map_or('\\', |(_, c)| c));
            }
            (c, None) if BLANKS.contains(&c) => return Ok((Cow::Owned(word), at)),
            (c, _) => word.push(c),
        }
    }
    match quote {
        None => Ok((Cow::Owned(word), text.len())),
        Some((_, at)) => Err((at, "this quote is never closed")),
    }
}

/// `list(shlex.shlex(text))` with `/.+-():` among the letters: words, quoted texts with
/// their quotes, and all other characters one by one.
///
/// A quote begins a quoted text only where no word has begun. A `#` takes away
/// the rest of its line, and a word goes on behind that.
pub(super) fn tokens<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        match c {
            ' ' | '\t' | '\r' | '\n' => continue,
            '#' => {
                problems.push(comment(start));
                at = line_end(text, at);
                continue;
            }
            '\'' | '"' => match text[at..].find(c) {
                Some(length) => at += length + 1,
                None => {
                    problems.push(Problem::refused(Span::new(start, at), "this quote is never closed"));
                    return tokens;
                }
            },
            c if is_letter(c) => {
                let (word, end) = letters(text, start, problems);
                tokens.push(word);
                at = end;
                continue;
            }
            _ => {}
        }
        tokens.push(Word { text: Cow::Borrowed(&text[start..at]), span: Span::new(start, at) });
    }
    tokens
}

/// The word that begins at `start`, and where it is over with all comments in it.
fn letters<'t>(text: &'t str, start: usize, problems: &mut Vec<Problem>) -> (Word<'t>, usize) {
    let end_of = |from: usize| {
        let length = text[from..].find(|c| !is_letter(c) && !matches!(c, '\'' | '"'));
        length.map_or(text.len(), |length| from + length)
    };
    let mut last = end_of(start);
    let mut end = last;
    let mut word = Cow::Borrowed(&text[start..end]);
    while text[end..].starts_with('#') {
        problems.push(comment(end));
        let from = line_end(text, end);
        end = end_of(from);
        if from < end {
            word.to_mut().push_str(&text[from..end]);
            last = end;
        }
    }
    (Word { text: word, span: Span::new(start, last) }, end)
}

fn comment(at: usize) -> Problem {
    Problem::doubtful(Span::new(at, at + 1), "\"#\" begins a comment here; put the value in quotes")
}

/// Where the line of byte `from` is over, its end included.
fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |length| from + length + 1)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.' | '+' | '-' | '(' | ')' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[Word]) -> String {
        words.iter().map(|word| format!("[{}]", word.text)).collect()
    }

    #[test]
    fn commands() {
        for (text, expected) in [
            ("/bin/a b", "[/bin/a][b]"),
            (" a\t 'b c'\n\"d \\\" \\x\" ", "[a][b c][d \" \\x]"),
            ("a\\ b 'c'd\"\" ''", "[a b][cd][]"),
            ("a # b; c", "[a][#][b;][c]"),
            ("é\\é", "[éé]"),
            ("", ""),
        ] {
            assert_eq!(shown(&split(text, &mut Vec::new())), expected, "{text}");
        }
        for (text, span) in [("a 'b", 2..3), ("a b\\", 3..4), ("\"a\\\"", 0..1)] {
            let mut problems = Vec::new();
            split(text, &mut problems);
            assert_eq!(problems[0].span.range(), span, "{text}");
        }
    }

    #[test]
    fn environments() {
        for (text, expected) in [
            ("A=1,B=\"x, y\"", "[A][=][1][,][B][=][\"x, y\"]"),
            ("A=b\"c d\"", "[A][=][b\"c][d\"]"),
            ("A=\"b\"c", "[A][=][\"b\"][c]"),
            ("A=b#c\nd e", "[A][=][bd][e]"),
            ("A=b #c\nd", "[A][=][b][d]"),
            ("é", "[é]"),
        ] {
            assert_eq!(shown(&tokens(text, &mut Vec::new())), expected, "{text}");
        }
    }
}
