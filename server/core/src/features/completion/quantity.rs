use super::offers::Offers;
use super::slot::{BLANKS, Slot};
use super::words::Text;
use super::{Completions, Item, Kind, Rank};

/// What may follow a number, with its meaning, the most usual first; and what may stand for one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quantity {
    pub(super) units: &'static [Text],
    pub(super) words: &'static [Text],
}

const INFINITY: &[Text] = &[("infinity", "no limit")];

/// `5min 20s`, `infinity`.
pub(super) const TIME: Quantity = Quantity { words: INFINITY, ..DURATION };

/// `5min 20s`.
pub(super) const DURATION: Quantity = Quantity {
    units: &[
        ("s", "seconds"),
        ("min", "minutes"),
        ("h", "hours"),
        ("d", "days"),
        ("w", "weeks"),
        ("month", "months"),
        ("y", "years"),
        ("ms", "milliseconds"),
        ("us", "microseconds"),
    ],
    words: &[],
};

/// `5min 20s`, at least a second.
pub(super) const LONG_TIME: Quantity =
    Quantity { units: &[("s", "seconds"), ("min", "minutes"), ("h", "hours")], words: &[] };

/// `50us`, counted in nanoseconds.
pub(super) const SHORT_TIME: Quantity = Quantity {
    units: &[("ns", "nanoseconds"), ("us", "microseconds"), ("ms", "milliseconds"), ("s", "seconds")],
    words: &[],
};

/// `512M`.
pub(super) const SIZE: Quantity =
    Quantity { units: &[("M", "mebibytes"), ("G", "gibibytes"), ("K", "kibibytes"), ("T", "tebibytes")], words: &[] };

/// `512M`, `10%`, `infinity`.
pub(super) const MEMORY: Quantity = Quantity {
    units: &[("M", "mebibytes"), ("G", "gibibytes"), ("K", "kibibytes"), ("T", "tebibytes"), ("%", "of all there is")],
    words: INFINITY,
};

/// `512M`, `10%`, `off`.
pub(super) const QUOTA: Quantity = Quantity { words: &[("off", "no limit")], ..MEMORY };

/// `512M`, `infinity`.
const BYTES: Quantity = Quantity { words: INFINITY, ..SIZE };

/// `5M`, `infinity`; powers of 1000.
pub(super) const RATE: Quantity =
    Quantity { units: &[("M", "million"), ("G", "thousand million"), ("K", "thousand")], words: INFINITY };

/// `100`, `infinity`.
pub(super) const COUNT: Quantity = Quantity { units: &[], words: INFINITY };

/// `100`, `10%`, `infinity`.
pub(super) const TASKS: Quantity = Quantity { units: &[("%", "of what the system can have")], words: INFINITY };

/// `20%`.
pub(super) const PERCENT: Quantity = Quantity { units: &[("%", "")], words: &[] };

/// A quantity that is the whole value, of several terms maybe.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>, quantity: Quantity) -> Completions<'a> {
    at(slot, BLANKS, quantity)
}

/// A limit, or a soft and a hard one; what it counts is in the directive's name.
pub(super) fn rlimit<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let quantity = match slot.entry.name {
        "LimitNICE" => Quantity { words: &[], ..COUNT },
        "LimitNOFILE" | "LimitNPROC" | "LimitLOCKS" | "LimitSIGPENDING" | "LimitRTPRIO" => COUNT,
        "LimitCPU" | "LimitRTTIME" => TIME,
        _ => BYTES,
    };
    at(slot, &[' ', '\t', ':'], quantity)
}

fn at<'a>(slot: &Slot<'_, 'a>, separators: &[char], quantity: Quantity) -> Completions<'a> {
    let mut offers = slot.word(separators);
    fill(&mut offers, slot, quantity);
    offers.incomplete().finish()
}

/// Offers the number that is typed with each unit, and the words where there is no number yet.
pub(super) fn fill<'a>(offers: &mut Offers<'_, 'a>, slot: &Slot<'_, 'a>, quantity: Quantity) {
    let digits = offers.typed.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let number = &offers.typed[..digits];
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        for (at, (unit, meaning)) in quantity.units.iter().enumerate() {
            let rank = if at == 0 { Rank::First } else { Rank::Usual };
            offers.push(Item::new(Kind::Value, format!("{number}{unit}")).detail(*meaning).ranked(rank));
        }
    } else if !slot.head.bytes().any(|byte| byte.is_ascii_digit()) || slot.head.ends_with(':') {
        offers.texts(Kind::Value, quantity.words);
    }
}
