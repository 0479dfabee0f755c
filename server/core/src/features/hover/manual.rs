//! Links to systemd's manual.

use crate::schema::{Directive, Section};

/// Where its pages are.
const PAGES: &str = "https://www.freedesktop.org/software/systemd/man/latest";

/// A link to what the manual says of a section.
pub(in crate::features) fn of_section(section: &Section) -> String {
    format!("[{page}(5)]({PAGES}/{page}.html)", page = section.man)
}

/// A link to what the manual says of a directive, if it does.
pub(in crate::features) fn of_directive(directive: &Directive) -> Option<String> {
    let (page, name) = (directive.man, directive.name);
    (!page.is_empty()).then(|| format!("[{name}= in {page}(5)]({PAGES}/{page}.html#{name}=)"))
}

/// A link to systemd.special(7), which describes the unit `name`.
pub(super) fn of_special_unit(name: &str) -> String {
    format!("[{name} in systemd.special(7)]({PAGES}/systemd.special.html#{name})")
}

/// A link to the variables that systemd sets.
pub(super) fn of_environment() -> String {
    format!("[systemd.exec(5)]({PAGES}/systemd.exec.html#Environment%20Variables%20in%20Spawned%20Processes)")
}
