//! A device, or a file on one, and a weight, limit or latency for it: `/dev/sda 100`
//! (`config_parse_io_limit` and its kin, `src/core/load-fragment.c`).

use super::limit::read_weight;
use super::path::{self, Want};
use super::size::{self, Base};
use super::specifier::{self, Place};
use super::time_span::{self, BareUnit, TimeSpan};
use super::words::{Style, Word, Words};
use super::{Context, NumberError, Problem, whole};

/// A device and what is set for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IoDevice<T> {
    /// The device node, or a file on the device.
    pub path: String,
    /// What is set.
    pub value: T,
}

/// Reads a weight from 1 to 10000 for a device.
pub fn parse_weight(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<IoDevice<u16>> {
    parse(text, "a weight from 1 to 10000", context, problems, |value| {
        read_weight(&value.text).ok_or_else(|| context.takes("a weight from 1 to 10000", &value.text, value.span))
    })
}

/// Reads a limit for a device: bytes or operations a second, of base 1000; `u64::MAX` is none.
pub fn parse_limit(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<IoDevice<u64>> {
    parse(text, "a limit such as 5M, or infinity", context, problems, |value| {
        if value.text == "infinity" {
            return Ok(u64::MAX);
        }
        match size::read(&value.text, Base::Decimal) {
            Ok(limit) if limit > 0 => Ok(limit),
            Err(NumberError::Syntax) => {
                let problem = size::explain(&value.text, context);
                Err(Problem { span: value.place(problem.span), ..problem })
            }
            _ => Err(context.takes("a limit above 0", &value.text, value.span)),
        }
    })
}

/// Reads a latency to aim at for a device.
pub fn parse_latency(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<IoDevice<TimeSpan>> {
    parse(text, "a latency such as 25ms", context, problems, |value| {
        time_span::read(&value.text, BareUnit::Seconds).map_err(|error| {
            let problem = time_span::explain(&value.text, BareUnit::Seconds, error, context);
            Problem { span: value.place(problem.span), ..problem }
        })
    })
}

fn parse<T>(
    text: &str,
    expected: &str,
    context: &Context,
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&Word) -> Result<T, Problem>,
) -> Option<IoDevice<T>> {
    let mut words = Words::new(text, Style::QUOTED);
    let path = match words.next()? {
        Ok(path) => path,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let Some(value) = words.remainder().filter(|value| !value.text.is_empty()) else {
        problems.push(context.takes(format_args!("a device and {expected}"), text, whole(text)));
        return None;
    };
    let path = specifier::resolve(&path, Place::PATH, context, problems, |path| {
        path::check(path, Want::Any, context.version).map(|()| path.to_owned())
    })?;
    match read(&value) {
        Ok(value) => Some(IoDevice { path, value }),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn device_and_value() {
        for (directive, text, expected) in [
            ("IOWriteBandwidthMax", "/dev/sda 5M", ""),
            ("IOWriteBandwidthMax", "\"/dev/disk/by-label/a b\" infinity", ""),
            ("IODeviceWeight", "/var 100", ""),
            ("IODeviceLatencyTargetSec", "/var 25ms", ""),
            (
                "IOWriteBandwidthMax",
                "5M",
                "refused 0-2 IOWriteBandwidthMax= takes a device and a limit such as 5M, or infinity, not \"5M\"",
            ),
            (
                "IOWriteBandwidthMax",
                "/dev/sda 5Mb",
                "refused 10-12 \"Mb\" is no unit of size: write K, M, G, T, P or E (perhaps: M)",
            ),
            ("IODeviceWeight", "/dev/sda 0", "refused 9-10 IODeviceWeight= takes a weight from 1 to 10000, not \"0\""),
            (
                "IODeviceLatencyTargetSec",
                "/dev/sda 25 mss",
                "refused 12-15 \"mss\" is no unit of time: write s, min, h, d, w, ms or us (perhaps: ms)",
            ),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected);
        }
    }
}
