//! What a place of supervisord.conf means.

use std::fmt::Write;

use super::super::supervisord::{NameKind, few, full_name, meaning, merged, name_at, names};
use super::super::{Configured, Document, Part, Place};
use super::{Hover, fates, manual, setting};
use crate::schema;
use crate::syntax::{Directive, Section};
use crate::text::markdown::code;
use crate::text::{LineIndex, Span};
use crate::units::supervisord::{Expansion, Merged, PartKind};
use crate::values::explain::{self, Explanation, Now, Scene};
use crate::values::supervisord::expansion;

/// How many processes a value is shown expanded for.
const MOST: usize = 3;

pub(super) fn hover(document: &Document, place: &Place, offset: u32, now: Option<Now>) -> Option<Hover> {
    let section = place.section?;
    match place.part {
        Part::Header => Some(Hover { span: section.header, markdown: header(document, section)? }),
        Part::Key(directive) => assignment(document, section, directive),
        Part::Value { directive, at } => of_value(document, section, directive, at, now)
            .or_else(|| of_name(document, offset))
            .or_else(|| assignment(document, section, directive).map(|hover| over_value(directive, hover))),
        Part::Comment(_) | Part::Other => None,
    }
}

fn over_value(directive: &Directive, hover: Hover) -> Hover {
    Hover { span: directive.value.span(), ..hover }
}

/// What a section is for, what comes of it, and where the rest of it stands.
fn header(document: &Document, section: &Section) -> Option<String> {
    let Some(known) = schema::supervisord::section(&section.name) else {
        let name = code(&format!("[{}]", section.name));
        return Some(format!("**{name}**\n\nsupervisord passes over sections that it doesn't know."));
    };
    let mut out = format!("**{}**\n\n{}\n\n", code(&format!("[{}]", section.name)), known.doc);
    if let Some((configured, merged)) = merged(document, section) {
        out += &what_comes_of_it(&configured, section);
        out += &other_headers(&configured, merged, section);
    }
    let schema::Section { example, .. } = known;
    // Writing to a String can't fail.
    let _ = write!(out, "```ini\n{example}\n```\n\n{}", manual::of_section(known));
    Some(out)
}

/// The processes of a program, or the members of a group.
pub(super) fn what_comes_of_it(configured: &Configured, section: &Section) -> String {
    let processes: Vec<String> = configured.processes(section).map(|(_, process)| code(&full_name(process))).collect();
    if !processes.is_empty() {
        let count = processes.len();
        let plural = if count == 1 { "process" } else { "processes" };
        return format!("{count} {plural}: {}\n\n", few(processes.into_iter()));
    }
    let Some(("group", title)) = section.name.split_once(':') else { return String::new() };
    let of_group = |part: &&crate::units::supervisord::Part| match &part.kind {
        PartKind::Process(process) => process.group == title.trim(),
        _ => false,
    };
    let count = configured.config.parts.iter().filter(of_group).count();
    format!("A group of {count} {}.\n\n", if count == 1 { "process" } else { "processes" })
}

/// Where else a section of this name stands: supervisord puts all of them together.
fn other_headers(configured: &Configured, merged: &Merged, section: &Section) -> String {
    let files = configured.config.files;
    let others = merged.headers.iter().filter_map(|&(file, at)| {
        let other = files.get(file)?.sections.get(at)?;
        (file != configured.at || other.header != section.header).then(|| place(configured, file, other.header))
    });
    let others: Vec<String> = others.collect();
    match others.is_empty() {
        true => String::new(),
        false => format!("Put together with the sections of this name in {}.\n\n", few(others.into_iter())),
    }
}

/// What a setting does, what it takes, and what becomes of this assignment of it.
fn assignment(document: &Document, section: &Section, directive: &Directive) -> Option<Hover> {
    let known = schema::supervisord::section(&section.name)?;
    let span = directive.key_span;
    let Some(entry) = known.get(&directive.key) else {
        let markdown = format!("supervisord hands {} on to the plugin.", code(&directive.key));
        return known.open.then_some(Hover { span, markdown });
    };
    let mut markdown = setting::about(entry, &section.name);
    if let Some((configured, merged)) = merged(document, section) {
        markdown += &in_effect(&configured, merged, directive);
        markdown += &expanded(&configured, section, directive);
    }
    markdown += &fates::list(document, entry, directive);
    if let Some(manual) = manual::of_directive(entry) {
        // Writing to a String can't fail.
        let _ = write!(markdown, "\n{manual}");
    }
    Some(Hover { span, markdown })
}

/// Where the assignment stands that holds instead of this one.
fn in_effect(configured: &Configured, merged: &Merged, directive: &Directive) -> String {
    match merged.get(&directive.key) {
        Some(held) if !configured.holds(merged, directive) => {
            let from = place(configured, held.file, held.directive.key_span);
            let value = code(held.directive.value.text());
            format!("**Not in effect:** replaced in {from}.\n\n**In effect:** {value}\n\n")
        }
        _ => String::new(),
    }
}

/// What the value is for the first processes, where that isn't what is written.
fn expanded(configured: &Configured, section: &Section, directive: &Directive) -> String {
    let text = directive.value.text();
    if !text.contains('%') {
        return String::new();
    }
    let mut out = String::new();
    for (part, process) in configured.processes(section).take(MOST) {
        if let Ok(value) = part.expansions.expand(text) {
            // Writing to a String can't fail.
            let _ = writeln!(out, "- {}: {}", code(&process.name), code(&value.text));
        }
    }
    let more = configured.processes(section).skip(MOST).count();
    if !out.is_empty() && more > 0 {
        let _ = writeln!(out, "- … and {more} more");
    }
    if out.is_empty() { out } else { format!("**Here:**\n\n{out}\n") }
}

fn of_value(document: &Document, section: &Section, directive: &Directive, at: u32, now: Option<Now>) -> Option<Hover> {
    let text = directive.value.text();
    let here = |span: Span| span.start <= at && at <= span.end;
    let found = expansion::parts(text).map_while(Result::ok).find_map(|part| match part {
        expansion::Part::Percent(span) if here(span) => Some((span, "`%%`: a percent sign".to_owned())),
        expansion::Part::Named(named) if here(named.span) => {
            Some((named.span, stands_for(document, section, &text[named.span], named.name)?))
        }
        _ => None,
    });
    if let Some((span, markdown)) = found {
        return Some(Hover { span: directive.value.source(span), markdown });
    }
    let context = document.context(document.entry(section, directive)?);
    let Explanation { span, markdown } = explain::explain(text, &Scene { context, now, variables: &[] }, at)?;
    Some(Hover { span: directive.value.source(span), markdown })
}

/// What an expansion stands for, in general and here.
fn stands_for(document: &Document, section: &Section, written: &str, name: &str) -> Option<String> {
    let mut markdown = format!("{}: {}", code(written), meaning(name)?);
    let configured = document.configured?;
    let expanded = configured.processes(section).filter_map(|(part, _)| part.expansions.expand(written).ok());
    let mut values: Vec<String> = expanded.filter(|value| value.unknown.is_empty()).map(|value| value.text).collect();
    values.dedup();
    if values.is_empty()
        && let Some(Expansion::Text(value)) = configured
            .config
            .parts
            .iter()
            .find_map(|part| part.expansions.get(name))
            .filter(|_| !name.starts_with("pro"))
    {
        values.push(value.clone());
    }
    if !values.is_empty() {
        // Writing to a String can't fail.
        let _ = write!(markdown, "\n\n**Here:** {}", few(values.iter().map(|value| code(value))));
    }
    Some(markdown)
}

/// The program that is named in a list.
fn of_name(document: &Document, offset: u32) -> Option<Hover> {
    let name = name_at(document, offset)?;
    let configured = document.configured?;
    let files = configured.config.files;
    let is_home = |other: &super::super::supervisord::Name| {
        other.sets && other.kind == NameKind::Program && other.name == name.name
    };
    let Some(home) = names(files).find(is_home) else {
        return Some(Hover { span: name.span, markdown: format!("No program is called {} here.", code(name.name)) });
    };
    let section = files.get(home.file)?.section_at(home.span)?;
    let command = configured.merged(section).and_then(|merged| merged.text("command")).map(code);
    let command = command.map_or_else(String::new, |command| format!("runs {command}\n\n"));
    let title = code(&format!("[{}]", section.name));
    let at = place(&configured, home.file, home.span);
    let markdown = format!("**{title}** in {at}\n\n{command}{}", what_comes_of_it(&configured, section).trim_end());
    Some(Hover { span: name.span, markdown })
}

/// A file and a line of it, as `/etc/supervisord.conf:3`.
fn place(configured: &Configured, file: usize, span: Span) -> String {
    let path = configured.paths.get(file).map_or("another file", |path| path);
    let text = configured.config.files.get(file).map_or("", |file| file.text);
    let before = text.get(..span.start as usize).unwrap_or_default();
    code(&format!("{path}:{}", LineIndex::new(before).line(before.len()) + 1))
}
