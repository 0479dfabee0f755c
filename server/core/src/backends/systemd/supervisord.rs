//! What programs of supervisord have that units of systemd don't: said in the nearest words.

use super::Job;
use crate::fate::Fate;
use crate::plan::{
    Assignment, Attempts, Body, Bytes, Environment, Identity, KillMode, Leaf, LogFile, Output, RelationKind, Restart,
};
use crate::schema::{Key, Version, key::exec, key::install, key::kill, key::service, key::unit};
use crate::units::{Origin, UnitName};
use crate::values::time_span::TimeSpan;

/// How long systemd waits before it tries a failed start again, in µs: as long as supervisord does the first time.
const WAIT: u64 = 1_000_000;

/// The variables of a user that systemd sets by itself.
const LOGIN: [&str; 4] = ["HOME", "LOGNAME", "SHELL", "USER"];

impl Job<'_, '_> {
    /// Whether it comes from supervisord.conf.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self.plan.unit.origin, Origin::Supervisord(_))
    }

    /// Starts that fail: supervisord tries `retries` of them again, with a pause that is longer by a
    /// second each time. systemd counts all starts within some time instead: as many, within the time
    /// in which so many can fail.
    pub(super) fn attempts(&mut self, attempts: Attempts, restart: &Restart) {
        let Attempts { seconds, retries } = attempts;
        let from = [seconds.at, retries.at].into_iter().flatten();
        if seconds.value == 0 {
            self.fates.set(from, &Fate::native("`StartLimitIntervalSec=0`"));
            return self.set(unit::StartLimitIntervalSec, "0", []);
        }
        if restart.policy.value == "no" {
            let fate = Fate::approximated("`Restart=no`", "a start that fails isn't tried again");
            return self.fates.set(from, &fate);
        }
        let wait = self.wait(restart);
        let starts = retries.value.saturating_add(1);
        let one = seconds.value.saturating_mul(1_000_000).saturating_add(wait);
        let interval = TimeSpan(u64::from(starts).saturating_mul(one)).normal_form();
        self.set(unit::StartLimitIntervalSec, &interval, []);
        self.set(unit::StartLimitBurst, starts.to_string(), []);
        let with = format!("`StartLimitBurst={starts}` in {interval}");
        let loses = match restart.policy.value {
            "always" if restart.prevent.codes.is_empty() => "the pause doesn't grow, and follows good starts too",
            _ => "the pause doesn't grow; an expected exit that comes too soon isn't tried again",
        };
        self.fates.set(from, &Fate::approximated(with, loses));
    }

    /// How long to wait before a restart, in µs.
    pub(super) fn wait(&self, restart: &Restart) -> u64 {
        match restart.attempts {
            Some(Attempts { seconds, .. })
                if seconds.value > 0 && restart.policy.value != "no" && !restart.delay.is_set() =>
            {
                WAIT
            }
            _ => restart.delay.value,
        }
    }

    /// Lets the start of a program that others wait for last as long as `startsecs` says: what watches
    /// it fails as soon as the program has ended (`service_sigchld_event` of `src/core/service.c`: until
    /// then the end of the main process isn't acted upon). Whether there is such.
    pub(super) fn watch(&mut self, restart: &Restart) -> bool {
        let name = self.plan.name();
        let plan = |name: &UnitName| self.together.plan(name.as_str());
        let foreign =
            |name: &UnitName| plan(name).is_some_and(|plan| matches!(plan.unit.origin, Origin::Supervisord(_)));
        let mut waiting = self.together.to(name).filter(|edge| edge.kind == RelationKind::After);
        let awaited = self.is_foreign() && waiting.any(|edge| foreign(edge.from));
        let Some((seconds, _)) = restart.attempts().filter(|_| awaited) else { return false };
        let script = format!(
            "s=0; while test $s -lt {seconds}; do /bin/sleep 1; test -d /proc/$MAINPID || exit 1; s=$((s+1)); done"
        );
        self.set(service::ExecStartPost, format!("/bin/sh -c \"{script}\""), []);
        true
    }

    /// Which processes get a signal.
    pub(super) fn kill_mode(&mut self, mode: &Leaf<KillMode>) {
        match mode.value {
            // A process group is a part of it.
            KillMode::ControlGroup | KillMode::Group => self.fates.keep(mode.at),
            KillMode::Mixed | KillMode::KillGroup => self.set(kill::KillMode, "mixed", mode.at),
            KillMode::Process => self.set(kill::KillMode, "process", mode.at),
            KillMode::None => self.set(kill::KillMode, "none", mode.at),
        }
    }

    /// A log that supervisord keeps, as systemd has it.
    pub(super) fn log(&mut self, key: Key, log: &LogFile, stream: &Leaf<Output>) {
        let LogFile { path, max_bytes, backups } = log;
        let sizes = [max_bytes.at, backups.at].into_iter().flatten();
        match path {
            Some(path) => {
                self.whole(key, "append:", path, stream.at);
                if max_bytes.value == 0 {
                    return self.fates.keep(sizes);
                }
                let path = String::from_utf8_lossy(path);
                self.fates.set(sizes, &Fate::lost("systemd rotates no files; logrotate can, with `copytruncate`"));
                self.notes.push(format!(
                    "{path} isn't rotated any more: tell logrotate to, with `size {}`, `rotate {}` and `copytruncate`",
                    size(max_bytes.value),
                    backups.value
                ));
            }
            None => {
                self.fates.keep(stream.at);
                let fate = Fate::approximated("journald keeps it", "the size is that of the whole journal");
                self.fates.set(sizes, &fate);
            }
        }
    }

    /// Who is told who he is: supervisord changes the user, and no variable.
    pub(super) fn login_environment(&mut self, identity: &Identity, environment: &Environment) {
        let Some(on) = identity.login_environment else { return };
        if self.version >= Version(exec::SetLoginEnvironment.directive().since) || on.value || !self.is_foreign() {
            return self.boolean(exec::SetLoginEnvironment, &on, identity.user.is_some());
        }
        let assigned = |name: &&str| environment.assignments.iter().any(|leaf| leaf.value.name == name.as_bytes());
        let others: Vec<&str> = LOGIN.into_iter().filter(|name| !assigned(name)).collect();
        if identity.user.is_some() && !others.is_empty() {
            self.set(exec::UnsetEnvironment, others.join(" "), on.at);
        }
    }

    /// Where a program without a directory is looked for: supervisord goes by the `PATH` that it
    /// gives the program, systemd by one of its own.
    pub(super) fn own_search_path(&mut self, environment: &Environment) {
        let Body::Service(service) = &self.plan.body else { return };
        let searched = service.commands.start.iter().any(|command| !command.value.program.contains(&b'/'));
        let path = environment.assignments.iter().rev().find(|leaf| leaf.value.name == b"PATH");
        if let Some(Leaf { value: Assignment { value, .. }, at }) = path.filter(|_| searched && self.is_foreign()) {
            let mut folders = value.split(|byte| *byte == b':');
            match folders.all(|folder| folder.starts_with(b"/")) {
                true => self.whole(exec::ExecSearchPath, "", value, *at),
                false => {
                    let fate = Fate::approximated("`Environment=`", "systemd looks for the program elsewhere");
                    self.fates.set(*at, &fate);
                }
            }
        }
    }

    /// What enabling it does, where its own configuration can't say.
    pub(super) fn autostart(&mut self) {
        let Leaf { value, at } = self.plan.autostart;
        self.fates.keep(at);
        if self.is_foreign() && value && self.plan.install.is_empty() {
            self.set(install::WantedBy, "multi-user.target", []);
        }
    }
}

/// Words in front of a command that set the variables whose names or values systemd doesn't take
/// (`env_assignment_is_valid` of `src/basic/env-util.c`).
pub(super) fn env(environment: &Environment) -> Vec<Bytes> {
    let odd = environment.assignments.iter().map(|leaf| &leaf.value).filter(|assignment| !is_valid(assignment));
    let mut words: Vec<Bytes> = odd.map(|Assignment { name, value }| [&name[..], b"=", value].concat()).collect();
    if !words.is_empty() {
        words.splice(0..0, [&b"/usr/bin/env"[..], b"--"].map(<[u8]>::to_vec));
    }
    words
}

/// A size as logrotate reads it: `50M`.
fn size(bytes: u64) -> String {
    let units = [(1 << 30, "G"), (1 << 20, "M"), (1 << 10, "k")];
    let fits = units.iter().find(|(unit, _)| bytes.is_multiple_of(*unit));
    fits.map_or_else(|| bytes.to_string(), |(unit, letter)| format!("{}{letter}", bytes / unit))
}

/// Whether systemd takes it for a variable.
pub(super) fn is_valid(assignment: &Assignment) -> bool {
    let Assignment { name, value } = assignment;
    name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && std::str::from_utf8(value).is_ok_and(|value| value.chars().all(crate::syntax::is_text))
}
