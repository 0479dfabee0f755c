//! The directories that the backends make of a job's units.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use svlsp_core::backends::{Content, Directory, Target, Together, render};
use svlsp_core::fate::{Backend, Fate};
use svlsp_core::plan::{self, Facts};
use svlsp_core::syntax::scan;
use svlsp_core::units::{Unit, UnitName};

use super::job::Job;

/// Names of directives, each with what became of one of its assignments.
pub type Fates = Vec<(&'static str, Fate)>;

/// Writes the directories of all units of `job` into `folder`.
pub fn convert(backend: Backend, job: &Job, folder: &Path) -> Result<Fates, String> {
    let mut target = Target::new(backend);
    target.facts = facts();
    let names: Vec<UnitName> = job.started().iter().filter_map(|name| UnitName::parse(name)).collect();
    let files: Vec<_> = job.units.iter().map(|(_, text)| [scan(text)]).collect();
    let units: Vec<_> = names.iter().zip(&files).map(|(name, files)| Unit::new(name, files)).collect();
    let plans: Vec<_> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let mut fates = Fates::new();
    for plan in &plans {
        let (unit, name) = (plan.unit, plan.name());
        let rendering = render(plan, &together, &target);
        if let Some(fault) = rendering.faults.first() {
            return Err(format!("{}: {}", name.as_str(), fault.message));
        }
        if rendering.directories.is_empty() {
            return Err(format!("{} becomes nothing", name.as_str()));
        }
        for directory in &rendering.directories {
            write(directory, &folder.join(&directory.name)).map_err(|error| error.to_string())?;
        }
        fates.extend(unit.settings().iter().map(|setting| setting.entry.name).zip(rendering.fates));
    }
    Ok(fates)
}

/// What furnish.sh makes of the machine.
fn facts() -> Facts {
    let of_kernel = |name: &str| fs::read_to_string(Path::new("/proc/sys/kernel").join(name)).unwrap_or_default();
    let facts = [
        (b'H', "world".to_owned()),
        (b'l', "world".to_owned()),
        (b'm', "0123456789abcdef0123456789abcdef".to_owned()),
        (b'b', of_kernel("random/boot_id").trim().replace('-', "")),
        (b'v', of_kernel("osrelease").trim().to_owned()),
        (b'a', "x86-64".to_owned()),
    ];
    Facts { specifiers: facts.into() }
}

fn write(directory: &Directory, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for file in &directory.files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match &file.content {
            Content::Text(text) => fs::write(path, text)?,
            Content::Script(text) => {
                fs::write(&path, text)?;
                fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
            }
            Content::Link(to) => symlink(to, path)?,
            Content::Directory => fs::create_dir_all(path)?,
        }
    }
    Ok(())
}
