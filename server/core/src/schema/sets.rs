//! The closed sets of words, one static each.

use super::{Set, Word};

include!(concat!(env!("OUT_DIR"), "/sets.rs"));
