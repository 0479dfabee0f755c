//! What holds for the files of one folder: its `svlsp.toml`, and over that what the client says.

use std::path::Path;

use serde_json::Value;
use svlsp_core::backends::Target;
use svlsp_core::fate::Backend;
use svlsp_core::rules::Selection;
use svlsp_core::schema::Version;

use crate::workspace::Checker;
use crate::workspace::config::{self, Config};

/// The settings of a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// All of it.
    pub(super) config: Config,
    /// Which rules run.
    pub(super) selection: Selection,
    /// For which other supervisors fates are told, in their order.
    pub(super) targets: Vec<Target>,
}

impl Settings {
    /// Reads the configuration nearest to `folder`; `client` are settings with the same keys,
    /// which count more. What can't be used is left out; the second value says why.
    pub(super) fn of(folder: Option<&Path>, client: &Value) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let file = folder.map_or_else(|| Ok(Config::default()), |folder| config::of(None, false, folder));
        let file = file.unwrap_or_else(|problem| {
            problems.push(problem);
            Config::default()
        });
        let config = config::over(file.clone(), client).unwrap_or_else(|problem| {
            problems.push(format!("the client's settings: {problem}"));
            file
        });
        let selection = config.options.selection();
        let targets = config.options.backends().map(|backend| config.target(backend).clone()).collect();
        (Settings { config, selection, targets }, problems)
    }

    /// For which systemd units are checked.
    pub(super) fn version(&self) -> Version {
        self.config.options.systemd_version.unwrap_or(Version::LATEST)
    }

    /// What is known of a supervisor that units are converted for.
    pub(super) fn target(&self, backend: Backend) -> Target {
        let mut target = self.config.target(backend).clone();
        let known = self.config.convert.specifier.iter();
        target.facts.specifiers = known.map(|known| (known.letter, known.text.clone())).collect();
        target
    }

    /// Runs the rules.
    pub(super) fn checker(&self) -> Checker<'_> {
        Checker {
            selection: &self.selection,
            version: self.version(),
            targets: &self.targets,
            excerpts: false,
            threads: self.config.options.threads(),
        }
    }
}
