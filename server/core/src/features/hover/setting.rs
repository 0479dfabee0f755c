use std::fmt::Write;

use super::super::Document;
use super::{Hover, fates, in_effect, manual};
use crate::schema::{self, Directive, Empty, Ending, FileKind};
use crate::syntax;

/// What a setting does, what it takes, and what becomes of this assignment of it.
pub(super) fn hover(document: &Document, section: &syntax::Section, directive: &syntax::Directive) -> Option<Hover> {
    let FileKind::Unit(kind) = document.kind else { return None };
    let span = directive.key_span;
    if directive.key.starts_with("X-") {
        let markdown = "systemd passes over settings whose names begin with `X-`.".to_owned();
        return Some(Hover { span, markdown });
    }
    let known = schema::section(&section.name)?;
    let elsewhere = || schema::sections_of(kind).find_map(|other| Some((other, other.get(&directive.key)?)));
    let (home, entry) = known.get(&directive.key).map(|entry| (known, entry)).or_else(elsewhere)?;
    let mut markdown = about(entry, home.name);
    // Writing to a String can't fail.
    let _ = if !std::ptr::eq(home, known) {
        writeln!(markdown, "In [{}] systemd passes over it.", section.name)
    } else if entry.kinds.contains(kind) && known.belongs_to(kind) {
        let in_effect = in_effect::of(document, entry, directive).unwrap_or_default();
        write!(markdown, "{in_effect}{}", fates::list(document, entry, directive))
    } else {
        writeln!(markdown, "In a {} unit systemd passes over it.", kind.suffix())
    };
    if let Some(manual) = manual::of_directive(entry) {
        let _ = write!(markdown, "\n{manual}");
    }
    Some(Hover { span, markdown })
}

/// What is to be said of a directive wherever it stands.
pub(in crate::features) fn about(entry: &Directive, section: &str) -> String {
    let Directive { name, doc, default, build, example, .. } = entry;
    let mut out = format!("**{name}=** in [{section}]\n\n{doc}\n\n");
    // Writing to a String can't fail.
    let _ = writeln!(out, "- takes {}", entry.value.describe());
    if !default.is_empty() {
        let _ = writeln!(out, "- default: `{default}`");
    }
    let _ = writeln!(out, "- {}", repeated(entry));
    let _ = entry.release().map_or(Ok(()), |release| writeln!(out, "- since {release}"));
    if !build.is_empty() {
        let _ = writeln!(out, "- needs systemd built with `{build}`");
    }
    for (what, ending) in [("deprecated", entry.deprecated), ("removed", entry.removed)] {
        let _ = ending.map_or(Ok(()), |ending| writeln!(out, "- {}", ended(what, ending)));
    }
    if !example.is_empty() {
        let _ = writeln!(out, "\n```ini\n{example}\n```");
    }
    out.push('\n');
    out
}

fn repeated(entry: &Directive) -> &'static str {
    match (entry.list, entry.empty) {
        _ if entry.is_of_supervisord() => "repeated: the last one holds, over all files",
        _ if entry.value.first_holds() => "repeated: the first assignment holds",
        (true, Empty::Reset | Empty::Default) => "repeated: values add up; an empty one drops those before it",
        (true, _) => "repeated: values add up",
        (false, Empty::Reset | Empty::Default) => "repeated: the last one holds; an empty one brings the default back",
        (false, _) => "repeated: the last one holds",
    }
}

/// "**deprecated** since systemd 254: use `Kind=` in [Install] instead".
fn ended(what: &str, ending: Ending) -> String {
    let Ending { since, successor, section, note } = ending;
    let mut out = format!("**{what}**");
    if since > 0 {
        let _ = write!(out, " since systemd {since}");
    }
    let place = if section.is_empty() { String::new() } else { format!(" in [{section}]") };
    let successor = if successor.is_empty() { String::new() } else { format!("use `{successor}=`{place} instead") };
    let parts: Vec<&str> = [successor.as_str(), note].into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        let _ = write!(out, ": {}", parts.join("; "));
    }
    out
}
