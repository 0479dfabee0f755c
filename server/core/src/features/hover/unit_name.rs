use std::fmt::Write;

use super::super::{Document, Neighbour};
use super::manual;
use crate::schema::sets;
use crate::text::markdown::{code, plain};
use crate::units::UnitName;

/// What is known of the unit `name` beside what the name says: its description, its file, the
/// manual.
pub(super) fn more(document: &Document, name: &UnitName) -> String {
    about(name.as_str(), document.neighbour(name))
}

/// The same of a unit that is `neighbour`, if it is any.
pub(in crate::features) fn about(name: &str, neighbour: Option<&Neighbour>) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    if let Some(neighbour) = neighbour {
        if !neighbour.description.is_empty() {
            let _ = write!(out, "\n\n{}", plain(&neighbour.description));
        }
        let _ = write!(out, "\n\n{}", code(&neighbour.path));
    }
    if sets::SPECIAL_UNIT.get(name).is_some() {
        let _ = write!(out, "\n\n{}", manual::of_special_unit(name));
    }
    out
}
