//! Where the blanks of a value do no more than separate words.

use crate::schema;
use crate::syntax::{Directive, File, Value};
use crate::text::Span;
use crate::values::ValueType;
use crate::values::words::{Style, Words};

/// The words of a value, in which blanks mean something, unlike between them.
pub(super) struct Separators {
    words: Vec<Span>,
    /// From here on nobody can say: the rest can't be split into words.
    end: u32,
}

impl Separators {
    /// Splits the value of `directive`; `None` if it isn't known to be a list
    /// of words, so that every blank may count.
    pub(super) fn of(file: &File, directive: &Directive) -> Option<Self> {
        let section = schema::section(&file.section_at(directive.span)?.name)?;
        let style = style(section.get(&directive.key)?.value)?;
        let mut separators = Separators { words: Vec::new(), end: 0 };
        let text = directive.value.text();
        let mut words = Words::new(text, style);
        while let Some(word) = words.next_or_warn(&mut Vec::new()) {
            match word {
                Ok(word) => separators.words.push(word.span),
                Err(_) => return Some(separators),
            }
            separators.end = separators.words.last().map_or(0, |last| last.end);
        }
        separators.end = u32::MAX;
        Some(separators)
    }

    /// Whether what stands between words, and could be indented by more or
    /// less, is the line of `value` that begins at `line`.
    pub(super) fn indent(&self, value: &Value, line: u32) -> bool {
        let span = value.span();
        line <= span.start || line < span.end && self.contain(value.inner(line).saturating_sub(1))
    }

    /// Whether what is written behind the value would be another word.
    pub(super) fn go_on(&self) -> bool {
        self.end == u32::MAX
    }

    /// Whether the blank at `inner` of the value's text only separates words.
    fn contain(&self, inner: u32) -> bool {
        let behind = self.words.partition_point(|word| word.end <= inner);
        inner < self.end && self.words.get(behind).is_none_or(|word| inner < word.start)
    }
}

/// How a type of values is split, for those that people write on several lines
/// and in which any number of blanks is one separator; in `BindPaths=` it isn't.
fn style(value: ValueType) -> Option<Style> {
    Some(match value {
        ValueType::Environment | ValueType::Exec | ValueType::UnsetEnvironment => Style::COMMAND,
        ValueType::AddressFamilies
        | ValueType::CapabilitySet
        | ValueType::Controllers
        | ValueType::FilesystemFilter
        | ValueType::InterfaceFilter
        | ValueType::MountsFor
        | ValueType::PassEnvironment
        | ValueType::PathList
        | ValueType::SyscallArchitectures
        | ValueType::TemporaryFilesystems => Style::QUOTED,
        ValueType::AddressPrefixes
        | ValueType::ExitStatusSet
        | ValueType::InstallAlso
        | ValueType::NamespaceFlags
        | ValueType::ServiceSockets
        | ValueType::SyscallFilter
        | ValueType::SyscallLog => Style::BARE,
        ValueType::Documentation | ValueType::ExecDirectories | ValueType::InstallAlias | ValueType::InstallUnits => {
            Style::TUPLES
        }
        ValueType::UnitList => Style::PLAIN,
        _ => return None,
    })
}
