//! The steps from `runsv`'s child to the program.

use super::Job;
use crate::backends::chain::{self, Setpriv, Words, applies, doubled};
use crate::backends::environment::{self, Called};
use crate::backends::sandbox::{self, ToolCall};
use crate::backends::shell::{quoted, words};
use crate::backends::tools::Tool;
use crate::backends::{listen, logs, notify, quote};
use crate::fate::Fate;
use crate::plan::{
    Argument, At, Bytes, Command, ControlGroup, Environment, Identity, Input, Leaf, Link, Output, Step, Streams,
};
use crate::values::exec::Privileges;

/// A piece of shell: lines to run first, then what the program's own words follow.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    /// Lines that change the shell itself.
    pub before: Vec<Vec<u8>>,
    /// The words of chain-loading commands, each quoted.
    pub chain: Vec<Vec<u8>>,
    /// Whether the service directory is spoken of as `$here`.
    home: bool,
    /// Whether the arguments go through the expansion of variables.
    pub expands: bool,
}

/// How long the lines of a command get.
const WIDTH: usize = 100;

impl Spelled {
    /// Adds a chain-loading command.
    fn push(&mut self, words: &[Bytes]) {
        self.chain.extend(words.iter().map(|word| quoted(word)));
    }

    /// The command that becomes `program`, quoted words; a new line for each tool
    /// that says where its arguments end, and where one gets too long.
    pub(super) fn exec(&self, program: &[u8]) -> Vec<u8> {
        let words = self.chain.iter().map(|word| &word[..]).chain([program]);
        if words.clone().map(|word| word.len() + 1).sum::<usize>() <= WIDTH {
            return [b"exec ", &words.collect::<Vec<_>>().join(&b' ')[..]].concat();
        }
        let mut lines = b"exec".to_vec();
        let mut start = 0;
        for word in words {
            let long = lines.len() - start + 1 + word.len() > WIDTH;
            if lines.ends_with(b" --") || long && start != lines.len() {
                lines.extend_from_slice(b" \\\n\t");
                start = lines.len();
            } else {
                lines.push(b' ');
            }
            lines.extend_from_slice(word);
        }
        lines
    }
}

/// Spells the steps that a command with such privileges takes.
///
/// `passed` are variables that the shell sets for the command: `MAINPID`.
pub(super) fn spell(job: &mut Job, privileges: Privileges, passed: &[&str], expands: bool) -> Spelled {
    let mut spelled = Spelled { expands, ..Spelled::default() };
    streams(job, &mut spelled.before);
    let mut setpriv = Setpriv::default();
    let service = job.service;
    let mut environment = None;
    for link in service.chain.links.iter().filter(|link| applies(link, privileges)) {
        let Link { step, from } = link;
        job.fates.keep(from.iter().copied());
        match step {
            Step::Session => spelled.push(&[b"chpst".to_vec(), b"-P".to_vec()]),
            Step::ControlGroup(group) => control_group(job, group, &mut spelled),
            // It holds for the files that output goes to as well.
            Step::UMask(mask) => spelled.before.insert(0, format!("umask {mask:04o}").into_bytes()),
            Step::WorkingDirectory { path, optional } => spelled.before.push(cd(service, path.as_deref(), *optional)),
            Step::IgnoreSigpipe(true) => spelled.before.push(b"trap '' PIPE".to_vec()),
            Step::IgnoreSigpipe(false) => {}
            Step::CoredumpFilter(mask) => {
                spelled.before.push(format!("echo 0x{mask:x} >/proc/self/coredump_filter").into_bytes());
            }
            Step::TimerSlack(slack) => {
                spelled.before.push(format!("echo {slack} >/proc/self/timerslack_ns").into_bytes());
            }
            Step::Environment(variables) => environment = Some(variables),
            Step::Capabilities(_) | Step::SecureBits(_) | Step::Identity(_) | Step::NoNewPrivileges => {
                setpriv.add(step);
            }
            Step::Directories(_) | Step::Mounts(_) => call_tool(job, step, privileges, &mut spelled),
            Step::OomScoreAdjust(_)
            | Step::Nice(_)
            | Step::CpuScheduling(_)
            | Step::CpuAffinity(_)
            | Step::Numa(_)
            | Step::IoScheduling(_)
            | Step::Personality(_)
            | Step::Limits(_)
            | Step::LeastLimits(_)
            | Step::PrivateNetwork
            | Step::PrivateIpc
            | Step::PrivateHostname(_)
            | Step::PrivateUsers
            | Step::NetworkNamespace(_)
            | Step::IpcNamespace(_)
            | Step::RootDirectory(_)
            | Step::SelinuxContext { .. }
            | Step::ApparmorProfile { .. } => {
                if let Some(tool) = chain::words(step) {
                    spelled.push(&tool);
                    chain::told(link, &mut job.fates);
                }
            }
        }
    }
    if setpriv.is_needed() {
        match &setpriv.identity {
            Some(identity) if !job.target.tools.util_linux => call_chpst(identity, &mut spelled),
            _ => call_setpriv(&setpriv, &mut spelled),
        }
    }
    if let Some(variables) = environment {
        environ(job, variables, passed, &mut spelled);
    }
    if spelled.home {
        spelled.before.insert(0, b"here=$PWD".to_vec());
    }
    spelled
}

/// A command's own words, quoted.
pub(super) fn program(command: &Command, expands: bool) -> Vec<u8> {
    let fixed = |bytes: &Bytes| if expands { doubled(bytes) } else { bytes.clone() };
    let mut all: Words = Vec::new();
    match &command.argv0 {
        Some(argv0) => all.extend([b"chpst".to_vec(), b"-b".to_vec(), fixed(argv0), fixed(&command.program)]),
        None => {
            // env would take it for a variable.
            if command.program.contains(&b'=') {
                all.extend([b"nice".to_vec(), b"-n".to_vec(), b"0".to_vec()]);
            }
            all.push(fixed(&command.program));
        }
    }
    for argument in &command.arguments {
        all.push(match argument {
            Argument::Fixed(bytes) => fixed(bytes),
            Argument::Variable(bytes) => bytes.clone(),
        });
    }
    words(&all)
}

/// The line that runs `command` in the foreground through `data/chain` and the like.
pub(super) fn call(job: &mut Job, command: &Command) -> Vec<u8> {
    let expands = expands(job);
    let name = match command.privileges {
        Privileges::Normal => "chain",
        Privileges::Full => "chain-full",
        Privileges::KeepUser | Privileges::AmbientOrKeepUser => "chain-keep-user",
    };
    let path = format!("data/{name}");
    if !job.directory.files.iter().any(|file| file.path == path) {
        // The path is taken first, as the steps may need files of their own.
        job.directory.script(&path, "");
        let sockets = job.connection || listen::has_sockets(job.together, job.plan.name());
        let sockets: &[&str] = if sockets { &listen::VARIABLES } else { &[] };
        let socket: &[&str] = if job.is_heard() { &[notify::VARIABLE] } else { &[] };
        let spelled = spell(job, command.privileges, &[&PASSED, sockets, socket].concat(), expands);
        let mut script = job.script("what its processes go through before their program runs");
        for line in &spelled.before {
            script.bytes(line);
        }
        script.bytes(&spelled.exec(b"\"$@\""));
        let text = script.finish();
        if let Some(file) = job.directory.files.iter_mut().find(|file| file.path == path) {
            file.content = crate::backends::Content::Script(text);
        }
    }
    [format!("./{path} ").as_bytes(), &program(command, expands)].concat()
}

/// Lines that run commands one after the other until one fails; their outcome doesn't matter.
pub(super) fn all(job: &mut Job, commands: &[Leaf<Command>]) -> Vec<u8> {
    let mut lines = Vec::new();
    for (at, Leaf { value, at: place }) in commands.iter().enumerate() {
        job.fates.keep(*place);
        if at > 0 {
            lines.extend_from_slice(b" &&\n\t");
        }
        let call = call(job, value);
        match value.ignore_failure && commands.len() > 1 {
            true => lines.extend([b"{ ", &call[..], b" || :; }"].concat()),
            false => lines.extend(call),
        }
    }
    lines
}

/// Enters the control group of the service; where there is none, the tool makes do with the session.
fn control_group(job: &mut Job, group: &ControlGroup, spelled: &mut Spelled) {
    let tool = job.tool(Tool::Cgroup);
    spelled.home = true;
    spelled.chain.push(format!("\"$here/{}\"", tool.trim_start_matches("./")).into_bytes());
    spelled.push(&[b"enter".to_vec(), job.directory.name.clone().into_bytes()]);
    spelled.push(&group.knobs.iter().map(|(file, value)| format!("{file}={value}").into_bytes()).collect::<Words>());
    spelled.chain.push(b"--".to_vec());
}

/// Makes directories or mounts; with full privileges nothing that only protects.
fn call_tool(job: &mut Job, step: &Step, privileges: Privileges, spelled: &mut Spelled) {
    let call = match step {
        Step::Mounts(mounts) if privileges == Privileges::Full => {
            sandbox::call(&Step::Mounts(mounts.without_protection()))
        }
        _ => sandbox::call(step),
    };
    let Some(ToolCall { before, tool, arguments }) = call else { return };
    spelled.push(&before);
    let tool = job.tool(tool);
    spelled.home = true;
    spelled.chain.push(format!("\"$here/{}\"", tool.trim_start_matches("./")).into_bytes());
    spelled.push(&arguments);
}

/// The variables that systemd sets for the commands that deserve them.
const PASSED: [&str; 4] = ["MAINPID", "SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS"];

/// Whether any argument of any command depends on a variable.
pub(super) fn expands(job: &Job) -> bool {
    job.service.commands.all().any(|leaf| leaf.value.has_variables())
}

/// Where input comes from and output goes (`setup_input`, `setup_output`).
fn streams(job: &mut Job, lines: &mut Vec<Vec<u8>>) {
    let Streams { input, output, error } = &job.service.streams;
    let redirect = |operator: &str, file: &[u8]| [operator.as_bytes(), &quoted(file)].concat();
    let mut line = b"exec".to_vec();
    let mut push = |redirection: &[u8]| {
        line.push(b' ');
        line.extend_from_slice(redirection);
    };
    let mut fate = |leaf_at: Option<At>, known: bool| match known {
        true => job.fates.keep(leaf_at),
        false => job.fates.set(leaf_at, &Fate::lost("runit has no such stream")),
    };
    let shared = listen::holder(job.together, job.plan.name(), job.target).is_some();
    let sockets = job.connection || shared || listen::has_sockets(job.together, job.plan.name());
    let inherits = job.service.environment.inherits;
    let from_socket = sockets && listen::is_input(job.service);
    let given: &[u8] = if from_socket { b"0" } else { b"3" };
    if job.connection && !from_socket {
        push(b"3<&0");
    }
    match &input.value {
        Input::File(path) => push(&redirect("<", path)),
        Input::Data { .. } => push(b"<data/input"),
        Input::Silent => {
            lines.push(b"[ -p supervise/silence ] || mkfifo -m 600 supervise/silence".to_vec());
            push(b"<>supervise/silence");
        }
        // Either a connection, or what `hold` gives, or the first of the sockets that `listen` has opened.
        Input::Socket if job.connection || shared => {}
        // supervisord's programs know of no other descriptor.
        Input::Socket if sockets && inherits => push(b"<&3 3<&-"),
        Input::Socket if sockets => push(b"<&3"),
        _ => push(b"</dev/null"),
    }
    fate(
        input.at,
        from_socket || matches!(input.value, Input::Null | Input::Silent | Input::File(_) | Input::Data { .. }),
    );
    match &output.value {
        Output::Log { .. } | Output::Kept(_) | Output::Manager(_) | Output::Terminal | Output::Descriptor(_)
            if job.connection =>
        {
            push(b">&2")
        }
        Output::Socket if sockets => push(&[b">&", given].concat()),
        Output::Null => push(b">/dev/null"),
        Output::File(path) => push(&redirect("1<>", path)),
        Output::Append(path) => push(&redirect(">>", path)),
        Output::Truncate(path) => push(&redirect(">", path)),
        Output::Inherit if from_socket => push(b">&0"),
        Output::Manager(2) => push(b">&2"),
        Output::Inherit
        | Output::Log { .. }
        | Output::Kept(_)
        | Output::Manager(_)
        | Output::Terminal
        | Output::Socket
        | Output::Descriptor(_) => {}
    }
    let known = |output: &Output| match output {
        Output::Terminal | Output::Descriptor(_) => false,
        Output::Socket => sockets,
        _ => true,
    };
    // What is kept is up to the logger.
    let place = |leaf: &Leaf<Output>| leaf.at.filter(|_| !matches!(leaf.value, Output::Kept(_)));
    fate(place(output), known(&output.value));
    match &error.value {
        Output::Null => push(b"2>/dev/null"),
        Output::File(path) => push(&redirect("2<>", path)),
        Output::Append(path) => push(&redirect("2>>", path)),
        Output::Truncate(path) => push(&redirect("2>", path)),
        Output::Inherit => push(b"2>&1"),
        // `run` has both go there, unless there is a log.
        Output::Manager(1) if logs::is_logged(&output.value) => push(b"2>>/proc/$PPID/fd/1"),
        Output::Socket if sockets => push(&[b"2>&", given].concat()),
        Output::Log { .. }
        | Output::Kept(_)
        | Output::Manager(_)
        | Output::Terminal
        | Output::Socket
        | Output::Descriptor(_) => {}
    }
    fate(place(error), known(&error.value));
    lines.push(line);
    if let Input::Data { bytes, from } = &input.value {
        job.fates.keep(from.iter().copied());
        job.directory.text("data/input", bytes.clone());
    }
}

fn cd(service: &crate::plan::Service, path: Option<&[u8]>, optional: bool) -> Vec<u8> {
    let mut line = b"cd ".to_vec();
    match (path, &service.identity.user) {
        (Some(path), _) => quote::sh::word(path, &mut line),
        (None, Some(user)) => line.extend([b"~", &user.value[..]].concat()),
        (None, None) => line.extend_from_slice(b"/root"),
    }
    line.extend_from_slice(if optional { b" || cd /" } else { b" || exit 200" });
    line
}

/// The change of user where there is no setpriv: chpst takes all groups away that it isn't told of.
fn call_chpst(identity: &Identity, spelled: &mut Spelled) {
    let Identity { user, group, supplementary, .. } = identity;
    let user = user.as_ref().map_or_else(|| b"root".to_vec(), |leaf| leaf.value.clone());
    let name = quoted(&user);
    spelled.before.push([b"groups=$(id -Gn ", &name[..], b" | tr ' ' :) || exit 217"].concat());
    let mut who = name;
    for leaf in group.iter() {
        who.extend([b":", &quoted(&leaf.value)[..]].concat());
    }
    who.extend_from_slice(b":\"$groups\"");
    for leaf in supplementary {
        who.extend([b":", &quoted(&leaf.value)[..]].concat());
    }
    spelled.chain.extend([b"chpst".to_vec(), b"-u".to_vec(), who]);
}

/// The call of setpriv; who the groups are is asked when the service starts.
fn call_setpriv(setpriv: &Setpriv, spelled: &mut Spelled) {
    let Spelled { before, chain, .. } = spelled;
    chain.push(b"setpriv".to_vec());
    if let Some(Identity { user, group, supplementary, .. }) = &setpriv.identity {
        let option = |name: &str, value: &[u8]| [name.as_bytes(), b"=", &quoted(value)].concat();
        if let Some(user) = user {
            chain.push(option("--reuid", &user.value));
        }
        match (user, group) {
            (_, Some(group)) => chain.push(option("--regid", &group.value)),
            (Some(user), None) => {
                before.push([b"group=$(id -g ", &quoted(&user.value)[..], b") || exit 217"].concat());
                chain.push(b"--regid=\"$group\"".to_vec());
            }
            (None, None) => {}
        }
        let extra = supplementary.iter().map(|leaf| &leaf.value[..]).collect::<Vec<_>>().join(&b","[..]);
        let more = if extra.is_empty() { Vec::new() } else { [b",", &quoted(&extra)[..]].concat() };
        match (user, group) {
            (Some(_), None) if extra.is_empty() => chain.push(b"--init-groups".to_vec()),
            (Some(user), _) => {
                before.push([b"groups=$(id -G ", &quoted(&user.value)[..], b" | tr ' ' ,) || exit 217"].concat());
                if let Some(group) = group {
                    // The user's own group, which comes first, is replaced: initgroups(3) is given this one.
                    let group = quoted(&group.value);
                    let several = [&group[..], b",\"${groups#*,}\""].concat();
                    let parts: [&[u8]; 5] =
                        [b"case $groups in *,*) groups=", &several, b" ;; *) groups=", &group, b" ;; esac"];
                    before.push(parts.concat());
                }
                chain.push([b"--groups=\"$groups\"", &more[..]].concat());
            }
            (None, _) if extra.is_empty() => chain.push(b"--clear-groups".to_vec()),
            (None, _) => chain.push(option("--groups", &extra)),
        }
    }
    chain.extend(setpriv.options().into_iter().map(String::into_bytes));
    chain.push(b"--".to_vec());
}

/// The environment: `env -i` where all is known, else the tool.
fn environ(job: &mut Job, environment: &Environment, passed: &[&str], spelled: &mut Spelled) {
    let Environment { inherits, assignments: _, files, passed: handed, unset, search_path: _ } = environment;
    let identity = &job.service.identity;
    job.fates.keep(identity.login_environment.and_then(|leaf| leaf.at));
    let login = environment::login(identity);
    if *inherits {
        // The shell hands on where it has gone.
        spelled.before.push(b"unset PWD OLDPWD".to_vec());
        if listen::has_sockets(job.together, job.plan.name()) {
            spelled.before.push(format!("unset {}", listen::OF_SOCKETS.join(" ")).into_bytes());
        }
        let variables = environment::inherited(environment);
        if !variables.is_empty() {
            spelled.push(&[b"env".to_vec()]);
            spelled.push(&variables);
        }
        return;
    }
    let Called { options, variables } = environment::called(environment, login, passed, spelled.expands);
    let simple = files.is_empty() && handed.is_empty() && unset.is_empty() && passed.is_empty() && login.is_none();
    if simple && !spelled.expands {
        spelled.push(&[b"env".to_vec(), b"-i".to_vec()]);
        spelled.push(&variables);
        return;
    }
    // The tool runs first and puts the environment last, so that it sees files as root does,
    // and so that nothing in the environment meddles with the tools of the chain.
    let tool = job.tool(Tool::Environment);
    spelled.home = true;
    let inner = std::mem::take(&mut spelled.chain);
    spelled.chain.push(format!("\"$here/{}\"", tool.trim_start_matches("./")).into_bytes());
    spelled.push(&options);
    spelled.push(&variables);
    spelled.chain.push(b"--".to_vec());
    spelled.chain.push(inner.len().to_string().into_bytes());
    spelled.chain.extend(inner);
}
