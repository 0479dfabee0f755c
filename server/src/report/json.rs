//! One array of objects, one object a line.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use svlsp_core::text::Position;

use super::{Change, Finding, Report, escape};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (at, finding) in report.findings.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &object(report, finding))?;
    }
    out.write_all(if report.findings.is_empty() { b"]\n" } else { b"\n]\n" })
}

/// The same objects, to be part of another one.
pub(super) fn objects<'a>(report: &'a Report) -> impl Serialize + use<'a> {
    report.findings.iter().map(|finding| object(report, finding)).collect::<Vec<_>>()
}

#[derive(Serialize)]
struct Object<'a> {
    path: Cow<'a, str>,
    range: Range,
    severity: &'static str,
    rule: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
    fixes: Vec<Fix<'a>>,
}

/// Lines and columns from 1, columns in characters; the end is the place
/// behind the last character.
#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    path: Cow<'a, str>,
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    certain: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    range: Range,
    text: &'a str,
}

fn object<'a>(report: &'a Report, finding: &'a Finding) -> Object<'a> {
    let path = |spot| {
        let path = report.path(spot);
        path.to_str().map_or_else(|| escape::path(path), Cow::Borrowed)
    };
    let edit = |change: &'a Change| Edit { range: range(change.start, change.end), text: &change.edit.text };
    Object {
        path: path(&finding.spot),
        range: range(finding.spot.start, finding.spot.end),
        severity: finding.severity.name(),
        rule: finding.rule,
        message: &finding.message,
        help: finding.help.as_deref(),
        related: finding
            .related
            .iter()
            .map(|other| Related {
                path: path(&other.spot),
                range: range(other.spot.start, other.spot.end),
                message: &other.message,
            })
            .collect(),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| Fix { title: &fix.title, certain: fix.certain, edits: fix.changes.iter().map(edit).collect() })
            .collect(),
    }
}

fn range(start: Position, end: Position) -> Range {
    let point = |position: Position| Point { line: position.line + 1, column: position.column + 1 };
    Range { start: point(start), end: point(end) }
}
