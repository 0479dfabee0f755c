use super::offers::Offers;
use super::path::{self, past};
use super::slot::Slot;
use super::words::{BOOLEANS, Text, of_set};
use super::{Completions, Item, Kind, Rank, escaped};
use crate::schema::sets;

/// What may stand in front of a condition.
const SIGNS: &[char] = &['|', '!', ' ', '\t'];

const PREFIXES: &[Text] = &[("!", "must not hold"), ("|", "one of several, any of which is enough")];

/// What a condition tests for, where that can be told.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let parameter = past(slot, SIGNS);
    let mut offers = parameter.whole()?;
    let target = slot.document.target;
    match what(slot) {
        "ACPower" | "FirstBoot" => offers.texts(Kind::Value, BOOLEANS),
        "Architecture" => offers.set(&sets::ARCHITECTURE, target),
        "Capability" => offers.set(&sets::CAPABILITY, target),
        "ControlGroupController" => {
            offers.set(&sets::CONTROLLER, target);
            offers.texts(Kind::Value, &[("v1", "the legacy hierarchy"), ("v2", "the unified hierarchy")]);
        }
        "Firmware" => {
            for word in sets::FIRMWARE.known_to(target.version) {
                offers.push(firmware(of_set(&sets::FIRMWARE, word, target), word.scope == "argument"));
            }
        }
        "Group" => accounts(&mut offers, slot.document.groups),
        "OSRelease" => offers.texts(Kind::Prefix, &[("ID=", "distribution"), ("VERSION_ID", "its version")]),
        "Security" => offers.set(&sets::SECURITY, target),
        "User" => {
            offers.texts(Kind::Value, &[("@system", "any user of the system's own")]);
            accounts(&mut offers, slot.document.users);
        }
        "Version" => offers.texts(Kind::Prefix, &[("systemd", ""), ("kernel", ""), ("glibc", "")]),
        "Virtualization" => offers.set(&sets::VIRTUALIZATION, target),
        _ => {}
    }
    prefixes(slot, &mut offers);
    Some(offers.finish())
}

/// The path that a condition tests.
pub(super) fn path<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let mut offers = past(slot, &['|', '!']).whole()?;
    match what(slot) {
        "NeedsUpdate" => offers.texts(Kind::Value, &[("/etc", "configuration"), ("/var", "data that changes")]),
        _ => offers.places(path::ANY),
    }
    prefixes(slot, &mut offers);
    Some(offers.finish())
}

/// What a condition or assertion is about: its name without `Condition` or `Assert`.
fn what(slot: &Slot) -> &'static str {
    let name = slot.entry.name;
    name.strip_prefix("Condition").or_else(|| name.strip_prefix("Assert")).unwrap_or(name)
}

/// Some kinds of firmware take an argument in parentheses.
fn firmware(item: Item<'static>, argument: bool) -> Item<'static> {
    if !argument {
        return item;
    }
    Item {
        snippet: Some(format!("{}($1)", escaped(&item.label))),
        text: Some(format!("{}(", item.label).into()),
        ..item
    }
}

/// Offers the signs that may still stand at the beginning.
fn prefixes<'a>(slot: &Slot<'_, 'a>, offers: &mut Offers<'a, 'a>) {
    let before = slot.before();
    if !slot.is_continued() && before.trim_start_matches(SIGNS).is_empty() {
        for &(sign, meaning) in PREFIXES.iter().filter(|(sign, _)| !before.contains('!') && !before.contains(sign)) {
            offers.push(Item::new(Kind::Prefix, sign).detail(meaning).ranked(Rank::Later));
        }
    }
}

/// Offers the accounts that are known.
pub(super) fn accounts<'a>(offers: &mut Offers<'_, 'a>, names: &'a [Box<str>]) {
    for name in names {
        offers.push(Item::new(Kind::Account, &**name));
    }
}
