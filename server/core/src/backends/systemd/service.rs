//! `[Service]`

use super::{Job, supervisord};
use crate::plan::{Bytes, Commands, Leaf, Restart, Service, Statuses, Stop, Type};
use crate::schema::{Key, key::kill, key::service as of, sets};
use crate::values::time_span::TimeSpan;

/// The settings that name commands, in the order in which they are run.
const COMMANDS: [Key; 8] = [
    of::ExecCondition,
    of::ExecStartPre,
    of::ExecStart,
    of::ExecStartPost,
    of::ExecReload,
    of::ExecReloadPost,
    of::ExecStop,
    of::ExecStopPost,
];

impl Job<'_, '_> {
    /// What a service has beside what every unit has.
    pub(super) fn service(&mut self, service: &Service) {
        let Service {
            kind,
            commands,
            chain,
            identity,
            environment,
            // Only units of systemd have such, which are copied.
            directories: _,
            streams,
            sockets,
            non_blocking,
            permissions_start_only,
            remain,
            pid_file,
            guess_main_pid,
            notify_access,
            reload_signal,
            start_timeout,
            runtime_max,
            restart,
            stop,
        } = service;
        self.start_limit(restart);
        self.family(&[of::Type], |job| {
            // Without a word of it systemd guesses (`service_add_extras`).
            let bus = job.plan.unit.has(of::BusName);
            let guess = match commands.start.is_empty() {
                true => Type::Oneshot,
                false if bus => Type::Dbus,
                false => Type::Simple,
            };
            job.leaf(of::Type, kind, guess, |kind| word(*kind).to_owned());
        });
        let notifies = matches!(kind.value, Type::Notify | Type::NotifyReload);
        self.family(&[of::NotifyAccess], |job| {
            let guess = if notifies { "main" } else { "none" };
            job.leaf(of::NotifyAccess, notify_access, guess, |word| (*word).to_owned());
        });
        self.copied(&[of::BusName]);
        self.family(&[of::PIDFile], |job| {
            if let Some(path) = pid_file {
                job.whole(of::PIDFile, "", &path.value, path.at);
            }
        });
        self.family(&[of::GuessMainPID], |job| job.boolean(of::GuessMainPID, guess_main_pid, true));
        self.family(&[of::RemainAfterExit], |job| job.boolean(of::RemainAfterExit, remain, false));
        self.all_commands(commands, permissions_start_only.is_set(), &supervisord::env(environment));
        let watched = self.watch(restart);
        self.restart(restart);
        self.family(&[of::TimeoutStartSec, of::TimeoutStopSec, of::TimeoutSec], |job| {
            let oneshot = kind.value == Type::Oneshot;
            let default = if oneshot { u64::MAX } else { 90_000_000 };
            // A service that counts as started at once takes no time.
            let at_once = job.is_foreign() && !watched;
            if !at_once {
                job.said(of::TimeoutStartSec, start_timeout, default, |span| TimeSpan(*span).normal_form());
            }
            job.said(of::TimeoutStopSec, &stop.timeout, 90_000_000, |span| TimeSpan(*span).normal_form());
        });
        self.family(&[of::RuntimeMaxSec], |job| {
            job.leaf(of::RuntimeMaxSec, runtime_max, u64::MAX, |span| TimeSpan(*span).normal_form());
        });
        self.stop(stop);
        self.family(&[of::ReloadSignal], |job| job.leaf(of::ReloadSignal, reload_signal, 1, |number| signal(*number)));
        self.process(chain, identity, environment);
        self.streams(streams);
        self.family(&[of::Sockets], |job| {
            for socket in sockets {
                job.set(of::Sockets, &socket.value, socket.at);
            }
        });
        self.family(&[of::NonBlocking], |job| job.boolean(of::NonBlocking, non_blocking, false));
    }

    fn all_commands(&mut self, commands: &Commands, odd: bool, before: &[Bytes]) {
        let Commands { condition, start_pre, start, start_post, reload, reload_post, stop, stop_post } = commands;
        let lists = [condition, start_pre, start, start_post, reload, reload_post, stop, stop_post];
        let odd = odd || self.says_more(&COMMANDS);
        for (key, list) in COMMANDS.into_iter().zip(lists) {
            self.family_unless(&[key], odd, |job| job.commands(key, list, before));
        }
    }

    fn restart(&mut self, restart: &Restart) {
        let Restart {
            policy,
            delay,
            steps,
            max_delay,
            prevent,
            force,
            success,
            limit: _,
            attempts: _,
            oneshot: _,
            ignores_failure: _,
        } = restart;
        let span = |span: &u64| TimeSpan(*span).normal_form();
        self.family(&[of::Restart], |job| job.leaf(of::Restart, policy, "no", |word| (*word).to_owned()));
        let delay = Leaf { value: self.wait(restart), at: delay.at };
        if !self.is_foreign() || policy.value != "no" {
            self.family(&[of::RestartSec], |job| job.said(of::RestartSec, &delay, 100_000, span));
        }
        self.family(&[of::RestartSteps], |job| job.leaf(of::RestartSteps, steps, 0, u32::to_string));
        self.family(&[of::RestartMaxDelaySec], |job| job.leaf(of::RestartMaxDelaySec, max_delay, u64::MAX, span));
        for (key, statuses) in [
            (of::RestartPreventExitStatus, prevent),
            (of::RestartForceExitStatus, force),
            (of::SuccessExitStatus, success),
        ] {
            self.family(&[key], |job| job.statuses(key, statuses));
        }
    }

    fn statuses(&mut self, key: Key, statuses: &Statuses) {
        let Statuses { codes, signals, from } = statuses;
        let mut words: Vec<String> = codes.iter().map(u8::to_string).collect();
        words.extend(signals.iter().map(|number| signal(*number)));
        if !words.is_empty() {
            self.set(key, words.join(" "), from.iter().copied());
        }
    }

    fn stop(&mut self, stop: &Stop) {
        let Stop { mode, signal: first, restart_signal, final_signal, hangup, kill: kills, timeout: _ } = stop;
        self.family(&[kill::KillMode], |job| job.kill_mode(mode));
        self.family(&[kill::KillSignal], |job| job.leaf(kill::KillSignal, first, 15, |number| signal(*number)));
        self.family(&[kill::RestartKillSignal], |job| {
            if let Some(leaf) = restart_signal {
                job.set(kill::RestartKillSignal, signal(leaf.value), leaf.at);
            }
        });
        self.family(&[kill::SendSIGHUP], |job| job.boolean(kill::SendSIGHUP, hangup, false));
        self.family(&[kill::SendSIGKILL], |job| job.boolean(kill::SendSIGKILL, kills, true));
        self.family(&[kill::FinalKillSignal], |job| {
            job.leaf(kill::FinalKillSignal, final_signal, 9, |number| signal(*number));
        });
    }
}

/// A type as systemd has it.
fn word(kind: Type) -> &'static str {
    match kind {
        Type::Simple => "simple",
        Type::Exec => "exec",
        Type::Forking => "forking",
        Type::Oneshot => "oneshot",
        Type::Dbus => "dbus",
        Type::Notify => "notify",
        Type::NotifyReload => "notify-reload",
        Type::Idle => "idle",
    }
}

/// A signal by its name, or by its number where it has none.
fn signal(number: u8) -> String {
    let known = sets::SIGNAL.words.iter().find(|word| word.number == Some(number.into()));
    known.map_or_else(|| number.to_string(), |word| format!("SIG{}", word.text.trim_start_matches("SIG")))
}
