//! Links to other bundles: what is started, stopped and waited for along with this one.

use crate::backends::{Content, Directory, Fates, File, Place, Target, Together, directory_name};
use crate::fate::Fate;
use crate::plan::{At, Body, Install, InstallKind, Leaf, Plan, Relation, RelationKind, Type};
use crate::schema::UnitKind;
use crate::units::UnitName;

/// The folders of links that a bundle has, filled or not: enabling another one may fill them.
const FOLDERS: [&str; 8] =
    ["after", "before", "conflicts", "required-by", "requires", "stopped-by", "wanted-by", "wants"];

/// What links depend on, beside the unit itself.
#[derive(Clone, Copy)]
pub(super) struct Others<'a> {
    pub together: &'a Together<'a>,
    pub target: &'a Target,
}

pub(super) fn render(plan: &Plan, others: Others, fates: &mut Fates, directory: &mut Directory) {
    let Plan {
        unit: _,
        body,
        relations,
        mounts,
        default_dependencies,
        conditions: _,
        install,
        description: _,
        settled: _,
        fated: _,
        faults: _,
        autostart,
    } = plan;
    fates.keep(autostart.at);
    for relation in relations {
        relate(relation, others, fates, directory);
    }
    for Leaf { value, at } in mounts {
        fates.keep(*at);
        for place in mounts_of(value) {
            for folder in ["after", "wants"] {
                add(directory, folder, &format!("mount@{place}"), format!("{SERVICES}/mount@{place}"));
            }
        }
    }
    for install in install {
        enable(install, others, fates, directory);
    }
    fates.keep(default_dependencies.at);
    if default_dependencies.value && !matches!(body, Body::Target) {
        defaults(directory);
        if matches!(body, Body::Service(service) if service.kind.value == Type::Dbus) {
            for folder in ["after", "wants"] {
                add(directory, folder, "dbus", "../../dbus".to_owned());
            }
        }
    }
    for folder in FOLDERS {
        let path = format!("{folder}/");
        if !directory.files.iter().any(|file| file.path.starts_with(&path)) {
            directory.files.push(File { path: folder.to_owned(), content: Content::Directory });
        }
    }
}

/// What every service has by default: it follows `basic`, and ends with `shutdown`.
pub(super) fn defaults(directory: &mut Directory) {
    for (folder, target) in [("after", "basic"), ("wants", "basic"), ("before", "shutdown"), ("stopped-by", "shutdown")]
    {
        add(directory, folder, target, format!("{TARGETS}/{target}"));
    }
}

/// Adds a link, once.
pub(super) fn add(directory: &mut Directory, folder: &str, name: &str, to: String) {
    let path = format!("{folder}/{name}");
    if !directory.files.iter().any(|file| file.path == path) {
        directory.files.push(File { path, content: Content::Link(to) });
    }
}

/// Where the machine's own targets and mounts are.
const TARGETS: &str = "/etc/service-bundles/targets";
const SERVICES: &str = "/etc/service-bundles/services";

fn relate(relation: &Leaf<Relation>, others: Others, fates: &mut Fates, directory: &mut Directory) {
    let Leaf { value: Relation { kind, unit }, at } = relation;
    // `requires/` is for enabling: it puts this bundle into `required-by/` of the
    // other one, so that it is stopped when the other one is.
    let folders: &[&str] = match kind {
        RelationKind::Requires | RelationKind::BindsTo => &["wants", "requires"],
        RelationKind::Wants | RelationKind::Upholds => &["wants"],
        RelationKind::Conflicts => &["conflicts"],
        RelationKind::Before => &["before"],
        RelationKind::After => &["after"],
        RelationKind::PropagatesStopTo => &["required-by"],
        RelationKind::StopPropagatedFrom | RelationKind::PartOf => &["requires"],
        RelationKind::Requisite
        | RelationKind::OnSuccess
        | RelationKind::OnFailure
        | RelationKind::PropagatesReloadTo
        | RelationKind::ReloadPropagatedFrom
        | RelationKind::JoinsNamespaceOf
        | RelationKind::Triggers => &[],
    };
    fates.keep(*at);
    for folder in folders {
        link(unit, folder, *at, others, fates, directory);
    }
}

/// The names of whatever may be mounted on the way to `path`, the root left out.
fn mounts_of(path: &[u8]) -> Vec<String> {
    let parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
    let names = parts.scan(String::new(), |name, part| {
        name.push('-');
        for character in String::from_utf8_lossy(part).chars() {
            match character {
                '-' | '\\' => name.push_str(&format!("\\x{:02x}", u32::from(character))),
                other => name.push(other),
            }
        }
        Some(name.clone())
    });
    names.collect()
}

fn enable(install: &Leaf<Install>, others: Others, fates: &mut Fates, directory: &mut Directory) {
    let Leaf { value: Install { kind, name }, at } = install;
    fates.keep(*at);
    match kind {
        InstallKind::WantedBy | InstallKind::UpheldBy => link(name, "wanted-by", *at, others, fates, directory),
        InstallKind::RequiredBy => {
            link(name, "wanted-by", *at, others, fates, directory);
            link(name, "required-by", *at, others, fates, directory);
        }
        InstallKind::Alias | InstallKind::Also | InstallKind::DefaultInstance => {}
    }
}

fn link(unit: &str, folder: &str, at: Option<At>, others: Others, fates: &mut Fates, directory: &mut Directory) {
    let Some(unit) = UnitName::parse(unit) else {
        fates.set(at, &Fate::lost(format!("\"{unit}\" is no name of a unit")));
        return;
    };
    match bundle(&unit, others) {
        Found::At { name, to } => add(directory, folder, &name, to),
        Found::Early => fates.set(at, &Fate::irrelevant("it is there before services are started")),
        Found::Nowhere => fates.set(at, &Fate::lost(format!("nosh has no bundle for {}", unit.as_str()))),
    }
}

/// Where the bundle of a unit is.
enum Found {
    /// Its name, and the way to it from a folder of links.
    At { name: String, to: String },
    /// Nobody needs to wait for it.
    Early,
    /// It has none.
    Nowhere,
}

/// nosh names a mount by its place with the slash at its start.
pub(super) fn mount_name(unit: &UnitName) -> String {
    match unit.stem() {
        "-" => "mount@-".to_owned(),
        stem => format!("mount@-{stem}"),
    }
}

fn bundle(unit: &UnitName, others: Others) -> Found {
    let Others { together, target } = others;
    let name = match together.plan(unit.as_str()).map(|plan| &plan.body) {
        Some(Body::Socket(socket)) if socket.accept.value => directory_name(unit),
        _ => super::bundle_name(unit, together),
    };
    let beside = |name: String| Found::At { to: format!("../../{name}"), name };
    if together.get(unit.as_str()).is_some() {
        return beside(name);
    }
    if let Some((_, known)) = target.targets.iter().find(|(known, _)| known == unit.as_str()) {
        return known.clone().map_or(Found::Early, beside);
    }
    match unit.kind() {
        UnitKind::Service | UnitKind::Socket | UnitKind::Timer => beside(name),
        UnitKind::Target => Found::At { to: format!("{TARGETS}/{name}"), name },
        UnitKind::Mount => Found::At { to: format!("{SERVICES}/{name}"), name },
        UnitKind::Automount
        | UnitKind::Device
        | UnitKind::Path
        | UnitKind::Scope
        | UnitKind::Slice
        | UnitKind::Swap => match together.place(unit.as_str(), target) {
            Place::Early => Found::Early,
            _ => Found::Nowhere,
        },
    }
}
