//! `LogFilterPatterns=` (`config_parse_log_filter_patterns`).

use super::{Problem, whole};

/// A pattern that log messages are filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'t> {
    /// `~`: messages that match are dropped; else those that don't.
    pub deny: bool,
    /// A regular expression of PCRE2, which isn't checked.
    pub regex: &'t str,
}

/// Reads a pattern.
pub fn parse_pattern<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<Pattern<'t>> {
    let regex = text.strip_prefix('~');
    if regex == Some("") {
        problems.push(Problem::refused(whole(text), "a pattern must follow the \"~\""));
        return None;
    }
    Some(Pattern { deny: regex.is_some(), regex: regex.unwrap_or(text) })
}
