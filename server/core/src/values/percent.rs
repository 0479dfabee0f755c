//! Shares: `50%`, `12.5%`, `125‰`, `1250‱` (`parse_permyriad`, `src/basic/percent-util.c`).

use std::ops::RangeInclusive;

use super::number::signed;
use super::{Context, NumberError, Problem, whole};

/// A share of a whole in units of 0.01 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permyriad(pub u32);

impl Permyriad {
    /// The whole: 100 %.
    pub const WHOLE: Permyriad = Permyriad(10_000);
}

/// Reads a directive's share, which must be in `range`.
pub fn parse(
    text: &str,
    range: RangeInclusive<Permyriad>,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<Permyriad> {
    match read(text) {
        Ok(share) if range.contains(&share) => Some(share),
        _ => {
            let bounds = match range.end() {
                &Permyriad::WHOLE => "a percentage from 0% to 100%",
                _ => "a percentage above 0%, where 100% is one CPU",
            };
            let problem = context.takes(bounds, text, whole(text));
            let bare = signed(text).is_ok_and(|number| (1..=100).contains(&number));
            problems.push(if bare { problem.or(format!("{text}%"), false) } else { problem });
            None
        }
    }
}

/// Reads a share of any size: a number with up to two decimal places and a sign behind it.
pub fn read(text: &str) -> Result<Permyriad, NumberError> {
    let (number, places) = if let Some(number) = text.strip_suffix('‱') {
        (number, 0)
    } else if let Some(number) = text.strip_suffix('‰') {
        (number, 1)
    } else {
        (text.strip_suffix('%').ok_or(NumberError::Syntax)?, 2)
    };
    let (number, decimals) = match number.split_once('.') {
        Some((number, decimals)) if places > 0 && (1..=places).contains(&decimals.len()) => (number, decimals),
        Some(_) => return Err(NumberError::Syntax),
        None => (number, ""),
    };
    let fraction = decimals.bytes().try_fold(0, |sum, digit| match digit {
        b'0'..=b'9' => Ok(sum * 10 + u32::from(digit - b'0')),
        _ => Err(NumberError::Syntax),
    })?;
    let fraction = fraction * 10u32.pow((places - decimals.len()) as u32);
    let count = u32::try_from(signed(number)?).map_err(|_| NumberError::Range)?;
    let share = count.checked_mul(10u32.pow(places as u32)).and_then(|share| share.checked_add(fraction));
    share.filter(|share| i32::try_from(*share).is_ok()).map(Permyriad).ok_or(NumberError::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_places() {
        for (text, expected) in [
            ("50%", Some(5000)),
            ("12.5%", Some(1250)),
            ("12.34%", Some(1234)),
            ("0x10%", Some(1600)),
            ("1000%", Some(100_000)),
            ("5‰", Some(50)),
            ("5.5‰", Some(55)),
            ("5‱", Some(5)),
            ("21474836.47%", Some(2_147_483_647)),
            ("21474836.48%", None),
            ("5.5‱", None),
            ("5.55‰", None),
            ("12.345%", None),
            ("12.%", None),
            (".5%", None),
            ("-1%", None),
            ("50 %", None),
            ("50", None),
            ("%", None),
        ] {
            assert_eq!(read(text).ok(), expected.map(Permyriad), "{text}");
        }
    }
}
