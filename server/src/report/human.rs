//! For people: the line, what is wrong with it, what to do.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use svlsp_core::diagnostic::Severity;

use super::{Excerpt, Finding, Related, Report, Spot, escape};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if report.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    for finding in report.findings {
        writeln!(out, "{}\n", renderer.render(&[group(report, finding)]))?;
    }
    Ok(())
}

fn group<'a>(report: &'a Report, finding: &'a Finding) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(escape::controls(&finding.message)).id(finding.rule);
    let mut group = Group::with_title(title);
    let (near, far): (Vec<_>, Vec<_>) = finding.related.iter().partition(|other| is_near(&finding.spot, other));
    let labels = near.iter().filter_map(|other| label(finding.spot.excerpt.as_ref()?, other));
    group = add_spot(report, group, &finding.spot, None, labels.collect());
    for other in far {
        group = add_spot(report, group, &other.spot, Some(&other.message), Vec::new());
    }
    let title = || finding.fixes.first().map(|fix| lower_first(&fix.title));
    if let Some(help) = finding.help.clone().or_else(title) {
        group = group.element(Level::HELP.message(escape::controls(&help).into_owned()));
    }
    group
}

/// Adds the lines of a place; with a label they are those of another one than
/// the finding's own.
fn add_spot<'a>(
    report: &'a Report,
    group: Group<'a>,
    spot: &'a Spot,
    label: Option<&'a str>,
    more: Vec<Annotation<'a>>,
) -> Group<'a> {
    let path = escape::path(report.path(spot));
    let (line, column) = (spot.start.line as usize + 1, spot.start.column as usize + 1);
    let Some(excerpt) = spot.excerpt.as_ref().filter(|excerpt| !excerpt.text.is_empty()) else {
        return group.element(Origin::path(path).line(line).char_column(column));
    };
    let kind = if label.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
    let mark = kind.span(excerpt.marked.clone()).label(label.map(escape::controls));
    let snippet = Snippet::source(&excerpt.text).line_start(excerpt.line as usize).fold(false);
    let snippet = snippet.annotation(mark).annotations(more);
    if excerpt.text.starts_with('…') {
        // The column in the file is another one than that in the excerpt.
        group.element(Origin::path(path).line(line).char_column(column)).element(snippet)
    } else {
        group.element(snippet.path(path))
    }
}

/// Whether another place is to be seen in the lines of the first one.
fn is_near(spot: &Spot, other: &Related) -> bool {
    let Some(excerpt) = &spot.excerpt else { return false };
    other.spot.file == spot.file && label(excerpt, other).is_some()
}

/// Another place as a mark in the first one's lines, which show whole lines only.
fn label<'a>(excerpt: &Excerpt, other: &'a Related) -> Option<Annotation<'a>> {
    let theirs = other.spot.excerpt.as_ref()?;
    let line = theirs.line.checked_sub(excerpt.line)? as usize;
    let start: usize = excerpt.text.split_inclusive('\n').take(line).map(str::len).sum();
    let lines = excerpt.text.get(start..)?.get(..theirs.text.len())?;
    let span = start + theirs.marked.start..start + theirs.marked.end;
    (lines == theirs.text).then(|| AnnotationKind::Context.span(span).label(escape::controls(&other.message)))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
