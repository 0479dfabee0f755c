//! Bundles: targets, other names, and what is started at boot.

use std::collections::BTreeSet;

use super::{InstallKind, name};
use crate::backends::{Content, Directory, Fates, File, Place, Target, Together, directory_name};
use crate::fate::Fate;
use crate::plan::{Plan, RelationKind};
use crate::units::UnitName;

/// A target, with the units that it pulls in.
pub(super) fn target(plan: &Plan, together: &Together, target: &Target, fates: &mut Fates) -> Directory {
    let mut directory = Directory { name: name(together.group_name(plan, target)), ..Directory::default() };
    let members: BTreeSet<String> =
        together.dependencies(plan.name()).filter_map(|other| super::definition(other, together, target)).collect();
    fill(&mut directory, members);
    for leaf in &plan.relations {
        use RelationKind::{After, Before, BindsTo, Requires, Upholds, Wants};
        let fate = match (together.place(&leaf.value.unit, target), leaf.value.kind) {
            (Place::Directory(_), Requires | BindsTo | Wants | Upholds) => {
                Fate::native("`contents.d`, as a target is a bundle")
            }
            (_, After | Before) => Fate::irrelevant("a bundle is a list of names, whose order is their own"),
            (Place::Early, _) => Fate::irrelevant("it is there before s6-rc starts services"),
            (Place::Shutdown, _) => Fate::irrelevant("services are stopped at shutdown anyway"),
            _ => {
                fates.keep(leaf.at);
                continue;
            }
        };
        fates.set(leaf.at, &fate);
    }
    fates.keep(plan.default_dependencies.at);
    directory
}

/// What `[Install]` asks for: bundles that the unit is in.
pub(super) fn installed(
    plan: &Plan,
    together: &Together,
    target: &Target,
    fates: &mut Fates,
    directories: &mut Vec<Directory>,
) {
    let own = name(together.group_name(plan, target));
    for leaf in &plan.install {
        fates.keep(leaf.at);
        let other = match leaf.value.kind {
            InstallKind::Alias => UnitName::parse(&leaf.value.name).map(|alias| directory_name(&alias)),
            InstallKind::WantedBy | InstallKind::RequiredBy | InstallKind::UpheldBy => {
                bundle(&leaf.value.name, together, target, fates, leaf.at)
            }
            InstallKind::Also | InstallKind::DefaultInstance => None,
        };
        let Some(other) = other.map(name).filter(|other| *other != own) else { continue };
        if !directories.iter().any(|directory| directory.name == other) {
            let mut directory = Directory { name: other, files: Vec::new(), shared: true };
            fill(&mut directory, [own.clone()]);
            directories.push(directory);
        }
    }
}

/// The bundle that is to contain what is wanted by `unit`, unless that has it already.
fn bundle(
    unit: &str,
    together: &Together,
    target: &Target,
    fates: &mut Fates,
    at: Option<crate::plan::At>,
) -> Option<String> {
    if together.get(unit).is_some() {
        return None;
    }
    match together.place(unit, target) {
        Place::Boot | Place::Early => Some(target.boot_bundle.clone()),
        Place::Directory(directory) => Some(directory),
        Place::Later | Place::Shutdown | Place::Unknown => {
            let name = UnitName::parse(unit)?;
            match name.kind() {
                crate::schema::UnitKind::Target => Some(directory_name(&name)),
                _ => {
                    fates.set(at, &Fate::lost(format!("`{unit}` isn't converted along with it")));
                    None
                }
            }
        }
    }
}

/// Makes it a bundle with these members.
fn fill(directory: &mut Directory, members: impl IntoIterator<Item = String>) {
    directory.text("type", "bundle\n");
    let before = directory.files.len();
    for member in members {
        directory.text(&format!("contents.d/{member}"), "");
    }
    if directory.files.len() == before {
        directory.files.push(File { path: "contents.d".to_owned(), content: Content::Directory });
    }
}
