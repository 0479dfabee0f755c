//! Links to systemd's and supervisor's manuals.

use crate::schema::{Directive, Group, Section};
use crate::values::ValueType;

/// Where its pages are.
const PAGES: &str = "https://www.freedesktop.org/software/systemd/man/latest";

/// Where supervisor's is, by the headings of its sections.
const SUPERVISOR: &str = "http://supervisord.org/configuration.html";

/// A link to what the manual says of a section.
pub(in crate::features) fn of_section(section: &Section) -> String {
    if section.man.is_empty() {
        return of_heading(section.name, "settings");
    }
    format!("[{page}(5)]({PAGES}/{page}.html)", page = section.man)
}

/// A link to what the manual says of a directive, if it does.
pub(in crate::features) fn of_directive(directive: &Directive) -> Option<String> {
    let (page, name) = (directive.man, directive.name);
    if matches!(directive.value, ValueType::Supervisord(_)) {
        return heading(directive.group).map(|section| of_heading(section, "values"));
    }
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

/// The type of the section that the manual describes the settings of a group with.
fn heading(group: Group) -> Option<&'static str> {
    Some(match group {
        Group::Program => "program",
        Group::FcgiProgram => "fcgi-program",
        Group::Eventlistener => "eventlistener",
        Group::Group => "group",
        Group::Include => "include",
        Group::Supervisord => "supervisord",
        Group::Supervisorctl => "supervisorctl",
        Group::UnixHttpServer => "unix_http_server",
        Group::InetHttpServer => "inet_http_server",
        Group::Rpcinterface => "rpcinterface",
        _ => return None,
    })
}

fn of_heading(section: &str, what: &str) -> String {
    let (title, x) = match section {
        "program" | "fcgi-program" | "eventlistener" | "group" | "rpcinterface" => (format!("[{section}:x]"), "-x"),
        _ => (format!("[{section}]"), ""),
    };
    let anchor = section.replace('_', "-");
    format!("[{title} in supervisor's manual]({SUPERVISOR}#{anchor}{x}-section-{what})")
}
