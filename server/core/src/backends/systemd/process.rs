//! What a process has before its program runs: who it is, where it is, what it may use, its environment and streams.

use super::{Job, is_own, quote, supervisord};
use crate::fate::Fate;
use crate::plan::{
    Assignment, At, Chain, CpuScheduling, Environment, EnvironmentFile, Identity, Input, IoScheduling, Leaf, Limit,
    Link, LogFile, Mounts, Numa, Output, Step, Streams, WorkingDirectory,
};
use crate::schema::{Key, key::exec as of};

/// Each limit by prlimit's name of it.
const LIMITS: [(&str, Key); 16] = [
    ("cpu", of::LimitCPU),
    ("fsize", of::LimitFSIZE),
    ("data", of::LimitDATA),
    ("stack", of::LimitSTACK),
    ("core", of::LimitCORE),
    ("rss", of::LimitRSS),
    ("nofile", of::LimitNOFILE),
    ("as", of::LimitAS),
    ("nproc", of::LimitNPROC),
    ("memlock", of::LimitMEMLOCK),
    ("locks", of::LimitLOCKS),
    ("sigpending", of::LimitSIGPENDING),
    ("msgqueue", of::LimitMSGQUEUE),
    ("nice", of::LimitNICE),
    ("rtprio", of::LimitRTPRIO),
    ("rttime", of::LimitRTTIME),
];

impl Job<'_, '_> {
    pub(super) fn process(&mut self, chain: &Chain, identity: &Identity, environment: &Environment) {
        self.identity(identity, environment);
        let directory = chain.links.iter().find_map(|link| match &link.step {
            Step::WorkingDirectory { path, optional } => {
                let directory = WorkingDirectory { path: path.clone(), user: None, optional: *optional };
                Some((directory, &link.from))
            }
            Step::Mounts(Mounts { entries: _, root: _, propagation: _, directory }) => {
                Some((directory.clone(), &link.from))
            }
            _ => None,
        });
        self.family(&[of::WorkingDirectory], |job| {
            if let Some((directory, from)) = &directory {
                job.directory(directory, from);
            }
        });
        self.environment(environment);
        for Link { step, from } in &chain.links {
            self.step(step, from);
        }
    }

    fn identity(&mut self, identity: &Identity, environment: &Environment) {
        let Identity { user, group, supplementary, login_environment: _, dynamic } = identity;
        for (key, name) in [(of::User, user), (of::Group, group)] {
            self.family(&[key], |job| {
                if let Some(name) = name {
                    job.whole(key, "", &name.value, name.at);
                }
            });
        }
        self.family(&[of::SupplementaryGroups], |job| {
            let names = supplementary.iter().map(|name| quote::systemd::doubled(&name.value, b'%'));
            let names: Vec<_> = names.collect();
            if !names.is_empty() {
                let words = quote::systemd::words(names.iter().map(|name| &name[..]));
                job.set(of::SupplementaryGroups, words, supplementary.iter().filter_map(|name| name.at));
            }
        });
        self.family(&[of::SetLoginEnvironment], |job| {
            job.login_environment(identity, environment);
        });
        self.family(&[of::DynamicUser], |job| job.boolean(of::DynamicUser, dynamic, false));
    }

    fn directory(&mut self, directory: &WorkingDirectory, from: &[At]) {
        let WorkingDirectory { path, user: _, optional } = directory;
        let prefix = if *optional { "-" } else { "" };
        let own = |at: &At| !is_own(self.plan.setting(*at)) || self.plan.setting(*at).entry.key == of::WorkingDirectory;
        let from: Vec<At> = from.iter().copied().filter(own).collect();
        match path {
            // Who says so also asks for its file system.
            Some(path) if path == b"/" && from.is_empty() => {}
            Some(path) => self.whole(of::WorkingDirectory, prefix, path, from),
            None => self.set(of::WorkingDirectory, format!("{prefix}~"), from),
        }
    }

    fn environment(&mut self, environment: &Environment) {
        let Environment { inherits: _, assignments, files, passed, unset, search_path } = environment;
        self.family(&[of::Environment], |job| {
            for Leaf { value: assignment, at } in assignments {
                let Assignment { name, value } = assignment;
                if !supervisord::is_valid(assignment) {
                    job.fates.keep(*at);
                    continue;
                }
                // What systemd adds by itself follows from other settings.
                if at
                    .is_some_and(|at| is_own(job.plan.setting(at)) && job.plan.setting(at).entry.key != of::Environment)
                {
                    continue;
                }
                if at.is_none() && name == b"PIDFILE" {
                    continue;
                }
                let text = quote::systemd::doubled(&[&name[..], b"=", value].concat(), b'%');
                job.set(of::Environment, quote::systemd::words([&text[..]]), *at);
            }
        });
        self.family(&[of::EnvironmentFile], |job| {
            for Leaf { value: EnvironmentFile { path, optional }, at } in files {
                job.whole(of::EnvironmentFile, if *optional { "-" } else { "" }, path, *at);
            }
        });
        for (key, names) in [(of::PassEnvironment, passed), (of::UnsetEnvironment, unset)] {
            self.family(&[key], |job| {
                let words: Vec<_> = names.iter().map(|name| quote::systemd::doubled(&name.value, b'%')).collect();
                if !words.is_empty() {
                    let words = quote::systemd::words(words.iter().map(|word| &word[..]));
                    job.set(key, words, names.iter().filter_map(|name| name.at));
                }
            });
        }
        self.family(&[of::ExecSearchPath], |job| {
            if let Some(path) = search_path {
                job.whole(of::ExecSearchPath, "", &path.value, path.at);
            }
        });
        self.own_search_path(environment);
    }

    /// A step that is taken before the program runs.
    fn step(&mut self, step: &Step, from: &[At]) {
        let from = from.iter().copied();
        match step {
            // It does so by itself.
            Step::Session => {}
            // Written elsewhere, as others know of them too.
            Step::WorkingDirectory { .. } | Step::Environment(_) | Step::Identity(_) => {}
            Step::OomScoreAdjust(score) => {
                self.family(&[of::OOMScoreAdjust], |job| job.set(of::OOMScoreAdjust, score.to_string(), from));
            }
            Step::CoredumpFilter(mask) => {
                self.family(&[of::CoredumpFilter], |job| job.set(of::CoredumpFilter, format!("{mask:#x}"), from));
            }
            Step::Nice(nice) => self.family(&[of::Nice], |job| job.set(of::Nice, nice.to_string(), from)),
            Step::CpuScheduling(scheduling) => self.cpu_scheduling(*scheduling, from.collect()),
            Step::CpuAffinity(cpus) => {
                self.family(&[of::CPUAffinity], |job| job.set(of::CPUAffinity, cpus, from));
            }
            Step::Numa(Numa { policy, nodes }) => {
                let from: Vec<At> = from.collect();
                self.family(&[of::NUMAPolicy, of::NUMAMask], |job| {
                    job.set(of::NUMAPolicy, policy, from.iter().copied());
                    if let Some(nodes) = nodes {
                        job.set(of::NUMAMask, nodes, from.iter().copied());
                    }
                });
            }
            Step::IoScheduling(scheduling) => self.io_scheduling(*scheduling, from.collect()),
            Step::TimerSlack(slack) => {
                self.family(&[of::TimerSlackNSec], |job| job.set(of::TimerSlackNSec, slack.to_string(), from));
            }
            Step::Personality(machine) => {
                self.family(&[of::Personality], |job| job.set(of::Personality, machine, from));
            }
            Step::UMask(mask) => self.family(&[of::UMask], |job| match *mask {
                0o022 => job.fates.keep(from),
                mask => job.set(of::UMask, format!("{mask:04o}"), from),
            }),
            Step::Limits(limits) => limits.iter().for_each(|limit| self.limit(limit)),
            Step::LeastLimits(limits) => limits.iter().for_each(|limit| self.least_limit(limit)),
            Step::IgnoreSigpipe(ignore) => self.family(&[of::IgnoreSIGPIPE], |job| match ignore {
                true => job.fates.keep(from),
                false => job.set(of::IgnoreSIGPIPE, "no", from),
            }),
            // Only units of systemd have such, which are copied.
            Step::ControlGroup(_)
            | Step::Directories(_)
            | Step::PrivateNetwork
            | Step::NetworkNamespace(_)
            | Step::PrivateIpc
            | Step::IpcNamespace(_)
            | Step::Mounts(_)
            | Step::PrivateHostname(_)
            | Step::PrivateUsers
            | Step::RootDirectory(_)
            | Step::Capabilities(_)
            | Step::SecureBits(_)
            | Step::NoNewPrivileges
            | Step::SelinuxContext { .. }
            | Step::ApparmorProfile { .. } => {}
        }
    }

    fn cpu_scheduling(&mut self, scheduling: CpuScheduling, from: Vec<At>) {
        let CpuScheduling { policy, priority, reset_on_fork } = scheduling;
        let keys = [of::CPUSchedulingPolicy, of::CPUSchedulingPriority, of::CPUSchedulingResetOnFork];
        self.family(&keys, |job| {
            job.set(keys[0], policy, from.iter().copied());
            if priority > 0 {
                job.set(keys[1], priority.to_string(), from.iter().copied());
            }
            if reset_on_fork {
                job.set(keys[2], "yes", from);
            }
        });
    }

    fn io_scheduling(&mut self, scheduling: IoScheduling, from: Vec<At>) {
        let IoScheduling { class, priority } = scheduling;
        let keys = [of::IOSchedulingClass, of::IOSchedulingPriority];
        self.family(&keys, |job| {
            job.set(keys[0], ["none", "realtime", "best-effort", "idle"][usize::from(class & 3)], from.iter().copied());
            // Of the others it says nothing.
            if matches!(class, 1 | 2) {
                job.set(keys[1], priority.to_string(), from);
            }
        });
    }

    fn limit(&mut self, limit: &Limit) {
        let Limit { resource, soft, hard, at } = *limit;
        let Some((_, key)) = LIMITS.iter().find(|(name, _)| *name == resource) else { return };
        let show = |limit: u64| if limit == u64::MAX { "infinity".to_owned() } else { limit.to_string() };
        self.family(&[*key], |job| match soft == hard {
            true => job.set(*key, show(soft), [at]),
            false => job.set(*key, format!("{}:{}", show(soft), show(hard)), [at]),
        });
    }

    /// What is more than systemd gives by itself; the hard limit stays what it is there.
    fn least_limit(&mut self, limit: &Limit) {
        const HARD: u64 = 524_288;
        match limit.resource {
            "nofile" => self.limit(&Limit { hard: limit.soft.max(HARD), ..*limit }),
            _ => self.fates.set([limit.at], &Fate::irrelevant("systemd's own limit is higher")),
        }
    }

    pub(super) fn streams(&mut self, streams: &Streams) {
        let Streams { input, output, error } = streams;
        let settings = self.plan.unit.settings();
        let says =
            |key: Key, word: &str| settings.iter().any(|setting| setting.entry.key == key && setting.value() == word);
        let data = matches!(input.value, Input::Data { .. });
        let keys = [of::StandardInput, of::StandardInputText, of::StandardInputData];
        self.family_unless(&keys, data, |job| match &input.value {
            Input::Null | Input::Silent | Input::Data { .. } => job.fates.keep(input.at),
            Input::File(path) => job.whole(of::StandardInput, "file:", path, input.at),
            Input::Terminal(word) => job.set(of::StandardInput, word, input.at),
            Input::Socket => job.set(of::StandardInput, "socket", input.at),
            Input::Descriptor(name) => job.whole(of::StandardInput, "fd:", name, input.at),
        });
        for (key, stream) in [(of::StandardOutput, output), (of::StandardError, error)] {
            // What it stands for depends on the manager's configuration.
            let odd = says(key, "inherit");
            self.family_unless(&[key], odd, |job| job.output(key, stream, streams));
        }
    }

    /// Standard output or error, one of `streams`.
    fn output(&mut self, key: Key, stream: &Leaf<Output>, streams: &Streams) {
        // Where the input is one, output goes to it by default.
        let socket = self.is_foreign() && streams.input.value == Input::Socket;
        let journal = |stream: &Output| {
            matches!(stream, Output::Log { word: "journal" } | Output::Kept(LogFile { path: None, .. }))
                || self.is_foreign() && matches!(stream, Output::Log { .. })
        };
        // What is to be said of it by default; error goes where output goes.
        let default = match key == of::StandardOutput {
            true => stream.value == Output::Inherit || journal(&stream.value) && !socket,
            false => {
                stream.value == Output::Inherit
                    || self.is_foreign() && journal(&stream.value) && journal(&streams.output.value)
            }
        };
        let told = match stream.value {
            Output::Log { .. } => Some(Fate::native("the journal, which hands it to syslog")),
            Output::Null => Some(Fate::native(format!("`{}=null`", key.directive().name))),
            _ => None,
        };
        if let Some(fate) = told.filter(|_| self.is_foreign()) {
            self.fates.set(stream.at, &fate);
        }
        match &stream.value {
            _ if default && (!stream.is_set() || self.is_foreign()) => self.fates.keep(stream.at),
            Output::Inherit => self.set(key, "inherit", stream.at),
            Output::Null => self.set(key, "null", stream.at),
            Output::Log { .. } if self.is_foreign() => self.set(key, "journal", stream.at),
            Output::Log { word } => self.set(key, word, stream.at),
            Output::Terminal => self.set(key, "tty", stream.at),
            Output::Socket => self.set(key, "socket", stream.at),
            Output::Descriptor(name) => self.whole(key, "fd:", name, stream.at),
            Output::File(path) => self.whole(key, "file:", path, stream.at),
            Output::Append(path) => self.whole(key, "append:", path, stream.at),
            Output::Truncate(path) => self.whole(key, "truncate:", path, stream.at),
            Output::Kept(LogFile { path: None, .. }) => self.set(key, "journal", stream.at),
            Output::Kept(LogFile { path: Some(_), .. }) => {}
            Output::Manager(_) => {
                self.set(key, "journal", stream.at);
                let fate = Fate::approximated("the journal", "not where the manager's own output goes");
                self.fates.set(stream.at, &fate);
            }
        }
        if let Output::Kept(log) = &stream.value {
            self.log(key, log, stream);
        }
    }
}
