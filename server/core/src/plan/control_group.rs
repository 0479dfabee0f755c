//! What the kernel's control groups know about how much a service may use.

use std::ops::RangeInclusive;

use super::At;
use super::lower::Lowering;
use super::step::{ControlGroup, Link, Step};
use crate::schema::{Key, key::resource_control as of};
use crate::values::cpu_set::{self, CpuSet};
use crate::values::io_device::{self, IoDevice};
use crate::values::limit::{self, Limit, Weight};
use crate::values::percent::{self, Permyriad};
use crate::values::{Context, Problem, boolean};

/// Limits of memory.
const MEMORY: [(Key, &str); 6] = [
    (of::MemoryMin, "memory.min"),
    (of::MemoryLow, "memory.low"),
    (of::MemoryHigh, "memory.high"),
    (of::MemoryMax, "memory.max"),
    (of::MemorySwapMax, "memory.swap.max"),
    (of::MemoryZSwapMax, "memory.zswap.max"),
];

/// CPUs and nodes.
const SETS: [(Key, &str); 2] = [(of::AllowedCPUs, "cpuset.cpus"), (of::AllowedMemoryNodes, "cpuset.mems")];

/// Limits of a device.
const DEVICE_LIMITS: [(Key, &str); 4] = [
    (of::IOReadBandwidthMax, "rbps"),
    (of::IOWriteBandwidthMax, "wbps"),
    (of::IOReadIOPSMax, "riops"),
    (of::IOWriteIOPSMax, "wiops"),
];

/// How long a quota of CPU time may be given out for at once, in µs.
const PERIODS: RangeInclusive<u64> = 1_000..=1_000_000;

/// The control group of a service.
pub(super) fn lower(low: &mut Lowering) -> Link {
    let mut knobs = Knobs { low, knobs: Vec::new(), from: Vec::new() };
    knobs.cpu();
    knobs.memory();
    knobs.tasks();
    knobs.sets();
    knobs.devices();
    Link { step: Step::ControlGroup(ControlGroup { knobs: knobs.knobs }), from: knobs.from }
}

/// What is written so far.
struct Knobs<'l, 'u, 'f> {
    low: &'l mut Lowering<'u, 'f>,
    knobs: Vec<(&'static str, String)>,
    from: Vec<At>,
}

impl<'u> Knobs<'_, 'u, '_> {
    /// A single value: what `read` makes of it.
    fn read<T>(&mut self, key: Key, read: impl FnOnce(&'u str, &Context, &mut Vec<Problem>) -> Option<T>) -> Option<T> {
        let leaf = self.low.optional(key, read)?;
        self.from.extend(leaf.at);
        Some(leaf.value)
    }

    fn put(&mut self, knob: &'static str, value: impl Into<String>) {
        self.knobs.push((knob, value.into()));
    }

    fn cpu(&mut self) {
        match self.read(of::CPUWeight, |text, context, problems| limit::parse_weight(text, true, context, problems)) {
            Some(Weight::Number(weight)) => self.put("cpu.weight", weight.to_string()),
            Some(Weight::Idle) => self.put("cpu.idle", "1"),
            None => {}
        }
        let range = Permyriad(1)..=Permyriad(u32::MAX);
        let quota = self.read(of::CPUQuota, |text, context, problems| percent::parse(text, range, context, problems));
        let period = self.low.seconds(of::CPUQuotaPeriodSec);
        let Some(Permyriad(quota)) = quota else { return };
        self.from.extend(period.and_then(|leaf| leaf.at));
        let period = period.map_or(100_000, |leaf| leaf.value);
        self.put("cpu.max", cpu_max(u64::from(quota), period));
    }

    fn memory(&mut self) {
        for (key, knob) in MEMORY {
            if let Some(limit) = self.read(key, limit::parse_memory) {
                self.put(knob, amount(limit));
            }
        }
        if let Some(writeback) = self.read(of::MemoryZSwapWriteback, boolean::parse) {
            self.put("memory.zswap.writeback", u8::from(writeback).to_string());
        }
    }

    fn tasks(&mut self) {
        if let Some(limit) = self.read(of::TasksMax, limit::parse_tasks) {
            self.put("pids.max", amount(limit));
        }
    }

    fn sets(&mut self) {
        for (key, knob) in SETS {
            let places = self.low.all(key);
            let mut all = Vec::new();
            for at in &places {
                if let Some(CpuSet::Ranges(ranges)) = self.low.parse(*at, cpu_set::parse) {
                    all.extend(ranges.iter().map(|range| match range.start() == range.end() {
                        true => range.start().to_string(),
                        false => format!("{}-{}", range.start(), range.end()),
                    }));
                }
            }
            if !all.is_empty() {
                self.from.extend(places);
                self.put(knob, all.join(","));
            }
        }
        if let Some(leaf) = self.low.choice(of::CPUSetPartition) {
            self.from.extend(leaf.at);
            self.put("cpuset.cpus.partition", leaf.value);
        }
    }

    fn devices(&mut self) {
        let weight = |text: &_, context: &Context, problems: &mut Vec<Problem>| {
            limit::parse_weight(text, false, context, problems)
        };
        if let Some(Weight::Number(weight)) = self.read(of::IOWeight, weight) {
            self.put("io.weight", format!("default {weight}"));
        }
        self.device(of::IODeviceWeight, "io.weight", io_device::parse_weight, |weight| weight.to_string());
        for (key, name) in DEVICE_LIMITS {
            self.device(key, "io.max", io_device::parse_limit, |limit| match *limit {
                u64::MAX => format!("{name}=max"),
                limit => format!("{name}={limit}"),
            });
        }
        self.device(of::IODeviceLatencyTargetSec, "io.latency", io_device::parse_latency, |latency| {
            format!("target={}", latency.0)
        });
    }

    /// Values of devices, each a line of its own; only the target knows their numbers.
    fn device<T>(
        &mut self,
        key: Key,
        knob: &'static str,
        read: impl Fn(&'u str, &Context, &mut Vec<Problem>) -> Option<IoDevice<T>>,
        show: impl Fn(&T) -> String,
    ) {
        for at in self.low.all(key) {
            let Some(device) = self.low.parse(at, &read) else { continue };
            let Some(path) = self.low.expand_at(at, device.path.as_bytes()) else { continue };
            if !path.starts_with(b"/") || path.contains(&b' ') {
                self.low.fault(at, "only an absolute path without blanks can be looked up at start");
                continue;
            }
            self.from.push(at);
            self.put(knob, format!("{} {}", String::from_utf8_lossy(&path), show(&device.value)));
        }
    }
}

/// A limit as the kernel reads it; a share as `N/10000`, which the tool resolves.
fn amount(limit: Limit) -> String {
    match limit {
        Limit::Count(count) => count.to_string(),
        Limit::Share(Permyriad(share)) => format!("{share}/10000"),
        Limit::Infinity => "max".to_owned(),
    }
}

/// A quota, in 0.01 % of a CPU, within a period in µs (`cgroup_apply_cpu_config`,
/// `cgroup_cpu_adjust_period` of `src/core/cgroup.c`): neither may be below 1 ms.
fn cpu_max(quota: u64, period: u64) -> String {
    let shortest = (*PERIODS.start() * 10_000).div_ceil(quota.max(1));
    let period = period.max(shortest).clamp(*PERIODS.start(), *PERIODS.end());
    let quota = (quota.saturating_mul(period) / 10_000).max(*PERIODS.start());
    format!("{quota} {period}")
}

#[cfg(test)]
mod tests {
    use super::cpu_max;

    #[test]
    fn quotas_and_periods() {
        for (quota, period, expected) in [
            (2_000, 100_000, "20000 100000"),
            (25_000, 100_000, "250000 100000"),
            (2_000, 10_000, "2000 10000"),
            (2_000, 1_000, "1000 5000"),
            (1, 100_000, "1000 1000000"),
            (10_000, u64::MAX, "1000000 1000000"),
        ] {
            assert_eq!(cpu_max(quota, period), expected);
        }
    }
}
