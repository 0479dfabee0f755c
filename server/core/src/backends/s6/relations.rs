//! What a service has to do with others: s6 alone knows of nothing.

use super::Job;
use crate::backends::{Place, online};
use crate::fate::Fate;
use crate::plan::{Relation, RelationKind};

/// What becomes of each name: some are true anyway.
pub(super) fn fates(job: &mut Job) {
    use RelationKind::{After, Before, Conflicts, PartOf, Wants};
    let plan = job.plan;
    for leaf in &plan.relations {
        let Relation { kind, unit } = &leaf.value;
        if let Some(fate) = online::fate(plan, job.together, job.target, &leaf.value) {
            job.fates.set(leaf.at, &fate);
            continue;
        }
        let fate = match (job.together.place(unit, job.target), kind) {
            (Place::Early, _) => Fate::irrelevant("it is there before `s6-svscan` starts services"),
            (Place::Boot, _) => Fate::irrelevant("`s6-svscan` starts all services at boot"),
            (Place::Shutdown, After | Before | Conflicts | PartOf) => {
                Fate::irrelevant("services are stopped at shutdown anyway")
            }
            (Place::Later, After | Wants) => {
                Fate::approximated("`s6-svscan` starts it at once", "nobody waits for the network and the like")
            }
            (Place::Later, Before) => Fate::irrelevant("all services are started at once"),
            _ => {
                job.fates.keep(leaf.at);
                continue;
            }
        };
        job.fates.set(leaf.at, &fate);
    }
    job.fates.keep(plan.install.iter().filter_map(|leaf| leaf.at));
    job.fates.keep(plan.default_dependencies.at);
}
