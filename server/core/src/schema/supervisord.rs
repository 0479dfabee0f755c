//! The keys of supervisord.conf.

use super::Section;

/// The sections, by type.
pub static SECTIONS: &[Section] = &[];

/// What is known of the section `name`: of `program:web` that of type `program`.
pub fn section(name: &str) -> Option<&'static Section> {
    let kind = name.split_once(':').map_or(name, |(kind, _)| kind);
    SECTIONS.iter().find(|section| section.name == kind)
}
