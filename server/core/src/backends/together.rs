//! Units that are converted together, and what is known of all others.

use std::sync::OnceLock;

use super::waiting::Waiting;
use super::{Target, directory_name};
use crate::plan::{Body, InstallKind, Plan, Relation, RelationKind, Socket};
use crate::schema::UnitKind;
use crate::units::supervisord::PartKind;
use crate::units::{Origin, UnitName};

/// The units that are converted together.
#[derive(Clone, Debug, Default)]
pub struct Together<'a> {
    /// The names of those that have a directory, sorted.
    units: Vec<&'a UnitName>,
    /// Sockets and the services that open them, sorted by socket.
    opened: Vec<(&'a UnitName, &'a UnitName)>,
    /// What they have to do with each other, sorted by who names.
    edges: Vec<Edge<'a>>,
    /// The same, sorted by who is named.
    inverse: Vec<Edge<'a>>,
    /// What they are, where that is known; sorted by name.
    plans: Vec<&'a Plan<'a>>,
    /// Services and their sockets, sorted by service.
    sockets: Vec<(&'a UnitName, &'a Plan<'a>, &'a Socket)>,
    /// Sockets of supervisord that several processes share, sorted by name.
    shared: Vec<&'a UnitName>,
    /// By unit: which others must be up before it.
    dependencies: OnceLock<Vec<Vec<usize>>>,
}

/// One unit names another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge<'a> {
    /// The one that names.
    pub from: &'a UnitName,
    /// How.
    pub kind: RelationKind,
    /// The one that is named.
    pub to: &'a UnitName,
}

/// A unit that another one names.
struct Named {
    /// How.
    kind: RelationKind,
    /// Its name.
    unit: String,
    /// Whether it is as if the named one had named the other, as `WantedBy=` has it.
    by: bool,
}

/// What is known of a unit that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It has this directory: it is converted too, or the target has it.
    Directory(String),
    /// It is reached before the first service is started.
    Early,
    /// What is started at boot: the purpose of the supervisor.
    Boot,
    /// Something that comes while services are being started, and that nobody
    /// tells them of: the network.
    Later,
    /// It ends what runs.
    Shutdown,
    /// A unit that nobody here knows.
    Unknown,
}

/// Well-known units that are there before services are started.
const EARLY: [&str; 37] = [
    "-.mount",
    "basic.target",
    "blockdev@.target",
    "cryptsetup-pre.target",
    "cryptsetup.target",
    "dbus.socket",
    "first-boot-complete.target",
    "integritysetup.target",
    "local-fs-pre.target",
    "local-fs.target",
    "machines.target",
    "modprobe@.service",
    "paths.target",
    "slices.target",
    "smartcard.target",
    "sockets.target",
    "sound.target",
    "swap.target",
    "sysinit.target",
    "syslog.service",
    "syslog.socket",
    "syslog.target",
    "systemd-journald.service",
    "systemd-journald.socket",
    "systemd-modules-load.service",
    "systemd-random-seed.service",
    "systemd-remount-fs.service",
    "systemd-sysctl.service",
    "systemd-sysusers.service",
    "systemd-tmpfiles-setup-dev.service",
    "systemd-tmpfiles-setup.service",
    "systemd-udev-settle.service",
    "systemd-udev-trigger.service",
    "systemd-udevd.service",
    "timers.target",
    "tmp.mount",
    "veritysetup.target",
];

/// Well-known units that mean the running system.
const BOOT: [&str; 6] =
    ["default.target", "getty.target", "graphical.target", "multi-user.target", "runlevel3.target", "runlevel5.target"];

/// Well-known units that come sometime.
const LATER: [&str; 13] = [
    "network-online.target",
    "network-pre.target",
    "network.target",
    "nss-lookup.target",
    "nss-user-lookup.target",
    "remote-fs-pre.target",
    "remote-fs.target",
    "rpcbind.target",
    "systemd-networkd-wait-online.service",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "time-set.target",
    "time-sync.target",
];

/// Well-known units that end what runs.
const SHUTDOWN: [&str; 14] = [
    "emergency.target",
    "exit.target",
    "final.target",
    "halt.target",
    "hibernate.target",
    "hybrid-sleep.target",
    "kexec.target",
    "poweroff.target",
    "reboot.target",
    "rescue.target",
    "shutdown.target",
    "sleep.target",
    "suspend.target",
    "umount.target",
];

impl<'a> Together<'a> {
    /// The units of these plans.
    pub fn of(plans: &'a [Plan<'a>]) -> Self {
        let mut together = Together { plans: plans.iter().collect(), ..Together::default() };
        together.plans.sort_by_key(|plan| plan.name());
        together.find_sockets();
        let homes = together.plans.iter().filter(|plan| together.has_directory(plan));
        together.units = homes.map(|plan| plan.name()).collect();
        for plan in plans {
            let Some(unit) = together.get(plan.name().as_str()) else { continue };
            for Named { kind, unit: other, by } in Named::all(plan) {
                let Some(other) = together.get(&other).filter(|other| *other != unit) else { continue };
                let (from, to) = if by { (other, unit) } else { (unit, other) };
                together.edges.push(Edge { from, kind, to });
            }
        }
        together.inverse.clone_from(&together.edges);
        together.edges.sort_by_key(|edge| edge.from);
        together.inverse.sort_by_key(|edge| edge.to);
        together
    }

    /// These units, their relations not known.
    pub fn named(mut units: Vec<&'a UnitName>) -> Self {
        units.sort_unstable();
        Together { units, ..Together::default() }
    }

    /// The unit of this name, if it is among them and has a directory; of a socket
    /// that a service opens the service.
    pub fn get(&self, name: &str) -> Option<&'a UnitName> {
        if let Ok(at) = self.opened.binary_search_by(|(socket, _)| socket.as_str().cmp(name)) {
            return Some(self.opened[at].1);
        }
        self.units.binary_search_by(|unit| unit.as_str().cmp(name)).ok().map(|at| self.units[at])
    }

    /// What the unit of this name is.
    pub fn plan(&self, name: &str) -> Option<&'a Plan<'a>> {
        self.plans.binary_search_by(|plan| plan.name().as_str().cmp(name)).ok().map(|at| self.plans[at])
    }

    /// What a target becomes: a group of supervisord has its own name, unless something else may have it.
    pub fn group_name(&self, plan: &Plan, target: &Target) -> String {
        /// Behind these dashes stand names of other directories: of loggers, of units that are no services.
        const OTHERS: [&str; 9] = ["log", "pipeline", "target", "socket", "timer", "path", "mount", "swap", "slice"];
        let stem = plan.name().stem();
        let taken = self.get(&format!("{stem}.service")).is_some()
            || stem == target.boot_bundle
            || stem.rsplit_once('-').is_some_and(|(_, last)| OTHERS.contains(&last));
        let group = matches!(plan.unit.origin, Origin::Supervisord(_)) && plan.name().kind() == UnitKind::Target;
        if group && !taken { stem.to_owned() } else { directory_name(plan.name()) }
    }

    /// The sockets that start this service, or its template if there is one service a connection;
    /// and those that it names itself if they have no service of their own here.
    pub fn sockets(&self, service: &UnitName) -> impl Iterator<Item = (&'a Plan<'a>, &'a Socket)> {
        let start = self.sockets.partition_point(|(known, ..)| *known < service);
        let all = self.sockets[start..].iter().take_while(move |(known, ..)| *known == service);
        all.map(|(_, plan, socket)| (*plan, *socket))
    }

    /// The service that is given a socket.
    pub fn served(&self, socket: &UnitName) -> Option<&'a Plan<'a>> {
        let (service, ..) = self.sockets.iter().find(|(_, plan, _)| plan.name() == socket)?;
        self.plan(service.as_str())
    }

    /// The socket that a service shares with others.
    pub fn shared(&self, service: &UnitName) -> Option<(&'a Plan<'a>, &'a Socket)> {
        let Body::Service(service) = &self.plan(service.as_str())?.body else { return None };
        service.sockets.iter().find_map(|leaf| {
            let plan = self.plan(&leaf.value).filter(|plan| self.is_shared(plan.name()))?;
            if let Body::Socket(socket) = &plan.body { Some((plan, socket)) } else { None }
        })
    }

    /// Whether several services share a socket.
    pub fn is_shared(&self, socket: &UnitName) -> bool {
        self.shared.binary_search(&socket).is_ok()
    }

    fn find_sockets(&mut self) {
        self.shared = self.find_shared();
        let of_service = |plan: &&'a Plan<'a>| matches!(plan.body, Body::Service(_)).then_some(plan.name());
        for plan in &self.plans {
            let Body::Socket(socket) = &plan.body else { continue };
            let own = self.plan(&socket.service.value);
            let names = |other: &&&Plan| match &other.body {
                Body::Service(service) => service.sockets.iter().any(|leaf| leaf.value == plan.name().as_str()),
                _ => false,
            };
            let service = own.or_else(|| self.plans.iter().find(names).copied());
            let Some(service) = service.as_ref().and_then(of_service) else { continue };
            self.sockets.push((service, plan, socket));
            if !socket.accept.value && !self.is_shared(plan.name()) {
                self.opened.push((plan.name(), service));
            }
        }
        self.sockets.sort_by_key(|(service, ..)| *service);
    }

    /// The sockets of pools, also where not all of the pool is converted; sorted, as the plans are.
    fn find_shared(&self) -> Vec<&'a UnitName> {
        let of_pool = |plan: &&&Plan| match plan.unit.origin {
            Origin::Supervisord(part) => {
                matches!(&part.kind, PartKind::Socket { processes, .. } if processes.len() > 1)
            }
            Origin::Systemd => false,
        };
        self.plans.iter().filter(of_pool).map(|plan| plan.name()).collect()
    }

    /// Whether a directory is made for it.
    fn has_directory(&self, plan: &Plan) -> bool {
        match &plan.body {
            Body::Service(_) => !plan.name().is_template() || self.sockets(plan.name()).next().is_none(),
            Body::Socket(socket) => {
                self.is_shared(plan.name()) || socket.accept.value && self.served(plan.name()).is_some()
            }
            Body::Target | Body::Timer(_) | Body::Path(_) => true,
            Body::Mount(mount) => !mount.service.commands.start.is_empty(),
            Body::Other => false,
        }
    }

    /// The units that `unit` names, also by the `[Install]` section of those.
    pub fn from(&self, unit: &UnitName) -> impl Iterator<Item = &Edge<'a>> {
        let start = self.edges.partition_point(|edge| edge.from < unit);
        self.edges[start..].iter().take_while(move |edge| edge.from == unit)
    }

    /// The units that name `unit`, also by its own `[Install]` section.
    pub fn to(&self, unit: &UnitName) -> impl Iterator<Item = &Edge<'a>> {
        let start = self.inverse.partition_point(|edge| edge.to < unit);
        self.inverse[start..].iter().take_while(move |edge| edge.to == unit)
    }

    /// Whether `unit` is started once `other` has been: it says so, or `other` does.
    pub fn is_after(&self, unit: &UnitName, other: &UnitName) -> bool {
        self.from(unit).any(|edge| edge.kind == RelationKind::After && edge.to == other)
            || self.to(unit).any(|edge| edge.kind == RelationKind::Before && edge.from == other)
    }

    /// The units that must be up before `unit`, for a supervisor that knows one
    /// kind of dependency, which is an order too and has no cycles; for a target
    /// those that it pulls in.
    ///
    /// Where a requirement goes against the order, the order counts.
    pub fn dependencies(&self, unit: &UnitName) -> impl Iterator<Item = &'a UnitName> {
        let graph = self.dependencies.get_or_init(|| self.graph());
        let others = self.position(unit).map(|at| &graph[at]);
        others.into_iter().flatten().map(|at| self.units[*at])
    }

    /// Takes in one edge after the other, the most important kind first, but for those that close a cycle.
    fn graph(&self) -> Vec<Vec<usize>> {
        use RelationKind::{After, Before, BindsTo, PartOf, Requires, Requisite, Upholds, Wants};
        let is_target = |unit: &UnitName| unit.kind() == UnitKind::Target;
        let rank = |edge: &Edge| match edge.kind {
            Requires | Requisite | BindsTo | Wants | Upholds if is_target(edge.from) => Some(0),
            _ if is_target(edge.from) && edge.kind != Before => None,
            Before if is_target(edge.to) => None,
            After | Before => Some(1),
            Requires | Requisite | BindsTo => Some(2),
            Wants | Upholds | PartOf => Some(3),
            _ => None,
        };
        let mut ranked: Vec<_> = self.edges.iter().filter_map(|edge| Some((rank(edge)?, edge))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut graph = vec![Vec::new(); self.units.len()];
        for (_, Edge { from, kind, to }) in ranked {
            let (from, to) = if *kind == Before { (to, from) } else { (from, to) };
            let (Some(from), Some(to)) = (self.position(from), self.position(to)) else { continue };
            if !graph[from].contains(&to) && !reaches(&graph, to, from) {
                graph[from].push(to);
            }
        }
        graph
    }

    fn position(&self, unit: &UnitName) -> Option<usize> {
        self.units.binary_search(&unit).ok()
    }

    /// Whether a timer starts the unit.
    pub fn is_triggered(&self, unit: &UnitName) -> bool {
        self.to(unit).any(|edge| edge.kind == RelationKind::Triggers)
    }

    /// Whether the unit is started by a timer, and by nothing at boot.
    pub fn is_only_triggered(&self, plan: &Plan) -> bool {
        let by = |kind| matches!(kind, InstallKind::WantedBy | InstallKind::RequiredBy | InstallKind::UpheldBy);
        self.is_triggered(plan.name()) && !plan.install.iter().any(|leaf| by(leaf.value.kind))
    }

    /// What is known of `name`.
    pub fn place(&self, name: &str, target: &Target) -> Place {
        if let Some(unit) = self.get(name) {
            return Place::Directory(directory_name(unit));
        }
        if let Some((_, directory)) = target.targets.iter().find(|(known, _)| known == name) {
            return directory.clone().map_or(Place::Early, Place::Directory);
        }
        let template = UnitName::parse(name).and_then(|name| Some(name.template()?.as_str().to_owned()));
        let among = |list: &[&str]| list.iter().any(|known| *known == name || Some(*known) == template.as_deref());
        match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
            _ if among(&EARLY) => Place::Early,
            _ if among(&BOOT) => Place::Boot,
            _ if among(&LATER) => Place::Later,
            _ if among(&SHUTDOWN) => Place::Shutdown,
            "mount" | "swap" | "slice" | "device" => Place::Early,
            _ => Place::Unknown,
        }
    }
}

/// Whether there is a way in `graph`.
fn reaches(graph: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; graph.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&graph[at]);
        }
    }
    false
}

impl Named {
    /// Every unit that one names.
    fn all(plan: &Plan) -> Vec<Self> {
        let relations = plan.relations.iter().map(|leaf| {
            let Relation { kind, unit } = &leaf.value;
            Named { kind: *kind, unit: unit.clone(), by: false }
        });
        let installs = plan.install.iter().filter_map(|leaf| {
            let kind = match leaf.value.kind {
                InstallKind::WantedBy => RelationKind::Wants,
                InstallKind::RequiredBy => RelationKind::Requires,
                InstallKind::UpheldBy => RelationKind::Upholds,
                InstallKind::Alias | InstallKind::Also | InstallKind::DefaultInstance => return None,
            };
            Some(Named { kind, unit: leaf.value.name.clone(), by: true })
        });
        let triggers = Waiting::of(&plan.body).map(|waits| waits.unit().as_str().to_owned());
        let triggers = triggers.map(|unit| Named { kind: RelationKind::Triggers, unit, by: false });
        relations.chain(installs).chain(triggers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fate::Backend;

    #[test]
    fn tables_are_sorted() {
        for table in [&EARLY[..], &BOOT, &LATER, &SHUTDOWN] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn a_name_has_a_place() {
        let unit = UnitName::parse("db.service").unwrap();
        let together = Together::named(vec![&unit]);
        let mut target = Target::new(Backend::Runit);
        target.targets =
            vec![("network-online.target".to_owned(), Some("dhcpcd".to_owned())), ("x.service".to_owned(), None)];
        for (name, place) in [
            ("db.service", Place::Directory("db".to_owned())),
            ("network-online.target", Place::Directory("dhcpcd".to_owned())),
            ("network.target", Place::Later),
            ("x.service", Place::Early),
            ("srv-data.mount", Place::Early),
            ("modprobe@loop.service", Place::Early),
            ("multi-user.target", Place::Boot),
            ("shutdown.target", Place::Shutdown),
            ("other.service", Place::Unknown),
        ] {
            assert_eq!(together.place(name, &target), place, "{name}");
        }
    }
}
