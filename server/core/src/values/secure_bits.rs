//! Secure bits of the kernel: `noroot-locked keep-caps` (`src/shared/securebits-util.c`).

use super::list::Item;
use super::words::{Style, Words};
use super::{Context, Problem, shown};

/// The bits by name, in no order.
const BITS: [&str; 6] =
    ["keep-caps", "keep-caps-locked", "no-setuid-fixup", "no-setuid-fixup-locked", "noroot", "noroot-locked"];

/// Reads a directive's bits; systemd says nothing of words that it doesn't know.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<&'static str>> {
    let words = Words::new(text, Style::QUOTED).map_while(Result::ok);
    let mut bits = Vec::new();
    for word in words {
        match BITS.into_iter().find(|bit| *bit == word.text) {
            Some(value) => bits.push(Item { value, span: word.span }),
            None => {
                let name = context.directive.name;
                let message = format!("\"{}\" is no secure bit, so {name}= passes over it", shown(&word.text));
                problems.push(Problem::doubtful(word.span, message).or_nearest(&word.text, BITS));
            }
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn unknown_ones_are_doubtful() {
        for (text, expected) in [
            ("noroot noroot-locked", ""),
            ("no-root", "doubtful 0-7 \"no-root\" is no secure bit, so SecureBits= passes over it (perhaps: noroot)"),
        ] {
            assert_eq!(check("SecureBits", 262, "a.service", text), expected);
        }
    }
}
