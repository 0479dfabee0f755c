//! Secure bits of the kernel: `noroot-locked keep-caps` (`src/shared/securebits-util.c`).

use super::list::Item;
use super::words::{Style, Words};
use super::{Context, Problem, shown};
use crate::schema::sets;

/// Reads a directive's bits; systemd says nothing of words that it doesn't know.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<&'static str>> {
    let words = Words::new(text, Style::QUOTED).map_while(Result::ok);
    let known = sets::SECURE_BIT.known_to(context.version).map(|bit| bit.text);
    let mut bits = Vec::new();
    for word in words {
        match sets::SECURE_BIT.get(&word.text).filter(|bit| bit.known_to(context.version)) {
            Some(bit) => bits.push(Item { value: bit.text, span: word.span }),
            None => {
                let name = context.directive.name;
                let message = format!("\"{}\" is no secure bit, so {name}= passes over it", shown(&word.text));
                problems.push(Problem::doubtful(word.span, message).or_nearest(&word.text, known.clone()));
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
        for (version, text, expected) in [
            (252, "noroot noroot-locked", ""),
            (262, "exec-restrict-file", ""),
            (
                252,
                "exec-restrict-file",
                "doubtful 0-18 \"exec-restrict-file\" is no secure bit, so SecureBits= passes over it",
            ),
            (
                262,
                "no-root",
                "doubtful 0-7 \"no-root\" is no secure bit, so SecureBits= passes over it (perhaps: noroot)",
            ),
        ] {
            assert_eq!(check("SecureBits", version, "a.service", text), expected);
        }
    }
}
