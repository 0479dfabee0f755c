//! Resource limits of processes: `1024`, `4M:infinity`, `+5` (`src/basic/rlimit-util.c`).

use super::number::unsigned;
use super::size::{self, Base};
use super::time_span::{self, BareUnit, TimeSpan};
use super::words::{Style, Words};
use super::{Context, NumberError, Problem, whole};

/// The two values of a resource limit, in the kernel's units; `u64::MAX` is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// What applies at first.
    pub soft: u64,
    /// What the process may raise it to.
    pub hard: u64,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resource {
    Number,
    Bytes,
    Seconds,
    Microseconds,
    Nice,
}

/// Reads a directive's resource limit; what it counts is in the directive's name.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Rlimit> {
    let resource = Resource::of(context.directive.name);
    let mut parts = Words::new(text, Style::COLONS);
    let mut values = [0; 2];
    let mut count = 0;
    for value in &mut values {
        let Some(part) = parts.next() else { break };
        let read = part.and_then(|part| {
            resource.read(&part.text).map_err(|_| context.takes(resource.expected(), &part.text, part.span))
        });
        match read {
            Ok(limit) => *value = limit,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        }
        count += 1;
    }
    let [soft, hard] = values;
    let limit = Rlimit { soft, hard: if count == 2 { hard } else { soft } };
    if !parts.rest().is_empty() {
        problems.push(context.takes("one or two limits, SOFT:HARD", text, whole(text)));
    } else if limit.soft > limit.hard {
        problems.push(Problem::refused(whole(text), "the soft limit, the first one, is above the hard limit"));
    } else {
        return Some(limit);
    }
    None
}

impl Resource {
    fn of(directive: &str) -> Self {
        match directive {
            "LimitCPU" => Resource::Seconds,
            "LimitRTTIME" => Resource::Microseconds,
            "LimitNICE" => Resource::Nice,
            "LimitNOFILE" | "LimitNPROC" | "LimitLOCKS" | "LimitSIGPENDING" | "LimitRTPRIO" => Resource::Number,
            _ => Resource::Bytes,
        }
    }

    fn read(self, text: &str) -> Result<u64, NumberError> {
        if text == "infinity" && self != Resource::Nice {
            return Ok(u64::MAX);
        }
        let value = match self {
            Resource::Number => unsigned(text)?,
            Resource::Bytes => size::read(text, Base::Binary)?,
            Resource::Seconds => match time_span::read(text, BareUnit::Seconds)? {
                TimeSpan::INFINITY => return Ok(u64::MAX),
                TimeSpan(micros) => micros.div_ceil(1_000_000),
            },
            Resource::Microseconds => return time_span::read(text, BareUnit::Microseconds).map(|span| span.0),
            Resource::Nice => return nice(text),
        };
        if value < u64::MAX { Ok(value) } else { Err(NumberError::Range) }
    }

    fn expected(self) -> &'static str {
        match self {
            Resource::Number => "a number or infinity",
            Resource::Bytes => "a size such as 512M, or infinity",
            Resource::Seconds => "a time span, seconds without a unit, or infinity",
            Resource::Microseconds => "a time span, microseconds without a unit, or infinity",
            Resource::Nice => "a nice level from -20 to +19 with its sign, or a limit from 0 to 40",
        }
    }
}

/// Reads a nice level with its sign, or the number that the kernel counts in: 20 minus the level.
fn nice(text: &str) -> Result<u64, NumberError> {
    let bounded =
        |text, max| unsigned(text).and_then(|number| if number <= max { Ok(number) } else { Err(NumberError::Range) });
    match text.as_bytes().first() {
        Some(b'+') => bounded(&text[1..], 19).map(|level| 20 - level),
        Some(b'-') => bounded(&text[1..], 20).map(|level| 20 + level),
        _ => bounded(text, 40),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{context, show};

    #[test]
    fn units_pairs_and_order() {
        let infinity = u64::MAX;
        for (directive, text, expected) in [
            ("LimitNOFILE", "1024", Ok((1024, 1024))),
            ("LimitNOFILE", "1024:infinity", Ok((1024, infinity))),
            ("LimitNOFILE", "1024:", Err("refused 5-5 LimitNOFILE= takes a number or infinity, not \"\"")),
            ("LimitNOFILE", "1024:2048:", Ok((1024, 2048))),
            ("LimitNOFILE", "1:2:3", Err("refused 0-5 LimitNOFILE= takes one or two limits, SOFT:HARD, not \"1:2:3\"")),
            ("LimitNOFILE", "2:1", Err("refused 0-3 the soft limit, the first one, is above the hard limit")),
            ("LimitNOFILE", "4K", Err("refused 0-2 LimitNOFILE= takes a number or infinity, not \"4K\"")),
            ("LimitCORE", "4K", Ok((4096, 4096))),
            ("LimitCPU", "1.5s", Ok((2, 2))),
            ("LimitCPU", "2min", Ok((120, 120))),
            ("LimitRTTIME", "5", Ok((5, 5))),
            ("LimitNICE", "-5", Ok((25, 25))),
            ("LimitNICE", "+19", Ok((1, 1))),
            ("LimitNICE", "40", Ok((40, 40))),
            (
                "LimitNICE",
                "infinity",
                Err("refused 0-8 LimitNICE= takes a nice level from -20 to +19 with its sign, \
                     or a limit from 0 to 40, not \"infinity\""),
            ),
        ] {
            let mut problems = Vec::new();
            let limit = parse(text, &context(directive, 262, ""), &mut problems);
            let found = limit.map(|limit| (limit.soft, limit.hard));
            let said = problems.first().map(show);
            match expected {
                Ok(limits) => assert_eq!((found, said), (Some(limits), None), "{text}"),
                Err(message) => assert_eq!((found, said.as_deref()), (None, Some(message)), "{text}"),
            }
        }
    }
}
