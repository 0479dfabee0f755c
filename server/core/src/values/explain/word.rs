//! Words of closed sets, and booleans.

use std::fmt::Write;

use super::super::set::{self, Choice};
use super::super::{Context, boolean};
use super::Explanation;
use crate::schema::{Set, Word};
use crate::text::markdown::code;

/// The one word of `set` that a value is, or the boolean or number that stands for it.
pub(super) fn choice(text: &str, set: &'static Set, context: &Context) -> Option<Explanation> {
    let known = set.get(text).map(Choice::Word);
    let markdown = match known.or_else(|| set::parse(text, set, context, &mut Vec::new()))? {
        Choice::Word(word) if word.text == text => of_set(word, set),
        Choice::Word(word) => format!("{} stands for {}", code(text), of_set(word, set)),
        Choice::Number(number) => match set.words.iter().find(|word| word.number == Some(number)) {
            Some(word) => format!("{} stands for {}", code(text), of_set(word, set)),
            None => return None,
        },
    };
    Explanation::whole(text, markdown)
}

/// What `yes` and its other spellings mean.
pub(super) fn boolean(text: &str) -> Option<Explanation> {
    let word = if boolean::read(text)? { "yes" } else { "no" };
    let markdown = if text == word { format!("`{word}`") } else { format!("{}: the same as `{word}`", code(text)) };
    Explanation::whole(text, markdown)
}

/// "`on-failure`, a restart mode: …", with the versions that know it.
pub(super) fn of_set(word: &Word, set: &Set) -> String {
    let Word { text, doc, since, removed, deprecated, successor, .. } = word;
    let article = if set.noun.starts_with(['a', 'e', 'i', 'o', 'u', 'O']) { "an" } else { "a" };
    let mut out = format!("**{text}**, {article} {}", set.noun);
    // Writing to a String can't fail.
    if !doc.is_empty() {
        let _ = write!(out, "\n\n{doc}");
    }
    let versions = [("since", since), ("deprecated since", deprecated), ("removed in", removed)];
    for (what, version) in versions.into_iter().filter(|(_, version)| **version > 0) {
        let _ = write!(out, "\n- {what} systemd {version}");
    }
    if !successor.is_empty() {
        let _ = write!(out, "\n- use `{successor}` instead");
    }
    out
}
