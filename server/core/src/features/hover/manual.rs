//! Links to systemd's manual.

use crate::schema::{Directive, Section};

/// Where its pages are.
const PAGES: &str = "https://www.freedesktop.org/software/systemd/man/latest";

/// A link to what the manual says of a section.
pub(super) fn of_section(section: &Section) -> String {
    format!("[{page}(5)]({PAGES}/{page}.html)", page = section.man)
}

/// A link to what the manual says of a directive, if it does.
pub(super) fn of_directive(directive: &Directive) -> Option<String> {
    let (page, name) = (directive.man, directive.name);
    (!page.is_empty()).then(|| format!("[{name}= in {page}(5)]({PAGES}/{page}.html#{name}=)"))
}
