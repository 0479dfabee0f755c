//! Network interfaces by name (`ifname_valid_full`, `src/basic/socket-util.c`).

use super::list::{self, Item};
use super::number::{signed, unsigned};
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, whole};
use crate::schema::Version;

/// How long a name may be, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// 15, as for an interface's own name.
    Own,
    /// 127, as for its alternative names.
    Alternative,
}

/// The interfaces that a service may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Their names.
    pub names: Vec<Item<String>>,
    /// Whether they are the ones that it may not use.
    pub negated: bool,
}

const EXPECTED: &str = "the name of a network interface";

/// Reads the interface that a socket is bound to; `None` also stands for `*`, any.
///
/// Specifiers are resolved since 258.
pub fn parse_device(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<String> {
    if text == "*" {
        return None;
    }
    if context.version >= Version(258) {
        return parse(text, Length::Own, context, problems);
    }
    let valid = is_valid(text, Length::Own);
    if !valid {
        problems.push(context.takes(EXPECTED, text, whole(text)));
    }
    valid.then(|| text.to_owned())
}

/// Reads a directive's interface.
pub fn parse(text: &str, length: Length, context: &Context, problems: &mut Vec<Problem>) -> Option<String> {
    specifier::resolve(&Word::whole(text), Place::TEXT, context, problems, |text| match is_valid(text, length) {
        true => Ok(text.to_owned()),
        false => Err(context.takes(EXPECTED, text, whole(text))),
    })
}

/// Reads the interfaces that a service is restricted to; alternative names are taken since 256.
pub fn parse_filter(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Filter {
    let length = if context.version >= Version(256) { Length::Alternative } else { Length::Own };
    let value = Word::whole(text);
    let (rest, negated) = if text.starts_with('~') { (value.tail(1), true) } else { (value, false) };
    let names = list::parse(Words::inside(&rest, Style::QUOTED), problems, |word| match is_valid(&word.text, length) {
        true => Ok(word.text.clone().into_owned()),
        false => Err(context.takes(EXPECTED, &word.text, word.span)),
    });
    Filter { names, negated }
}

/// Whether it can be the name of an interface, an alternative one too, or its number.
pub(super) fn is_name_or_number(name: &str) -> bool {
    signed(name).is_ok_and(|number| (1..=i32::MAX.into()).contains(&number)) || is_valid(name, Length::Alternative)
}

fn is_valid(name: &str, length: Length) -> bool {
    let most = if length == Length::Own { 15 } else { 127 };
    let taken = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b':' | b'/' | b'%');
    (1..=most).contains(&name.len())
        && !matches!(name, "." | ".." | "all" | "default")
        && name.bytes().all(taken)
        && !name.bytes().all(|byte| byte.is_ascii_digit())
        && !unsigned(name).is_ok_and(|number| (1..=i32::MAX as u64).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, own, alternative) in [
            ("eth0", true, true),
            ("wlp3s0", true, true),
            ("a-b_c.d@e", true, true),
            ("abcdefghijklmnop", false, true),
            ("0x10", false, false),
            ("007", false, false),
            ("42", false, false),
            ("4294967296", false, false),
            ("all", false, false),
            ("..", false, false),
            ("a:b", false, false),
            ("a b", false, false),
            ("ä", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (is_valid(name, Length::Own), is_valid(name, Length::Alternative)),
                (own, alternative),
                "{name}"
            );
        }
    }
}
