//! Numbers: sizes, shares, weights, priorities, modes, resource limits.

use std::fmt::Write;

use super::super::limit::{self, Limit, Weight};
use super::super::mode::{self, Mode};
use super::super::percent::{self, Permyriad};
use super::super::size::{self, Base};
use super::super::time_span::TimeSpan;
use super::super::{Context, number, rlimit};
use super::{Explanation, time};

/// An octal mode, spelled out.
pub(super) fn mode(text: &str, context: &Context) -> Option<Explanation> {
    let Mode(bits) = mode::parse(text, context, &mut Vec::new())?;
    Explanation::whole(text, mode_shown(bits, context.directive.name == "UMask"))
}

/// A mode, or what is left by it where it is a mask.
pub(super) fn mode_shown(bits: u16, mask: bool) -> String {
    if mask {
        let rest = |base: u16| triplets(base & !bits);
        return format!("what new files don't permit: files get {}, directories {}", rest(0o666), rest(0o777));
    }
    let mut out = format!("{}: {}", triplets(bits), who(bits));
    let special = [(0o4000, "set-user-ID"), (0o2000, "set-group-ID"), (0o1000, "sticky")];
    for (_, name) in special.into_iter().filter(|(bit, _)| bits & bit != 0) {
        // Writing to a String can't fail.
        let _ = write!(out, ", {name}");
    }
    out
}

/// "`rwxr-x---`"
fn triplets(bits: u16) -> String {
    let letters = (0..9).map(|at| if bits & (0o400 >> at) != 0 { ['r', 'w', 'x'][at % 3] } else { '-' });
    format!("`{}`", letters.collect::<String>())
}

/// "the owner may read, write and execute, the group read and execute, others nothing"
fn who(bits: u16) -> String {
    let may = |bits: u16| {
        let words: Vec<&str> = [(4, "read"), (2, "write"), (1, "execute")]
            .into_iter()
            .filter(|(bit, _)| bits & bit != 0)
            .map(|it| it.1)
            .collect();
        match words[..] {
            [] => "nothing".to_owned(),
            [ref first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            _ => words.concat(),
        }
    };
    format!("the owner may {}, the group {}, others {}", may(bits >> 6), may(bits >> 3), may(bits))
}

/// A size in bytes.
pub(super) fn bytes(text: &str) -> Option<Explanation> {
    Explanation::whole(text, bytes_shown(size::read(text, Base::Binary).ok()?))
}

/// A limit of memory, tasks, quota or units.
pub(super) fn limit(text: &str, context: &Context) -> Option<Explanation> {
    use super::super::ValueType::{ConcurrencyMax, TasksMax};
    let mut problems = Vec::new();
    let (limit, unit) = match context.directive.value {
        TasksMax => (limit::parse_tasks(text, context, &mut problems)?, "tasks"),
        ConcurrencyMax => (limit::parse_concurrency(text, context, &mut problems)?, "units"),
        super::super::ValueType::ExecQuota => (limit::parse_quota(text, context, &mut problems)?, "bytes"),
        _ => (limit::parse_memory(text, context, &mut problems)?, "bytes"),
    };
    let markdown = match limit {
        Limit::Infinity => "no limit".to_owned(),
        Limit::Share(share) if unit == "tasks" => format!("{} of the tasks that the system may have", percent(share)),
        Limit::Share(share) if unit == "units" => percent(share),
        Limit::Share(share) if context.directive.name.starts_with("Memory") => {
            format!("{} of the machine's memory", percent(share))
        }
        Limit::Share(share) => format!("{} of what there is", percent(share)),
        Limit::Count(count) if unit == "bytes" => bytes_shown(count),
        Limit::Count(count) => format!("{count} {unit}"),
    };
    Explanation::whole(text, markdown)
}

/// "536870912 bytes (512 MiB)"
pub(super) fn bytes_shown(bytes: u64) -> String {
    if bytes == u64::MAX {
        return "no limit".to_owned();
    }
    match scaled(bytes, 1024, ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]) {
        Some(scaled) => format!("{bytes} bytes ({scaled})"),
        None => format!("{bytes} bytes"),
    }
}

/// In the largest unit that it has one of, to a tenth.
pub(super) fn scaled(number: u64, base: u64, units: [&str; 6]) -> Option<String> {
    let power = (1..=6).rev().find(|power| number >= base.pow(*power))?;
    let unit = base.pow(power);
    let tenths = (number % unit) * 10 / unit;
    let name = units.get(power as usize - 1)?;
    let about = if (number % unit * 10).is_multiple_of(unit) { "" } else { "about " };
    Some(match tenths {
        0 => format!("{about}{} {name}", number / unit),
        _ => format!("{about}{}.{tenths} {name}", number / unit),
    })
}

/// A weight against that of others.
pub(super) fn weight(text: &str, idle: bool, context: &Context) -> Option<Explanation> {
    let markdown = match limit::parse_weight(text, idle, context, &mut Vec::new())? {
        Weight::Idle => "gets only what nobody else wants".to_owned(),
        Weight::Number(weight) => weight_shown(weight),
    };
    Explanation::whole(text, markdown)
}

/// A weight as a multiple of the usual one.
pub(super) fn weight_shown(weight: u16) -> String {
    let share = match weight {
        100 => "what all have that don't say otherwise".to_owned(),
        more @ 101.. => format!("{} times the share of a unit with the usual 100", hundredths(u64::from(more))),
        less => format!("{}% of the share of a unit with the usual 100", less),
    };
    format!("weight {weight}: {share}, where there isn't enough for all")
}

/// "1.5" of 150.
fn hundredths(number: u64) -> String {
    let text = format!("{}.{:02}", number / 100, number % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share of the time of one CPU, which may be more than all of it.
pub(super) fn cpu_quota(text: &str) -> Option<Explanation> {
    let Permyriad(share) = percent::read(text).ok()?;
    let cpus = hundredths(u64::from(share / 100));
    let plural = if share == 10_000 { "" } else { "s" };
    Explanation::whole(text, format!("the time of {cpus} CPU{plural}, however many there are"))
}

/// A percentage of all there is.
pub(super) fn share(text: &str) -> Option<Explanation> {
    Explanation::whole(text, percent(percent::read(text).ok()?))
}

fn percent(Permyriad(share): Permyriad) -> String {
    format!("{} %", hundredths(u64::from(share)))
}

/// A priority of some kind, against its scale.
pub(super) fn priority(text: &str, context: &Context) -> Option<Explanation> {
    let number = number::signed(text).ok()?;
    let place = match (context.directive.name, number) {
        ("Nice", 0) => "the usual priority".to_owned(),
        ("Nice", 1..) => format!("steps back behind others; 19 is the most, this is {number}"),
        ("Nice", _) => format!("goes before others; -20 is the most, this is {number}"),
        ("OOMScoreAdjust", -1000) => "never killed when memory runs out".to_owned(),
        ("OOMScoreAdjust", 1000) => "the first to be killed when memory runs out".to_owned(),
        ("OOMScoreAdjust", 0) => {
            "neither more nor less likely than others to be killed when memory runs out".to_owned()
        }
        ("OOMScoreAdjust", 1..) => "more likely than others to be killed when memory runs out".to_owned(),
        ("OOMScoreAdjust", _) => "less likely than others to be killed when memory runs out".to_owned(),
        ("IOSchedulingPriority", _) => {
            format!("level {number} of the scheduling class; 0 goes first, 7 last, 4 is usual")
        }
        ("CPUSchedulingPriority", 0) => "what policies take that aren't real-time".to_owned(),
        ("CPUSchedulingPriority", _) => format!("real-time priority {number}; 1 goes last, 99 first"),
        _ => return None,
    };
    Explanation::whole(text, place)
}

/// The soft and hard limit of a resource.
pub(super) fn rlimit(text: &str, context: &Context) -> Option<Explanation> {
    let limit = rlimit::parse(text, context, &mut Vec::new())?;
    let name = context.directive.name;
    let shown = |value: u64| match name {
        _ if value == u64::MAX => "no limit".to_owned(),
        "LimitCPU" => time::shown(TimeSpan(value.saturating_mul(1_000_000))),
        "LimitRTTIME" => time::shown(TimeSpan(value)),
        "LimitNICE" => format!("nice level {}", 20 - i64::try_from(value).unwrap_or_default().min(40)),
        "LimitNOFILE" => format!("{value} open files"),
        "LimitNPROC" => format!("{value} processes of the user"),
        "LimitLOCKS" | "LimitSIGPENDING" | "LimitRTPRIO" => value.to_string(),
        _ => bytes_shown(value),
    };
    let markdown = match limit.soft == limit.hard {
        true => format!("soft and hard limit: {}", shown(limit.soft)),
        false => format!(
            "soft limit: {}; hard limit, up to which the process may raise it: {}",
            shown(limit.soft),
            shown(limit.hard)
        ),
    };
    Explanation::whole(text, markdown)
}
