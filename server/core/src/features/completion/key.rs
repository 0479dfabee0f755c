use std::collections::HashSet;

use super::offers::Offers;
use super::slot::BLANKS;
use super::words::{self, fits};
use super::{Completions, Doc, Item, Kind, Rank, escaped};
use crate::features::Document;
use crate::rules::Target;
use crate::schema::{self, UnitKind};
use crate::syntax::{Dialect, File, Section};
use crate::text::Span;
use crate::values::{ValueType, takes_effect};

/// The most words that a choice is made of.
const MOST_CHOICES: usize = 10;

/// The keys that may stand in the section around `offset`; a key that is there is replaced.
pub(super) fn complete<'a>(document: &Document<'a>, kind: UnitKind, offset: u32) -> Option<Completions<'a>> {
    let file = document.file;
    let KeyPlace { section, span, has_equals } = key_at(file, offset)?;
    let known = schema::section(&section.name).filter(|known| known.belongs_to(kind))?;
    let used: HashSet<&str> = file
        .sections
        .iter()
        .filter(|other| other.name == section.name)
        .flat_map(|other| file.directives_of(other))
        .filter(|directive| directive.key_span.start != span.start)
        .map(|directive| &*directive.key)
        .collect();
    let mut offers = Offers::of_whole(span, &file.text[Span { end: offset, ..span }]);
    for entry in known.directives().filter(|entry| entry.kinds.contains(kind)) {
        if is_offered(entry, kind, document.target) {
            let used = !entry.list && used.contains(entry.name);
            offers.push(item(entry, known, document.target, used, has_equals));
        }
    }
    Some(offers.finish())
}

/// A place where a key stands, or may be begun.
pub(super) struct KeyPlace<'a> {
    /// The section around it.
    pub(super) section: &'a Section<'a>,
    /// The key.
    pub(super) span: Span,
    /// Whether what separates it from its value is there.
    pub(super) has_equals: bool,
}

/// The key at `offset`, as far as it is there.
pub(super) fn key_at<'a>(file: &'a File<'a>, offset: u32) -> Option<KeyPlace<'a>> {
    let section = file.section_at(Span { start: offset, end: offset })?;
    let line = file.line(offset);
    let before = file.text[line.start as usize..offset as usize].trim_start_matches(BLANKS);
    let after = &file.text[offset as usize..line.end as usize];
    let (others, equals): (&[char], &[char]) = match file.dialect {
        Dialect::Systemd => (&['-', '_'], &['=']),
        Dialect::Supervisord => (&['-', '_', '.'], &['=', ':']),
    };
    let is_key = |c: char| c.is_ascii_alphanumeric() || others.contains(&c);
    let rest = after.trim_start_matches(is_key);
    let span = Span { start: offset - before.len() as u32, end: offset + (after.len() - rest.len()) as u32 };
    // Behind a first word there are no keys, and in front of other text none is wanted.
    let has_equals = rest.trim_start_matches(BLANKS).starts_with(equals);
    let fits = before.chars().all(is_key) && span.start >= section.header.end;
    (fits && (has_equals || rest.trim_matches(BLANKS).is_empty())).then_some(KeyPlace { section, span, has_equals })
}

/// Whether systemd knows it and does something about it.
fn is_offered(entry: &schema::Directive, kind: UnitKind, target: Target) -> bool {
    let passed_over = matches!(entry.value, ValueType::Ignored) || !takes_effect(entry, kind);
    // The slice that a slice is in follows from its name.
    let own = kind == UnitKind::Slice && matches!(entry.value, ValueType::Slice);
    entry.since <= target.version.0 && entry.removed.is_none() && !passed_over && !own
}

fn item(
    entry: &'static schema::Directive,
    section: &'static schema::Section,
    target: Target,
    used: bool,
    has_equals: bool,
) -> Item<'static> {
    let deprecated = entry.deprecated.is_some_and(|ending| ending.since <= target.version.0);
    let rank = match (deprecated, used) {
        (true, _) => Rank::Last,
        (_, true) => Rank::Later,
        _ => Rank::Usual,
    };
    let item = Item {
        deprecated,
        doc: Some(Doc::Directive(section, entry)),
        ..Item::new(Kind::Directive, entry.name).ranked(rank)
    };
    if has_equals {
        return item;
    }
    let choice = choice(entry, target).map(|words| format!("{}=${{1|{words}|}}", entry.name));
    Item { text: Some(format!("{}=", entry.name).into()), snippet: choice, ..item }
}

/// The words of a closed set that isn't large, as a snippet lists them, that of the default last:
/// who writes the line wants something else.
fn choice(entry: &schema::Directive, target: Target) -> Option<String> {
    let choices: Vec<&str> = match entry.value {
        ValueType::Boolean if entry.default == "yes" => vec!["no", "yes"],
        ValueType::Boolean => vec!["yes", "no"],
        ValueType::Set(set) => {
            let known = set.known_to(target.version).filter(|word| word.deprecated == 0 && fits(word, target));
            let (default, others): (Vec<&str>, Vec<&str>) =
                known.map(|word| word.text).partition(|word| *word == entry.default);
            let booleans = words::booleans_of(set).map(|(written, _)| written);
            booleans.chain(others).chain(default).collect()
        }
        _ => return None,
    };
    (choices.len() <= MOST_CHOICES).then(|| choices.iter().map(|word| escaped(word)).collect::<Vec<_>>().join(","))
}
