use super::{Unit, UnitName};
use crate::schema::key::{install, path, socket, timer, unit};
use crate::schema::{Key, UnitKind};
use crate::text::Span;

/// What the rules that look across units need to know of one of them.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What it is called.
    pub name: UnitName,
    /// Its `Description=`; may be empty.
    pub description: Box<str>,
    /// Its other names.
    pub aliases: Vec<UnitName>,
    /// Its unit file, if there is one, in [`super::Workspace::files`].
    pub fragment: Option<u32>,
    /// Whether it has the dependencies that its kind has by default.
    pub default_dependencies: bool,
    /// Whether it is a socket that starts an instance for each connection.
    pub accepts: bool,
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
    /// In `[Install]`: what shall want, require or uphold it, or come along.
    Install,
}

impl Summary {
    /// Takes from a unit what other units may have to know. `files` says
    /// where each of [`Unit::files`] is in [`super::Workspace::files`].
    pub fn of(unit: &Unit, files: &[u32]) -> Self {
        let file = |at: usize| files.get(at).copied().unwrap_or_default();
        let mut edges = Vec::new();
        for setting in unit.settings() {
            let Some(kind) = EdgeKind::of(setting.entry.key) else { continue };
            for reference in unit.references_of(*setting) {
                let to = own_instance(&reference.name, unit.name);
                edges.push(Edge { kind, to, file: file(setting.file), span: reference.span });
            }
        }
        if let Some((to, at, span)) = partner(unit) {
            edges.push(Edge { kind: EdgeKind::Triggers, to: to.as_str().into(), file: file(at), span });
        }
        Summary {
            name: unit.name.clone(),
            description: unit.get(unit::Description).map_or("", |setting| setting.value()).into(),
            aliases: Vec::new(),
            fragment: unit.has_fragment.then(|| file(0)),
            default_dependencies: unit.default_dependencies(),
            accepts: accepts(unit),
            edges,
        }
    }
}

impl EdgeKind {
    /// What an assignment of `key`, a list of units, says of them.
    fn of(key: Key) -> Option<Self> {
        const KINDS: &[(Key, EdgeKind)] = &[
            (unit::After, EdgeKind::After),
            (unit::Before, EdgeKind::Before),
            (unit::Requires, EdgeKind::Requires),
            (unit::Requisite, EdgeKind::Requisite),
            (unit::BindsTo, EdgeKind::BindsTo),
            (unit::Wants, EdgeKind::Wants),
            (unit::Upholds, EdgeKind::Upholds),
            (unit::PartOf, EdgeKind::PartOf),
            (unit::Conflicts, EdgeKind::Conflicts),
            (socket::Service, EdgeKind::Triggers),
            (timer::Unit, EdgeKind::Triggers),
            (path::Unit, EdgeKind::Triggers),
            (install::Alias, EdgeKind::Alias),
            (install::Also, EdgeKind::Install),
            (install::RequiredBy, EdgeKind::Install),
            (install::UpheldBy, EdgeKind::Install),
            (install::WantedBy, EdgeKind::Install),
        ];
        KINDS.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind)
    }

    /// Whether the other unit has to be there.
    pub fn is_requirement(self) -> bool {
        matches!(self, EdgeKind::Requires | EdgeKind::Requisite | EdgeKind::BindsTo)
    }
}

/// The unit that a socket, timer, path or automount starts if it doesn't say
/// which, and where its settings begin.
fn partner(unit: &Unit) -> Option<(UnitName, usize, Span)> {
    let (explicit, kind) = match unit.kind() {
        UnitKind::Socket => (Some(socket::Service), UnitKind::Service),
        UnitKind::Timer => (Some(timer::Unit), UnitKind::Service),
        UnitKind::Path => (Some(path::Unit), UnitKind::Service),
        UnitKind::Automount => (None, UnitKind::Mount),
        _ => return None,
    };
    if !unit.has_fragment || explicit.is_some_and(|key| unit.has(key)) {
        return None;
    }
    let to = match accepts(unit) {
        true => UnitName::parse(&format!("{}@.service", unit.name.prefix()))?,
        false => unit.name.sibling(kind),
    };
    let (at, section) = unit.sections(unit.kind().section()?).next()?;
    Some((to, at, section.header))
}

fn accepts(unit: &Unit) -> bool {
    unit.boolean(socket::Accept) == Some(true)
}

/// A template named by an instance is that template's instance of the same name.
fn own_instance(name: &str, unit: &UnitName) -> Box<str> {
    let instance = unit.instance().filter(|instance| !instance.is_empty());
    let resolved = instance.and_then(|instance| {
        let template = UnitName::parse(name).filter(UnitName::is_template)?;
        template.with_instance(instance)
    });
    match resolved {
        Some(resolved) => resolved.as_str().into(),
        None => name.into(),
    }
}
