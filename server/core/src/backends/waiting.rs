//! Units that wait, and start a service when it is time: timers and paths.

use super::tools::Tool;
use super::{Directory, Fates, directory_name, timer};
use crate::fate::Fate;
use crate::plan::{Body, Bytes, PathUnit, Service, Timer, WatchKind};
use crate::schema::UnitKind;
use crate::units::UnitName;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waiting<'p> {
    Timer(&'p Timer),
    Path(&'p PathUnit),
}

impl<'p> Waiting<'p> {
    /// What waits, if the unit is of that kind.
    pub(super) fn of(body: &'p Body) -> Option<Self> {
        match body {
            Body::Timer(timer) => Some(Waiting::Timer(timer)),
            Body::Path(path) => Some(Waiting::Path(path)),
            Body::Service(_) | Body::Socket(_) | Body::Target | Body::Mount(_) | Body::Other => None,
        }
    }

    /// What it starts.
    pub(super) fn unit(self) -> &'p UnitName {
        match self {
            Waiting::Timer(timer) => &timer.unit.value,
            Waiting::Path(path) => &path.unit.value,
        }
    }

    /// The loop as a service, one of which nothing is set.
    pub(super) fn service(self) -> &'p Service {
        match self {
            Waiting::Timer(timer) => &timer.service,
            Waiting::Path(path) => &path.service,
        }
    }

    /// What `run` does.
    pub(super) fn what(self) -> &'static str {
        match self {
            Waiting::Timer(_) => "waits until it is time",
            Waiting::Path(_) => "looks once a second",
        }
    }

    /// What becomes of the settings, and whether it is written at all: only services are started.
    pub(super) fn fates(self, fates: &mut Fates) -> bool {
        match self {
            Waiting::Timer(timer) => timer::fates(timer, fates),
            Waiting::Path(path) => path_fates(path, fates),
        }
    }

    /// What is said in the script for those who read it.
    pub(super) fn comments(self) -> Vec<String> {
        match self {
            Waiting::Timer(timer) => timer::comments(timer).collect(),
            Waiting::Path(_) => Vec::new(),
        }
    }

    /// The command line that waits; `trigger` starts the service of a directory beside that of `name`.
    pub(super) fn command(self, name: &UnitName, trigger: Tool, directory: &mut Directory) -> Vec<Bytes> {
        let text = |text: String| text.into_bytes();
        let path = |tool: Tool| format!("./{}", tool.path());
        let mut words = match self {
            Waiting::Timer(timer) => {
                directory.tool(Tool::Timer);
                directory.tool(Tool::NextElapse);
                std::iter::once(path(Tool::Timer)).chain(timer::words(timer, name)).map(text).collect()
            }
            Waiting::Path(unit) => {
                directory.tool(Tool::WatchPath);
                [vec![text(path(Tool::WatchPath))], path_words(unit)].concat()
            }
        };
        directory.tool(trigger);
        let service = directory_name(self.unit());
        let service = if trigger == Tool::TriggerNosh { service } else { format!("../{service}") };
        words.extend(["--".to_owned(), path(trigger), service].map(text));
        words
    }
}

fn path_words(path: &PathUnit) -> Vec<Bytes> {
    let make = path.make.value.then(|| format!("make={:04o}", path.directory_mode.value).into_bytes());
    let words = path.watched.iter().map(|leaf| {
        let word: &[u8] = match leaf.value.kind {
            WatchKind::Exists => b"exists=",
            WatchKind::Glob => b"glob=",
            WatchKind::Changed | WatchKind::Modified => b"changed=",
            WatchKind::NotEmpty => b"not-empty=",
        };
        [word, &leaf.value.path].concat()
    });
    make.into_iter().chain(words).collect()
}

fn path_fates(path: &PathUnit, fates: &mut Fates) -> bool {
    let PathUnit { watched, unit, make, directory_mode, service: _ } = path;
    let watched = watched.iter().filter_map(|leaf| leaf.at);
    let all = watched.chain([unit.at, make.at, directory_mode.at].into_iter().flatten());
    if unit.value.kind() != UnitKind::Service {
        fates.set(all, &Fate::lost(format!("`{}` is no service: nothing else is started", unit.value.as_str())));
        return false;
    }
    fates.keep(all);
    true
}
