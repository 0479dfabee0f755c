//! The steps from the service manager's child to the program.

use super::Job;
use super::chain::Chain;
use super::{environment, identity, streams};
use crate::backends::chain::{self, Setpriv, Words, applies, doubled};
use crate::backends::sandbox::{self, ToolCall};
use crate::backends::tools::Tool;
use crate::fate::Fate;
use crate::plan::{Argument, Bytes, Command, ControlGroup, Limit, Step};
use crate::values::exec::Privileges;

/// Spells the steps that a command with such privileges takes.
///
/// `passed` are variables that are set for the command: `MAINPID`.
pub(super) fn spell(job: &mut Job, privileges: Privileges, passed: &[&str]) -> Chain {
    let mut chain = Chain::default();
    let mut setpriv = Setpriv::default();
    let mut variables = None;
    let mut ignores_sigpipe = false;
    let service = job.service;
    let links = || service.chain.links.iter().filter(|link| applies(link, privileges));
    // Files that streams create get their mode from it.
    for link in links() {
        if let Step::UMask(mask) = link.step {
            chain.own(&[b"umask", format!("{mask:04o}").as_bytes()]);
        }
    }
    streams::spell(job, &mut chain);
    for link in links() {
        job.fates.keep(link.from.iter().copied());
        match &link.step {
            Step::UMask(_) => {}
            Step::Session => chain.own(&[b"setsid"]),
            Step::ControlGroup(group) => control_group(job, group, &mut chain),
            Step::OomScoreAdjust(adjust) => chain.own(&[b"oom-kill-protect", b"--", adjust.to_string().as_bytes()]),
            Step::CoredumpFilter(mask) => {
                let mask = format!("0x{mask:x}");
                chain.shell("echo \"$0\" >/proc/self/coredump_filter; exec \"$@\"", &[mask.as_bytes()]);
            }
            Step::TimerSlack(slack) => {
                let slack = slack.to_string();
                chain.shell("echo \"$0\" >/proc/self/timerslack_ns; exec \"$@\"", &[slack.as_bytes()]);
            }
            Step::Limits(limits) => limit(limits, &mut chain),
            Step::PrivateNetwork => {
                chain.own(&[b"unshare", b"--network"]);
                chain.foreground(&[b"ip", b"link", b"set", b"lo", b"up"]);
            }
            Step::PrivateIpc => chain.own(&[b"unshare", b"--ipc"]),
            Step::PrivateHostname(name) => {
                chain.own(&[b"unshare", b"--uts"]);
                if let Some(name) = name {
                    chain.foreground(&[b"hostname", name]);
                }
            }
            Step::RootDirectory(root) => chain.own(&[b"chroot", root]),
            Step::WorkingDirectory { path, optional } => change_directory(job, path.as_deref(), *optional, &mut chain),
            Step::Environment(environment) => variables = Some(environment),
            Step::IgnoreSigpipe(ignore) => ignores_sigpipe = *ignore,
            Step::Capabilities(_) | Step::SecureBits(_) | Step::Identity(_) | Step::NoNewPrivileges => {
                setpriv.add(&link.step);
            }
            Step::Directories(_) | Step::Mounts(_) => call_tool(job, &link.step, privileges, &mut chain),
            Step::Nice(_)
            | Step::CpuScheduling(_)
            | Step::CpuAffinity(_)
            | Step::Numa(_)
            | Step::IoScheduling(_)
            | Step::LeastLimits(_)
            | Step::Personality(_)
            | Step::NetworkNamespace(_)
            | Step::IpcNamespace(_)
            | Step::PrivateUsers
            | Step::SelinuxContext { .. }
            | Step::ApparmorProfile { .. } => {
                if let Some(mut tool) = chain::words(&link.step) {
                    // nosh has an own command of this name, without user namespaces.
                    if tool[0] == b"unshare" {
                        tool[0] = b"/usr/bin/unshare".to_vec();
                    }
                    chain.other(tool);
                    chain::told(link, &mut job.fates);
                }
            }
        }
    }
    identity::spell(&setpriv, &mut chain);
    environment::spell(job, variables, passed, ignores_sigpipe, &mut chain);
    chain
}

/// A command's own words; where variables in them are expanded, a `$` that means itself is doubled.
pub(super) fn program(job: &Job, command: &Command) -> Words {
    let expands = expands(job);
    let fixed = |bytes: &Bytes| if expands { doubled(bytes) } else { bytes.clone() };
    let mut words = Words::new();
    match &command.argv0 {
        Some(argv0) => {
            words.extend([b"/bin/exec".to_vec(), b"--arg0".to_vec(), fixed(argv0), fixed(&command.program)]);
        }
        // env would take it for a variable.
        None if command.program.contains(&b'=') => words.extend([b"/bin/exec".to_vec(), fixed(&command.program)]),
        None => words.push(fixed(&command.program)),
    }
    words.extend(command.arguments.iter().map(|argument| match argument {
        Argument::Fixed(bytes) => fixed(bytes),
        Argument::Variable(bytes) => bytes.clone(),
    }));
    words
}

/// Whether any argument of any command depends on a variable.
pub(super) fn expands(job: &Job) -> bool {
    job.service.commands.all().any(|leaf| leaf.value.has_variables())
}

/// Enters the control group of the service, beside that of the service manager.
///
/// nosh's own `move-to-control-group` gives up where it can't, and its
/// `set-control-group-knob` knows neither shares nor the disk of a file.
fn control_group(job: &mut Job, group: &ControlGroup, chain: &mut Chain) {
    if !job.target.cgroups {
        return;
    }
    let mut words = vec![job.tool(Tool::Cgroup).into_bytes(), b"enter".to_vec(), job.control_group().into_bytes()];
    words.extend(group.knobs.iter().map(|(knob, value)| format!("{knob}={value}").into_bytes()));
    words.push(b"--".to_vec());
    chain.other(words);
}

/// Makes directories or mounts; with full privileges nothing that only protects.
fn call_tool(job: &mut Job, step: &Step, privileges: Privileges, chain: &mut Chain) {
    let call = match step {
        Step::Mounts(mounts) if privileges == Privileges::Full => {
            sandbox::call(&Step::Mounts(mounts.without_protection()))
        }
        _ => sandbox::call(step),
    };
    let Some(ToolCall { before: _, tool, arguments }) = call else { return };
    if matches!(step, Step::Mounts(_)) {
        chain.own(&[b"unshare", b"--mount"]);
        chain.own(&[b"set-mount-object", b"--recursive", b"slave", b"/"]);
    }
    let tool = job.tool(tool).into_bytes();
    chain.other([vec![tool], arguments].concat());
}

/// `hardlimit` and `softlimit` for those that they have a letter for, else prlimit.
fn limit(limits: &[Limit], chain: &mut Chain) {
    let value = |value: u64| if value == u64::MAX { b"unlimited".to_vec() } else { value.to_string().into_bytes() };
    let (mut hard, mut soft, mut rest) = (Words::new(), Words::new(), Vec::new());
    for limit in limits {
        let letter = match limit.resource {
            "as" => "-a",
            "core" => "-c",
            "data" => "-d",
            "fsize" => "-f",
            "memlock" => "-l",
            "nofile" => "-o",
            "nproc" => "-p",
            "rss" => "-r",
            "stack" => "-s",
            "cpu" => "-t",
            _ => {
                rest.push(*limit);
                continue;
            }
        };
        hard.extend([letter.as_bytes().to_vec(), value(limit.hard)]);
        soft.extend([letter.as_bytes().to_vec(), value(limit.soft)]);
    }
    for (command, words) in [("hardlimit", hard), ("softlimit", soft)] {
        if !words.is_empty() {
            let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
            chain.own(&[&[command.as_bytes()], &words[..]].concat());
        }
    }
    if !rest.is_empty()
        && let Some(words) = chain::words(&Step::Limits(rest))
    {
        chain.other(words);
    }
}

fn change_directory(job: &mut Job, path: Option<&[u8]>, optional: bool, chain: &mut Chain) {
    match (path, &job.service.identity.user) {
        (Some(path), _) if optional => chain.shell("cd \"$0\" 2>/dev/null || cd /; exec \"$@\"", &[path]),
        (Some(path), _) => chain.own(&[b"chdir", path]),
        (None, Some(user)) => {
            let otherwise = if optional { "cd /" } else { "exit 200" };
            let line = format!("cd \"$(getent passwd \"$0\" | cut -d: -f6)\" || {otherwise}; exec \"$@\"");
            chain.shell(&line, &[&user.value]);
        }
        (None, None) => chain.own(&[b"chdir", b"/root"]),
    }
}

/// What a backend without a control group says of `KillMode=`.
pub(super) fn without_control_groups() -> Fate {
    Fate::approximated("TERM to the main process", "that other processes of the service end with it")
}
