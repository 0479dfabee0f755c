//! `textDocument/completion` and `completionItem/resolve`

use std::borrow::Cow;

use svlsp_core::features::completion::{self, Completions, Doc, Item, Kind, Options, Rank};
use svlsp_core::text::Span;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;

use crate::lsp::convert;
use crate::lsp::state::{Client, State};
use crate::lsp::view::View;
use crate::workspace::entries;

/// What makes a client ask by itself. A blank is answered in lists only.
pub(in crate::lsp) const TRIGGERS: [&str; 9] = ["[", "=", "%", "$", "{", "@", "~", ":", " "];

/// About how many bytes the items of an answer may have: what is more is left out, the least likely
/// items first, and the client told to ask again once more is typed.
const MOST: usize = 60_000;

pub(in crate::lsp) fn complete(state: &State, params: CompletionParams) -> Result<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let typed = params.context.filter(|context| context.trigger_kind == CompletionTriggerKind::TRIGGER_CHARACTER);
    let trigger = typed.and_then(|context| context.trigger_character?.chars().next());
    let abilities = Abilities::of(&state.client());
    let found = state.look(&at.text_document.uri, |view| {
        let mut found = completion::completion(&view.unit, view.offset(at.position), Options { trigger });
        if found.paths {
            add_files(&mut found, view);
        }
        (!found.items.is_empty()).then(|| list(found, view, &abilities))
    })?;
    Ok(found.flatten().map(CompletionResponse::List))
}

pub(in crate::lsp) fn resolve(state: &State, mut item: CompletionItem) -> CompletionItem {
    let doc = item.data.as_ref().and_then(|data| data.as_str()).and_then(|data| stored(data, &item.label));
    let markdown = doc.map(|doc| match doc {
        Doc::Unit => unit(state, &item.label),
        doc => completion::resolve(doc),
    });
    let markdown = markdown.filter(|markdown| !markdown.is_empty());
    if let Some(markdown) = markdown {
        let abilities = Abilities::of(&state.client());
        let markup = convert::markup(markdown, abilities.markdown);
        item.documentation = Some(match abilities.markup {
            true => Documentation::MarkupContent(markup),
            false => Documentation::String(markup.value),
        });
    }
    item
}

/// Adds the files that exist below the root that is set, if one is.
fn add_files(found: &mut Completions, view: &View) {
    let Some(root) = &view.world.settings.config.options.root else { return };
    let begun = &view.unit.file.text[found.insert];
    for path in entries(root, begun) {
        if !found.items.iter().any(|item| item.label == path) {
            found.items.push(Item::new(Kind::Path, path));
        }
    }
    // What follows the next slash is asked for then.
    found.incomplete = true;
}

/// What there is to say of a unit, from the first folder that has it.
fn unit(state: &State, name: &str) -> String {
    let worlds = state.worlds();
    let known = worlds.folders.iter().map(|(_, world)| world).chain(worlds.lonely.values());
    completion::resolve_unit(name, known.filter_map(|world| world.neighbour(name)).next())
}

/// What the client can do with an item.
#[derive(Clone, Copy, Debug, Default)]
struct Abilities {
    snippets: bool,
    label_details: bool,
    insert_replace: bool,
    /// Strikes out what has the tag for deprecated ones.
    tags: bool,
    /// Knows the older way to say it.
    deprecated: bool,
    /// Says which kinds of documentation it shows; else it is text.
    markup: bool,
    markdown: bool,
}

impl Abilities {
    fn of(client: &Client) -> Self {
        let document = client.capabilities.text_document.as_ref();
        let item = document.and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
        let Some(item) = item else { return Abilities::default() };
        Abilities {
            snippets: item.snippet_support == Some(true),
            label_details: item.label_details_support == Some(true),
            insert_replace: item.insert_replace_support == Some(true),
            tags: item.tag_support.as_ref().is_some_and(|tags| tags.value_set.contains(&CompletionItemTag::DEPRECATED)),
            deprecated: item.deprecated_support == Some(true),
            markup: item.documentation_format.is_some(),
            markdown: item.documentation_format.as_ref().is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
        }
    }
}

/// Where an item goes.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Where nothing is replaced, and a word can only begin: no range has to be said.
    Cursor,
    One(Range),
    Both {
        insert: Range,
        replace: Range,
    },
}

impl Place {
    fn of(found: &Completions, view: &View, abilities: &Abilities) -> Self {
        let Span { start, end } = found.replace;
        let text = view.unit.file.text;
        let apart = |c: Option<char>| c.is_none_or(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '='));
        let before = text[..start as usize].chars().next_back();
        let after = text[end as usize..].chars().next();
        if found.replace.is_empty() && apart(before) && apart(after) {
            return Place::Cursor;
        }
        let replace = view.range(found.replace);
        match abilities.insert_replace && found.insert != found.replace {
            true => Place::Both { insert: view.range(found.insert), replace },
            false => Place::One(replace),
        }
    }
}

fn list(found: Completions, view: &View, abilities: &Abilities) -> CompletionList {
    let place = Place::of(&found, view, abilities);
    let count = found.items.len();
    let mut bytes = 0;
    let items = found.items.into_iter().map(|item| self::item(item, place, abilities));
    let items: Vec<CompletionItem> = items
        .take_while(|item| {
            bytes += size(item);
            bytes <= MOST
        })
        .collect();
    CompletionList { is_incomplete: found.incomplete || items.len() < count, items }
}

fn item(item: Item, place: Place, abilities: &Abilities) -> CompletionItem {
    let snippet = item.snippet.filter(|_| abilities.snippets);
    let is_snippet = snippet.is_some();
    let new_text = snippet.or(item.text.map(Cow::into_owned));
    let detail = (!item.detail.is_empty()).then(|| item.detail.replace('`', ""));
    let (description, detail) = if abilities.label_details { (detail, None) } else { (None, detail) };
    let data = item.doc.map(|doc| store(doc, &item.label));
    let sort_text = match item.rank {
        Rank::First => Some(format!("!{}", item.label)),
        Rank::Usual => None,
        Rank::Later => Some(format!("~{}", item.label)),
        Rank::Last => Some(format!("~~{}", item.label)),
    };
    let label = item.label.into_owned();
    let (insert_text, text_edit) = match place {
        Place::Cursor => (new_text, None),
        Place::One(range) => {
            let new_text = new_text.unwrap_or_else(|| label.clone());
            (None, Some(CompletionTextEdit::Edit(TextEdit { range, new_text })))
        }
        Place::Both { insert, replace } => {
            let new_text = new_text.unwrap_or_else(|| label.clone());
            let edit = InsertReplaceEdit { new_text, insert, replace };
            (None, Some(CompletionTextEdit::InsertAndReplace(edit)))
        }
    };
    CompletionItem {
        label_details: description
            .map(|description| CompletionItemLabelDetails { detail: None, description: Some(description) }),
        kind: Some(kind(item.kind)),
        detail,
        sort_text,
        insert_text,
        insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit,
        tags: (item.deprecated && abilities.tags).then(|| vec![CompletionItemTag::DEPRECATED]),
        deprecated: (item.deprecated && !abilities.tags && abilities.deprecated).then_some(true),
        data: data.map(Into::into),
        label,
        ..CompletionItem::default()
    }
}

/// About how many bytes of JSON an item is.
fn size(item: &CompletionItem) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, |text| text.len() + 16);
    let range = |range: &Range| {
        let digits = |number: u32| number.checked_ilog10().unwrap_or_default() as usize + 1;
        let position = |at: Position| digits(at.line) + digits(at.character) + 24;
        position(range.start) + position(range.end) + 18
    };
    let edit = match &item.text_edit {
        None => 0,
        Some(CompletionTextEdit::Edit(edit)) => edit.new_text.len() + range(&edit.range) + 36,
        Some(CompletionTextEdit::InsertAndReplace(edit)) => {
            edit.new_text.len() + range(&edit.insert) + range(&edit.replace) + 46
        }
    };
    let description = item.label_details.as_ref().map_or(0, |details| text(&details.description) + 20);
    let data = item.data.as_ref().and_then(|data| data.as_str()).map_or(0, |data| data.len() + 10);
    // The kind, and what says that it is a snippet or deprecated.
    let more = 10 + if item.insert_text_format.is_some() { 21 } else { 0 } + if item.tags.is_some() { 11 } else { 0 };
    item.label.len()
        + 12
        + text(&item.detail)
        + text(&item.sort_text)
        + text(&item.insert_text)
        + edit
        + description
        + data
        + more
}

/// What names `doc` for the client to keep; what the label says anyway is left out.
fn store(doc: Doc, label: &str) -> String {
    let mut text = doc.to_string();
    if text.ends_with(label) {
        text.truncate(text.len() - label.len());
    }
    text
}

/// What [`store`] has named.
fn stored(data: &str, label: &str) -> Option<Doc> {
    Doc::parse(&format!("{data}{label}")).or_else(|| Doc::parse(data))
}

fn kind(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Section => CompletionItemKind::MODULE,
        Kind::Directive => CompletionItemKind::PROPERTY,
        Kind::Value => CompletionItemKind::ENUM_MEMBER,
        Kind::Prefix => CompletionItemKind::OPERATOR,
        Kind::Specifier => CompletionItemKind::CONSTANT,
        Kind::Variable => CompletionItemKind::VARIABLE,
        Kind::Unit => CompletionItemKind::REFERENCE,
        Kind::Account => CompletionItemKind::VALUE,
        Kind::Path => CompletionItemKind::FOLDER,
    }
}
