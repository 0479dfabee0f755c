//! Workflow commands that GitHub turns into annotations.

use std::io::{self, Write};

use svlsp_core::diagnostic::Severity;

use super::{Report, escape};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let path = property(&escape::path(report.path(&finding.spot)));
        let (start, end) = (finding.spot.start, finding.spot.end);
        write!(out, "::{command} file={path},line={},endLine={}", start.line + 1, end.line + 1)?;
        if start.line == end.line {
            let last = end.column.max(start.column + 1);
            write!(out, ",col={},endColumn={last}", start.column + 1)?;
        }
        let help = finding.help.as_deref().map_or(String::new(), |help| format!("\n{}", escape::controls(help)));
        let text = format!("{}{help}", escape::controls(&finding.message));
        writeln!(out, ",title={}::{}", property(&format!("svlsp: {}", finding.rule)), data(&text))?;
    }
    Ok(())
}

/// Escapes a message, as `escapeData` of GitHub's toolkit.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, as `escapeProperty` of GitHub's toolkit.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
