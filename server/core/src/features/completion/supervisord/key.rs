use std::collections::HashSet;

use crate::features::Document;
use crate::features::completion::key::key_at;
use crate::features::completion::offers::Offers;
use crate::features::completion::{Completions, Doc, Item, Kind, Rank};
use crate::features::supervisord::merged;
use crate::schema::supervisord::key;
use crate::schema::{self, Directive, Key};
use crate::values::ValueType;
use crate::values::supervisord::Kind as Type;

/// What a section isn't complete without.
const REQUIRED: [Key; 9] = [
    key::program::command,
    key::fcgi_program::socket,
    key::eventlistener::events,
    key::group::programs,
    key::include::files,
    key::inet_http_server::port,
    key::unix_http_server::file,
    key::rpcinterface::supervisor_rpcinterface_factory,
    key::supervisorctl::serverurl,
];

/// The keys that may stand in the section around `offset`, those first that it lacks.
pub(super) fn complete<'a>(document: &Document<'a>, offset: u32) -> Option<Completions<'a>> {
    let file = document.file;
    let place = key_at(file, offset)?;
    let known = schema::supervisord::section(&place.section.name)?;
    let mut used: HashSet<&str> = HashSet::new();
    if let Some((configured, merged)) = merged(document, place.section) {
        let own = |file: usize, start: u32| file == configured.at && start == place.span.start;
        let others = merged.assignments.iter().filter(|one| !own(one.file, one.directive.key_span.start));
        used.extend(others.map(|one| &*one.directive.key));
    }
    let mut offers = Offers::of_whole(place.span, &file.text[place.span.start as usize..offset as usize]);
    for entry in known.directives() {
        let rank = match () {
            () if entry.removed.is_some() => continue,
            () if entry.deprecated.is_some() => Rank::Last,
            () if used.contains(entry.name) => Rank::Later,
            () if REQUIRED.contains(&entry.key) => Rank::First,
            () => Rank::Usual,
        };
        let item = Item {
            deprecated: entry.deprecated.is_some(),
            doc: Some(Doc::Directive(known, entry)),
            ..Item::new(Kind::Directive, entry.name).ranked(rank)
        };
        offers.push(match place.has_equals {
            true => item,
            false => Item { text: Some(format!("{}=", entry.name).into()), snippet: choice(entry), ..item },
        });
    }
    Some(offers.finish())
}

/// A line with the words of a closed set to choose from, that of the default last.
fn choice(entry: &Directive) -> Option<String> {
    let mut words: Vec<&str> = match entry.value {
        ValueType::Supervisord(Type::Boolean) => vec!["true", "false"],
        ValueType::Supervisord(Type::Autorestart) => vec!["true", "false", "unexpected"],
        ValueType::Supervisord(Type::LogLevel) => {
            schema::sets::SUPERVISORD_LOG_LEVEL.words.iter().map(|word| word.text).collect()
        }
        _ => return None,
    };
    words.sort_by_key(|word| *word == entry.default);
    Some(format!("{}=${{1|{}|}}", entry.name, words.join(",")))
}
