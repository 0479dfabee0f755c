//! What time it is where the server runs.

use std::sync::OnceLock;
use std::time::SystemTime;

use svlsp_core::values::explain::Now;
use tz::TimeZone;

/// The time, and how far the local clock is from UTC; as UTC where the local time zone can't be read.
pub(super) fn now() -> Option<Now> {
    static ZONE: OnceLock<Option<TimeZone>> = OnceLock::new();
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(since.as_secs()).ok()?;
    let zone = ZONE.get_or_init(|| TimeZone::local().ok()).as_ref();
    let ahead = zone.and_then(|zone| zone.find_local_time_type(seconds).ok()).map_or(0, |local| local.ut_offset());
    Some(Now { time: u64::try_from(since.as_micros()).ok()?, ahead })
}
