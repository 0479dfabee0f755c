use super::super::Document;
use super::{Action, appendix};
use crate::schema::{FileKind, Manager, UnitKind};
use crate::text::Edit;

/// Adds the section by which a unit is enabled, if it hasn't any.
pub(super) fn add(document: &Document) -> Option<Action> {
    let FileKind::Unit(kind) = document.kind else { return None };
    let unit = document.whole?.unit;
    if document.drop_in || unit.sections("Install").next().is_some() {
        return None;
    }
    let target = match (kind, document.target.manager) {
        (UnitKind::Service | UnitKind::Target, Manager::System) => "multi-user.target",
        (UnitKind::Service | UnitKind::Target, Manager::User) => "default.target",
        (UnitKind::Socket, _) => "sockets.target",
        (UnitKind::Timer, _) => "timers.target",
        (UnitKind::Path, _) => "paths.target",
        (UnitKind::Mount | UnitKind::Automount, Manager::System) => "local-fs.target",
        _ => return None,
    };
    let text = document.file.text;
    let section = appendix(text, &format!("[Install]\nWantedBy={target}\n"));
    Some(Action::new("Add an [Install] section", vec![Edit::insert(text.len(), section)]))
}
