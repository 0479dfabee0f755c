//! Address families that a service may use: `AF_INET AF_INET6`, `~AF_PACKET`, `none`
//! (`config_parse_address_families`, `src/core/load-fragment.c`).

use super::list::{self, Item};
use super::words::{Style, Word, Words};
use super::{Context, Problem, member};
use crate::schema::{self, sets};

/// Which families are let through.
#[derive(Clone, Debug)]
pub enum Families {
    /// None at all.
    None,
    /// These, or all others where it is negated.
    Some(Vec<Item<&'static schema::Word>>, bool),
}

/// Reads a directive's address families.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Families {
    if text == "none" {
        return Families::None;
    }
    let value = Word::whole(text);
    let (rest, negated) = if text.starts_with('~') { (value.tail(1), true) } else { (value, false) };
    let families = list::parse(Words::inside(&rest, Style::QUOTED), problems, |word| {
        member::find(&word.text, word.span, &sets::ADDRESS_FAMILY, context)
    });
    Families::Some(families, negated)
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names_and_negation() {
        for (text, expected) in [
            ("none", ""),
            ("AF_UNIX AF_INET AF_INET6", ""),
            ("~AF_PACKET", ""),
            ("AF_INET none", "refused 8-12 there is no address family \"none\""),
            ("~AF_INTE", "refused 1-8 there is no address family \"AF_INTE\" (perhaps: AF_INET)"),
        ] {
            assert_eq!(check("RestrictAddressFamilies", 262, "a.service", text), expected);
        }
    }
}
