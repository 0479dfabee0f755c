//! How much of something a unit may use: bytes, tasks, shares of a device
//! (`config_parse_memory_limit`, `config_parse_tasks_max`, `src/core/load-fragment.c`;
//! `cg_weight_parse`, `src/shared/cgroup-setup.c`).

use super::number::unsigned;
use super::percent::{self, Permyriad};
use super::size::{self, Base};
use super::{Context, Problem, whole};

/// An upper or lower limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many bytes or tasks.
    Count(u64),
    /// A share of what the machine has.
    Share(Permyriad),
    /// None at all.
    Infinity,
}

/// A weight against that of other units: 1 to 10000, 100 being usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// A number.
    Number(u16),
    /// Only what nobody else wants.
    Idle,
}

/// Reads a directive's limit of memory, in bytes.
pub fn parse_memory(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Limit> {
    if text == "infinity" {
        return Some(Limit::Infinity);
    }
    let limit = match percent::read(text).ok().filter(|share| *share <= Permyriad::WHOLE) {
        Some(share) => Limit::Share(share),
        None => match size::read(text, Base::Binary) {
            Ok(bytes) if bytes < u64::MAX => Limit::Count(bytes),
            _ if text.ends_with(['%', '‰', '‱']) => {
                problems.push(context.takes("a size, a percentage up to 100% or infinity", text, whole(text)));
                return None;
            }
            _ => {
                problems.push(size::explain(text, context));
                return None;
            }
        },
    };
    if matches!(limit, Limit::Count(0) | Limit::Share(Permyriad(0))) && !takes_zero(context.directive.name) {
        problems.push(context.takes("more than nothing", text, whole(text)));
        return None;
    }
    Some(limit)
}

/// Reads a directive's limit of tasks.
pub fn parse_tasks(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Limit> {
    if text == "infinity" {
        return Some(Limit::Infinity);
    }
    if let Some(share) = percent::read(text).ok().filter(|share| *share <= Permyriad::WHOLE) {
        return Some(Limit::Share(share));
    }
    let count = unsigned(text).ok().filter(|count| (1..u64::MAX).contains(count));
    if count.is_none() {
        problems.push(context.takes(
            "a number of tasks from 1, a percentage up to 100% or infinity",
            text,
            whole(text),
        ));
    }
    count.map(Limit::Count)
}

/// Reads a directive's quota of disk space: bytes or a share of the file system; `off` is none.
pub fn parse_quota(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Limit> {
    if text == "off" {
        return Some(Limit::Infinity);
    }
    if let Some(share) = percent::read(text).ok().filter(|share| *share <= Permyriad::WHOLE) {
        return Some(Limit::Share(share));
    }
    let bytes = size::read(text, Base::Binary).ok();
    if bytes.is_none() {
        problems.push(context.takes("a size, a percentage up to 100% or off", text, whole(text)));
    }
    bytes.map(Limit::Count)
}

/// Reads a directive's number of units that may be active, or `infinity`.
pub fn parse_concurrency(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Limit> {
    if text == "infinity" {
        return Some(Limit::Infinity);
    }
    let count = unsigned(text).ok().filter(|count| *count <= u32::MAX.into());
    if count.is_none() {
        problems.push(context.takes("a number of units or infinity", text, whole(text)));
    }
    count.map(Limit::Count)
}

/// Reads a directive's weight; only CPU time may be given out as `idle`.
pub fn parse_weight(text: &str, idle: bool, context: &Context, problems: &mut Vec<Problem>) -> Option<Weight> {
    if idle && text == "idle" {
        return Some(Weight::Idle);
    }
    let weight = read_weight(text);
    if weight.is_none() {
        let expected = if idle { "a weight from 1 to 10000, or idle" } else { "a weight from 1 to 10000" };
        problems.push(context.takes(expected, text, whole(text)));
    }
    weight.map(Weight::Number)
}

/// Reads a weight from 1 to 10000.
pub(super) fn read_weight(text: &str) -> Option<u16> {
    let weight = unsigned(text).ok()?;
    u16::try_from(weight).ok().filter(|weight| (1..=10_000).contains(weight))
}

/// Whether a limit of memory may be nothing at all.
fn takes_zero(directive: &str) -> bool {
    matches!(
        directive,
        "MemorySwapMax"
            | "StartupMemorySwapMax"
            | "MemoryZSwapMax"
            | "StartupMemoryZSwapMax"
            | "MemoryLow"
            | "StartupMemoryLow"
            | "MemoryMin"
            | "DefaultMemoryLow"
            | "DefaultMemoryMin"
    )
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn what_is_taken_and_what_is_said() {
        for (directive, text, expected) in [
            ("MemoryMax", "1.5G", ""),
            ("MemoryMax", "50%", ""),
            ("MemoryMax", "infinity", ""),
            ("MemoryMax", "0", "refused 0-1 MemoryMax= takes more than nothing, not \"0\""),
            ("MemoryLow", "0", ""),
            (
                "MemoryMax",
                "101%",
                "refused 0-4 MemoryMax= takes a size, a percentage up to 100% or infinity, not \"101%\"",
            ),
            ("MemoryMax", "512m", "refused 3-4 \"m\" is no unit of size: write K, M, G, T, P or E (perhaps: M)"),
            ("TasksMax", "80%", ""),
            (
                "TasksMax",
                "0",
                "refused 0-1 TasksMax= takes a number of tasks from 1, a percentage up to 100% or infinity, not \"0\"",
            ),
            ("CPUWeight", "idle", ""),
            ("IOWeight", "idle", "refused 0-4 IOWeight= takes a weight from 1 to 10000, not \"idle\""),
            ("CPUQuota", "200%", ""),
            (
                "CPUQuota",
                "20",
                "refused 0-2 CPUQuota= takes a percentage above 0%, where 100% is one CPU, not \"20\" (perhaps: 20%)",
            ),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected);
        }
    }
}
