//! Counts of findings.

use std::collections::BTreeMap;
use std::fmt::Write;

use svlsp_core::diagnostic::Severity;

use super::Finding;

/// `3 errors, 1 warning`; `no problems` if there is nothing.
pub fn summary(findings: &[Finding]) -> String {
    let mut parts = Vec::new();
    for (severity, noun) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")] {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            parts.push(plural(count, noun));
        }
    }
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// `1 file`, `2 files`.
pub fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// One line for each rule that found something, the most busy one first.
pub fn table(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<&str, (usize, Severity)> = BTreeMap::new();
    for finding in findings {
        let (count, severity) = counts.entry(finding.rule).or_insert((0, finding.severity));
        *count += 1;
        *severity = finding.severity.max(*severity);
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|&(rule, (count, _))| (std::cmp::Reverse(count), rule));
    let width = rows.iter().map(|(_, (count, _))| count.to_string().len()).max().unwrap_or(0);
    let mut out = String::new();
    for (rule, (count, severity)) in rows {
        let _ = writeln!(out, "{count:>width$}  {:<7}  {rule}", severity.name());
    }
    out
}
