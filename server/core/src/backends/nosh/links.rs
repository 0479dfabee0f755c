//! Links to other bundles: what is started, stopped and waited for along with this one.

use crate::backends::{Content, Directory, Fates, File, Together};
use crate::fate::Fate;
use crate::plan::{Body, Install, InstallKind, Leaf, Plan, Relation, RelationKind, Type};
use crate::schema::UnitKind;
use crate::units::UnitName;

/// The folders of links that a bundle has, filled or not: enabling another one may fill them.
const FOLDERS: [&str; 8] =
    ["after", "before", "conflicts", "required-by", "requires", "stopped-by", "wanted-by", "wants"];

pub(super) fn render(plan: &Plan, together: &Together, fates: &mut Fates, directory: &mut Directory) {
    let Plan { unit: _, body, relations, default_dependencies, conditions: _, install, description: _, faults: _ } =
        plan;
    for relation in relations {
        relate(relation, together, fates, directory);
    }
    for install in install {
        enable(install, together, fates, directory);
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
const MOUNTS: &str = "/etc/service-bundles/services/mount@";

fn relate(relation: &Leaf<Relation>, together: &Together, fates: &mut Fates, directory: &mut Directory) {
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
        | RelationKind::JoinsNamespaceOf => &[],
    };
    fates.keep(*at);
    for folder in folders {
        link(unit, folder, *at, together, fates, directory);
    }
}

fn enable(install: &Leaf<Install>, together: &Together, fates: &mut Fates, directory: &mut Directory) {
    let Leaf { value: Install { kind, name }, at } = install;
    fates.keep(*at);
    match kind {
        InstallKind::WantedBy | InstallKind::UpheldBy => link(name, "wanted-by", *at, together, fates, directory),
        InstallKind::RequiredBy => {
            link(name, "wanted-by", *at, together, fates, directory);
            link(name, "required-by", *at, together, fates, directory);
        }
        InstallKind::Alias | InstallKind::Also | InstallKind::DefaultInstance => {}
    }
}

fn link(
    unit: &str,
    folder: &str,
    at: Option<crate::plan::At>,
    together: &Together,
    fates: &mut Fates,
    directory: &mut Directory,
) {
    let Some(unit) = UnitName::parse(unit) else {
        fates.set(at, &Fate::lost(format!("\"{unit}\" is no name of a unit")));
        return;
    };
    match bundle(&unit, together) {
        Some((name, to)) => add(directory, folder, &name, to),
        None => fates.set(at, &Fate::lost(format!("nosh has no bundle for {}", unit.as_str()))),
    }
}

/// The bundle of a unit: its name, and the way to it from a folder of links.
fn bundle(unit: &UnitName, together: &Together) -> Option<(String, String)> {
    let stem = unit.stem().to_owned();
    let beside = format!("../../{stem}");
    Some(match unit.kind() {
        UnitKind::Service | UnitKind::Socket | UnitKind::Timer => (stem, beside),
        UnitKind::Target if together.units.contains(&unit) => (stem, beside),
        UnitKind::Target => {
            let to = format!("{TARGETS}/{stem}");
            (stem, to)
        }
        // nosh names a mount by its place with the slash at its start.
        UnitKind::Mount => {
            let place = if stem == "-" { stem } else { format!("-{stem}") };
            (format!("mount@{place}"), format!("{MOUNTS}{place}"))
        }
        UnitKind::Automount
        | UnitKind::Device
        | UnitKind::Path
        | UnitKind::Scope
        | UnitKind::Slice
        | UnitKind::Swap => return None,
    })
}
