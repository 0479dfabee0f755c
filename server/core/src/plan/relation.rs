//! What a unit has to do with others.

use super::lower::Lowering;
use super::{At, Bytes, Leaf};
use crate::schema::{Key, key::install, key::unit};
use crate::values::path_list;

/// One unit that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// How.
    pub kind: RelationKind,
    /// Its full name: `network.target`.
    pub unit: String,
}

/// How one unit names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum RelationKind {
    Requires,
    Requisite,
    Wants,
    BindsTo,
    Upholds,
    Conflicts,
    Before,
    After,
    OnSuccess,
    OnFailure,
    PropagatesReloadTo,
    ReloadPropagatedFrom,
    PropagatesStopTo,
    StopPropagatedFrom,
    PartOf,
    JoinsNamespaceOf,
    /// What a timer starts; no directive of `[Unit]` means it.
    Triggers,
}

/// One line of `[Install]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// What enabling the unit does.
    pub kind: InstallKind,
    /// The name, of a unit or of an instance.
    pub name: String,
}

/// What enabling a unit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstallKind {
    Alias,
    WantedBy,
    RequiredBy,
    UpheldBy,
    Also,
    DefaultInstance,
}

impl RelationKind {
    /// Every kind with the directives of `[Unit]` that mean it, old names included.
    pub const ALL: [(RelationKind, &[Key]); 16] = [
        (RelationKind::Requires, &[unit::Requires, unit::RequiresOverridable]),
        (RelationKind::Requisite, &[unit::Requisite, unit::RequisiteOverridable]),
        (RelationKind::Wants, &[unit::Wants]),
        (RelationKind::BindsTo, &[unit::BindsTo, unit::BindTo]),
        (RelationKind::Upholds, &[unit::Upholds]),
        (RelationKind::Conflicts, &[unit::Conflicts]),
        (RelationKind::Before, &[unit::Before]),
        (RelationKind::After, &[unit::After]),
        (RelationKind::OnSuccess, &[unit::OnSuccess]),
        (RelationKind::OnFailure, &[unit::OnFailure]),
        (RelationKind::PropagatesReloadTo, &[unit::PropagatesReloadTo, unit::PropagateReloadTo]),
        (RelationKind::ReloadPropagatedFrom, &[unit::ReloadPropagatedFrom, unit::PropagateReloadFrom]),
        (RelationKind::PropagatesStopTo, &[unit::PropagatesStopTo]),
        (RelationKind::StopPropagatedFrom, &[unit::StopPropagatedFrom]),
        (RelationKind::PartOf, &[unit::PartOf]),
        (RelationKind::JoinsNamespaceOf, &[unit::JoinsNamespaceOf]),
    ];
}

impl Relation {
    pub(super) fn lower(low: &mut Lowering) -> Vec<Leaf<Self>> {
        let mut relations = Vec::new();
        for at in 0..low.unit.settings().len() {
            let setting = low.unit.settings()[at];
            let of = RelationKind::ALL.iter().find(|(_, keys)| keys.contains(&setting.entry.key));
            let Some((kind, _)) = of else { continue };
            for reference in low.unit.references_of(setting) {
                relations.push(Leaf::new(Relation { kind: *kind, unit: reference.name.into_owned() }, At(at as u32)));
            }
        }
        relations
    }
}

/// `RequiresMountsFor=` and `WantsMountsFor=`: paths whose file systems are needed.
pub(super) fn mounts(low: &mut Lowering) -> Vec<Leaf<Bytes>> {
    let mut paths = Vec::new();
    for key in [unit::RequiresMountsFor, unit::WantsMountsFor] {
        for at in low.all(key) {
            for word in low.parse(at, path_list::parse_mounts) {
                paths.extend(low.expand_at(at, word.bytes()).map(|path| Leaf::new(path, at)));
            }
        }
    }
    paths
}

impl Install {
    pub(super) fn lower(low: &mut Lowering) -> Vec<Leaf<Self>> {
        let mut installs = Vec::new();
        for at in 0..low.unit.settings().len() {
            let setting = low.unit.settings()[at];
            let kind = match setting.entry.key {
                install::Alias => InstallKind::Alias,
                install::WantedBy => InstallKind::WantedBy,
                install::RequiredBy => InstallKind::RequiredBy,
                install::UpheldBy => InstallKind::UpheldBy,
                install::Also => InstallKind::Also,
                install::DefaultInstance => InstallKind::DefaultInstance,
                _ => continue,
            };
            for reference in low.unit.references_of(setting) {
                installs.push(Leaf::new(Install { kind, name: reference.name.into_owned() }, At(at as u32)));
            }
        }
        installs
    }
}
