//! Which drop-ins a unit has and in what order (`src/shared/dropin.c`,
//! `src/basic/conf-files.c`).

use super::{EntryKind, LoadPath, Place};
use crate::units::UnitName;

impl LoadPath {
    /// The drop-ins of a unit with these names, its own first, in the order
    /// in which they apply: by file name. Of several with the same file name
    /// the one in the most important directory counts, and none if that is a mask.
    pub(super) fn drop_ins<'n>(&self, names: impl Iterator<Item = &'n UnitName>) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        let mut kind = None;
        for name in names {
            kind = kind.or(Some(name.kind()));
            let mut folders = Vec::new();
            for (at, variant) in variants(name).iter().enumerate() {
                let places = self.folders(&format!("{variant}.d"));
                folders.extend(places.iter().map(|place| (place.directory, at, *place)));
            }
            folders.sort();
            folders.iter().for_each(|(.., folder)| self.add(*folder, &mut found));
        }
        if let Some(kind) = kind {
            self.folders(&format!("{}.d", kind.suffix())).iter().for_each(|folder| self.add(*folder, &mut found));
        }
        // The sort is stable: what was found first stays first.
        found.sort_by(|a, b| self.name(*a).cmp(self.name(*b)));
        found.dedup_by(|later, first| self.name(*later) == self.name(*first));
        found.retain(|place| !self.is_mask(*place));
        found
    }

    fn add(&self, folder: Place, found: &mut Vec<Place>) {
        for (at, entry) in self.listing(folder).iter().enumerate() {
            let hidden = entry.name.starts_with('.') || entry.name.ends_with('~');
            if entry.name.ends_with(".conf") && !hidden && !matches!(entry.kind, EntryKind::Directory(_)) {
                found.push(Place { inner: Some(at as u32), ..folder });
            }
        }
    }
}

/// The directories beside a unit file in which its drop-ins may lie.
pub fn folders(name: &UnitName) -> impl Iterator<Item = String> {
    let variants = variants(name).into_iter().map(|variant| format!("{variant}.d"));
    variants.chain([format!("{}.d", name.kind().suffix())])
}

/// The names whose drop-ins a unit takes, the most specific first: its own,
/// its template's, and those of all prefixes that end in a `-`.
pub(super) fn variants(name: &UnitName) -> Vec<String> {
    let mut out = Vec::new();
    add_variants(name, &mut out);
    out
}

fn add_variants(name: &UnitName, out: &mut Vec<String>) {
    out.push(name.as_str().to_owned());
    if let Some(template) = name.template() {
        add_variants(&template, out);
    }
    let Some(prefix) = chop(name.prefix()) else { return };
    let suffix = name.kind().suffix();
    let shorter = match name.instance() {
        // A template looks in the directories of the plain prefix.
        None | Some("") => format!("{prefix}.{suffix}"),
        Some(instance) => format!("{prefix}@{instance}.{suffix}"),
    };
    if let Some(shorter) = UnitName::parse(&shorter) {
        add_variants(&shorter, out);
    }
}

/// The next shorter prefix that ends in a `-`: `a-b-` of `a-b-c`, `a-` of `a-b-`.
fn chop(prefix: &str) -> Option<&str> {
    let whole = prefix.strip_suffix('-').unwrap_or(prefix);
    let dash = whole.rfind('-')?;
    (dash > 0).then(|| &prefix[..=dash])
}
