use super::offers::Offers;
use super::slot::BLANKS;
use super::{Completions, Doc, Item, Kind, Rank};
use crate::features::Document;
use crate::schema::{UnitKind, sections_of};
use crate::syntax::File;
use crate::text::Span;

/// The sections of a unit of this kind, where the line is a header or one may begin the file.
pub(super) fn complete<'a>(document: &Document<'a>, kind: UnitKind, offset: u32) -> Option<Completions<'a>> {
    let file = document.file;
    let span = header_at(file, offset)?;
    let mut offers = Offers::of_whole(span, &file.text[Span { end: offset, ..span }]);
    for section in sections_of(kind) {
        let used = file.sections.iter().any(|other| other.name == section.name && !covers(other.header, offset));
        let label = format!("[{}]", section.name);
        let rank = if used { Rank::Later } else { Rank::Usual };
        offers.push(Item { doc: Some(Doc::Section(section)), ..Item::new(Kind::Section, label).ranked(rank) });
    }
    Some(offers.finish())
}

/// Where a header stands or may be begun at `offset`.
pub(super) fn header_at(file: &File, offset: u32) -> Option<Span> {
    let line = file.line(offset);
    let text = &file.text[line];
    let indent = text.len() - text.trim_start_matches(BLANKS).len();
    let text = text.trim_matches(BLANKS);
    let start = line.start + indent as u32;
    let first = file.sections.first().is_none_or(|section| offset <= section.header.start);
    let is_header = text.starts_with('[') && start < offset;
    let begins = first && text.is_empty();
    if !is_header && !begins {
        return None;
    }
    let (start, end) = if is_header { (start, start + text.len() as u32) } else { (offset, offset) };
    // What follows the bracket is no part of the header.
    let end = match text.find(']') {
        Some(bracket) if is_header => start + bracket as u32 + 1,
        _ => end,
    };
    (offset <= end).then_some(Span { start, end })
}

fn covers(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}
