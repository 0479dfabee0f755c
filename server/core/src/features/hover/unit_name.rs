use std::fmt::Write;

use super::super::Document;
use super::manual;
use crate::schema::sets;
use crate::text::markdown::{code, plain};
use crate::units::UnitName;

/// What is known of the unit `name` beside what the name says: its description, its file, the
/// manual.
pub(super) fn more(document: &Document, name: &UnitName) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    if let Some(neighbour) = document.neighbour(name) {
        if !neighbour.description.is_empty() {
            let _ = write!(out, "\n\n{}", plain(&neighbour.description));
        }
        let _ = write!(out, "\n\n{}", code(&neighbour.path));
    }
    if sets::SPECIAL_UNIT.get(name.as_str()).is_some() {
        let _ = write!(out, "\n\n{}", manual::of_special_unit(name.as_str()));
    }
    out
}
