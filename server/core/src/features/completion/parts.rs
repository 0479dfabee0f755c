//! Values of several parts with colons between.

use super::offers::Offers;
use super::path;
use super::slot::Slot;
use super::words::{self, Text};
use super::{Completions, Kind};
use crate::schema::{Set, Version, Word, sets};

/// What separates the parts.
const COLON: &[char] = &[' ', '\t', ':'];

/// How many of the parts of the word around the cursor are in front of it.
fn count(slot: &Slot, separator: char) -> usize {
    let before = slot.before();
    let word = before.rfind([' ', '\t']).map_or(before, |at| &before[at + 1..]);
    word.matches(separator).count()
}

/// `PATH:NAME:OPTIONS`.
pub(super) fn open_file<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    match count(slot, ':') {
        0 => Some(path::list(slot, path::ANY)),
        2 => {
            let mut offers = slot.word(&[' ', '\t', ':', ',']);
            offers.set(&sets::OPEN_FILE_FLAG, slot.document.target);
            Some(offers.finish())
        }
        _ => None,
    }
}

/// `SOURCE:DESTINATION:OPTION`.
pub(super) fn bind<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    match count(slot, ':') {
        0 | 1 => Some(path::list(slot, path::ANY)),
        2 => of_texts(slot, &[("rbind", "with what is mounted below"), ("norbind", "without what is mounted below")]),
        _ => None,
    }
}

/// `SOURCE:FAMILY:TABLE:SET`.
pub(super) fn nft_set<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let mut offers = slot.word(COLON);
    match count(slot, ':') {
        // The others are for networkd only.
        0 => prefixes(&mut offers, slot, ':', &sets::NFT_SET_SOURCE, |word| word.scope.is_empty()),
        1 => prefixes(&mut offers, slot, ':', &sets::NFT_FAMILY, |_| true),
        _ => return None,
    }
    Some(offers.finish())
}

/// `TYPE:PATH`.
pub(super) fn bpf_program<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    match count(slot, ':') {
        0 => {
            let mut offers = slot.word(COLON);
            prefixes(&mut offers, slot, ':', &sets::BPF_ATTACH_TYPE, |_| true);
            Some(offers.finish())
        }
        1 => of_texts(slot, &[("/sys/fs/bpf/", "where BPF programs are pinned")]),
        _ => None,
    }
}

/// `FAMILY:PROTOCOL:PORTS`.
pub(super) fn socket_bind<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    const FAMILIES: &[Text] = &[("ipv4", ""), ("ipv6", ""), ("tcp", ""), ("udp", ""), ("any", "any port")];
    let written = slot.before().contains("tcp") || slot.before().contains("udp");
    match count(slot, ':') {
        0 => of_texts(slot, FAMILIES),
        1 if !written => of_texts(slot, &FAMILIES[2..]),
        1 | 2 => of_texts(slot, &FAMILIES[4..]),
        _ => None,
    }
}

/// `PARTITION=FLAG+FLAG:PARTITION=FLAG`.
pub(super) fn image_policy<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let separators = &[':', '=', '+', ' ', '\t'];
    let before = slot.before();
    let flag = before.rfind([':', '=']).is_some_and(|at| before[at..].starts_with('='));
    let mut offers = slot.word(separators);
    match flag {
        true => offers.set(&sets::IMAGE_POLICY_FLAG, slot.document.target),
        false => prefixes(&mut offers, slot, '=', &sets::PARTITION, |_| true),
    }
    Some(offers.finish())
}

/// `MODE`, `MODE:HOSTNAME`.
pub(super) fn protect_hostname<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let mut modes = vec![("yes", ""), ("no", "")];
    if slot.document.target.version >= Version(258) {
        modes.push(("private", "a host name of its own"));
    }
    (count(slot, ':') == 0).then(|| of_texts(slot, &modes)).flatten()
}

fn of_texts<'a>(slot: &Slot<'_, 'a>, texts: &[Text]) -> Option<Completions<'a>> {
    let mut offers = slot.word(COLON);
    offers.texts(if texts[0].0.starts_with('/') { Kind::Path } else { Kind::Value }, texts);
    Some(offers.finish())
}

/// Offers words of `set`, each with the sign that must follow unless it is there.
fn prefixes<'a>(
    offers: &mut Offers<'_, 'a>,
    slot: &Slot<'_, 'a>,
    sign: char,
    set: &'static Set,
    keep: impl Fn(&Word) -> bool,
) {
    let target = slot.document.target;
    let there = slot.next(&[sign, ':', ' ', '\t']) == Some(sign);
    for word in set.known_to(target.version).filter(|word| keep(word)) {
        offers.push(words::before(words::of_set(set, word, target), sign, there));
    }
}
