use crate::features::completion::slot::Slot;
use crate::features::completion::{Completions, Item, Kind, Rank};
use crate::features::supervisord::meaning;
use crate::units::supervisord::Expansion;

/// Those of processes, as they are mostly written.
const OF_PROCESSES: [&str; 4] = ["%(program_name)s", "%(process_num)02d", "%(group_name)s", "%(numprocs)d"];

/// Those of all sections.
const OF_ALL: [&str; 3] = ["%(here)s", "%(host_node_name)s", "%(ENV_HOME)s"];

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
    let of_program = matches!(section.name.split_once(':'), Some(("program" | "fcgi-program" | "eventlistener", _)));
    let known = OF_PROCESSES.iter().filter(|_| of_program).chain(&OF_ALL);
    for (rank, text) in known.map(|text| (Rank::Usual, *text)).chain([(Rank::Later, "%%")]) {
        let name = text.trim_start_matches("%(").split(')').next().unwrap_or_default();
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
