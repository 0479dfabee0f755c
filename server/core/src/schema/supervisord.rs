//! The settings and sections of supervisord.conf, after supervisor 4.3's `options.py`.
//!
//! Their keys are numbered behind those of systemd's directives.

use super::{Directive, Empty, Group, Key, Kinds, Section, Title};
use crate::values::ValueType;
use crate::values::supervisord::Kind;

include!(concat!(env!("OUT_DIR"), "/supervisord-directives.rs"));
include!(concat!(env!("OUT_DIR"), "/supervisord-sections.rs"));

/// The section that the header `name` begins: of `program:web` that of type `program`;
/// `None` if supervisord passes over it, as over `program` and `supervisord:web`.
pub fn section(name: &str) -> Option<&'static Section> {
    let (kind, titled) = name.split_once(':').map_or((name, false), |(kind, _)| (kind, true));
    section_of_type(kind).filter(|section| match section.title {
        Title::Never => !titled,
        Title::Maybe => true,
        Title::Always => titled,
    })
}

/// The sections of this type: `program`.
pub fn section_of_type(kind: &str) -> Option<&'static Section> {
    SECTIONS.binary_search_by(|section| section.name.cmp(kind)).ok().map(|at| &SECTIONS[at])
}
