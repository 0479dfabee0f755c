use crate::schema::{self, FileKind, UnitKind};
use crate::syntax::File;

/// Whether a file that has the name of a unit file is somebody else's by what
/// it begins with: D-Bus activation files (`/usr/share/dbus-1/services`),
/// Avahi's XML, and whatever else ends in `.pod`, `.image` or `.build`.
pub fn is_foreign(kind: FileKind, text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let Some(first) = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(['#', ';'])) else {
        return false;
    };
    match kind {
        FileKind::Unit(_) => first.starts_with('<') || first.eq_ignore_ascii_case("[D-BUS Service]"),
        FileKind::Supervisord => is_others(text),
        FileKind::Other(_) => !first.starts_with('['),
    }
}

/// Whether a text has one of the sections that only supervisord knows.
pub fn is_supervisord(text: &str) -> bool {
    headers(text).any(|name| SUPERVISORDS.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
}

const SUPERVISORDS: [&str; 4] = ["supervisord", "supervisorctl", "unix_http_server", "inet_http_server"];

const PREFIXES: [&str; 4] = ["program:", "fcgi-program:", "eventlistener:", "rpcinterface:"];

/// Whether none of the sections of a text may be meant for supervisord; without sections, who knows.
fn is_others(text: &str) -> bool {
    let ours = |name: &str| SUPERVISORDS.contains(&name) || name == "include" || name.contains(':');
    headers(text).next().is_some() && !headers(text).any(ours)
}

/// The names of sections, the lines between brackets.
fn headers(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.trim_start_matches('\u{feff}').lines();
    lines.filter_map(|line| Some(line.strip_prefix('[')?.split_once(']')?.0))
}

/// What kind of unit a file without a telling name is, by its sections; `None` if they don't say.
///
/// One that has only sections which all kinds have is a target.
pub fn kind_of_text(file: &File) -> Option<UnitKind> {
    let sections = || file.sections.iter().filter_map(|section| schema::section(&section.name));
    sections().find_map(|section| section.kind).or_else(|| sections().next().map(|_| UnitKind::Target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::scan;

    #[test]
    fn sections_tell_the_kind() {
        assert_eq!(kind_of_text(&scan("[Unit]\n[Install]\n[Timer]\n")), Some(UnitKind::Timer));
        assert_eq!(kind_of_text(&scan("[Unit]\n")), Some(UnitKind::Target));
        assert_eq!(kind_of_text(&scan("[Desktop Entry]\n")), None);
    }

    #[test]
    fn sections_tell_supervisord() {
        for (text, ours, others) in [
            ("[program:a]\ncommand=a\n", true, false),
            ("; mine\n[supervisord] ; all\n", true, false),
            ("[progam:a]\n", false, false),
            ("[include]\nfiles=a\n", false, false),
            ("[uwsgi]\nprogram:a\n", false, true),
            ("[web:children]\na\n", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_supervisord(text), is_foreign(FileKind::Supervisord, text)), (ours, others), "{text}");
        }
    }

    #[test]
    fn the_first_line_tells() {
        let unit = FileKind::Unit(UnitKind::Service);
        let other = FileKind::Other("pod");
        for (kind, text, foreign) in [
            (unit, "# A\n\n[D-BUS Service]\nName=a.b\n", true),
            (unit, "<?xml version=\"1.0\"?>\n", true),
            (unit, "\u{feff}[Unit]\n", false),
            (unit, "Description=Without a section\n", false),
            (unit, "", false),
            (other, "=head1 NAME\n", true),
            (other, "; A\n[Pod]\n", false),
            (other, "# A\n", false),
        ] {
            assert_eq!(is_foreign(kind, text), foreign, "{text}");
        }
    }
}
