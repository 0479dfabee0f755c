//! Questions that several rules ask about the file they look at.

use std::cell::OnceCell;

use super::{DirectiveContext, FileContext, invisible_character};
use crate::schema::{self, FileKind, Key, SECTIONS};
use crate::syntax::{Dialect, Directive, File, ProblemKind, Section};
use crate::text::{Edit, Span};
use crate::values::exec::{self, Command, Prefixes};
use crate::values::supervisord::{Kind, command};
use crate::values::words::Word;
use crate::values::{self, ValueType};

/// `text` as a message quotes it: cut where it is long, with escapes for
/// what can't be seen.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == MOST {
            out.push('…');
            break;
        }
        match c.is_control() || invisible_character::is_invisible(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}

/// `message` with escapes for control characters.
pub(super) fn printable(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let mut out = String::with_capacity(message.len() + 8);
    for c in message.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// What is known of the section called `name` in files of this kind.
pub(super) fn known(kind: FileKind, name: &str) -> Option<&'static schema::Section> {
    match kind {
        FileKind::Unit(kind) => schema::section(name).filter(|known| known.belongs_to(kind)),
        FileKind::Supervisord => schema::supervisord::section(name),
        FileKind::Other(_) => None,
    }
}

/// The command of a program of supervisord.conf, names not expanded; `None` if it can't be split.
pub(super) fn supervisord_command(text: &str) -> Option<Command<'_>> {
    let mut problems = Vec::new();
    let words = command::parse(text, &mut problems);
    let mut words = words.into_iter().map(|word| Word::escaped(word.text, word.span));
    let program = words.next().filter(|_| problems.is_empty())?;
    let args: Vec<Word> = words.collect();
    let span = args.last().map_or(program.span, |last| program.span.cover(last.span));
    Some(Command { prefixes: Prefixes::default(), prefix_span: Span::default(), program, args, span })
}

/// What rules would otherwise look for in the whole file again and again.
#[derive(Debug)]
pub(super) struct Index<'a> {
    /// Where each of [`SECTIONS`] stands last among the file's sections, counted from 1.
    last: [u32; SECTIONS.len()],
    /// One bit for each known directive that is assigned to.
    assigned: [u64; Key::COUNT.div_ceil(64)],
    /// What [`Index::written`] answers, once it was asked.
    written: OnceCell<Vec<(&'a str, &'a str)>>,
    /// What [`Index::sections`] answers, once it was asked.
    sections: OnceCell<Vec<&'a str>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(file: &File, entries: &[Option<&'static schema::Directive>]) -> Self {
        let mut index = Index {
            last: [0; SECTIONS.len()],
            assigned: [0; Key::COUNT.div_ceil(64)],
            written: OnceCell::new(),
            sections: OnceCell::new(),
        };
        for (at, section) in file.sections.iter().enumerate() {
            if let Some(known) = place(&section.name) {
                index.last[known] = at as u32 + 1;
            }
        }
        for key in entries.iter().flatten().map(|entry| usize::from(entry.key.0)) {
            index.assigned[key / 64] |= 1 << (key % 64);
        }
        index
    }

    /// Section and key of each assignment, sorted.
    fn written(&self, file: &'a File<'a>) -> &[(&'a str, &'a str)] {
        self.written.get_or_init(|| {
            let all = file.sections.iter().flat_map(|section| {
                file.directives_of(section).iter().map(|directive| (&*section.name, &*directive.key))
            });
            let mut all: Vec<_> = all.collect();
            all.sort_unstable();
            all
        })
    }

    /// The names of all sections, sorted.
    fn sections(&self, file: &'a File<'a>) -> &[&'a str] {
        self.sections.get_or_init(|| {
            let mut all: Vec<_> = file.sections.iter().map(|section| &*section.name).collect();
            all.sort_unstable();
            all
        })
    }
}

/// Which of [`SECTIONS`] is called `name`.
fn place(name: &str) -> Option<usize> {
    SECTIONS.binary_search_by(|section| section.name.cmp(name)).ok()
}

impl<'a> FileContext<'a> {
    /// Where the reader met a problem of this kind in lines that systemd looks at.
    ///
    /// It skips lines of unknown sections and of those that begin with `X-`,
    /// but no headers and no spoilt text.
    pub(super) fn problems(&self, kind: ProblemKind) -> impl Iterator<Item = Span> {
        let skipped = matches!(kind, ProblemKind::MissingEquals | ProblemKind::MissingKey)
            && self.file.dialect == Dialect::Systemd;
        self.file
            .problems
            .iter()
            .filter(move |problem| problem.kind == kind)
            .map(|problem| problem.span)
            .filter(move |&span| !skipped || self.file.section_at(span).is_some_and(|section| self.reads(section)))
    }

    /// What the parser of a value of `entry` wants to know.
    pub(super) fn value_context(&self, entry: &'static schema::Directive) -> values::Context<'a> {
        values::Context {
            directive: entry,
            version: self.target.version,
            manager: self.target.manager,
            unit: self.unit,
        }
    }

    /// Whether systemd takes the whole value of `directive`.
    pub(super) fn is_valid(&self, directive: &Directive, entry: &'static schema::Directive) -> bool {
        let mut problems = Vec::new();
        values::check(directive.value.text(), &self.value_context(entry), &mut problems);
        problems.iter().all(|problem| !problem.is_fatal())
    }

    /// Whether systemd looks at the lines of `section`.
    pub(super) fn reads(&self, section: &Section) -> bool {
        match self.kind {
            FileKind::Other(_) => !section.name.starts_with("X-"),
            FileKind::Unit(_) | FileKind::Supervisord => known(self.kind, &section.name).is_some(),
        }
    }

    /// What is known of the section called `name` in files of this kind.
    pub(super) fn known(&self, name: &str) -> Option<&'static schema::Section> {
        known(self.kind, name)
    }

    /// The type of a value in a section of supervisord.conf.
    pub(super) fn kind_of(&self, section: &Section, directive: &Directive) -> Option<Kind> {
        match self.known(&section.name)?.get(&directive.key)?.value {
            ValueType::Supervisord(kind) => Some(kind),
            _ => None,
        }
    }

    /// Who reads the file.
    pub(super) fn reader(&self) -> &'static str {
        match self.file.dialect {
            Dialect::Systemd => "systemd",
            Dialect::Supervisord => "supervisord",
        }
    }

    /// What becomes of a line that can't be read.
    pub(super) fn line_is_lost(&self) -> &'static str {
        match self.file.dialect {
            Dialect::Systemd => "systemd drops it",
            Dialect::Supervisord => "supervisord doesn't start",
        }
    }

    /// Whether the file assigns to `key` of a section called `section`, which files of its kind have.
    pub(super) fn assigns(&self, section: &str, key: &str) -> bool {
        if self.file.dialect == Dialect::Supervisord {
            // Those of one type have the same keys: one bit for each can't tell them apart.
            return self.index.written(self.file).binary_search(&(section, key)).is_ok();
        }
        let entry = schema::section(section).and_then(|section| section.get(key));
        entry
            .map(|entry| usize::from(entry.key.0))
            .is_some_and(|key| self.index.assigned[key / 64] >> (key % 64) & 1 != 0)
    }

    /// Whether the file has a section called `name`.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.index.sections(self.file).binary_search(&name).is_ok()
    }

    /// What systemd does about a file that it cannot read to the end.
    pub(super) fn refusal(&self) -> &'static str {
        match self.kind {
            FileKind::Unit(_) if self.drop_in => "systemd stops reading the drop-in here",
            FileKind::Unit(_) => "systemd refuses the whole unit",
            FileKind::Supervisord => "supervisord doesn't start",
            FileKind::Other(_) => "the file is not read any further",
        }
    }

    /// Inserts `lines` at the end of section `name`, or of the file under a
    /// header of its own.
    pub(super) fn append(&self, name: &str, mut lines: String) -> Edit {
        let text = self.file.text;
        let has_end = |text: &str| text.ends_with(['\n', '\r', '\0']);
        if !has_end(&lines) {
            lines.push('\n');
        }
        let last = place(name).and_then(|known| self.index.last[known].checked_sub(1));
        match last.and_then(|last| self.file.sections.get(last as usize)) {
            Some(section) => {
                let last = self.file.directives_of(section).last().map_or(section.header, |last| last.span);
                let end = self.file.lines(last);
                Edit::insert(end.end as usize, if has_end(&text[end]) { lines } else { format!("\n{lines}") })
            }
            None => {
                let gap = if has_end(text) { "\n" } else { "\n\n" };
                Edit::insert(text.len(), format!("{gap}[{name}]\n{lines}"))
            }
        }
    }
}

impl<'a> DirectiveContext<'a> {
    /// The commands of a directive that has some.
    pub(super) fn commands(&self) -> Vec<Command<'a>> {
        let text = self.directive.value.text();
        match self.entry.map(|entry| (entry.value, entry)) {
            Some((ValueType::Exec, entry)) => {
                exec::parse(text, &self.file.value_context(entry), &mut Vec::new()).commands
            }
            Some((ValueType::Supervisord(Kind::Command), _)) => supervisord_command(text).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether its value is a command line.
    pub(super) fn is_command(&self) -> bool {
        let command =
            |entry: &schema::Directive| matches!(entry.value, ValueType::Exec | ValueType::Supervisord(Kind::Command));
        self.entry.is_some_and(command)
    }

    /// The type of its value in supervisord.conf.
    pub(super) fn supervisord_kind(&self) -> Option<Kind> {
        match self.entry?.value {
            ValueType::Supervisord(kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether its value is a command line with one of these bytes in it.
    pub(super) fn is_exec_with(&self, bytes: &[u8]) -> bool {
        self.is_command() && self.directive.value.text().bytes().any(|byte| bytes.contains(&byte))
    }
}
