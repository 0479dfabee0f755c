use super::offers::Offers;
use super::slot::{BLANKS, Slot};
use super::{Completions, Doc, Item, Kind, Rank};
use crate::rules::Target;
use crate::schema::{Manager, Set, Word};

/// A word and what it means.
pub(super) type Text = (&'static str, &'static str);

/// The values of booleans.
pub(super) const BOOLEANS: &[Text] = &[("yes", ""), ("no", "")];

/// What values of a few words are made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Choice<'s> {
    /// Words of these sets.
    pub(super) sets: &'s [&'static Set],
    /// These too, but only as the first word.
    pub(super) alone: &'static [Text],
    /// Whether a `~` may stand in front, for all but what is listed.
    pub(super) negatable: bool,
}

impl Offers<'_, '_> {
    /// Offers the words of `set` that the target knows.
    pub(super) fn set(&mut self, set: &'static Set, target: Target) {
        for word in set.known_to(target.version).filter(|word| fits(word, target)) {
            self.push(of_set(set, word, target));
        }
    }

    /// Offers these words.
    pub(super) fn texts(&mut self, kind: Kind, texts: &[Text]) {
        for &(text, detail) in texts {
            self.push(Item::new(kind, text).detail(detail));
        }
    }
}

/// Whether the units of the target's manager may have it.
pub(super) fn fits(word: &Word, target: Target) -> bool {
    word.scope != "system" || target.manager == Manager::System
}

/// A word of a set.
pub(super) fn of_set(set: &'static Set, word: &'static Word, target: Target) -> Item<'static> {
    let deprecated = word.deprecated != 0 && word.deprecated <= target.version.0;
    Item {
        rank: if deprecated { Rank::Last } else { Rank::Usual },
        deprecated,
        doc: Some(Doc::Word(set, word)),
        ..Item::new(Kind::Value, word.text).detail(word.doc)
    }
}

/// `item` with the sign that must follow it, unless that is `there` already.
pub(super) fn before(item: Item<'_>, sign: char, there: bool) -> Item<'_> {
    let label = if there { item.label } else { format!("{}{sign}", item.label).into() };
    Item { kind: Kind::Prefix, label, ..item }
}

/// How the booleans that a set takes are written, where its words don't say so: `yes` stands for
/// `connected` in `PrivateTmp=`.
pub(super) fn booleans_of(set: &Set) -> impl Iterator<Item = (&'static str, &'static str)> {
    let meant = set.booleans.filter(|meant| meant.contains(&"no") || meant.contains(&"yes"));
    let [no, yes] = meant.unwrap_or_default();
    let written = [("yes", yes), ("no", no)];
    written.into_iter().filter(move |(written, meant)| !meant.is_empty() && written != meant)
}

/// The one word that a value is.
pub(super) fn one<'a>(slot: &Slot<'_, 'a>, set: &'static Set, others: &[Text]) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    offers.set(set, slot.document.target);
    for (written, meant) in booleans_of(set) {
        let known = set.contains(meant, slot.document.target.version);
        let detail = if known { format!("the same as `{meant}`") } else { String::new() };
        offers.push(Item::new(Kind::Value, written).detail(detail));
    }
    offers.texts(Kind::Value, others);
    Some(offers.finish())
}

/// One of these words, as a value.
pub(super) fn texts<'a>(slot: &Slot<'_, 'a>, texts: &[Text]) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    offers.texts(Kind::Value, texts);
    Some(offers.finish())
}

/// One of the words of a list, those left out that are in it already.
pub(super) fn list<'a>(slot: &Slot<'_, 'a>, choice: Choice<'_>) -> Completions<'a> {
    listed(slot, BLANKS, choice)
}

/// The same with other characters between the words.
pub(super) fn listed<'a>(slot: &Slot<'_, 'a>, separators: &[char], choice: Choice<'_>) -> Completions<'a> {
    let negated = choice.negatable && !slot.is_continued() && slot.before().starts_with('~');
    let slot = if negated { &slot.clone().behind(1) } else { slot };
    rest(slot, separators, |offers| {
        for set in choice.sets {
            offers.set(set, slot.document.target);
        }
        if slot.head.trim_start().len() == offers.typed.len() {
            offers.texts(Kind::Value, choice.alone);
            if choice.negatable && !negated {
                offers.push(Item::new(Kind::Prefix, "~").detail("all but what follows").ranked(Rank::Later));
            }
        }
    })
}

/// What `fill` offers for one of the words of a list, less those that are in it already.
pub(super) fn rest<'a>(
    slot: &Slot<'_, 'a>,
    separators: &[char],
    fill: impl FnOnce(&mut Offers<'a, 'a>),
) -> Completions<'a> {
    let mut offers = slot.word(separators);
    fill(&mut offers);
    let mut found = offers.finish();
    let others = slot.others(separators);
    found.items.retain(|item| !others.contains(&*item.label));
    found
}
