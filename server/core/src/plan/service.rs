//! The body of a `.service`.

use super::directories::Directories;
use super::identity::{self, Identity};
use super::lower::Lowering;
use super::mounts::{Mounts, WorkingDirectory};
use super::restart::Restart;
use super::step::{Chain, Link, Step};
use super::stop::{self, Stop};
use super::stream::Streams;
use super::{At, Bytes, Commands, Environment, Leaf, control_group, namespaces, scheduling};
use crate::schema::{key::exec, key::service as of};
use crate::values::{boolean, path};

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// `Type=`
    pub kind: Leaf<Type>,
    /// What it runs.
    pub commands: Commands,
    /// What is done to each process before its program runs; [`crate::values::exec::Privileges`]
    /// says which steps a command goes without.
    pub chain: Chain,
    /// Who it runs as; also a step of the chain unless it is root.
    pub identity: Identity,
    /// Its environment; also a step of the chain.
    pub environment: Environment,
    /// Its directories; also a step of the chain.
    pub directories: Directories,
    /// Its standard streams.
    pub streams: Streams,
    /// `Sockets=`: those that it is given beside the ones that start it.
    pub sockets: Vec<Leaf<String>>,
    /// `NonBlocking=`: of the sockets that it is given.
    pub non_blocking: Leaf<bool>,
    /// `PermissionsStartOnly=`, which the commands know of already.
    pub permissions_start_only: Leaf<bool>,
    /// `RemainAfterExit=`
    pub remain: Leaf<bool>,
    /// `PIDFile=`, an absolute path.
    pub pid_file: Option<Leaf<Bytes>>,
    /// `GuessMainPID=`
    pub guess_main_pid: Leaf<bool>,
    /// `NotifyAccess=`, `main` where `Type=` needs as much (`service_add_extras`).
    pub notify_access: Leaf<&'static str>,
    /// `ReloadSignal=`, which counts with `Type=notify-reload` only.
    pub reload_signal: Leaf<u8>,
    /// `TimeoutStartSec=`, in µs; `u64::MAX`: no end.
    pub start_timeout: Leaf<u64>,
    /// `RuntimeMaxSec=`, in µs; `u64::MAX`: no end.
    pub runtime_max: Leaf<u64>,
    /// What follows on its end.
    pub restart: Restart,
    /// How it is stopped.
    pub stop: Stop,
}

/// When a service counts as started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// At once.
    Simple,
    /// Once the program runs.
    Exec,
    /// Once the first process has exited.
    Forking,
    /// Once it has exited.
    Oneshot,
    /// Once it has its name on the bus.
    Dbus,
    /// Once it says so.
    Notify,
    /// The same, and it says when it has reloaded.
    NotifyReload,
    /// At once, but after all other jobs.
    Idle,
}

impl Service {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let commands = Commands::lower(low);
        let kind = Type::lower(low, &commands);
        let identity = Identity::lower(low);
        let pid_file = pid_file(low);
        let mut directories = Directories::lower(low, &identity);
        let mut environment = Environment::lower(low);
        environment.assignments.splice(0..0, directories.variables());
        if let Some(path) = pid_file.as_ref().filter(|_| kind.value == Type::Forking) {
            environment.first("PIDFILE", &path.value);
        }
        let default_start = if kind.value == Type::Oneshot { u64::MAX } else { 90_000_000 };
        Service {
            chain: chain(low, &identity, &mut directories, &environment),
            identity,
            environment,
            directories,
            streams: Streams::lower(low),
            sockets: sockets(low),
            non_blocking: low.boolean(of::NonBlocking, false),
            permissions_start_only: low.boolean(of::PermissionsStartOnly, false),
            remain: low.boolean(of::RemainAfterExit, false),
            pid_file,
            guess_main_pid: low.boolean(of::GuessMainPID, true),
            notify_access: notify_access(low, kind.value),
            reload_signal: low.signal(of::ReloadSignal, 1),
            start_timeout: stop::timeout(low, of::TimeoutStartSec, default_start),
            runtime_max: low.seconds(of::RuntimeMaxSec).unwrap_or(Leaf::default(u64::MAX)),
            restart: Restart::lower(low, kind.value, &commands),
            stop: Stop::lower(low),
            kind,
            commands,
        }
    }
}

impl Type {
    fn lower(low: &mut Lowering, commands: &Commands) -> Leaf<Self> {
        let Some(word) = low.choice(of::Type) else {
            // `service_add_extras`
            let bus = low.unit.has(of::BusName);
            return Leaf::default(match commands.start.is_empty() {
                true => Type::Oneshot,
                false if bus => Type::Dbus,
                false => Type::Simple,
            });
        };
        let kind = match word.value {
            "exec" => Type::Exec,
            "forking" => Type::Forking,
            "oneshot" => Type::Oneshot,
            "dbus" => Type::Dbus,
            "notify" => Type::Notify,
            "notify-reload" => Type::NotifyReload,
            "idle" => Type::Idle,
            _ => Type::Simple,
        };
        Leaf { value: kind, at: word.at }
    }
}

fn notify_access(low: &mut Lowering, kind: Type) -> Leaf<&'static str> {
    let access = low.choice(of::NotifyAccess).unwrap_or(Leaf::default("none"));
    match access.value {
        "none" if matches!(kind, Type::Notify | Type::NotifyReload) => Leaf { value: "main", ..access },
        _ => access,
    }
}

/// The steps in systemd's order.
fn chain(low: &mut Lowering, identity: &Identity, directories: &mut Directories, environment: &Environment) -> Chain {
    let mut links = vec![Link { step: Step::Session, from: Vec::new() }, control_group::lower(low)];
    scheduling::early(low, &mut links);
    let mounts = Mounts::lower(low, directories);
    directories.private_tmp = mounts.as_ref().is_some_and(|(mounts, _)| mounts.has_private_tmp());
    if !directories.made.is_empty() || directories.private_tmp {
        links.push(Link { step: Step::Directories(directories.clone()), from: directories.places(low) });
    }
    scheduling::limits(low, &mut links);
    namespaces::early(low, &mut links);
    let (directory, from) = working_directory(low, identity);
    match mounts {
        Some((mut mounts, places)) => {
            mounts.directory = directory;
            links.push(Link { step: Step::Mounts(mounts), from: places.into_iter().chain(from).collect() });
            namespaces::hostname(low, &mut links);
        }
        None => {
            namespaces::hostname(low, &mut links);
            root_directory(low, &mut links);
            let WorkingDirectory { path, user: _, optional } = directory;
            links.push(Link { step: Step::WorkingDirectory { path, optional }, from });
        }
    }
    namespaces::users(low, identity, &mut links);
    links.push(Link { step: Step::Environment(environment.clone()), from: environment.places() });
    let ignore = low.single(exec::IgnoreSIGPIPE, true, boolean::parse);
    links.push(Link { step: Step::IgnoreSigpipe(ignore.value), from: ignore.at.into_iter().collect() });
    identity::privileges(low, &mut links);
    if !identity.is_root() {
        let Identity { user, group, supplementary, .. } = identity;
        let from = user.iter().chain(group).chain(supplementary).filter_map(|leaf| leaf.at).collect();
        links.push(Link { step: Step::Identity(identity.clone()), from });
    }
    identity::labels(low, identity, &mut links);
    Chain { links }
}

/// `RootDirectory=` with `MountAPIVFS=no`: nothing is mounted in it.
fn root_directory(low: &mut Lowering, links: &mut Vec<Link>) {
    if let Some(at) = low.last(exec::RootDirectory)
        && let Some(word) = low.parse(at, path::parse)
        && let Some(root) = low.expand_at(at, word.bytes())
        && root.iter().any(|byte| *byte != b'/')
    {
        let from = [Some(at), low.last(exec::MountAPIVFS)].into_iter().flatten().collect();
        links.push(Link { step: Step::RootDirectory(root), from });
    }
}

fn working_directory(low: &mut Lowering, identity: &Identity) -> (WorkingDirectory, Vec<At>) {
    let Some(at) = low.last(exec::WorkingDirectory) else { return (WorkingDirectory::default(), Vec::new()) };
    let Some(directory) = low.parse(at, path::parse_working_directory) else {
        return (WorkingDirectory::default(), vec![at]);
    };
    let optional = directory.optional;
    let directory = match &directory.path {
        Some(word) => WorkingDirectory { path: low.expand_at(at, word.bytes()), user: None, optional },
        None => {
            let user = identity.user.as_ref().map_or_else(|| b"root".to_vec(), |leaf| leaf.value.clone());
            WorkingDirectory { path: None, user: Some(user), optional }
        }
    };
    (directory, vec![at])
}

fn sockets(low: &mut Lowering) -> Vec<Leaf<String>> {
    let unit = low.unit;
    let names = low.all(of::Sockets).into_iter().flat_map(|at| {
        let setting = unit.settings()[at.0 as usize];
        unit.references_of(setting).map(move |reference| Leaf::new(reference.name.into_owned(), at))
    });
    names.collect()
}

fn pid_file(low: &mut Lowering) -> Option<Leaf<Bytes>> {
    let at = low.last(of::PIDFile)?;
    let word = low.parse(at, path::parse_pid_file)?;
    let mut path = low.expand_at(at, word.bytes())?;
    if !path.starts_with(b"/") {
        path.splice(0..0, *b"/run/");
    }
    Some(Leaf::new(path, at))
}
