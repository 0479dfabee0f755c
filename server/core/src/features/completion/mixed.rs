//! Values that are made of words of several kinds.

use super::path;
use super::quantity::{self, Quantity};
use super::slot::{BLANKS, Slot};
use super::words::{self, BOOLEANS, Choice, Text, list, of_set};
use super::{Completions, Item, Kind};
use crate::schema::{Set, sets};
use crate::values::ValueType;

/// Names of exit statuses, and signals.
pub(super) fn exit_statuses<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    words::rest(slot, BLANKS, |offers| {
        offers.set(&sets::EXIT_STATUS, slot.document.target);
        signals(slot).for_each(|item| offers.push(item));
    })
}

/// One signal.
pub(super) fn signal<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    signals(slot).for_each(|item| offers.push(item));
    Some(offers.finish())
}

fn signals<'a>(slot: &Slot<'_, 'a>) -> impl Iterator<Item = Item<'a>> {
    let target = slot.document.target;
    sets::SIGNAL.known_to(target.version).map(move |word| {
        let label = format!("SIG{}", word.text).into();
        Item { label, ..of_set(&sets::SIGNAL, word, target) }
    })
}

/// Namespaces, all of them or none.
pub(super) fn namespaces<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let mut found = list(slot, Choice { sets: &[&sets::NAMESPACE], alone: BOOLEANS, negatable: true });
    if slot.entry.name == "DelegateNamespaces" && !slot.head.starts_with('~') {
        // The one that can't be delegated.
        found.items.retain(|item| item.label != "user");
    }
    found
}

/// System calls and groups of them, and what a forbidden one fails with.
pub(super) fn calls<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let target = slot.document.target;
    let before = slot.before();
    let word = before.rfind(BLANKS).map_or(before, |at| &before[at + 1..]);
    if word.contains(':') && matches!(slot.entry.value, ValueType::SyscallFilter) {
        let mut offers = slot.word(&[' ', '\t', ':']);
        if slot.head.starts_with('~') {
            offers.texts(Kind::Value, &[("kill", "the process is ended by SIGSYS")]);
            offers.set(&sets::ERRNO, target);
        }
        return offers.finish();
    }
    list(slot, Choice { sets: &[&sets::SYSCALL_GROUP, &sets::SYSCALL], alone: &[], negatable: true })
}

/// Usual modes of files, directories, and masks of them.
pub(super) fn mode<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    const MASKS: &[Text] =
        &[("0022", "others may read"), ("0027", "the group may read, others nothing"), ("0077", "the owner only")];
    const MODES: &[Text] = &[
        ("0600", "the owner reads and writes"),
        ("0640", "and the group reads"),
        ("0644", "and everybody reads"),
        ("0660", "the owner and the group read and write"),
        ("0666", "everybody reads and writes"),
        ("0700", "the owner, and enters or executes"),
        ("0750", "and the group reads and enters"),
        ("0755", "and everybody reads and enters"),
        ("0775", "the owner and the group, and everybody reads and enters"),
        ("1777", "everybody, but removes only what is their own"),
    ];
    words::texts(slot, if slot.entry.name == "UMask" { MASKS } else { MODES })
}

/// Where a stream comes from or goes: a word, or a path behind one.
pub(super) fn stream<'a>(slot: &Slot<'_, 'a>, set: &'static Set) -> Option<Completions<'a>> {
    if slot.before().contains(':') {
        return (!slot.before().starts_with("fd:")).then(|| path::list(slot, path::ANY));
    }
    let has_path = slot.next(&[':']).is_some();
    let mut offers = if has_path { slot.word(&[':']) } else { slot.whole()? };
    for word in set.known_to(slot.document.target.version).filter(|word| !has_path || word.scope == "argument") {
        let item = of_set(set, word, slot.document.target);
        offers.push(if word.scope == "argument" { words::before(item, ':', has_path) } else { item });
    }
    Some(offers.finish())
}

/// A device, then what may be done with it.
pub(super) fn device<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    const NODES: &[Text] = &[
        ("/dev/null", ""),
        ("/dev/zero", ""),
        ("/dev/full", ""),
        ("/dev/random", ""),
        ("/dev/urandom", ""),
        ("/dev/tty", ""),
        ("/dev/fuse", ""),
        ("/dev/kvm", ""),
        ("/dev/net/tun", ""),
        ("/dev/dri", ""),
    ];
    const GROUPS: &[Text] = &[
        ("/dev/", "device nodes"),
        ("char-", "all character devices of a group of /proc/devices"),
        ("block-", "all block devices of a group of /proc/devices"),
    ];
    const ACCESS: &[Text] = &[("r", "read"), ("w", "write"), ("m", "make nodes"), ("rw", ""), ("rwm", "")];
    let mut offers = slot.word(BLANKS);
    if slot.head.trim_start().contains(BLANKS) {
        offers.texts(Kind::Value, ACCESS);
    } else {
        offers.texts(Kind::Value, NODES);
        offers.places(GROUPS);
    }
    offers.finish()
}

/// A device, then a limit on it.
pub(super) fn limit<'a>(slot: &Slot<'_, 'a>, quantity: Quantity) -> Completions<'a> {
    if !slot.head.trim_start().contains(BLANKS) {
        return path::list(slot, path::DEVICES);
    }
    let mut offers = slot.word(BLANKS);
    quantity::fill(&mut offers, slot, quantity);
    offers.incomplete().finish()
}

/// The accounts that the directive names: groups, or else users.
pub(super) fn accounts<'a>(slot: &Slot<'_, 'a>) -> &'a [Box<str>] {
    if slot.entry.name.contains("Group") { slot.document.groups } else { slot.document.users }
}
