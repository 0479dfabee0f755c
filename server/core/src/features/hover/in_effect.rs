use std::fmt::Write;

use super::super::{Document, Whole};
use crate::schema::{self, Directive, Empty};
use crate::syntax;
use crate::text::markdown::code;
use crate::text::{LineIndex, Span};
use crate::units::Setting;

/// How many assignments that add up are told of.
const MOST: usize = 8;

/// What holds of a directive in the whole unit and where that comes from, if not from this
/// assignment alone.
pub(super) fn of(document: &Document, entry: &'static Directive, directive: &syntax::Directive) -> Option<String> {
    let whole = document.whole?;
    let held: Vec<&Setting> = whole.unit.all(entry.key).collect();
    let is_this = |setting: &&Setting| setting.file == whole.at && setting.directive.span == directive.span;
    if let [one] = held[..]
        && is_this(&one)
    {
        let others = earlier(&whole, entry, directive);
        return (others > 0).then(|| "**In effect:** this assignment; those before it are replaced.\n\n".to_owned());
    }
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = match end(&whole, entry, directive).filter(|_| !held.iter().any(is_this)) {
        Some((what, file, span)) => write!(out, "**Not in effect:** {what} in {}.\n\n", place(&whole, file, span)),
        None if directive.value.text().is_empty() && entry.list => match earlier(&whole, entry, directive) {
            0 => Ok(()),
            _ => write!(out, "This empty assignment drops what was assigned before it.\n\n"),
        },
        None => Ok(()),
    };
    let _ = match held[..] {
        [] if entry.list => write!(out, "**In effect:** nothing.\n\n"),
        [] => write!(out, "**In effect:** the default.\n\n"),
        [one] => write!(out, "**In effect:** {}, from {}.\n\n", code(one.value()), of_setting(&whole, one)),
        _ => {
            out.push_str("**In effect:**\n\n");
            for setting in held.iter().take(MOST) {
                let from = if is_this(setting) { "here".to_owned() } else { of_setting(&whole, setting) };
                let _ = writeln!(out, "- {}, from {from}", code(setting.value()));
            }
            let more = held.len().saturating_sub(MOST);
            if more > 0 {
                let _ = writeln!(out, "- … and {more} more");
            }
            writeln!(out)
        }
    };
    Some(out)
}

/// How many other assignments of the directive come before this one.
fn earlier(whole: &Whole, entry: &'static Directive, directive: &syntax::Directive) -> usize {
    let before = |(file, other): &(usize, &syntax::Directive)| (*file, other.span) < (whole.at, directive.span);
    assignments(whole, entry).take_while(before).count()
}

/// What put an end to an assignment that doesn't hold, and where that stands.
fn end(whole: &Whole, entry: &'static Directive, directive: &syntax::Directive) -> Option<(&'static str, usize, Span)> {
    let behind = |(file, other): &(usize, &syntax::Directive)| (*file, other.span) > (whole.at, directive.span);
    let ends = |other: &syntax::Directive| match other.value.text().is_empty() {
        true => matches!(entry.empty, Empty::Reset | Empty::Default).then_some("reset"),
        false => (!entry.list).then_some("replaced"),
    };
    let mut others = assignments(whole, entry);
    if entry.value.first_holds() {
        let (file, other) = others.find(|(_, other)| !other.value.text().is_empty())?;
        return Some(("an earlier one holds, that", file, other.key_span));
    }
    others.filter(behind).find_map(|(file, other)| Some((ends(other)?, file, other.key_span)))
}

/// Every assignment of a directive, whether it holds or not, in the order in which they apply.
fn assignments<'a>(
    whole: &Whole<'a>,
    entry: &'static Directive,
) -> impl Iterator<Item = (usize, &'a syntax::Directive<'a>)> + use<'a> {
    let files = whole.unit.files.iter().enumerate();
    files.flat_map(move |(at, file)| {
        let sections = file.sections.iter();
        let same = move |section: &&syntax::Section| {
            schema::section(&section.name).and_then(|known| known.get(entry.name)).is_some_and(|it| it.key == entry.key)
        };
        let directives = sections.filter(same).flat_map(|section| file.directives_of(section));
        directives.filter(|directive| directive.key == entry.name).map(move |directive| (at, directive))
    })
}

fn of_setting(whole: &Whole, setting: &Setting) -> String {
    place(whole, setting.file, setting.directive.key_span)
}

/// A file and a line of it, as `/etc/systemd/system/a.service:3`.
pub(super) fn place(whole: &Whole, file: usize, span: Span) -> String {
    let path = whole.paths.get(file).map_or("another file", |path| path);
    let before = whole.unit.files.get(file).and_then(|file| file.text.get(..span.start as usize)).unwrap_or_default();
    code(&format!("{path}:{}", LineIndex::new(before).line(before.len()) + 1))
}
