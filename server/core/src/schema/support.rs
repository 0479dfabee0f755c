use std::borrow::Cow;

use super::Key;
use crate::fate::{Backend, Fate};

include!(concat!(env!("OUT_DIR"), "/support.rs"));

/// What becomes of the directive `key` on `backend`, if neither its value
/// nor the target makes a difference.
///
/// A backend's rendering answers for one unit, and may give another fate there.
pub fn support(key: Key, backend: Backend) -> &'static Fate {
    let column = match backend {
        Backend::Runit => 0,
        Backend::S6 => 1,
        Backend::S6rc => 2,
        Backend::Nosh => 3,
        Backend::Systemd => 4,
    };
    &FATES[PROMISES[key.0 as usize][column] as usize]
}
