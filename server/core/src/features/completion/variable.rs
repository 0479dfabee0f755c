use super::offers::Offers;
use super::slot::Slot;
use super::words::of_set;
use super::{Completions, Item, Kind, Rank};
use crate::features::Document;
use crate::schema::{Key, key, sets};
use crate::values::words::{Style, Words};

/// The most characters of a value that are shown.
const MOST: usize = 60;

/// The most assignments that are looked at.
const MOST_ASSIGNMENTS: usize = 1000;

/// The variables that may follow a `$` in a command line; `None` where none stands in front of the
/// cursor, or it is doubled.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = slot.before();
    let sign = before.trim_end_matches(is_name);
    let braces = sign.ends_with('{');
    let start = if braces { sign.strip_suffix("${") } else { sign.strip_suffix('$') }?;
    if start.bytes().rev().take_while(|&byte| byte == b'$').count() % 2 == 1 {
        return None;
    }
    // Within a word only the form with braces is a variable.
    let inside = start.ends_with(|c: char| !" \t\"'".contains(c));
    let after = slot.after();
    let rest = after.trim_start_matches(is_name);
    let rest = if braces { rest.strip_prefix('}').unwrap_or(rest) } else { rest };
    let mut offers = slot.offers(start.len(), after.len() - rest.len());
    let written = |name: &str| if braces || inside { format!("${{{name}}}") } else { format!("${name}") };
    own(slot.document, &mut offers, written);
    let target = slot.document.target;
    for word in sets::ENVIRONMENT_VARIABLE.known_to(target.version) {
        let item = of_set(&sets::ENVIRONMENT_VARIABLE, word, target);
        offers.push(Item { kind: Kind::Variable, label: written(word.text).into(), ..item });
    }
    let mut found = offers.finish();
    found.items.dedup_by(|next, item| next.label == item.label);
    Some(found)
}

/// The names of the variables of the unit, for `UnsetEnvironment=`.
pub(super) fn names<'a>(slot: &Slot<'_, 'a>, offers: &mut Offers<'_, 'a>) {
    own(slot.document, offers, str::to_owned);
}

/// Offers the variables that the unit has by `Environment=` and `PassEnvironment=`.
fn own<'a>(document: &Document<'a>, offers: &mut Offers<'_, 'a>, written: impl Fn(&str) -> String) {
    let mut offer = |name: &str, detail: String| {
        if !name.is_empty() {
            let item = Item::new(Kind::Variable, written(name)).detail(detail).ranked(Rank::First);
            offers.push(item);
        }
    };
    each(document, key::exec::Environment, |word| {
        if let Some((name, value)) = word.split_once('=') {
            offer(name, value.chars().take(MOST).collect());
        }
    });
    each(document, key::exec::PassEnvironment, |name| offer(name, "as the service manager has it".to_owned()));
}

/// Calls `read` with each word that is assigned to `key`, in the unit or else in the file alone.
fn each(document: &Document, key: Key, mut read: impl FnMut(&str)) {
    let mut words = |text: &str| {
        for word in Words::new(text, Style::COMMAND).map_while(Result::ok) {
            read(&word.text);
        }
    };
    match document.whole {
        Some(whole) => whole.unit.all(key).take(MOST_ASSIGNMENTS).for_each(|setting| words(setting.value())),
        None => {
            let name = key.directive().name;
            let same = document.file.directives.iter().filter(|directive| directive.key == name);
            same.take(MOST_ASSIGNMENTS).for_each(|directive| words(directive.value.text()));
        }
    }
}
