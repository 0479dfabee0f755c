//! Sets of the packet filter that a unit adds itself to: `cgroup:inet:filter:services`
//! (`config_parse_nft_set`, `src/shared/firewall-util.c`).

use super::list::Item;
use super::words::{Escapes, Style, Word, Words};
use super::{Context, Problem};
use crate::schema::{Set, sets};

/// One set, and what of the unit goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NftSet {
    /// `cgroup`, `user` or `group`.
    pub source: &'static str,
    /// The family of the table.
    pub family: &'static str,
    /// The table that the set is in.
    pub table: String,
    /// The set.
    pub set: String,
}

const COLONS: Style = Style { separators: b":", escapes: Escapes::C, ..Style::BARE };

/// Reads a directive's sets; those behind a bad one are lost.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<NftSet>> {
    let mut sets = Vec::new();
    for word in Words::new(text, Style::TUPLES) {
        match word.and_then(|word| Ok((read(&word, context)?, word.span))) {
            Ok((value, span)) => sets.push(Item { value, span }),
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    sets
}

fn read(word: &Word, context: &Context) -> Result<NftSet, Problem> {
    let parts: Vec<Word> = Words::inside(word, COLONS).collect::<Result<_, _>>()?;
    let [source, family, table, set] = parts.as_slice() else {
        return Err(context.takes("sets as SOURCE:FAMILY:TABLE:SET", &word.text, word.span));
    };
    Ok(NftSet {
        source: one_of(source, &sets::NFT_SET_SOURCE, context)?,
        family: one_of(family, &sets::NFT_FAMILY, context)?,
        table: identifier(table, context)?,
        set: identifier(set, context)?,
    })
}

/// Reads a word of a set, those apart that are for networkd only.
fn one_of(word: &Word, set: &Set, context: &Context) -> Result<&'static str, Problem> {
    let known = set.words.iter().filter(|word| word.scope.is_empty()).map(|word| word.text);
    known.clone().find(|known| *known == word.text).ok_or_else(|| {
        let names: Vec<_> = known.clone().collect();
        context
            .takes(format_args!("one of {} here", names.join(", ")), &word.text, word.span)
            .or_nearest(&word.text, known)
    })
}

/// Reads the name of a table or set (`nft_identifier_valid`, `src/shared/netif-util.c`).
fn identifier(word: &Word, context: &Context) -> Result<String, Problem> {
    let name = &*word.text;
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"/\\_.".contains(&byte);
    if name.len() < 256 && name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(inner) {
        Ok(name.to_owned())
    } else {
        Err(context.takes("names of letters, digits, _, . and / here, a letter first", name, word.span))
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn four_parts() {
        for (text, expected) in [
            ("cgroup:inet:filter:my_service user:ip6:filter:users", ""),
            (
                "cgroup:inet:filter",
                "refused 0-18 NFTSet= takes sets as SOURCE:FAMILY:TABLE:SET, not \"cgroup:inet:filter\"",
            ),
            (
                "cgroup:ipv4:filter:x",
                "refused 7-11 NFTSet= takes one of arp, bridge, inet, ip, ip6, netdev here, not \"ipv4\"",
            ),
            (
                "cgroup:inet:1filter:x",
                "refused 12-19 NFTSet= takes names of letters, digits, _, . and / here, a letter first, not \"1filter\"",
            ),
        ] {
            assert_eq!(check("NFTSet", 262, "a.service", text), expected);
        }
    }
}
