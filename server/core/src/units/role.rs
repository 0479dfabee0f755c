use super::{NameProblem, UnitName};
use crate::schema::{FileKind, UnitKind};

/// What a file is to the service manager, by its path alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A unit file.
    Unit(UnitName),
    /// A drop-in: `foo.service.d/10-name.conf`.
    DropIn(Owner),
    /// A link in `foo.target.wants/` and the like that draws a unit in.
    Dependency {
        /// Whose dependency it is.
        owner: Owner,
        /// Which folder it stands in.
        kind: LinkFolder,
        /// What is drawn in.
        name: UnitName,
    },
    /// A file with the suffix of a unit file whose name isn't valid.
    BadName {
        /// What its suffix says it is.
        kind: UnitKind,
        /// What is wrong with its name.
        problem: NameProblem,
    },
    /// A file of the same syntax whose settings aren't in the knowledge base, by its suffix.
    Other(&'static str),
    /// `supervisord.conf`, or a file in one of the folders that it includes by custom.
    Supervisord,
}

/// Whose a `NAME.d`, `NAME.wants` or such folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A unit's: `foo.service.d`. Those of a template apply to its instances too.
    Unit(UnitName),
    /// That of all units whose name begins so: `foo-.service.d`.
    Prefix(UnitName),
    /// That of all units of a kind: `service.d`.
    Kind(UnitKind),
}

/// The folders whose entries are dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkFolder {
    /// `.wants`
    Wants,
    /// `.requires`
    Requires,
    /// `.upholds`
    Upholds,
}

/// The suffixes of files that look like unit files and are read by others:
/// systemd-networkd, -nspawn, -resolved, and Podman's Quadlet.
const OTHERS: [&str; 13] = [
    "artifact",
    "build",
    "container",
    "dns-delegate",
    "dnssd",
    "image",
    "kube",
    "link",
    "netdev",
    "network",
    "nspawn",
    "pod",
    "volume",
];

impl Role {
    /// Classifies a path by its last two parts; `None` for a file that is none of ours.
    ///
    /// The names of the files that `systemctl edit` lets people write in
    /// (`.#override.conf0123456789abcdef`) count as what they become.
    pub fn of(path: &str) -> Option<Self> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let file = edited(file);
        if is_supervisord(folder, file) {
            return Some(Role::Supervisord);
        }
        let folder = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
        let (_, suffix) = file.rsplit_once('.')?;
        if let Some(owned) = folder.strip_suffix(".d") {
            match Owner::of(owned) {
                Some(owner) => return (suffix == "conf").then_some(Role::DropIn(owner)),
                None if suffix == "conf" => return other(owned.rsplit_once('.').map_or(owned, |(_, suffix)| suffix)),
                // A folder of units that only ends like one of drop-ins.
                None => {}
            }
        }
        if let Some((owner, kind)) = LinkFolder::of(folder) {
            let name = UnitName::parse(file)?;
            return Some(Role::Dependency { owner, kind, name });
        }
        let Some(kind) = UnitKind::from_suffix(suffix) else { return other(suffix) };
        Some(match UnitName::explain(file) {
            Ok(name) => Role::Unit(name),
            Err(problem) => Role::BadName { kind, problem },
        })
    }

    /// Whose settings it holds.
    pub fn kind(&self) -> FileKind {
        match self {
            Role::Unit(name) | Role::Dependency { name, .. } => FileKind::Unit(name.kind()),
            Role::DropIn(owner) => FileKind::Unit(owner.kind()),
            Role::BadName { kind, .. } => FileKind::Unit(*kind),
            Role::Other(suffix) => FileKind::Other(suffix),
            Role::Supervisord => FileKind::Supervisord,
        }
    }

    /// The one unit that it defines or adds to, if it is one.
    pub fn unit(&self) -> Option<&UnitName> {
        match self {
            Role::Unit(name) | Role::Dependency { name, .. } | Role::DropIn(Owner::Unit(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether it is a drop-in.
    pub fn is_drop_in(&self) -> bool {
        matches!(self, Role::DropIn(_))
    }
}

impl Owner {
    /// Reads what stands in front of the `.d`.
    pub fn of(name: &str) -> Option<Self> {
        if let Some(kind) = UnitKind::from_suffix(name) {
            return Some(Owner::Kind(kind));
        }
        let name = UnitName::parse(name)?;
        let prefix = name.prefix();
        Some(if prefix.len() > 1 && prefix.ends_with('-') { Owner::Prefix(name) } else { Owner::Unit(name) })
    }

    /// The kind of the units.
    pub fn kind(&self) -> UnitKind {
        match self {
            Owner::Unit(name) | Owner::Prefix(name) => name.kind(),
            Owner::Kind(kind) => *kind,
        }
    }
}

impl LinkFolder {
    /// Every one of them.
    pub const ALL: [LinkFolder; 3] = [LinkFolder::Wants, LinkFolder::Requires, LinkFolder::Upholds];

    /// With its dot: `.wants`.
    pub fn suffix(self) -> &'static str {
        match self {
            LinkFolder::Wants => ".wants",
            LinkFolder::Requires => ".requires",
            LinkFolder::Upholds => ".upholds",
        }
    }

    /// Splits a folder's name.
    pub fn of(folder: &str) -> Option<(Owner, LinkFolder)> {
        LinkFolder::ALL.into_iter().find_map(|kind| Some((Owner::of(folder.strip_suffix(kind.suffix())?)?, kind)))
    }
}

fn other(suffix: &str) -> Option<Role> {
    OTHERS.binary_search(&suffix).ok().map(|at| Role::Other(OTHERS[at]))
}

/// Takes `.#` and the 16 hexadecimal digits away that a file has while it is
/// edited (`tempfn_random` of `src/basic/tmpfile-util.c`).
fn edited(file: &str) -> &str {
    let name = || {
        let (name, digits) = file.strip_prefix(".#")?.split_at_checked(file.len().checked_sub(18)?)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(name)
    };
    name().unwrap_or(file)
}

/// Whether supervisord reads such a file by custom: Debian has `/etc/supervisor/conf.d/*.conf`,
/// Fedora `/etc/supervisord.d/*.ini`, Arch and Alpine `/etc/supervisor.d/*.ini`.
fn is_supervisord(folder: &str, file: &str) -> bool {
    if matches!(file, "supervisord.conf" | "supervisor.conf") {
        let last = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
        return last.strip_suffix(".d").is_none_or(|owner| Owner::of(owner).is_none());
    }
    let of = |places: &[&str]| {
        places.iter().any(|place| folder.strip_suffix(place).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')))
    };
    match file.rsplit_once('.') {
        Some((_, "conf")) => of(&["supervisor/conf.d", "supervisord/conf.d", "supervisor.d", "supervisord.d"]),
        Some((_, "ini")) => of(&["supervisor.d", "supervisord.d", "supervisor/conf.d", "supervisord/conf.d"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is() {
        for (path, role) in [
            ("/etc/systemd/system/a.service", "unit a.service"),
            ("a@b.timer", "unit a@b.timer"),
            ("my app.service", "bad service"),
            ("a.service.d/10-x.conf", "drop-in of a.service"),
            ("x/foo-.service.d/10-x.conf", "drop-in of all foo-.service"),
            ("service.d/10-x.conf", "drop-in of every service"),
            ("a.service.d/supervisord.conf", "drop-in of a.service"),
            ("etc/supervisord.conf", "supervisord"),
            ("etc/supervisor/conf.d/web.conf", "supervisord"),
            ("supervisord.d/web.ini", "supervisord"),
            ("etc/other/conf.d/web.conf", "nothing"),
            ("a.service.d/.#override.conf0123456789abcdef", "drop-in of a.service"),
            ("/etc/systemd/system/.#a.service0123456789abcdef", "unit a.service"),
            ("a.target.wants/b.service", "Wants of a.target b.service"),
            ("a.service.d/README", "nothing"),
            ("conf.d/a.conf", "nothing"),
            ("a.container", "other container"),
            ("x.network.d/a.conf", "other network"),
            ("a.conf", "nothing"),
            ("README", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(show(Role::of(path)), role, "{path}");
        }
    }

    fn show(role: Option<Role>) -> String {
        let owned = |owner: &Owner| match owner {
            Owner::Unit(name) => name.as_str().to_owned(),
            Owner::Prefix(name) => format!("all {}", name.as_str()),
            Owner::Kind(kind) => format!("every {}", kind.suffix()),
        };
        match role {
            None => "nothing".to_owned(),
            Some(Role::Unit(name)) => format!("unit {}", name.as_str()),
            Some(Role::DropIn(owner)) => format!("drop-in of {}", owned(&owner)),
            Some(Role::Dependency { owner, kind, name }) => {
                format!("{kind:?} of {} {}", owned(&owner), name.as_str())
            }
            Some(Role::BadName { kind, .. }) => format!("bad {}", kind.suffix()),
            Some(Role::Other(suffix)) => format!("other {suffix}"),
            Some(Role::Supervisord) => "supervisord".to_owned(),
        }
    }
}
