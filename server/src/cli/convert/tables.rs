//! What people read about at once: a unit, a program of supervisord with all
//! its processes, a group, or supervisord itself.

use svlsp_core::backends::Directory;

use crate::workspace::convert::{Converted, ConvertedUnit, Row};

/// One or several units that are spoken of together.
pub(super) struct Table<'a> {
    /// What it is about.
    pub(super) title: &'a str,
    /// Where it stands among those of its configuration.
    rank: u8,
    /// What it becomes, what it shares with others left out.
    pub(super) directories: Vec<&'a Directory>,
    /// Whether nothing at all is made of it.
    pub(super) empty: bool,
    /// What became of each assignment, once.
    pub(super) rows: Vec<&'a Row>,
    /// What else there is to say, once.
    pub(super) notes: Vec<&'a str>,
}

/// What the sections that belong to no program are called together.
const ITSELF: &str = "supervisord";

/// The tables; those of groups and of supervisord itself come behind the programs of their configuration.
pub(super) fn tables(converted: &Converted) -> Vec<Table<'_>> {
    let units = converted.units.iter().filter(|unit| unit.section.is_none());
    let mut tables: Vec<Table> = units.map(Table::of_unit).collect();
    let programs: Vec<&ConvertedUnit> = converted.units.iter().filter(|unit| unit.section.is_some()).collect();
    for configuration in programs.chunk_by(|a, b| a.files == b.files) {
        let mut own: Vec<Table> = Vec::new();
        let mut itself = Table::new(ITSELF, 2);
        for unit in configuration {
            let title = unit.section.as_deref().unwrap_or_default();
            // What isn't converted has no use for what it would inherit.
            let lives = !unit.directories.is_empty();
            itself.add(unit.rows.iter().filter(|row| row.inherited && lives || title == ITSELF));
            if title == ITSELF {
                itself.take(unit);
                continue;
            }
            let at = own.iter().position(|table| table.title == title).unwrap_or_else(|| {
                own.push(Table::new(title, u8::from(title.starts_with("group:"))));
                own.len() - 1
            });
            own[at].add(unit.rows.iter().filter(|row| !row.inherited));
            own[at].take(unit);
        }
        own.extend(Some(itself).filter(|itself| !itself.rows.is_empty()));
        own.sort_by_key(|table| table.rank);
        tables.append(&mut own);
    }
    tables
}

impl<'a> Table<'a> {
    fn of_unit(unit: &'a ConvertedUnit) -> Self {
        let mut table = Table::new(unit.name.as_str(), 0);
        table.rows = unit.rows.iter().collect();
        table.take(unit);
        table
    }

    fn new(title: &'a str, rank: u8) -> Self {
        Table { title, rank, directories: Vec::new(), empty: true, rows: Vec::new(), notes: Vec::new() }
    }

    /// Whether it is about what belongs to no program of supervisord.
    pub(super) fn is_itself(&self) -> bool {
        self.rank == 2
    }

    /// Adds rows: of one assignment one for each thing that may become of it, in the order of the files.
    fn add(&mut self, rows: impl Iterator<Item = &'a Row>) {
        let key = |row: &Row| (row.file, row.line, row.directive, row.fate.level());
        for row in rows {
            if !self.rows.iter().any(|other| key(other) == key(row)) {
                self.rows.push(row);
            }
        }
    }

    /// Adds directories and notes.
    fn take(&mut self, unit: &'a ConvertedUnit) {
        self.empty &= unit.directories.is_empty();
        self.directories.extend(unit.directories.iter().filter(|directory| !directory.shared));
        for note in &unit.notes {
            if !self.notes.contains(&&**note) {
                self.notes.push(note);
            }
        }
    }
}
