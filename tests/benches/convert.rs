//! A thousand services, converted and written.

use std::fs;
use std::path::{Path, PathBuf};

use svlsp::workspace::Checker;
use svlsp::workspace::convert::Converter;
use svlsp::workspace::load::Request;
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::rules::Selection;
use svlsp_core::schema::{UnitKind, Version};
use svlsp_core::units::{Role, UnitName};

use crate::measure::{Measured, Program};

/// How many services are converted.
pub(crate) const MANY: usize = 1000;

/// How often.
const RUNS: usize = 5;

/// A folder with [`MANY`] services, made of those among `units` that can be converted.
pub(crate) fn prepare(units: &[PathBuf], scratch: &Path) -> PathBuf {
    let folder = scratch.join("services");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let services: Vec<&PathBuf> = units.iter().filter(|path| is_service(path)).collect();
    let mut count = 0;
    for service in services.into_iter().cycle() {
        let to = folder.join(format!("{count}.service"));
        fs::copy(service, &to).expect("a file can be copied");
        count += usize::from(is_convertible(&to));
        if count == MANY {
            break;
        }
    }
    folder
}

/// Converts the services of `folder`, first to where nothing is, then to where they are already.
pub(crate) fn run(backend: Backend, folder: &Path) -> [Measured; 2] {
    let program = Program::svlsp_convert();
    // Nothing is deleted in between: ext4 is slow to make files where many have just been deleted.
    let out = |run: usize| folder.with_file_name(format!("out{run}"));
    let convert = |out: &Path, runs| {
        program.run(&[Path::new("--to"), Path::new(backend.name()), Path::new("--out"), out, folder], runs)
    };
    let mut fresh: Vec<Measured> = (0..RUNS).map(|run| convert(&out(run), 1)).collect();
    fresh.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let again = convert(&out(0), RUNS);
    assert_eq!(fs::read_dir(out(0)).expect("there is something").count(), MANY, "every service has its directory");
    [fresh[RUNS / 2], again]
}

fn is_service(path: &Path) -> bool {
    let role = Role::of(&path.to_string_lossy());
    let plain = |name: &UnitName| name.kind() == UnitKind::Service && name.instance().is_none();
    matches!(role, Some(Role::Unit(name)) if plain(&name))
}

/// Whether nothing that only the target knows is missing, and systemd takes it all.
fn is_convertible(path: &PathBuf) -> bool {
    let loaded = Request { units: std::slice::from_ref(path), threads: 1, ..Request::default() }.load();
    let selection = Selection::default();
    let checker =
        Checker { selection: &selection, version: Version::LATEST, targets: &[], excerpts: false, threads: 1 };
    let target = Target::new(Backend::Runit);
    let converted = Converter { target: &target, checker, environment: &[], programs: &[] }.run(&loaded);
    loaded.failures.is_empty() && converted.findings.is_empty()
}
