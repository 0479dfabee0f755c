//! Lists of names: of live-update sessions, OOM rules, things to refresh, parts
//! of BPF, and extended attributes, which are a name with a value.

use super::list::{self, Item};
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, boolean, member, whole};
use crate::schema::{self, Set, sets};

/// What is refreshed when a service reloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// All, or nothing.
    Boolean(bool),
    /// These, or all others where it is negated.
    Some(Vec<Item<&'static str>>, bool),
}

/// Reads names of live-update sessions: such as file descriptors may have.
pub fn parse_sessions(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<String>> {
    let valid = |name: &str| {
        (1..=255).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
    };
    list::parse(Words::new(text, Style::QUOTED), problems, |word| {
        // What specifiers stand for isn't looked at: nobody knows it before the service starts.
        if valid(&word.text) {
            Ok(word.text.clone().into_owned())
        } else {
            Err(context.takes("names of at most 255 printable characters, none a colon", &word.text, word.span))
        }
    })
}

/// Reads names of OOM rules.
pub fn parse_rules(text: &str, problems: &mut Vec<Problem>) -> Vec<Item<String>> {
    list::parse(Words::new(text, Style::QUOTED), problems, |word| Ok(word.text.clone().into_owned()))
}

/// Reads what is refreshed when a service reloads; one bad word spoils all.
pub fn parse_refresh(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Refresh> {
    if let Some(value) = boolean::read(text) {
        return Some(Refresh::Boolean(value));
    }
    let value = Word::whole(text);
    let (rest, negated) = if text.starts_with('~') { (value.tail(1), true) } else { (value, false) };
    let from = problems.len();
    let items = list::parse(Words::inside(&rest, Style::BARE), problems, |word| {
        sets::REFRESH_ON_RELOAD.get(&word.text).map(|known| known.text).ok_or_else(|| {
            let names = sets::REFRESH_ON_RELOAD.words.iter().map(|known| known.text);
            context.takes("a boolean, extensions or credentials", &word.text, word.span).or_nearest(&word.text, names)
        })
    });
    (problems.len() == from).then_some(Refresh::Some(items, negated))
}

/// Reads what of BPF is delegated: names of `set`, with commas or blanks in between.
pub fn parse_bpf(
    text: &str,
    set: &'static Set,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Vec<Item<&'static schema::Word>> {
    const STYLE: Style = Style { separators: b" \t\n\r,", ..Style::BARE };
    list::parse(Words::new(text, STYLE), problems, |word| member::find(&word.text, word.span, set, context))
}

/// Reads an extended attribute: its name, and its value behind the first `=`.
pub fn parse_attribute(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<(String, String)> {
    specifier::resolve(&Word::whole(text), Place::TEXT, context, problems, |text| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(context.takes("an attribute and its value, user.NAME=VALUE", text, whole(text))),
    })
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names() {
        for (directive, text, expected) in [
            ("LUOSession", "a b", ""),
            (
                "LUOSession",
                "a:b",
                "refused 0-3 LUOSession= takes names of at most 255 printable characters, none a colon, not \"a:b\"",
            ),
            ("RefreshOnReload", "yes", ""),
            ("RefreshOnReload", "~extensions", ""),
            (
                "RefreshOnReload",
                "~extension",
                "refused 1-10 RefreshOnReload= takes a boolean, extensions or credentials, not \"extension\" \
                 (perhaps: extensions)",
            ),
            ("BPFDelegateCommands", "any", ""),
            ("BPFDelegateCommands", "BPFMapCreate,BPFProgLoad", ""),
            (
                "BPFDelegateCommands",
                "BPFMapCreat",
                "refused 0-11 there is no BPF command \"BPFMapCreat\" (perhaps: BPFMapCreate)",
            ),
            ("XAttrListen", "user.varlink=listen", ""),
            (
                "XAttrListen",
                "listen",
                "refused 0-6 XAttrListen= takes an attribute and its value, user.NAME=VALUE, not \"listen\"",
            ),
        ] {
            assert_eq!(check(directive, 262, "", text), expected);
        }
    }
}
