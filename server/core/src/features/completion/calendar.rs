use super::slot::{BLANKS, Slot};
use super::words::{Text, of_set};
use super::{Completions, Kind};
use crate::schema::sets;

/// Patterns to begin with.
const PATTERNS: &[Text] = &[
    ("*-*-* 00:00:00", "every day at midnight"),
    ("*-*-* 04:00:00", "every day at four"),
    ("*-*-01 00:00:00", "on the first of every month"),
    ("*:0/15", "every quarter of an hour"),
    ("Mon..Fri 08:00", "on working days at eight"),
];

/// A calendar event: a shorthand, a day of the week, a pattern; then a time zone.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let target = slot.document.target;
    if slot.head.trim_start().contains(BLANKS) {
        let mut offers = slot.word(BLANKS);
        offers.texts(Kind::Value, &[("UTC", "universal time")]);
        if !offers.typed.is_empty() {
            offers.set(&sets::TIMEZONE, target);
        }
        return Some(offers.incomplete().finish());
    }
    let mut offers = slot.whole()?;
    for word in sets::CALENDAR_SHORTHAND.words.iter().filter(|word| word.text != "anually") {
        offers.push(of_set(&sets::CALENDAR_SHORTHAND, word, target));
    }
    for word in sets::WEEKDAY.words.iter().filter(|word| word.text.len() == 3) {
        offers.push(of_set(&sets::WEEKDAY, word, target));
    }
    offers.texts(Kind::Value, PATTERNS);
    Some(offers.finish())
}
