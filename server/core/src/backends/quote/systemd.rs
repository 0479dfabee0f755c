//! Unit files: words as `extract_first_word` takes them apart (`src/basic/extract-word.c`), with
//! specifiers and variables kept from being resolved.

use std::fmt::Write;

use crate::syntax::is_text;

/// Appends `word` so that systemd reads it as one word of these bytes, specifiers aside.
pub fn word(word: &[u8], out: &mut String) {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"!%&()*+,-./:<=>?@[]^_`{|}~$#".contains(byte);
    if !word.is_empty() && word.iter().all(is_plain) {
        out.extend(word.iter().map(|byte| char::from(*byte)));
        return;
    }
    // Whatever is escaped is so between both kinds.
    let quote = if word.contains(&b'"') && !word.contains(&b'\'') { '\'' } else { '"' };
    out.push(quote);
    for chunk in word.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\\' => out.push_str("\\\\"),
                _ if letter == quote => out.extend(['\\', letter]),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                _ if letter.is_control() || !is_text(letter) => {
                    letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| escape(byte, out));
                }
                _ => out.push(letter),
            }
        }
        chunk.invalid().iter().for_each(|byte| escape(*byte, out));
    }
    out.push(quote);
}

/// The words, blanks in between.
pub fn words<'w>(all: impl IntoIterator<Item = &'w [u8]>) -> String {
    let mut out = String::new();
    for one in all {
        if !out.is_empty() {
            out.push(' ');
        }
        word(one, &mut out);
    }
    out
}

/// `text` with each `sign` in it doubled: so `%` is no specifier, and `$` no variable.
pub fn doubled(text: &[u8], sign: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        out.push(*byte);
        out.extend((*byte == sign).then_some(sign));
    }
    out
}

/// A value that is taken as it stands, specifiers aside; `None` if no line can hold it.
pub fn whole(text: &[u8]) -> Option<String> {
    let text = String::from_utf8(text.to_vec()).ok()?;
    let fits = |letter: char| is_text(letter) && !matches!(letter, '\n' | '\r' | '\0');
    let blank = |letter: Option<char>| letter.is_none_or(|letter| matches!(letter, ' ' | '\t'));
    let stands = !blank(text.chars().next()) && !blank(text.chars().next_back()) && !text.ends_with('\\');
    (stands && text.chars().all(fits)).then(|| text.replace('%', "%%"))
}

/// Text to read: like [`whole`], what no line can hold replaced.
pub fn prose(text: &str) -> String {
    let fits = |letter: char| if letter.is_control() || !is_text(letter) { ' ' } else { letter };
    text.chars().map(fits).collect::<String>().trim().trim_end_matches('\\').replace('%', "%%")
}

fn escape(byte: u8, out: &mut String) {
    // Writing to a String can't fail.
    let _ = write!(out, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::words::{Style, Words};

    proptest! {
        #[test]
        fn words_are_read_as_they_were(all in prop::collection::vec(prop::collection::vec(1u8..=255, 0..8), 0..5)) {
            let line = words(all.iter().map(|word| &word[..]));
            prop_assert!(!line.contains(['\n', '\r', '\0']));
            let read: Vec<Vec<u8>> = Words::new(&line, Style::COMMAND).map(|word| word.unwrap().bytes().to_vec()).collect();
            prop_assert_eq!(read, all, "{}", line);
        }

        #[test]
        fn what_stands_whole_is_one_line(text in prop::collection::vec(1u8..=255, 0..8)) {
            if let Some(line) = whole(&text) {
                prop_assert_eq!(line.trim_matches([' ', '\t', '\n', '\r']), &line);
                prop_assert_eq!(line.replace("%%", "%").into_bytes(), text);
            }
        }
    }

    #[test]
    fn only_what_needs_it_is_quoted() {
        for (bytes, written) in [
            (&b"--port=80"[..], "--port=80"),
            (b"", "\"\""),
            (b"a b", "\"a b\""),
            (b";", "\";\""),
            (b"say \"so\"\\", "'say \"so\"\\\\'"),
            (b"it's \"so\"\\", "\"it's \\\"so\\\"\\\\\""),
            (b"a\nb\tc\x01\xff\x7f", "\"a\\nb\\tc\\x01\\xff\\x7f\""),
            ("µ\u{fffe}".as_bytes(), "\"µ\\xef\\xbf\\xbe\""),
        ] {
            assert_eq!(words([bytes]), written);
        }
    }
}
