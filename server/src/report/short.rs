//! `PATH:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`

use std::io::{self, Write};

use super::{Report, escape};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        let path = escape::path(report.path(&finding.spot));
        let start = finding.spot.start;
        let (line, column) = (start.line + 1, start.column + 1);
        let message = escape::controls(&finding.message);
        writeln!(out, "{path}:{line}:{column}: {}: {message} [{}]", finding.severity.name(), finding.rule)?;
    }
    Ok(())
}
