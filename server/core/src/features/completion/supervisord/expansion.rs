use crate::features::completion::slot::Slot;
use crate::features::completion::{Completions, Item, Kind, Rank};
use crate::features::supervisord::meaning;
use crate::units::supervisord::Expansion;
use crate::values::supervisord::expansion::names;

/// What may follow a `%` or `%(` in front of the cursor.
pub(super) fn complete<'a>(slot: &Slot<'_, 'a>) -> Option<Completions<'a>> {
    let before = slot.before();
    let start = before.rfind('%')?;
    let typed = &before[start..];
    let percents = before[..=start].bytes().rev().take_while(|&byte| byte == b'%').count();
    if percents % 2 == 0 || typed.contains(')') || !(typed == "%" || typed.starts_with("%(")) {
        return None;
    }
    let after = slot.after();
    // What is left of one that stands there is replaced as a whole.
    let word = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
    let closed = after[word..].strip_prefix(')').map_or(0, |rest| {
        let flags = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        1 + flags + usize::from(rest[flags..].starts_with(['s', 'd', 'i']))
    });
    let end = if closed > 0 { word + closed } else { 0 };
    let mut offers = slot.offers(start, end);
    let document = slot.document;
    let section = document.file.section_at(slot.directive.key_span)?;
    let part = document.configured.and_then(|configured| Some(configured.processes(section).next()?.0));
    let known = names(slot.entry).iter().map(|name| (Rank::Usual, *name, written(name)));
    let others = [(Rank::Usual, "ENV_HOME", "%(ENV_HOME)s".to_owned()), (Rank::Later, "", "%%".to_owned())];
    for (rank, name, text) in known.chain(others) {
        let value = part.and_then(|part| part.expansions.get(name)).and_then(|known| match known {
            Expansion::Text(text) => Some(text.clone()),
            Expansion::Number(number) => Some(number.to_string()),
            Expansion::Unknown => None,
        });
        let meaning = meaning(name).unwrap_or("a percent sign");
        let detail = value.map_or_else(|| meaning.to_owned(), |value| format!("{meaning}: {value}"));
        offers.push(Item::new(Kind::Specifier, text).ranked(rank).detail(detail));
    }
    Some(offers.finish())
}

/// As it is mostly written.
fn written(name: &str) -> String {
    match name {
        "process_num" => "%(process_num)02d".to_owned(),
        "numprocs" => "%(numprocs)d".to_owned(),
        _ => format!("%({name})s"),
    }
}
