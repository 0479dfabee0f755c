use super::slot::Slot;
use super::words::Text;
use super::{Completions, Item, Kind, Rank, path, variable};
use crate::schema::Version;
use crate::values::words::{Style, Words};

const PREFIXES: &[Text] = &[
    ("-", "a failure counts as success"),
    ("@", "the next word is the name that the program sees"),
    (":", "variables are not expanded"),
    ("+", "with full privileges, without the sandbox"),
    ("!", "as root, in the sandbox"),
    ("|", "by the shell of the user"),
];

/// Where in a command line the cursor is.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    /// Whether the word is the program of a command.
    program: bool,
    /// Whether it is in quotes.
    quoted: bool,
    /// Whether variables mean nothing in this command.
    no_variables: bool,
}

/// What may stand in a command line: the program with its prefixes, then variables.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let position = Position::of(&slot.head);
    if !position.program {
        return variable::complete(slot).filter(|_| !position.no_variables);
    }
    if position.quoted {
        return None;
    }
    let word = slot.word(&[' ', '\t']).typed;
    let via_shell = slot.document.target.version >= Version(258);
    let known = PREFIXES.iter().filter(|(sign, _)| *sign != "|" || via_shell);
    let signs = word.len() - word.trim_start_matches(|c| PREFIXES.iter().any(|(sign, _)| sign.starts_with(c))).len();
    let end = slot.after().find([' ', '\t']).unwrap_or(slot.after().len());
    let mut offers = slot.offers(slot.before().len() - word.len() + signs, end);
    if word.len() == signs {
        for &(sign, meaning) in known.filter(|(sign, _)| !word.contains(sign)) {
            offers.push(Item::new(Kind::Prefix, sign).detail(meaning).ranked(Rank::Later));
        }
    }
    offers.places(path::PROGRAMS);
    Some(offers.finish())
}

impl Position {
    /// The position at the end of `head`.
    fn of(head: &str) -> Self {
        let mut position = Position { program: true, ..Position::default() };
        let mut words = Words::new(head, Style::COMMAND);
        while let Some(word) = words.next_or_warn(&mut Vec::new()) {
            let Ok(word) = word else { return Position { quoted: true, ..position } };
            if word.span.end as usize == head.len() {
                return Position { quoted: word.quoted, ..position };
            }
            if word.text == ";" && !word.quoted {
                position = Position { program: true, ..Position::default() };
            } else if position.program {
                let program = word.text.find(|c: char| !"-@:+!|".contains(c)).unwrap_or(word.text.len());
                position = Position { no_variables: word.text[..program].contains(':'), ..Position::default() };
            }
        }
        position
    }
}
