//! The knowledge base: what directives, sections and words there are.
//!
//! Compiled from `data/` into sorted static tables by `build/`.

mod directive;
mod kind;
mod section;
mod set;
pub mod sets;
mod suggest;
pub mod supervisord;
mod support;
#[cfg(test)]
mod tests;

pub use directive::{DIRECTIVES, Directive, Empty, Ending, Group, Key, Manager, Version, key};
pub use kind::{FileKind, Kinds, UnitKind};
pub use section::{SECTIONS, Section, Title, section, sections_of};
pub use set::{Set, Word};
pub use suggest::{is_slip, nearest};
pub use support::support;
