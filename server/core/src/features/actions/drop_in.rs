use super::super::{Document, Part};
use crate::schema::Empty;
use crate::units::Setting;

/// Lines for a drop-in that take a setting's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIn {
    /// What it is for: `ExecStart=`.
    pub title: String,
    /// Where it belongs, from the directory of the unit file: `web.service.d/override.conf`.
    pub path: String,
    /// The section with the setting as it is, which a line before it resets where it is a list.
    pub text: String,
}

/// A drop-in for the setting at `offset` of a unit file; `None` where none can take its place.
pub fn drop_in(document: &Document, offset: u32) -> Option<DropIn> {
    let place = document.place(offset);
    let (Part::Key(directive) | Part::Value { directive, .. }) = place.part else { return None };
    let entry = document.entry(place.section?, directive)?;
    let (unit, name) = (document.whole?.unit, document.name?);
    let resets = matches!(entry.empty, Empty::Reset | Empty::Default);
    // [Install] is read of drop-ins too, but its lists know no reset.
    if document.drop_in || entry.value.first_holds() || (entry.list && !resets) {
        return None;
    }
    let line = |setting: &Setting| {
        let value = &unit.files[setting.file].text[setting.span()];
        format!("{}={}\n", entry.name, value.replace("\r\n", "\n"))
    };
    let lines: String = match entry.list {
        true => std::iter::once(format!("{}=\n", entry.name)).chain(unit.all(entry.key).map(line)).collect(),
        false => unit.get(entry.key).map(line)?,
    };
    Some(DropIn {
        title: format!("{}=", entry.name),
        path: format!("{}.d/override.conf", name.as_str()),
        text: format!("[{}]\n{lines}", place.section?.name),
    })
}
