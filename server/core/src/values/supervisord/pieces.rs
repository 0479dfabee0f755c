//! What the parts of a value of supervisord.conf are.

use std::borrow::Cow;

use super::expansion::{self, Part};
use super::{Kind, choice, command, environment, name, python};
use crate::text::Span;
use crate::values::pieces::{Piece, PieceKind};
use crate::values::whole;

/// The words of `text`, as it is written, with names to be expanded left in them.
pub(in crate::values) fn words(text: &str, kind: Kind) -> Vec<Piece> {
    let unheard = &mut Vec::new();
    let text = &*masked(text);
    let spans: Vec<(Span, PieceKind)> = match kind {
        Kind::Command => {
            let words = command::parse(text, unheard);
            let end = words.last().map_or(0, |word| word.span.end as usize);
            let rest = Span::new(text.len() - text[end..].trim_start().len(), text.len());
            let kind = |at: usize, word: &str| if at == 0 { PieceKind::Program } else { argument(word) };
            let words = words.iter().enumerate().map(|(at, word)| (word.span, kind(at, &word.text)));
            words.chain([(rest, PieceKind::Text)]).collect()
        }
        Kind::Environment => environment::parse(text, unheard)
            .into_iter()
            .flat_map(|one| [(one.name_span, PieceKind::VariableName), (one.value_span, PieceKind::Text)])
            .collect(),
        Kind::Globs => name::parse_globs(text).map(|(_, span)| (span, PieceKind::Path)).collect(),
        Kind::Programs => {
            name::parse_programs(text, unheard).into_iter().map(|(_, span)| (span, PieceKind::Unit)).collect()
        }
        Kind::EventTypes => python::split_commas(text).map(|(_, span)| (span, PieceKind::Word)).collect(),
        Kind::ExitCodes => python::split_commas(text).map(|(_, span)| (span, PieceKind::Number)).collect(),
        _ => vec![(whole(text), one(text, kind))],
    };
    spans.into_iter().filter(|(span, _)| !span.is_empty()).map(|(span, kind)| Piece { span, kind }).collect()
}

/// `text` with letters in the place of what is expanded, byte by byte.
fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for Piece { span, .. } in expansions(text) {
        bytes[span.range()].fill(b'x');
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The names to be expanded and the `%%` of `text`.
pub(in crate::values) fn expansions(text: &str) -> impl Iterator<Item = Piece> {
    expansion::parts(text).map_while(Result::ok).filter_map(|part| match part {
        Part::Plain(_) => None,
        Part::Percent(span) => Some(Piece { span, kind: PieceKind::Specifier }),
        Part::Named(named) => Some(Piece { span: named.span, kind: PieceKind::Specifier }),
    })
}

fn one(text: &str, kind: Kind) -> PieceKind {
    match kind {
        Kind::Backlog | Kind::BufferSize | Kind::Integer | Kind::OctalMode | Kind::Size => PieceKind::Number,
        Kind::Boolean => PieceKind::Boolean,
        Kind::Autorestart if choice::boolean(text).is_some() => PieceKind::Boolean,
        Kind::Port | Kind::Signal if python::int(text, 10).is_some() => PieceKind::Number,
        Kind::Autorestart | Kind::LogLevel | Kind::Signal => PieceKind::Word,
        Kind::LogFile | Kind::DaemonLogFile | Kind::Directory | Kind::Path => argument(text),
        _ => PieceKind::Text,
    }
}

fn argument(text: &str) -> PieceKind {
    if text.contains('/') { PieceKind::Path } else { PieceKind::Text }
}
