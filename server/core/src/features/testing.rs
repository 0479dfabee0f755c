//! What the tests of features have in common.

use super::{Configured, Document, Neighbour, Whole};
use crate::backends::{self, Together};
use crate::rules::Target;
use crate::schema::{FileKind, Manager, Version};
use crate::syntax::{Dialect, scan, supervisord};
use crate::units::supervisord::{Around, Config};
use crate::units::{Owner, Role, Unit, UnitName};

/// A file that is open, with what is around it.
#[derive(Clone, Debug)]
pub(crate) struct Open<'a> {
    /// Its path, which says what it is.
    pub(crate) path: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// For which systemd.
    pub(crate) version: Version,
    /// For which other supervisors.
    pub(crate) backends: &'a [backends::Target],
    /// The other units of its scope: name, description, path.
    pub(crate) neighbours: &'a [(&'a str, &'a str, &'a str)],
    /// The users there are; the groups are the same.
    pub(crate) users: &'a [Box<str>],
    /// The unit file that it is a drop-in of, or the supervisord.conf that includes it.
    pub(crate) fragment: Option<&'a str>,
}

impl<'a> Open<'a> {
    /// A file with nothing around it.
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        Open { path, text, version: Version::LATEST, backends: &[], neighbours: &[], users: &[], fragment: None }
    }

    /// Calls `test` with the file as a document.
    pub(crate) fn with<T>(&self, test: impl FnOnce(&Document) -> T) -> T {
        let Open { path, text, version, backends, users, fragment, .. } = *self;
        let role = Role::of(path);
        let (kind, drop_in, name) = match &role {
            Some(Role::Unit(name)) => (FileKind::Unit(name.kind()), false, Some(name)),
            Some(Role::DropIn(owner)) => match owner {
                Owner::Unit(name) => (FileKind::Unit(name.kind()), true, Some(name)),
                Owner::Prefix(name) => (FileKind::Unit(name.kind()), true, None),
                Owner::Kind(kind) => (FileKind::Unit(*kind), true, None),
            },
            Some(Role::Supervisord) => (FileKind::Supervisord, false, None),
            _ => (FileKind::Other("other"), false, None),
        };
        let read = |text| match kind.dialect() {
            Dialect::Systemd => scan(text),
            Dialect::Supervisord => supervisord::scan(text),
        };
        let files: Vec<_> = fragment.into_iter().chain([text]).map(read).collect();
        let at = files.len() - 1;
        let alone = drop_in && fragment.is_none();
        let unit = name.map(|name| if alone { Unit::of_drop_ins(name, &files) } else { Unit::new(name, &files) });
        let main = fragment.map(|_| name.map_or("supervisord.conf", UnitName::as_str));
        let paths: Vec<Box<str>> = main.into_iter().chain([path]).map(Box::from).collect();
        let around = Around { host: Some("host".to_owned()), ..Around::default() };
        let config = (kind == FileKind::Supervisord).then(|| Config::new(&files, &around));
        let parts = config.iter().flat_map(|config| &config.parts);
        let together = Together::named(parts.map(|part| &part.name).collect());
        let mut neighbours: Vec<Neighbour> = self.neighbours.iter().map(neighbour).collect();
        neighbours.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
        test(&Document {
            file: &files[at],
            kind,
            name,
            drop_in,
            whole: unit.as_ref().map(|unit| Whole { unit, at, paths: &paths }),
            configured: config.as_ref().map(|config| Configured { config, at, paths: &paths }),
            target: Target { version, manager: Manager::System },
            backends,
            neighbours: &neighbours,
            together: &together,
            users,
            groups: users,
        })
    }
}

fn neighbour(&(name, description, path): &(&str, &str, &str)) -> Neighbour {
    let name = UnitName::parse(name).expect("a valid name");
    Neighbour { name, description: description.into(), path: path.into() }
}

/// `text` without the `$0` in it, and where that was.
pub(crate) fn cursor(text: &str) -> (String, u32) {
    let at = text.find("$0").expect("a cursor");
    (text.replacen("$0", "", 1), at as u32)
}
