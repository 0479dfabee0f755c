//! C escapes in values (`src/basic/escape.c`).

use super::Problem;
use super::words::Word;
use crate::text::Span;

/// The text from byte `from` on with its escapes resolved (`cunescape`);
/// `nul` says whether one may stand for a NUL.
pub(super) fn resolve(text: &str, from: usize, nul: bool) -> Result<Word<'_>, Problem> {
    let whole = Word::whole(text).into_tail(from);
    let mut out = Vec::new();
    let mut at = from;
    while let Some(backslash) = memchr::memchr(b'\\', &text.as_bytes()[at..]).map(|found| at + found) {
        out.extend_from_slice(&text.as_bytes()[at..backslash]);
        match read(&text.as_bytes()[backslash + 1..], nul) {
            Some((unescaped, length)) => {
                unescaped.put(&mut out);
                at = backslash + 1 + length;
            }
            None => {
                let next = text[backslash + 1..].chars().next().map_or(0, char::len_utf8);
                let span = Span::new(backslash, backslash + 1 + next);
                return Err(refused(&text[span], span, true));
            }
        }
    }
    if at == from {
        return Ok(whole);
    }
    out.extend_from_slice(&text.as_bytes()[at..]);
    Ok(whole.replaced(out))
}

/// The problem of an unknown escape at `span`; `exact` says whether it stands there as it is.
pub(super) fn refused(escape: &str, span: Span, exact: bool) -> Problem {
    let message = format!("\"{escape}\" is no escape sequence; write a backslash as \"\\\\\"");
    let problem = Problem::refused(span, message);
    if exact { problem.or(format!("\\{escape}"), false) } else { problem }
}

/// The same, where systemd keeps the escape as it is.
pub(super) fn kept(escape: &str, span: Span, exact: bool) -> Problem {
    let message = format!("\"{escape}\" is no escape sequence and stays as it is; write a backslash as \"\\\\\"");
    let problem = Problem::doubtful(span, message);
    if exact { problem.or(format!("\\{escape}"), true) } else { problem }
}

/// Bytes as text, and the bytes themselves where they are none.
pub(super) fn decoded(bytes: Vec<u8>) -> (String, Option<Vec<u8>>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(error.into_bytes())),
    }
}

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unescaped {
    Byte(u8),
    Char(char),
}

impl Unescaped {
    pub(super) fn put(self, out: &mut Vec<u8>) {
        match self {
            Unescaped::Byte(byte) => out.push(byte),
            Unescaped::Char(char) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Reads what follows a backslash: what it stands for and its length
/// (`cunescape_one`); `nul` says whether it may stand for a NUL.
pub(super) fn read(text: &[u8], nul: bool) -> Option<(Unescaped, usize)> {
    let digits = |from: usize, count: usize, radix: u32| {
        let digits = text.get(from..from + count)?;
        digits.iter().try_fold(0, |number, &digit| Some(number * radix + char::from(digit).to_digit(radix)?))
    };
    let byte = |number: u32| u8::try_from(number).ok().filter(|byte| nul || *byte != 0).map(Unescaped::Byte);
    let simple = match text.first()? {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b's' => b' ',
        same @ (b'\\' | b'"' | b'\'') => *same,
        b'x' => return Some((byte(digits(1, 2, 16)?)?, 3)),
        b'0'..=b'7' => return Some((byte(digits(0, 3, 8)?)?, 3)),
        b'u' => return Some((character(digits(1, 4, 16)?, nul)?, 5)),
        b'U' => {
            let code = digits(1, 8, 16).filter(|code| code & 0xfffe != 0xfffe && !(0xfdd0..=0xfdef).contains(code))?;
            return Some((character(code, nul)?, 9));
        }
        _ => return None,
    };
    Some((Unescaped::Byte(simple), 1))
}

fn character(code: u32, nul: bool) -> Option<Unescaped> {
    char::from_u32(code).filter(|char| nul || *char != '\0').map(Unescaped::Char)
}
