use super::slot::Slot;
use super::words::of_set;
use super::{Completions, Item, Kind};
use crate::schema::sets;
use crate::units::UnitName;
use crate::values::{self, specifier};

/// What may follow a `%`; `None` where none stands in front of the cursor, or it means nothing there.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let before = slot.before();
    let percents = before.bytes().rev().take_while(|&byte| byte == b'%').count();
    let place = specifier::place(slot.entry.value).filter(|_| percents % 2 == 1)?;
    let target = slot.document.target;
    let context = values::Context {
        directive: slot.entry,
        version: target.version,
        manager: target.manager,
        unit: slot.document.name,
    };
    let mut offers = slot.offers(before.len() - 1, 0);
    for word in sets::SPECIFIER.known_to(target.version) {
        if place.names_only && word.scope != "name" {
            continue;
        }
        let written = format!("%{}", word.text);
        let known = slot.document.name.filter(|name| is_known(word.text.as_bytes()[0], name));
        let value = known
            .and_then(|_| specifier::expand(&written, &context))
            .filter(|value| !value.is_empty())
            .map(|value| format!("{}: {value}", word.doc));
        let item = of_set(&sets::SPECIFIER, word, target);
        let item = Item { kind: Kind::Specifier, label: written.into(), ..item };
        offers.push(match value {
            Some(value) => item.detail(value),
            None => item,
        });
    }
    Some(offers.finish())
}

/// Whether the name of the unit alone says what `%letter` stands for.
fn is_known(letter: u8, name: &UnitName) -> bool {
    specifier::is_of_name(letter) && !(name.is_template() && specifier::is_of_instance(letter))
}
