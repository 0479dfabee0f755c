//! Lists of words, of which bad ones are dropped and the others count.

use super::Problem;
use super::words::{Word, Words};
use crate::text::Span;

/// One of several things in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<T> {
    /// What it is.
    pub value: T,
    /// Where it stands in the value.
    pub span: Span,
}

/// Reads every word and drops the bad ones; what can't be split ends the list.
pub(super) fn parse<'t, T>(
    words: Words<'t>,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(&Word<'t>) -> Result<T, Problem>,
) -> Vec<Item<T>> {
    let mut items = Vec::new();
    for word in words {
        match word.and_then(|word| Ok((read(&word)?, word.span))) {
            Ok((value, span)) => items.push(Item { value, span }),
            Err(problem) => problems.push(problem),
        }
    }
    items
}
