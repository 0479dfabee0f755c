use super::offers::Offers;
use super::slot::{BLANKS, Slot};
use super::words::{self, of_set};
use super::{Completions, Doc, Item, Kind, Rank, escaped};
use crate::features::Document;
use crate::schema::{FileKind, Manager, UnitKind, sets};
use crate::units::UnitName;

/// Which units may stand somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Want {
    /// Only those of this kind.
    pub(super) only: Option<UnitKind>,
    /// First those of this kind.
    pub(super) first: Option<UnitKind>,
    /// Whether templates may stand there too, their instance to be filled in.
    pub(super) templates: bool,
}

impl Want {
    /// Any unit.
    pub(super) const ANY: Want = Want { only: None, first: None, templates: true };

    /// Units of this kind, instances or not.
    pub(super) const fn only(kind: UnitKind) -> Self {
        Want { only: Some(kind), ..Want::ANY }
    }
}

/// A unit in a list of them.
pub(super) fn list<'a>(slot: &Slot<'_, 'a>, want: Want) -> Completions<'a> {
    words::rest(slot, BLANKS, |offers| fill(offers, slot, want))
}

/// The unit that a value is.
pub(super) fn one<'a>(slot: &Slot<'_, 'a>, want: Want) -> Option<Completions<'a>> {
    let mut offers = slot.whole()?;
    fill(&mut offers, slot, want);
    Some(offers.finish())
}

/// The unit that a timer, path or automount starts: the service of its own name, or another one.
pub(super) fn triggered<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    one(slot, Want { first: Some(UnitKind::Service), ..Want::ANY })
}

/// A unit that draws this one in, once it is enabled: a target most of the time.
pub(super) fn install<'a>(slot: &Slot<'_, 'a>) -> Completions<'a> {
    let mut found = list(slot, Want { first: Some(UnitKind::Target), ..Want::ANY });
    let usual = usual(slot.document);
    if let Some(at) = usual.and_then(|usual| found.items.iter().position(|item| item.label == usual)) {
        let item = found.items.remove(at).ranked(Rank::First);
        found.items.insert(0, item);
    }
    found
}

/// The target that units of the kind of the document are usually installed into.
fn usual(document: &Document) -> Option<&'static str> {
    let FileKind::Unit(kind) = document.kind else { return None };
    Some(match (kind, document.target.manager) {
        (UnitKind::Timer, _) => "timers.target",
        (UnitKind::Socket, _) => "sockets.target",
        (UnitKind::Path, _) => "paths.target",
        (UnitKind::Mount | UnitKind::Automount, Manager::System) => "local-fs.target",
        (UnitKind::Swap, _) => "swap.target",
        (_, Manager::System) => "multi-user.target",
        (_, Manager::User) => "default.target",
    })
}

fn fill<'a>(offers: &mut Offers<'_, 'a>, slot: &Slot<'_, 'a>, want: Want) {
    let document = slot.document;
    for neighbour in document.neighbours {
        if document.name != Some(&neighbour.name) {
            let item =
                Item::new(Kind::Unit, neighbour.name.as_str()).detail(&*neighbour.description).ranked(Rank::First);
            offer(offers, item, neighbour.name.kind(), want);
        }
    }
    let user = document.target.manager == Manager::User;
    for word in sets::SPECIAL_UNIT.known_to(document.target.version) {
        let Ok(kind) = UnitName::check(word.text) else { continue };
        let known = document.neighbours.binary_search_by(|other| other.name.as_str().cmp(word.text)).is_ok();
        let own = document.name.is_some_and(|name| name.as_str() == word.text);
        if !known && !own && (user || !word.scope.contains("user")) {
            let item = of_set(&sets::SPECIAL_UNIT, word, document.target);
            offer(offers, item, kind, want);
        }
    }
}

fn offer<'a>(offers: &mut Offers<'_, 'a>, mut item: Item<'a>, kind: UnitKind, want: Want) {
    if want.only.is_some_and(|only| only != kind) {
        return;
    }
    item.kind = Kind::Unit;
    item.doc = Some(Doc::Unit);
    if let Some((prefix, suffix)) = item.label.split_once('@').filter(|(_, rest)| rest.starts_with('.')) {
        if !want.templates {
            return;
        }
        item.snippet = Some(format!("{}@$1{}", escaped(prefix), escaped(suffix)));
    }
    if want.first.is_some_and(|first| first != kind) {
        item.rank = Rank::Later;
    }
    offers.push(item);
}
