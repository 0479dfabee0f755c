use super::{Check, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    name: "file-too-large",
    severity: Severity::Error,
    optional: false,
    doc: "\
A file of more than 16 MiB. Nobody writes such a unit; it is most likely another file by that name. It isn't looked at.

In an editor a file of more than 1 MiB is checked for its syntax only; a hint says so.",
    systemd: Some(Check::Other),
    supervisord: Some(Check::Other),
};

/// The size in bytes from which on a file isn't read.
pub const MAX_FILE: u64 = 16 << 20;

/// Says that a file of `size` bytes isn't checked.
pub fn file_too_large(size: u64) -> Diagnostic {
    let message = format!("a file of {} MiB is not checked; the most is {} MiB", size >> 20, MAX_FILE >> 20);
    RULE.at(Span::at(0), message)
}

/// The size in bytes above which only the syntax of a file that is being edited is checked.
pub const MAX_EDITED: usize = 1 << 20;

/// Says that of a file of `size` bytes only the syntax is checked.
pub fn only_syntax(size: usize) -> Diagnostic {
    let message = format!("only the syntax of a file of {} KiB is checked here; svlsp check does more", size >> 10);
    Diagnostic { severity: Severity::Hint, ..RULE.at(Span::at(0), message) }
}
