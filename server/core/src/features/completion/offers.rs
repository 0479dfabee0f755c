use super::words::Text;
use super::{Completions, Item, Kind};
use crate::text::Span;

/// The items for one word, as far as they are like what is typed of it.
#[derive(Debug)]
pub(super) struct Offers<'t, 'a> {
    /// The word up to the cursor.
    pub(super) typed: &'t str,
    replace: Span,
    insert: Span,
    items: Vec<(Likeness, Item<'a>)>,
    incomplete: bool,
    paths: bool,
}

/// How what is typed is like a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Beginning,
    /// Its letters come in the same order, with others in between.
    Scattered,
}

impl<'t, 'a> Offers<'t, 'a> {
    /// Offers for the word at `replace`, of which `typed` is in front of the cursor.
    pub(super) fn new(replace: Span, typed: &'t str) -> Self {
        let insert = Span { start: replace.start, end: replace.start + typed.len() as u32 };
        Offers { typed, replace, insert, items: Vec::new(), incomplete: false, paths: false }
    }

    /// The same where the whole word is always replaced.
    pub(super) fn of_whole(replace: Span, typed: &'t str) -> Self {
        Offers { insert: replace, ..Offers::new(replace, typed) }
    }

    /// Offers `item` if it is like what is typed.
    pub(super) fn push(&mut self, item: Item<'a>) {
        if let Some(likeness) = likeness(self.typed, &item.label) {
            self.items.push((likeness, item));
        }
    }

    /// Other items will fit once more is typed.
    pub(super) fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }

    /// Offers these beginnings of paths, where any path may stand.
    pub(super) fn places(&mut self, places: &[Text]) {
        self.texts(Kind::Path, places);
        self.paths = true;
    }

    /// All items, the likeliest first.
    pub(super) fn finish(mut self) -> Completions<'a> {
        self.items.sort_by(|(a, x), (b, y)| (a, x.rank, &x.label).cmp(&(b, y.rank, &y.label)));
        Completions {
            replace: self.replace,
            insert: self.insert,
            items: self.items.into_iter().map(|(_, item)| item).collect(),
            incomplete: self.incomplete,
            paths: self.paths,
        }
    }
}

/// How `typed` is like `label`, letter case aside; `None` if it isn't.
fn likeness(typed: &str, label: &str) -> Option<Likeness> {
    if label.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed)) {
        return Some(Likeness::Beginning);
    }
    let mut letters = label.bytes();
    let scattered = typed.bytes().all(|byte| letters.any(|letter| letter.eq_ignore_ascii_case(&byte)));
    scattered.then_some(Likeness::Scattered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_like_what_is_meant() {
        use Likeness::{Beginning, Scattered};
        for (typed, label, expected) in [
            ("", "ExecStart", Some(Beginning)),
            ("exec", "ExecStart", Some(Beginning)),
            ("est", "ExecStart", Some(Scattered)),
            ("esx", "ExecStart", None),
            ("ExecStarts", "ExecStart", None),
            ("ä", "a", None),
        ] {
            assert_eq!(likeness(typed, label), expected, "{typed} {label}");
        }
    }
}
