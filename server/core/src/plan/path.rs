//! The body of a `.path`.

use super::lower::Lowering;
use super::timer::unit;
use super::{Bytes, Leaf, Service};
use crate::schema::{Key, key::path as of};
use crate::units::UnitName;
use crate::values::mode;

/// A path unit.
#[derive(Clone, Debug)]
pub struct PathUnit {
    /// What it watches, in the order of the unit.
    pub watched: Vec<Leaf<Watched>>,
    /// `Unit=`: what it starts.
    pub unit: Leaf<UnitName>,
    /// `MakeDirectory=`
    pub make: Leaf<bool>,
    /// `DirectoryMode=`
    pub directory_mode: Leaf<u16>,
    /// The loop that watches is a service too, one of which nothing is set.
    pub service: Service,
}

/// Something that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What about it.
    pub kind: WatchKind,
    /// Where it is; of [`WatchKind::Glob`] a pattern.
    pub path: Bytes,
}

/// What makes a path unit start its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchKind {
    /// `PathExists=`
    Exists,
    /// `PathExistsGlob=`
    Glob,
    /// `PathChanged=`
    Changed,
    /// `PathModified=`: the same, also while it is being written.
    Modified,
    /// `DirectoryNotEmpty=`
    NotEmpty,
}

const WATCHES: [(Key, WatchKind); 5] = [
    (of::PathExists, WatchKind::Exists),
    (of::PathExistsGlob, WatchKind::Glob),
    (of::PathChanged, WatchKind::Changed),
    (of::PathModified, WatchKind::Modified),
    (of::DirectoryNotEmpty, WatchKind::NotEmpty),
];

impl PathUnit {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let mut watched = Vec::new();
        for (at, setting) in (0..).map(super::At).zip(low.unit.settings()) {
            let Some((_, kind)) = WATCHES.iter().find(|(key, _)| *key == setting.entry.key) else { continue };
            let path = low.expand_at(at, setting.value().as_bytes());
            let path = path.filter(|path| path.starts_with(b"/"));
            watched.extend(path.map(|path| Leaf::new(Watched { kind: *kind, path }, at)));
        }
        PathUnit {
            watched,
            unit: unit(low, of::Unit),
            make: low.boolean(of::MakeDirectory, false),
            directory_mode: low.single(of::DirectoryMode, 0o755, |text, context, problems| {
                Some(mode::parse(text, context, problems)?.0)
            }),
            service: Service::lower(low),
        }
    }
}
