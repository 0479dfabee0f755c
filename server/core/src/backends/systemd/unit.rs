//! `[Unit]` and `[Install]`.

use super::{Job, quote};
use crate::fate::Fate;
use crate::plan::{At, Body, InstallKind, RelationKind, Restart};
use crate::schema::{Key, key::install, key::service, key::unit as of};
use crate::values::time_span::TimeSpan;

/// How long a list of units may get before it goes on in another assignment, in bytes.
const LIST: usize = 100;

impl Job<'_, '_> {
    /// What units of every kind have.
    pub(super) fn unit(&mut self) {
        let plan = self.plan;
        self.family(&[of::Description], |job| {
            if let Some(description) = &plan.description {
                let text = quote::systemd::prose(&description.value);
                job.set(of::Description, text, description.at);
            }
        });
        self.copied(&[of::Documentation, of::SourcePath]);
        let default = &plan.default_dependencies;
        self.family(&[of::DefaultDependencies], |job| job.boolean(of::DefaultDependencies, default, true));
        let conditions: Vec<At> = plan.conditions.iter().filter_map(|condition| condition.at).collect();
        conditions.into_iter().for_each(|at| self.copy(at));
        if self.is_foreign() && matches!(plan.body, Body::Service(_)) {
            // As supervisord itself is started.
            self.set(of::After, "network.target", []);
        }
        for (kind, keys) in RelationKind::ALL {
            self.family(keys, |job| {
                let relations = plan.relations.iter().filter(|relation| relation.value.kind == kind);
                job.list(keys[0], relations.map(|relation| (&*relation.value.unit, relation.at)));
            });
        }
        self.mounts();
    }

    /// How often it may start.
    pub(super) fn start_limit(&mut self, restart: &Restart) {
        if let Some(attempts) = restart.attempts {
            return self.attempts(attempts, restart);
        }
        let limit = &restart.limit;
        let keys = [of::StartLimitIntervalSec, of::StartLimitInterval, service::StartLimitInterval];
        self.family(&keys, |job| {
            job.said(of::StartLimitIntervalSec, &limit.interval, 10_000_000, |span| TimeSpan(*span).normal_form());
        });
        self.family(&[of::StartLimitBurst, service::StartLimitBurst], |job| {
            job.said(of::StartLimitBurst, &limit.burst, 5, u32::to_string);
        });
    }

    /// `[Install]`
    pub(super) fn install(&mut self) {
        let plan = self.plan;
        if matches!(plan.body, Body::Service(_)) {
            self.autostart();
        }
        for (kind, key) in [
            (InstallKind::Alias, install::Alias),
            (InstallKind::WantedBy, install::WantedBy),
            (InstallKind::RequiredBy, install::RequiredBy),
            (InstallKind::UpheldBy, install::UpheldBy),
            (InstallKind::Also, install::Also),
            (InstallKind::DefaultInstance, install::DefaultInstance),
        ] {
            self.family(&[key], |job| {
                let names = plan.install.iter().filter(|install| install.value.kind == kind);
                if kind == InstallKind::DefaultInstance {
                    let places = names.filter_map(|install| install.at);
                    return job.fates.set(places, &Fate::irrelevant("only a template has one"));
                }
                job.list(key, names.map(|install| (&*install.value.name, install.at)));
            });
        }
    }

    /// Settings that are copied in this place.
    pub(super) fn copied(&mut self, keys: &[Key]) {
        for (at, setting) in (0..).map(At).zip(self.plan.unit.settings()) {
            if keys.contains(&setting.entry.key) {
                self.copy(at);
            }
        }
    }

    fn mounts(&mut self) {
        let plan = self.plan;
        for key in [of::RequiresMountsFor, of::WantsMountsFor] {
            self.family(&[key], |job| {
                for path in &plan.mounts {
                    let wants = path.at.is_some_and(|at| plan.setting(at).entry.key == of::WantsMountsFor);
                    if wants == (key == of::WantsMountsFor) {
                        let word = quote::systemd::doubled(&path.value, b'%');
                        job.set(key, quote::systemd::words([&word[..]]), path.at);
                    }
                }
            });
        }
    }

    /// A list of units, a few a line; what can't be resolved in a name is left in it.
    fn list<'n>(&mut self, key: Key, names: impl Iterator<Item = (&'n str, Option<At>)>) {
        let (mut line, mut from) = (String::new(), Vec::new());
        for (name, at) in names {
            if !line.is_empty() && line.len() + name.len() >= LIST {
                self.set(key, std::mem::take(&mut line), std::mem::take(&mut from));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(name);
            from.extend(at);
        }
        if !line.is_empty() {
            self.set(key, line, from);
        }
    }
}
