use super::Kind;
use crate::values::{Context, Problem};

/// Says what is wrong with `text`, as it is written, as a value of this kind.
pub fn check(_text: &str, _kind: Kind, _context: &Context, _problems: &mut Vec<Problem>) {}
