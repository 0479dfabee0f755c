//! What a service has to do with others, in `sv`'s words.
//!
//! Service directories stand side by side, so another one is `../NAME`.

use super::Job;
use crate::backends::shell::{Script, quoted};
use crate::backends::tools::Tool;
use crate::backends::{Directory, Fates, Place, Target, Together, directory_name, online};
use crate::fate::Fate;
use crate::plan::{Body, Install, InstallKind, Leaf, Plan, Relation, RelationKind, Type};
use crate::schema::UnitKind;
use crate::units::UnitName;

/// How long to wait for another service, in seconds: `DefaultTimeoutStartSec=` of systemd.
const WAIT: u64 = 90;

/// Targets that say that somebody sets the network up, not that it is.
const WEAK: [&str; 2] = ["network-pre.target", "network.target"];

/// What becomes of each relation, and the lines for `run`.
pub(super) fn before_start(job: &mut Job, script: &mut Script) {
    let (plan, together) = (job.plan, job.together);
    for leaf in &plan.relations {
        fate(job, leaf);
    }
    for leaf in &plan.install {
        install(job, leaf);
    }
    job.fates.keep(plan.default_dependencies.at);
    let name = plan.name();
    let mut waits = Script::default();
    if online::waits(plan, together, job.target) {
        let tool = job.tool(Tool::NetworkOnline);
        waits.line(&format!("{tool} {} || :", online::SECONDS));
    }
    for other in others(job) {
        let named = together.from(name).filter(|edge| edge.to == other).map(|edge| strength(edge.kind)).max();
        let after = together.is_after(name, other).then(|| limit(together, other));
        wait(job, &mut waits, named.unwrap_or(0), after, &path(other), "");
    }
    if job.service.kind.value == Type::Dbus && together.get("dbus.service").is_none() {
        // `unit_add_bus_dependencies` and `service_add_extras`: what is on the bus comes behind it.
        wait(job, &mut waits, 3, Some(WAIT), "../dbus", "[ ! -d ../dbus ] || ");
    }
    for other in strangers(job) {
        let kinds = plan.relations.iter().map(|leaf| &leaf.value).filter(|relation| relation.unit == other.as_str());
        let kinds: Vec<RelationKind> = kinds.map(|relation| relation.kind).collect();
        let named = kinds.iter().map(|kind| strength(*kind)).max().unwrap_or(0);
        let directory = path(&other);
        let there = format!("[ ! -d {directory} ] || ");
        if kinds.contains(&RelationKind::Conflicts) {
            waits.line(&format!("{there}sv -w {WAIT} stop {directory} || :"));
        }
        let after = kinds.contains(&RelationKind::After).then_some(WAIT);
        wait(job, &mut waits, named, after, &directory, &there);
    }
    for edge in together.from(name).filter(|edge| edge.kind == RelationKind::Requisite) {
        waits.line(&format!("sv status {} | grep -q '^run: ' || exit", path(edge.to)));
    }
    let conflicts = together.from(name).filter(|edge| edge.kind == RelationKind::Conflicts).map(|edge| edge.to);
    let conflicting = together.to(name).filter(|edge| edge.kind == RelationKind::Conflicts).map(|edge| edge.from);
    for other in conflicts.chain(conflicting) {
        waits.line(&format!("sv -w {WAIT} stop {} || :", path(other)));
    }
    let waits = waits.lines();
    if !waits.is_empty() {
        script.comment("What comes first; it is tried again every second.");
        script.phase("waiting");
        script.append(&waits);
    }
}

/// A target: a directory of links to services, as `runsvdir` and `runsvchdir` take it.
pub(super) fn members(plan: &Plan, together: &Together, target: &Target, directory: &mut Directory, fates: &mut Fates) {
    use RelationKind::{BindsTo, Requires, Upholds, Wants};
    let name = plan.name();
    for edge in together.from(name).filter(|edge| matches!(edge.kind, Wants | Requires | BindsTo | Upholds)) {
        if edge.to.kind() == UnitKind::Service {
            directory.link(&directory_name(edge.to), &format!("../{}", directory_name(edge.to)));
        }
    }
    for leaf in &plan.relations {
        let Relation { kind, unit } = &leaf.value;
        let fate = match (together.place(unit, target), kind) {
            (Place::Directory(_), Wants | Requires | BindsTo | Upholds) => Fate::emulated("a link in its directory"),
            (Place::Unknown, _) => Fate::lost(format!("`{unit}` isn't converted along with it")),
            _ => Fate::irrelevant("nothing runs for a target itself"),
        };
        fates.set(leaf.at, &fate);
    }
    for leaf in &plan.install {
        fates.set(leaf.at, &Fate::irrelevant("it is `runsvchdir` that chooses the directory"));
    }
    for leaf in &plan.conditions {
        fates.set(leaf.at, &Fate::lost("a directory of services has no conditions"));
    }
    fates.keep(plan.default_dependencies.at);
}

/// How much a service needs another one that it names.
fn strength(kind: RelationKind) -> u8 {
    match kind {
        RelationKind::Requires | RelationKind::BindsTo => 3,
        RelationKind::Wants | RelationKind::Upholds => 2,
        _ => 0,
    }
}

/// How many seconds another service gets to start: those too that a program of supervisord has to run for.
fn limit(together: &Together, other: &UnitName) -> u64 {
    let seconds = match together.plan(other.as_str()).map(|plan| &plan.body) {
        Some(Body::Service(service)) => service.restart.attempts().map_or(0, |(seconds, _)| seconds),
        _ => 0,
    };
    WAIT.saturating_add(seconds)
}

/// The lines that start another service and wait `after` seconds at most until it runs, each behind `condition`.
fn wait(job: &mut Job, lines: &mut Script, strength: u8, after: Option<u64>, directory: &str, condition: &str) {
    if strength > 0 {
        lines.line(&format!("{condition}sv up {directory} || :"));
    }
    if let Some(seconds) = after {
        let tool = job.tool(Tool::Await);
        let end = if strength == 3 { "exit" } else { ":" };
        lines.line(&format!("{condition}{tool} {seconds} {directory} || {end}"));
    }
}

/// The services that this one names and that nobody here knows, once each; they
/// may be there nonetheless when it starts.
fn strangers(job: &Job) -> Vec<UnitName> {
    let unknown = job.plan.relations.iter().filter(|leaf| is_stranger(job, &leaf.value.unit));
    let mut all: Vec<UnitName> = unknown.filter_map(|leaf| UnitName::parse(&leaf.value.unit)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn is_stranger(job: &Job, name: &str) -> bool {
    let service = |name: UnitName| name.kind() == UnitKind::Service && !name.is_template();
    job.together.place(name, job.target) == Place::Unknown && UnitName::parse(name).is_some_and(service)
}

/// The lines for `control/t`: whoever is stopped or restarted along with it.
pub(super) fn on_stop(job: &Job, script: &mut Script) {
    use RelationKind::{BindsTo, PartOf, PropagatesStopTo, Requires, StopPropagatedFrom};
    let name = job.plan.name();
    // Whoever was started after it ends before it.
    let down = |other: &UnitName| match job.together.is_after(other, name) {
        true => format!("sv -w {WAIT} stop {}", path(other)),
        false => format!("sv down {}", path(other)),
    };
    for edge in job.together.to(name).filter(|edge| matches!(edge.kind, Requires | BindsTo | PartOf)) {
        script.line("case $(cat supervise/stat) in");
        script.line(&format!("*'want down'*) {} ;;", down(edge.from)));
        script.line(&format!("*) sv term {} ;;", path(edge.from)));
        script.line("esac");
    }
    let from = job.together.to(name).filter(|edge| edge.kind == StopPropagatedFrom).map(|edge| edge.from);
    let to = job.together.from(name).filter(|edge| edge.kind == PropagatesStopTo).map(|edge| edge.to);
    for other in from.chain(to) {
        script.line(&down(other));
    }
}

/// The lines for `finish`: whoever depends on it being there.
pub(super) fn on_end(job: &Job, script: &mut Script) {
    for other in directories(job, |kind| kind == RelationKind::BindsTo, job.plan.name()) {
        script.line(&format!("sv down {other}"));
    }
}

/// The lines for `finish`: what is started when it has failed, or has ended well.
pub(super) fn on_result(job: &Job, kind: RelationKind) -> Vec<String> {
    let edges = job.together.from(job.plan.name()).filter(move |edge| edge.kind == kind);
    edges.map(|edge| format!("sv up {}", path(edge.to))).collect()
}

/// Whoever reloads along with it.
pub(super) fn on_reload(job: &Job) -> Vec<String> {
    let name = job.plan.name();
    let own =
        job.together.from(name).filter(|edge| edge.kind == RelationKind::PropagatesReloadTo).map(|edge| path(edge.to));
    let all = own.chain(directories(job, |kind| kind == RelationKind::ReloadPropagatedFrom, name));
    all.map(|other| format!("sv hup {other}")).collect()
}

/// The directories of the units that name `unit` in such a way.
fn directories(job: &Job, which: impl Fn(RelationKind) -> bool, unit: &UnitName) -> Vec<String> {
    let named = job.together.to(unit).filter(|edge| which(edge.kind) && has_directory(job, edge.from));
    named.map(|edge| path(edge.from)).collect()
}

/// Every unit that this one names or is ordered after, once each.
fn others<'a>(job: &Job<'_, '_, 'a>) -> Vec<&'a UnitName> {
    let name = job.plan.name();
    let from = job.together.from(name).map(|edge| edge.to);
    let to = job.together.to(name).filter(|edge| edge.kind == RelationKind::Before).map(|edge| edge.from);
    let mut all: Vec<_> = from.chain(to).filter(|other| *other != name && has_directory(job, other)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether something of its own runs for a unit: nothing does for a target,
/// nor for a socket that its service opens itself.
fn has_directory(job: &Job, unit: &UnitName) -> bool {
    match job.together.plan(unit.as_str()).map(|plan| &plan.body) {
        Some(Body::Socket(socket)) => socket.accept.value,
        Some(Body::Target | Body::Other) => false,
        Some(Body::Service(_) | Body::Timer(_) | Body::Path(_) | Body::Mount(_)) | None => true,
    }
}

/// Another service's directory as seen from this one, quoted.
fn path(unit: &UnitName) -> String {
    String::from_utf8_lossy(&quoted(format!("../{}", directory_name(unit)).as_bytes())).into_owned()
}

/// The same of a name, as it is told of.
fn path_of(name: &str) -> String {
    UnitName::parse(name).map_or_else(|| name.to_owned(), |name| format!("../{}", directory_name(&name)))
}

/// Whether `name` is the socket that starts this service by default.
fn is_own_socket(service: &UnitName, name: &str) -> bool {
    service.sibling(UnitKind::Socket).as_str() == name
}

/// What becomes of one name.
fn fate(job: &mut Job, leaf: &Leaf<Relation>) {
    use RelationKind::{After, Before, BindsTo, Conflicts, PartOf, Requires, Upholds, Wants};
    let Relation { kind, unit } = &leaf.value;
    if let Some(fate) = online::fate(job.plan, job.together, job.target, &leaf.value) {
        return job.fates.set(leaf.at, &fate);
    }
    let place = match job.together.place(unit, job.target) {
        // What is known of a target holds for one that is converted along, too.
        Place::Directory(_) if unit.ends_with(".target") => Together::default().place(unit, job.target),
        place => place,
    };
    let fate = match (place, kind) {
        (Place::Unknown, _) if job.together.get(unit).is_some() => {
            Fate::lost("a target is a directory of links, which nobody can wait for; name its services")
        }
        (Place::Directory(_), _) => return job.fates.keep(leaf.at),
        (Place::Early, Requires | Wants | BindsTo)
            if job.plan.unit.kind() == UnitKind::Service && is_own_socket(job.plan.name(), unit) =>
        {
            Fate::lost(format!("`{unit}`, which hands it its socket, isn't converted along with it"))
        }
        (Place::Early, _) => Fate::irrelevant("it is there before `runsvdir` starts services"),
        (Place::Boot, _) => Fate::irrelevant("`runsvdir` starts all services at boot"),
        (Place::Shutdown, After | Before | Conflicts | PartOf) => {
            Fate::irrelevant("services are stopped at shutdown anyway")
        }
        (Place::Later, After | Wants | Requires) if WEAK.contains(&&**unit) => {
            Fate::irrelevant("the target promises no network at a start; `sv check` what you wait for")
        }
        (Place::Unknown, After | Conflicts | Wants | Upholds) if is_stranger(job, unit) => {
            Fate::emulated(format!("`sv` in `run`, if `{}` is there by then", path_of(unit)))
        }
        (Place::Unknown, Requires | BindsTo) if is_stranger(job, unit) => Fate::approximated(
            format!("`sv start` in `run`, if `{}` is there by then", path_of(unit)),
            "it starts without it too",
        ),
        (Place::Later, Before) => Fate::irrelevant("all services are started at once"),
        (Place::Later, After | Wants) => {
            Fate::approximated("`runsvdir` starts it at once", "nobody waits for the network and the like")
        }
        _ => Fate::lost(format!("`{unit}` isn't converted along with it")),
    };
    job.fates.set(leaf.at, &fate);
}

/// What becomes of one line of `[Install]`.
fn install(job: &mut Job, leaf: &Leaf<Install>) {
    let Install { kind, name } = &leaf.value;
    let by = matches!(kind, InstallKind::WantedBy | InstallKind::RequiredBy | InstallKind::UpheldBy);
    match (by, job.together.place(name, job.target)) {
        (true, Place::Boot | Place::Early) => {
            job.fates.set(leaf.at, &Fate::native("a link to the directory where `runsvdir` looks"));
        }
        _ => job.fates.keep(leaf.at),
    }
}
