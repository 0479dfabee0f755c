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

/// Applies `edits` to `text`; they may come in any order.
///
/// Where two of them overlap, the one that starts first wins and the other is
/// left out; the second value says how many were.
pub fn apply(text: &str, edits: &[Edit]) -> (String, usize) {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut left_out = 0;
    for edit in sorted {
        let range = edit.span.range();
        if range.start < done || text.get(range.clone()).is_none() {
            left_out += 1;
            continue;
        }
        out.push_str(&text[done..range.start]);
        out.push_str(&edit.text);
        done = range.end;
    }
    out.push_str(&text[done..]);
    (out, left_out)
}

/// Applies several changes to `text`, each with all its edits or not at all.
///
/// A change that touches what an earlier one has touched is left out, and the
/// second value says how many were: read the result again and go on from
/// there. The same change several times counts once.
pub fn apply_all<'e>(text: &str, changes: impl IntoIterator<Item = &'e [Edit]>) -> (String, usize) {
    let mut taken: Vec<Edit> = Vec::new();
    let mut left_out = 0;
    for change in changes {
        if change.iter().all(|edit| taken.contains(edit)) {
            continue;
        }
        if change.iter().any(|edit| taken.iter().any(|other| edit.touches(other))) {
            left_out += 1;
        } else {
            taken.extend_from_slice(change);
        }
    }
    (apply(text, &taken).0, left_out)
}

impl Edit {
    /// Whether they change the same bytes or insert at the same place.
    fn touches(&self, other: &Edit) -> bool {
        let (a, b) = (self.span, other.span);
        (a.start < b.end && b.start < a.end) || a.start == b.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_whole_or_not_at_all() {
        let moved = [Edit::delete(Span::new(0, 1)), Edit::insert(6, "a")];
        let clashing = [Edit::delete(Span::new(2, 3)), Edit::insert(6, "c")];
        let other = [Edit::delete(Span::new(3, 4))];
        let changes = [&moved[..], &clashing, &moved, &other];
        assert_eq!(apply_all("abcdef", changes), ("bcefa".to_string(), 1));
    }

    #[test]
    fn edits_apply_in_text_order() {
        let edits = [Edit::delete(Span::new(4, 6)), Edit::insert(0, "x"), Edit::replace(Span::new(1, 3), "BC")];
        assert_eq!(apply("abcdef", &edits), ("xaBCd".to_string(), 0));
    }

    #[test]
    fn of_two_that_overlap_the_first_wins() {
        let edits = [Edit::delete(Span::new(0, 3)), Edit::delete(Span::new(2, 5))];
        assert_eq!(apply("abcdef", &edits), ("def".to_string(), 1));
    }
}
