//! Days and dates of the Gregorian calendar.

/// A time in µs since 1970 UTC as a clock shows it that is so many seconds ahead of UTC:
/// `Mon 2026-11-23 08:30:00`.
pub fn date_and_time(micros: u64, ahead: i64) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let seconds = i64::try_from(micros / 1_000_000).unwrap_or(i64::MAX).saturating_add(ahead);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date_of(days);
    let name = DAYS[weekday(days) as usize];
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{name} {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Year, month and day that lie so many days after the first of January 1970.
pub(super) fn date_of(days: i64) -> (i64, i64, i64) {
    // Counted from the first of March of the year 0, a leap day is the last one of its year, and
    // 400 years are 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// How many days after the first of January 1970 a date lies; the inverse of [`date_of`].
pub(super) fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day = (153 * month + 2) / 5 + day - 1 + 365 * year + year / 4 - year / 100;
    era * 146_097 + day - 719_468
}

/// How many days a month has.
pub(super) fn month_length(year: i64, month: i64) -> i64 {
    let next = if month == 12 { days_to(year + 1, 1, 1) } else { days_to(year, month + 1, 1) };
    next - days_to(year, month, 1)
}

/// The day of the week, Monday being 0.
pub(super) fn weekday(days: i64) -> i64 {
    // The first of January 1970 was a Thursday.
    (days + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_follows_the_one_before() {
        let mut before = (1969, 12, 31);
        for days in 0..=days_to(2400, 12, 31) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_to(year, month, day), days);
            let next = match before {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, day) if day == month_length(year, month) => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
            assert_eq!((year, month, day), next);
            before = next;
        }
    }

    #[test]
    fn known_days() {
        assert_eq!(days_to(2000, 2, 29), 11_016);
        assert_eq!(date_of(19_675), (2023, 11, 14));
        assert_eq!(weekday(days_to(2023, 11, 14)), 1);
        let lengths: Vec<_> = (1..=12).map(|month| month_length(2100, month)).collect();
        assert_eq!(lengths, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
        assert_eq!(month_length(2000, 2), 29);
    }
}
