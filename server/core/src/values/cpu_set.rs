//! Sets of CPUs and NUMA nodes: `0-3,8` (`parse_cpu_set_full`, `src/shared/cpu-set-util.c`).

use std::ops::RangeInclusive;

use super::number::unsigned32;
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown};

/// What was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CpuSet {
    /// These, by number.
    Ranges(Vec<RangeInclusive<u32>>),
    /// All NUMA nodes: `all`.
    All,
    /// The CPUs of the NUMA nodes that the unit is bound to: `numa`.
    Numa,
}

/// By blanks and commas.
const STYLE: Style = Style { separators: b" \t\n\r,", ..Style::QUOTED };

/// The highest number that a CPU may have.
const MAX: u32 = 8191;

/// Reads the CPUs or NUMA nodes that a directive names.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<CpuSet> {
    let mut dropped = Vec::new();
    let set = specifier::resolve(&Word::whole(text), Place::TEXT, context, problems, |text| {
        dropped.clear();
        read(text, context, &mut dropped)
    });
    problems.append(&mut dropped);
    set.map(CpuSet::Ranges)
}

/// Reads the CPUs that processes run on, or `numa`.
pub fn parse_affinity(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<CpuSet> {
    if text == "numa" { Some(CpuSet::Numa) } else { parse(text, context, problems) }
}

/// Reads NUMA nodes, or `all`; there are no specifiers here.
pub fn parse_nodes(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<CpuSet> {
    if text == "all" {
        return Some(CpuSet::All);
    }
    match read(text, context, problems) {
        Ok(ranges) => Some(CpuSet::Ranges(ranges)),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Reads ranges; those that are upside down are dropped, any other mistake spoils all.
fn read(text: &str, context: &Context, dropped: &mut Vec<Problem>) -> Result<Vec<RangeInclusive<u32>>, Problem> {
    let mut ranges = Vec::new();
    for word in Words::new(text, STYLE) {
        let word = word?;
        let Some((first, last)) = range(&word.text) else {
            return Err(context.takes("numbers and ranges such as 0-3", &word.text, word.span));
        };
        if first > last {
            let message = format!("\"{}\" is upside down: {first} is more than {last}", shown(&word.text));
            dropped.push(Problem::refused(word.span, message).or(format!("{last}-{first}"), false));
        } else if first == u32::MAX {
            // The range that systemd makes of it is empty.
            dropped.push(Problem::doubtful(word.span, format!("there is no CPU or node {first}")));
        } else if last > MAX {
            return Err(context.takes(format_args!("numbers up to {MAX}"), &word.text, word.span));
        } else {
            ranges.push(first..=last);
        }
    }
    Ok(ranges)
}

/// Reads `3` or `0-3` (`parse_range`, `src/basic/parse-util.c`).
fn range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((unsigned32(first).ok()?, unsigned32(last).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{check, context};

    #[test]
    fn ranges_in_any_order() {
        let mut problems = Vec::new();
        let set = parse("8,0-3  '5'", &context("AllowedCPUs", 262, ""), &mut problems);
        assert_eq!((set, problems), (Some(CpuSet::Ranges(vec![8..=8, 0..=3, 5..=5])), Vec::new()));
    }

    #[test]
    fn what_is_refused() {
        for (directive, text, expected) in [
            ("CPUAffinity", "numa", ""),
            ("NUMAMask", "all", ""),
            ("CPUAffinity", "%U", ""),
            ("NUMAMask", "%U", "refused 0-2 NUMAMask= takes numbers and ranges such as 0-3, not \"%U\""),
            ("CPUAffinity", "1 3-0", "refused 2-5 \"3-0\" is upside down: 3 is more than 0 (perhaps: 0-3)"),
            ("CPUAffinity", "1,x", "refused 2-3 CPUAffinity= takes numbers and ranges such as 0-3, not \"x\""),
            ("CPUAffinity", "0-8192", "refused 0-6 CPUAffinity= takes numbers up to 8191, not \"0-8192\""),
            ("CPUAffinity", "0-", "refused 0-2 CPUAffinity= takes numbers and ranges such as 0-3, not \"0-\""),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected);
        }
    }
}
