//! execline, as `execlineb` reads it (`el_parse.c`).
//!
//! Within a block it puts a blank before each word, and programs that take a
//! block remove it again: what a word holds doesn't matter to that.

use super::double_quoted;

/// Appends `word` so that `execlineb` reads it as one word of these bytes.
///
/// Commands that substitute variables in what follows them (`importas`,
/// `define`, `execlineb -S`) do so in this word too: see [`unsubstituted`].
pub fn word(word: &[u8], out: &mut Vec<u8>) {
    if is_plain(word) {
        out.extend_from_slice(word);
    } else {
        double_quoted(word, out, escape);
    }
}

/// `word` changed so that the substitution of the `variables` in it gives it
/// back: with a backslash before each `$` that one of them would follow
/// (`el_substitute.c`).
///
/// Good for one substitution; it takes one call for each that the word passes.
pub fn unsubstituted(word: &[u8], variables: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some(dollar) = memchr::memchr(b'$', rest) {
        let (before, after) = rest.split_at(dollar);
        out.extend_from_slice(before);
        if reference(&after[1..]).is_some_and(&variables) {
            // A run of backslashes before a variable counts half.
            let backslashes = before.iter().rev().take_while(|&&byte| byte == b'\\').count();
            out.resize(out.len() + backslashes + 1, b'\\');
        }
        out.push(b'$');
        rest = &after[1..];
    }
    out.extend_from_slice(rest);
    out
}

/// The name in `NAME` or `{NAME}` at the start of `text`.
fn reference(text: &[u8]) -> Option<&[u8]> {
    let (text, in_braces) = match text.strip_prefix(b"{") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let end = text.iter().position(|byte| b"\\${}".contains(byte));
    match end {
        Some(end) if !in_braces || text[end] == b'}' => Some(&text[..end]),
        None if !in_braces => Some(text),
        _ => None,
    }
}

/// Whether it reads as itself: no blank, control character, quote or
/// backslash, no `#` at its start, and neither `{` nor `}`.
fn is_plain(word: &[u8]) -> bool {
    let ends_word = |&byte: &u8| byte <= b' ' || byte == 0x7f || b"\"\\".contains(&byte);
    !matches!(word, [] | [b'#', ..] | b"{" | b"}") && !word.iter().any(ends_word)
}

/// What stands after the backslash for `byte`, if it needs one.
fn escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        b'\n' => Some(b'n'),
        b'\r' => Some(b'r'),
        b'\t' => Some(b't'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::{unsubstituted, word};

    #[test]
    fn words_are_quoted_where_they_must_be() {
        check(
            word,
            &[
                (b"/usr/bin/web", b"/usr/bin/web"),
                (b"NAME=$value'*", b"NAME=$value'*"),
                (b"", b"\"\""),
                (b" ", b"\" \""),
                (b"a b", b"\"a b\""),
                (b"#", b"\"#\""),
                (b"a#", b"a#"),
                (b"{", b"\"{\""),
                (b"}", b"\"}\""),
                (b"${a}", b"${a}"),
                (b"\\", br#""\\""#),
                (b"\"", br#""\"""#),
                (b"a\n\tb", br#""a\n\tb""#),
                (b"\x01\x0b", b"\"\x01\x0b\""),
                (b"\xff", b"\xff"),
            ],
        );
    }

    #[test]
    fn only_dollars_before_a_variable_get_a_backslash() {
        let kept =
            |text: &[u8], out: &mut Vec<u8>| out.extend(unsubstituted(text, |name| [&b"1"[..], b"@"].contains(&name)));
        check(
            kept,
            &[
                (b"$1", br"\$1"),
                (b"${1}0", br"\${1}0"),
                (b"$10", b"$10"),
                (b"${1", b"${1"),
                (br"\$1", br"\\\$1"),
                (br"\\$1\", br"\\\\\$1\"),
                (b"$1$@", br"\$1\$@"),
                (b"$HOME", b"$HOME"),
                (br"\$HOME", br"\$HOME"),
                (b"$", b"$"),
                (b"$$1", br"$\$1"),
                (b"{$1}", br"{\$1}"),
            ],
        );
    }
}
