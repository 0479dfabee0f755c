//! What became of units, for people.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use svlsp_core::fate::{Fate, Level};

use super::tables::Table;
use crate::report::escape;
use crate::workspace::convert::Row;
use crate::workspace::load::Loaded;
use crate::workspace::write::{Action, Survey};

/// How many directories of one table are named one by one.
const MOST_DIRECTORIES: usize = 4;

/// Writes tables of fates.
pub(super) struct Paper<'a> {
    /// Where the directories are made.
    pub(super) out: &'a Path,
    /// The files.
    pub(super) loaded: &'a Loaded,
    /// Whether colours may be used.
    pub(super) color: bool,
    /// Whether settings that make no difference are listed too.
    pub(super) verbose: bool,
}

impl Paper<'_> {
    /// One table: a line that sums up, then a line for each setting, the worst first.
    pub(super) fn write(&self, table: &Table, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.summary(table))?;
        let mut rows: Vec<&Row> = table.rows.clone();
        rows.retain(|row| self.verbose || row.fate.level() != Level::Irrelevant);
        rows.sort_by_key(|row| std::cmp::Reverse(loss(&row.fate)));
        let cells: Vec<(String, String)> = rows
            .iter()
            .map(|row| {
                let path = escape::path(self.loaded.path(row.file));
                (format!("{path}:{}", row.line), format!("{}=", row.directive))
            })
            .collect();
        let first = cells.iter().map(|cell| cell.0.chars().count()).max().unwrap_or(0);
        let second = cells.iter().map(|cell| cell.1.len()).max().unwrap_or(0);
        for (row, (place, name)) in rows.iter().zip(&cells) {
            let level = row.fate.level();
            let word = self.paint(level, &format!("{:<12}", level.name()));
            let text = escape::controls(&text(&row.fate)).into_owned();
            writeln!(out, "  {place:<first$}  {name:<second$}  {word}  {text}")?;
        }
        for note in &table.notes {
            writeln!(out, "  note: {}", escape::controls(note))?;
        }
        Ok(())
    }

    /// `web.service → out/web: 12 native, 3 emulated, 1 lost`
    fn summary(&self, table: &Table) -> String {
        let mut line = escape::controls(table.title).into_owned();
        let paths: Vec<_> = table.directories.iter().flat_map(|directory| directory.paths()).collect();
        let count = paths.len();
        for (at, path) in paths.into_iter().enumerate() {
            // Of many, the first ones and the last one tell which they are.
            if count > MOST_DIRECTORIES && (2..count - 1).contains(&at) {
                line.push_str(if at == 2 { ", …" } else { "" });
                continue;
            }
            line.push_str(if at == 0 { " → " } else { ", " });
            line.push_str(&escape::path(&self.out.join(path)));
        }
        if count > MOST_DIRECTORIES {
            let _ = write!(line, " ({count})");
        }
        let mut counts = String::new();
        for level in [Level::Native, Level::Emulated, Level::Approximated, Level::Lost] {
            let count = table.rows.iter().filter(|row| row.fate.level() == level).count();
            if count > 0 {
                let word = self.paint(level, &format!("{count} {}", level.name()));
                let _ = write!(counts, "{}{word}", if counts.is_empty() { "" } else { ", " });
            }
        }
        match (table.empty && !table.is_itself(), counts.is_empty()) {
            (true, _) => line.push_str(": nothing to write"),
            (false, true) => {}
            (false, false) => {
                let _ = write!(line, ": {counts}");
            }
        }
        line
    }

    fn paint(&self, level: Level, text: &str) -> String {
        let style = match level {
            Level::Irrelevant => "2",
            Level::Native => "32",
            Level::Emulated => "36",
            Level::Approximated => "33",
            Level::Lost => "31",
        };
        if self.color { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// How much is lost; what loses nothing stays in its place.
fn loss(fate: &Fate) -> u8 {
    match fate.level() {
        Level::Lost => 3,
        Level::Approximated => 2,
        Level::Emulated | Level::Native => 1,
        Level::Irrelevant => 0,
    }
}

/// A fate's texts.
fn text(fate: &Fate) -> String {
    match fate {
        Fate::Native { with: text } | Fate::Emulated { with: text } => text.to_string(),
        Fate::Lost { why: text } | Fate::Irrelevant { why: text } => text.to_string(),
        Fate::Approximated { with, loses } => format!("{with}; {loses}"),
    }
}

/// The files that are written or would be, a directory a line.
pub(super) fn list(survey: &Survey, written: bool, out: &mut dyn Write) -> io::Result<()> {
    for change in &survey.changes {
        write!(out, "{} {}", escape::path(&change.path), word(change.action, written))?;
        let writes: Vec<_> = change.writes().map(escape::controls).collect();
        let removes: Vec<_> = change.removes().map(escape::controls).collect();
        if !writes.is_empty() {
            write!(out, ": {}", writes.join(" "))?;
        }
        if !removes.is_empty() {
            write!(out, "{} {}", if writes.is_empty() { ": without" } else { "; without" }, removes.join(" "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What is done to a directory, or would be.
pub(super) fn word(action: Action, written: bool) -> &'static str {
    match (action, written) {
        (Action::Create, true) => "made",
        (Action::Create, false) => "would be made",
        (Action::Update, true) => "updated",
        (Action::Update, false) => "would be updated",
        (Action::Remove, true) => "removed",
        (Action::Remove, false) => "would be removed",
        (Action::Keep, _) => "unchanged",
    }
}
