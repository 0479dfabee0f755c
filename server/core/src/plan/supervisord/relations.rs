//! Groups and priorities.

use super::lowering::Lowering;
use crate::plan::{Facts, Install, InstallKind, Leaf, Relation, RelationKind};
use crate::schema::supervisord::key::{group, program};
use crate::units::UnitName;

/// The processes that come before this one, if priorities are dependencies.
pub(super) fn of_process(low: &mut Lowering, facts: &Facts) -> Vec<Leaf<Relation>> {
    let at = low.at(program::priority);
    if !facts.priorities || low.part.after.is_empty() {
        low.settled.extend(at);
        return Vec::new();
    }
    let after = low.part.after.iter();
    let relation = |unit: &UnitName| Relation { kind: RelationKind::After, unit: unit.as_str().to_owned() };
    after.map(|unit| Leaf { value: relation(unit), at }).collect()
}

/// What is started along with supervisord is wanted at boot.
pub(super) fn install(autostart: Leaf<bool>) -> Vec<Leaf<Install>> {
    let boot = Install { kind: InstallKind::WantedBy, name: "multi-user.target".to_owned() };
    if autostart.value { vec![Leaf::default(boot)] } else { Vec::new() }
}

/// The members of a group, which are started and stopped along with it.
pub(super) fn of_group(low: &mut Lowering, members: &[UnitName]) -> Vec<Leaf<Relation>> {
    let at = low.at(group::programs);
    low.settle(&[group::priority]);
    let kinds = [RelationKind::Wants, RelationKind::PropagatesStopTo];
    let relations = members.iter().flat_map(|member| {
        kinds.map(|kind| {
            let at = at.filter(|_| kind == RelationKind::Wants);
            Leaf { value: Relation { kind, unit: member.as_str().to_owned() }, at }
        })
    });
    relations.collect()
}
