//! What became of units, as one object. docs/convert.md describes it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use svlsp_core::fate::Fate;

use crate::report::{Report, escape, findings_as_json};
use crate::workspace::convert::{ConvertedUnit, Row};

pub(super) fn write(outcome: &super::Outcome, out: &mut dyn Write) -> io::Result<()> {
    let super::Outcome { loaded, converted, survey, failures, written, status, .. } = *outcome;
    let path = |file: u32| shown(loaded.path(file));
    let row = |row: &'_ Row| {
        let Row { file, line, directive, value, fate, inherited: _ } = row;
        let (mut with, mut loses, mut why) = (None, None, None);
        match fate {
            Fate::Native { with: text } | Fate::Emulated { with: text } => with = Some(text.to_string()),
            Fate::Approximated { with: text, loses: less } => {
                (with, loses) = (Some(text.to_string()), Some(less.to_string()));
            }
            Fate::Lost { why: text } | Fate::Irrelevant { why: text } => why = Some(text.to_string()),
        }
        Setting {
            path: path(*file),
            line: *line,
            directive,
            value: value.clone(),
            fate: fate.level().name(),
            with,
            loses,
            why,
        }
    };
    let unit = |unit: &'_ ConvertedUnit| Unit {
        unit: unit.name.as_str().to_owned(),
        section: unit.section.clone(),
        files: unit.files.iter().map(|file| path(*file)).collect(),
        settings: unit.rows.iter().map(row).collect(),
        notes: unit.notes.clone(),
        directories: unit
            .directories
            .iter()
            .flat_map(svlsp_core::backends::Directory::paths)
            .map(|path| shown(&outcome.out.join(path)).into())
            .collect(),
    };
    let change = |change: &'_ crate::workspace::write::Change| Directory {
        path: shown(&change.path).into_owned(),
        action: change.action.name(),
        writes: change.writes().map(str::to_owned).collect(),
        removes: change.removes().map(str::to_owned).collect(),
    };
    let report = Report { findings: &converted.findings, paths: loaded, failures: &[], status, color: false };
    let object = Object {
        backend: outcome.backend.name(),
        status,
        written,
        units: converted.units.iter().map(unit).collect(),
        directories: survey.into_iter().flat_map(|survey| &survey.changes).map(change).collect(),
        findings: findings_as_json(&report),
        failures: failures
            .iter()
            .map(|failure| Trouble { path: shown(&failure.path), message: &failure.message })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &object)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Object<'a, F> {
    backend: &'static str,
    status: u8,
    written: bool,
    units: Vec<Unit<'a>>,
    directories: Vec<Directory>,
    findings: F,
    failures: Vec<Trouble<'a>>,
}

#[derive(Serialize)]
struct Unit<'a> {
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    files: Vec<Cow<'a, str>>,
    directories: Vec<String>,
    settings: Vec<Setting<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Setting<'a> {
    path: Cow<'a, str>,
    line: u32,
    directive: &'static str,
    value: String,
    fate: &'static str,
    with: Option<String>,
    loses: Option<String>,
    why: Option<String>,
}

#[derive(Serialize)]
struct Directory {
    path: String,
    action: &'static str,
    writes: Vec<String>,
    removes: Vec<String>,
}

#[derive(Serialize)]
struct Trouble<'a> {
    path: Cow<'a, str>,
    message: &'a str,
}

/// A path as it is where it is UTF-8.
fn shown(path: &Path) -> Cow<'_, str> {
    path.to_str().map_or_else(|| escape::path(path), Cow::Borrowed)
}
