use crate::features::Document;
use crate::features::completion::header::header_at;
use crate::features::completion::offers::Offers;
use crate::features::completion::{Completions, Doc, Item, Kind, Rank};
use crate::schema::Title;
use crate::schema::supervisord::SECTIONS;

/// A program as most are written.
const PROGRAM: &str = "[program:${1:name}]\ncommand=${2:/usr/bin/program}\nuser=${3:nobody}\n\
    autorestart=${4|unexpected,true,false|}\nredirect_stderr=${5|true,false|}\n$0";

/// The sections, where the line is a header or one may begin the file.
pub(super) fn complete<'a>(document: &Document<'a>, offset: u32) -> Option<Completions<'a>> {
    let file = document.file;
    let span = header_at(file, offset)?;
    let mut offers = Offers::of_whole(span, &file.text[span.start as usize..offset as usize]);
    for section in SECTIONS {
        let name = section.name;
        let own = |header: crate::text::Span| header.start <= offset && offset <= header.end;
        let used = file.sections.iter().any(|other| other.name == name && !own(other.header));
        let label = match section.title {
            Title::Never | Title::Maybe => format!("[{name}]"),
            Title::Always => format!("[{name}:x]"),
        };
        let item = Item::new(Kind::Section, label).ranked(if used { Rank::Later } else { Rank::Usual });
        let snippet = (section.title == Title::Always).then(|| format!("[{name}:${{1:name}}]"));
        offers.push(Item { doc: Some(Doc::Section(section)), snippet, ..item });
    }
    let whole = Item::new(Kind::Section, "[program:x] command=…").detail("a whole program").ranked(Rank::Later);
    offers.push(Item { text: Some("[program:x]\ncommand=".into()), snippet: Some(PROGRAM.to_owned()), ..whole });
    Some(offers.finish())
}
