use std::collections::BTreeSet;
use std::ops::Range;

use super::Span;

/// A replacement of one span of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Edit { span, text: text.into() }
    }

    /// Takes `span` away.
    pub fn delete(span: Span) -> Self {
        Edit { span, text: String::new() }
    }

    /// Puts `text` at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Edit { span: Span::at(offset), text: text.into() }
    }
}

/// What came of applying several changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The text afterwards.
    pub text: String,
    /// How many changes were applied; the same one several times counts once.
    pub count: usize,
}

/// Applies several changes to `text`, each with all its edits or not at all.
///
/// A change that touches what an earlier one has touched, or reaches beyond
/// the text, is left out: read the result again and go on from there.
pub fn apply_all<'e>(text: &str, changes: impl IntoIterator<Item = &'e [Edit]>) -> Applied {
    let mut taken = BTreeSet::new();
    let mut count = 0;
    for change in changes {
        let mut edits: Vec<&Edit> = change.iter().collect();
        edits.sort();
        let apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        let fits = |edit: &&Edit| text.get(edit.span.range()).is_some() && !touches(edit, &taken);
        if apart && !edits.is_empty() && edits.iter().all(fits) {
            taken.extend(edits);
            count += 1;
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in taken {
        let Range { start, end } = edit.span.range();
        out.push_str(&text[done..start]);
        out.push_str(&edit.text);
        done = end;
    }
    out.push_str(&text[done..]);
    Applied { text: out, count }
}

/// Whether `edit` changes the same bytes as one of `others`, which are apart
/// from each other, or inserts at the same place.
fn touches(edit: &Edit, others: &BTreeSet<&Edit>) -> bool {
    let Span { start, end } = edit.span;
    let before = others.range::<&Edit, _>(..edit).next_back();
    let after = others.range::<&Edit, _>(edit..).next();
    before.is_some_and(|other| start < other.span.end || start == other.span.start)
        || after.is_some_and(|other| other.span.start < end || start == other.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str, changes: &[&[Edit]]) -> (String, usize) {
        let Applied { text, count } = apply_all(text, changes.iter().copied());
        (text, count)
    }

    #[test]
    fn changes_are_whole_or_not_at_all() {
        let moved = [Edit::delete(Span::new(0, 1)), Edit::insert(6, "a")];
        let clashing = [Edit::delete(Span::new(2, 3)), Edit::insert(6, "c")];
        let other = [Edit::delete(Span::new(3, 4))];
        assert_eq!(applied("abcdef", &[&moved, &clashing, &moved, &other]), ("bcefa".to_owned(), 2));
    }

    #[test]
    fn edits_apply_in_text_order() {
        let edits = [Edit::delete(Span::new(4, 6)), Edit::insert(0, "x"), Edit::replace(Span::new(1, 3), "BC")];
        assert_eq!(applied("abcdef", &[&edits]), ("xaBCd".to_owned(), 1));
    }

    #[test]
    fn what_overlaps_or_lies_outside_is_left_out() {
        let delete = |start, end| [Edit::delete(Span::new(start, end))];
        let (first, over, inside, next) = (delete(0, 3), delete(2, 5), [Edit::insert(1, "x")], [Edit::insert(3, "y")]);
        assert_eq!(applied("abcdef", &[&first, &over, &inside, &next]), ("ydef".to_owned(), 2));
        let itself = [Edit::delete(Span::new(0, 2)), Edit::delete(Span::new(1, 3))];
        assert_eq!(applied("ä", &[&itself, &delete(0, 1), &delete(0, 9), &[]]), ("ä".to_owned(), 0));
    }

    #[test]
    fn many_changes_take_no_time() {
        let text = "ab".repeat(100_000);
        let changes: Vec<_> = (0..100_000).map(|at| [Edit::delete(Span::new(2 * at, 2 * at + 1))]).collect();
        assert_eq!(apply_all(&text, changes.iter().map(|change| &change[..])).text.len(), 100_000);
    }
}
