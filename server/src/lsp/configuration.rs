//! A supervisord.conf as the core's features take it, with the files that it goes with.

use svlsp_core::backends::Together;
use svlsp_core::features::{self, Configured};
use svlsp_core::rules::Target;
use svlsp_core::schema::FileKind;
use svlsp_core::syntax::{self, Dialect, File};
use svlsp_core::text::{self, Decoded};
use svlsp_core::units::supervisord::{Around, Config};

use super::document::Document;
use super::position::Encoding;
use super::view::View;
use super::world::World;
use crate::workspace::supervisord::Configuration;

/// Looks at an open file of a configuration.
pub(super) fn view<T>(
    world: &World,
    file: u32,
    document: &Document,
    encoding: Encoding,
    look: impl FnOnce(&View) -> T,
) -> T {
    let task = world.task(file);
    let numbers: Vec<u32> = match task {
        Some(task) => task.files.iter().map(|part| part.file).collect(),
        None => vec![file],
    };
    let bytes: Vec<_> = numbers.iter().map(|&number| world.bytes(number)).collect();
    let texts: Vec<Decoded> = bytes.iter().map(|bytes| text::decode(bytes)).collect();
    let files: Vec<File> = texts.iter().map(|text| syntax::read(text, Dialect::Supervisord)).collect();
    let at = numbers.iter().position(|number| *number == file).unwrap_or_default();
    let paths: Vec<Box<str>> = numbers.iter().map(|&number| world.path(number).to_string_lossy().into()).collect();
    let known = task.and_then(|task| task.configuration.as_deref());
    let directories = known.map(Configuration::directories).unwrap_or_default();
    let here = |number: &u32| directories.get(world.path(*number)).copied().unwrap_or_default().to_owned();
    let around = Around {
        here: numbers.iter().map(here).collect(),
        partial: known.is_none_or(|known| !known.complete),
        ..Around::default()
    };
    let config = Config::new(&files, &around);
    let together = Together::named(config.parts.iter().map(|part| &part.name).collect());
    let unit = features::Document {
        file: &files[at],
        kind: FileKind::Supervisord,
        name: None,
        drop_in: false,
        whole: None,
        configured: Some(Configured { config: &config, at, paths: &paths }),
        target: Target { version: world.settings.version(), manager: world.manager(file) },
        backends: &world.settings.targets,
        neighbours: &[],
        together: &together,
        users: &world.users,
        groups: &world.groups,
    };
    look(&View { document, world, file, unit, files: &numbers, encoding })
}
