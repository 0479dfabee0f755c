//! Steps about scheduling, limits and what else the kernel keeps for a process.

use super::lower::Lowering;
use super::step::{Link, Step};
use crate::schema::{Key, key::exec as of};
use crate::values::cpu_set::{self, CpuSet};
use crate::values::time_span::{self, BareUnit};
use crate::values::{boolean, coredump_filter, mode, rlimit};

/// `CPUSchedulingPolicy=` and what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuScheduling {
    /// `other`, `batch`, `idle`, `fifo`, `rr`.
    pub policy: &'static str,
    /// From 1 to 99 for `fifo` and `rr`, else 0.
    pub priority: u8,
    /// `CPUSchedulingResetOnFork=`
    pub reset_on_fork: bool,
}

/// `IOSchedulingClass=` and `IOSchedulingPriority=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IoScheduling {
    /// 1 realtime, 2 best-effort, 3 idle; 0 none.
    pub class: u8,
    /// From 0, the highest, to 7.
    pub priority: u8,
}

/// `NUMAPolicy=` and `NUMAMask=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numa {
    /// The word as systemd has it.
    pub policy: &'static str,
    /// The nodes: `0-1,3`, `all`.
    pub nodes: Option<String>,
}

/// One of the `Limit…=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// As prlimit's long option has it: `nofile`.
    pub resource: &'static str,
    /// In the kernel's units; `u64::MAX` is none.
    pub soft: u64,
    /// The same.
    pub hard: u64,
    /// The assignment.
    pub at: super::At,
}

/// Each limit, with prlimit's name of it.
const LIMITS: [(Key, &str); 16] = [
    (of::LimitCPU, "cpu"),
    (of::LimitFSIZE, "fsize"),
    (of::LimitDATA, "data"),
    (of::LimitSTACK, "stack"),
    (of::LimitCORE, "core"),
    (of::LimitRSS, "rss"),
    (of::LimitNOFILE, "nofile"),
    (of::LimitAS, "as"),
    (of::LimitNPROC, "nproc"),
    (of::LimitMEMLOCK, "memlock"),
    (of::LimitLOCKS, "locks"),
    (of::LimitSIGPENDING, "sigpending"),
    (of::LimitMSGQUEUE, "msgqueue"),
    (of::LimitNICE, "nice"),
    (of::LimitRTPRIO, "rtprio"),
    (of::LimitRTTIME, "rttime"),
];

/// What is set before the environment is looked at.
pub(super) fn early(low: &mut Lowering, links: &mut Vec<Link>) {
    let mut push = |step, from| links.push(Link { step, from });
    if let Some(leaf) = low.signed(of::OOMScoreAdjust, -1000..=1000) {
        push(Step::OomScoreAdjust(leaf.value as i16), leaf.at.into_iter().collect());
    }
    if let Some(leaf) = low.optional(of::CoredumpFilter, coredump_filter::parse) {
        push(Step::CoredumpFilter(leaf.value.0), low.all(of::CoredumpFilter));
    }
    if let Some(leaf) = low.signed(of::Nice, -20..=19) {
        push(Step::Nice(leaf.value as i8), leaf.at.into_iter().collect());
    }
    let policy = low.choice(of::CPUSchedulingPolicy);
    let priority = low.signed(of::CPUSchedulingPriority, 0..=99);
    let reset = low.optional(of::CPUSchedulingResetOnFork, boolean::parse);
    let from: Vec<_> =
        [policy.and_then(|leaf| leaf.at), priority.and_then(|leaf| leaf.at), reset.and_then(|leaf| leaf.at)]
            .into_iter()
            .flatten()
            .collect();
    if !from.is_empty() {
        let policy = policy.map_or("other", |leaf| leaf.value);
        let realtime = matches!(policy, "fifo" | "rr");
        let priority = priority.map_or(u8::from(realtime), |leaf| leaf.value as u8);
        push(
            Step::CpuScheduling(CpuScheduling {
                policy,
                priority: if realtime { priority.max(1) } else { 0 },
                reset_on_fork: reset.is_some_and(|leaf| leaf.value),
            }),
            from,
        );
    }
    let from = low.all(of::CPUAffinity);
    let mut cpus = Vec::new();
    for at in &from {
        if let Some(CpuSet::Ranges(ranges)) = low.parse(*at, cpu_set::parse_affinity) {
            cpus.extend(ranges.iter().map(|range| match range.start() == range.end() {
                true => range.start().to_string(),
                false => format!("{}-{}", range.start(), range.end()),
            }));
        }
    }
    if !cpus.is_empty() {
        push(Step::CpuAffinity(cpus.join(",")), from);
    }
    if let Some(policy) = low.choice(of::NUMAPolicy) {
        let mask = low.last(of::NUMAMask);
        let nodes = mask.map(|at| low.value(at).split_whitespace().collect::<Vec<_>>().join(","));
        push(Step::Numa(Numa { policy: policy.value, nodes }), policy.at.into_iter().chain(mask).collect());
    }
    let class = low.choice(of::IOSchedulingClass);
    let priority = low.signed(of::IOSchedulingPriority, 0..=7);
    if class.is_some() || priority.is_some() {
        let number = match class.map_or("best-effort", |leaf| leaf.value) {
            "realtime" => 1,
            "best-effort" => 2,
            "idle" => 3,
            _ => 0,
        };
        let step = IoScheduling { class: number, priority: priority.map_or(4, |leaf| leaf.value as u8) };
        let from = class.and_then(|leaf| leaf.at).into_iter().chain(priority.and_then(|leaf| leaf.at)).collect();
        push(Step::IoScheduling(step), from);
    }
    let slack = low.optional(of::TimerSlackNSec, |text, context, problems| {
        time_span::parse(text, BareUnit::Nanoseconds, context, problems)
    });
    if let Some(leaf) = slack {
        push(Step::TimerSlack(leaf.value.0), leaf.at.into_iter().collect());
    }
    if let Some(leaf) = low.choice(of::Personality) {
        push(Step::Personality(leaf.value), leaf.at.into_iter().collect());
    }
}

/// `UMask=`, which holds also where nobody sets it, and the limits.
pub(super) fn limits(low: &mut Lowering, links: &mut Vec<Link>) {
    let mask = low.single(of::UMask, 0o022, |text, context, problems| Some(mode::parse(text, context, problems)?.0));
    links.push(Link { step: Step::UMask(mask.value), from: mask.at.into_iter().collect() });
    let mut limits = Vec::new();
    for (key, resource) in LIMITS {
        let Some(leaf) = low.optional(key, rlimit::parse) else { continue };
        let Some(at) = leaf.at else { continue };
        limits.push(Limit { resource, soft: leaf.value.soft, hard: leaf.value.hard, at });
    }
    if !limits.is_empty() {
        let from = limits.iter().map(|limit| limit.at).collect();
        links.push(Link { step: Step::Limits(limits), from });
    }
}
