use super::super::Document;
use super::{Hover, manual};
use crate::schema::{self, FileKind};
use crate::syntax;
use crate::text::markdown::code;

/// What a section is for and who has it.
pub(super) fn hover(document: &Document, section: &syntax::Section) -> Option<Hover> {
    let FileKind::Unit(kind) = document.kind else { return None };
    if section.name.starts_with("X-") {
        let name = code(&format!("[{}]", section.name));
        let markdown = format!("**{name}**\n\nsystemd passes over sections whose names begin with `X-`.");
        return Some(Hover { span: section.header, markdown });
    }
    let known = schema::section(&section.name)?;
    let owner = match known.kind {
        None => "In units of every kind.".to_owned(),
        Some(owner) if owner == kind => format!("In {} units.", owner.suffix()),
        Some(owner) => {
            format!("In {} units only: in a {} unit systemd passes over it.", owner.suffix(), kind.suffix())
        }
    };
    let schema::Section { name, doc, example, .. } = known;
    let count = known.directives().filter(|directive| known.kind.is_some() || directive.kinds.contains(kind)).count();
    let settings = match count {
        0 => String::new(),
        count => format!(" {count} settings."),
    };
    let manual = manual::of_section(known);
    let markdown = format!("**[{name}]**\n\n{doc}\n\n{owner}{settings}\n\n```ini\n{example}\n```\n\n{manual}");
    Some(Hover { span: section.header, markdown })
}
