//! `dependencies.d`: what must be up before a service is.

use crate::backends::{Directory, Fates, Place, Target, Together, listen, online};
use crate::fate::Fate;
use crate::plan::{Leaf, Plan, Relation, RelationKind};
use crate::schema::UnitKind;

/// Adds the files, and says what becomes of each relation.
pub(super) fn render(plan: &Plan, together: &Together, target: &Target, fates: &mut Fates, directory: &mut Directory) {
    let mut names: Vec<String> =
        together.dependencies(plan.name()).filter_map(|other| super::definition(other, together, target)).collect();
    names.extend(listen::holder(together, plan.name(), target));
    for leaf in &plan.relations {
        let Leaf { value: Relation { kind, unit }, at } = leaf;
        if let Some(fate) = online::fate(plan, together, target, &leaf.value) {
            fates.set(*at, &fate);
            continue;
        }
        match relation(plan, together, target, *kind, unit) {
            Became::Kept(mapped) => {
                names.extend(mapped);
                fates.keep(*at);
            }
            Became::Other(fate) => fates.set(*at, &fate),
        }
    }
    fates.keep(plan.default_dependencies.at);
    names.sort_unstable();
    names.dedup();
    names.retain(|name| *name != directory.name);
    for name in names {
        directory.text(&format!("dependencies.d/{name}"), "");
    }
}

/// What has become of a relation.
enum Became {
    /// As promised; perhaps with this name among the dependencies.
    Kept(Option<String>),
    /// This.
    Other(Fate),
}

fn relation(plan: &Plan, together: &Together, target: &Target, kind: RelationKind, unit: &str) -> Became {
    use RelationKind::{
        After, Before, BindsTo, Conflicts, JoinsNamespaceOf, OnFailure, OnSuccess, PartOf, PropagatesReloadTo,
        PropagatesStopTo, ReloadPropagatedFrom, Requires, Requisite, StopPropagatedFrom, Triggers, Upholds, Wants,
    };
    let depends = match kind {
        Requires | Requisite | Wants | BindsTo | Upholds | PartOf | After | Before => true,
        Conflicts | OnSuccess | OnFailure | PropagatesReloadTo | ReloadPropagatedFrom | PropagatesStopTo
        | StopPropagatedFrom | JoinsNamespaceOf | Triggers => false,
    };
    if let Some(other) = together.get(unit) {
        if matches!(kind, Before) && other.kind() == UnitKind::Target {
            return Became::Other(Fate::irrelevant("a bundle is a list of names, which can't wait"));
        }
        let (from, to) = if kind == Before { (other, plan.name()) } else { (plan.name(), other) };
        if super::definition(other, together, target).is_none() {
            return Became::Other(match other.kind() {
                UnitKind::Socket if together.sockets(plan.name()).any(|(socket, _)| socket.name() == other) => {
                    Fate::irrelevant("`run` opens it")
                }
                UnitKind::Socket => Fate::lost(format!("the service of `{unit}` opens it, and isn't waited for")),
                UnitKind::Mount | UnitKind::Swap | UnitKind::Slice | UnitKind::Device => {
                    Fate::irrelevant("it is there before s6-rc starts services")
                }
                _ => Fate::lost(format!("nothing comes of `{unit}`")),
            });
        }
        let there = together.dependencies(from).any(|name| name == to);
        return match depends && !there && from != to {
            true => Became::Other(Fate::lost(format!(
                "`{}` is started after `{}`, whatever this says",
                to.as_str(),
                from.as_str()
            ))),
            false => Became::Kept(None),
        };
    }
    Became::Other(match (together.place(unit, target), kind) {
        (Place::Directory(name), _) if depends && kind != Before => return Became::Kept(Some(name)),
        (Place::Directory(_), _) => return Became::Kept(None),
        (Place::Early, _) => Fate::irrelevant("it is there before s6-rc starts services"),
        (Place::Boot, _) => Fate::irrelevant("s6-rc starts all that is wanted at boot together"),
        (Place::Shutdown, After | Before | Conflicts | PartOf) => {
            Fate::irrelevant("services are stopped at shutdown anyway")
        }
        (Place::Later, Before) => Fate::irrelevant("nobody waits for it"),
        (Place::Later, After | Wants | Requires) => {
            Fate::approximated("started without it", "it may be there before the network and the like are")
        }
        _ if depends => Fate::lost(format!("`{unit}` isn't converted along with it")),
        _ => return Became::Kept(None),
    })
}
