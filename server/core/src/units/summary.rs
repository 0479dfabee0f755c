use super::{Unit, UnitName};
use crate::text::Span;

/// What the rules that look across units need to know of one of them.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What it is called.
    pub name: UnitName,
    /// Its other names.
    pub aliases: Vec<UnitName>,
    /// Its unit file, if there is one, in [`super::Workspace::files`].
    pub fragment: Option<u32>,
    /// Whether it has the dependencies that its kind has by default.
    pub default_dependencies: bool,
    /// What it says of other units, in the order of its files.
    pub edges: Vec<Edge>,
}

/// One unit named by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// What is said of it.
    pub kind: EdgeKind,
    /// Its name, specifiers expanded as far as they are known.
    pub to: Box<str>,
    /// The file that says so, in [`super::Workspace::files`].
    pub file: u32,
    /// Where in that file.
    pub span: Span,
}

/// What a unit says of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum EdgeKind {
    After,
    Before,
    Requires,
    Requisite,
    BindsTo,
    Wants,
    Upholds,
    PartOf,
    Conflicts,
    /// What a socket, timer, path or automount starts.
    Triggers,
    /// A name that `systemctl enable` gives it.
    Alias,
    /// In [Install]: what shall want, require or uphold it, or come along.
    Install,
}

impl Summary {
    /// Takes from a unit what other units may have to know. `files` says
    /// where each of [`Unit::files`] is in [`super::Workspace::files`].
    pub fn of(unit: &Unit, files: &[u32]) -> Self {
        let _ = files;
        Summary {
            name: unit.name.clone(),
            aliases: Vec::new(),
            fragment: None,
            default_dependencies: true,
            edges: Vec::new(),
        }
    }
}
