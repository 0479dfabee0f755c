//! The steps from `s6-supervise`'s child to the program.

use super::Job;
use super::script::{Arguments, Script, Word, literal};
use crate::backends::chain::{self, Setpriv, applies, doubled};
use crate::backends::environment::{self, Called};
use crate::backends::sandbox::{self, ToolCall};
use crate::backends::tools::Tool;
use crate::backends::{Content, listen, notify, quote};
use crate::fate::Fate;
use crate::plan::{Argument, Bytes, Command, ControlGroup, Environment, Identity, Leaf, Limit, Link, Step};
use crate::values::exec::Privileges;

/// The variables that systemd sets for the commands that deserve them.
const PASSED: [&str; 4] = ["MAINPID", "SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS"];

/// The steps, each a line of words.
#[derive(Debug, Default)]
struct Spelled {
    /// `UMask=`
    mask: Option<u16>,
    /// Lines that find out what later ones speak of as `$NAME`.
    finds: Vec<(Vec<Word>, &'static str)>,
    /// What must be called from the service directory.
    here: Vec<Vec<Word>>,
    /// What runs in a shell of its own, before all that follows.
    shell: Vec<String>,
    /// What changes the process.
    steps: Vec<Vec<Word>>,
    /// What is last done to the environment.
    environment: Vec<Vec<Word>>,
}

/// Appends the steps that a command with such privileges takes; the program's own words follow.
///
/// `session`: whether it needs a session of its own, as what `s6-supervise` starts has one.
pub(super) fn append(job: &mut Job, script: &mut Script, privileges: Privileges, passed: &[&str], session: bool) {
    let mut spelled = Spelled::default();
    let mut setpriv = Setpriv::default();
    let mut environment = None;
    let service = job.service;
    for link in service.chain.links.iter().filter(|link| applies(link, privileges)) {
        let Link { step, from } = link;
        job.fates.keep(from.iter().copied());
        match step {
            Step::Session if session => spelled.steps.push(literal(&["s6-setsid", "-q"])),
            Step::Session => {}
            Step::ControlGroup(group) => control_group(job, group, &mut spelled),
            // It holds for the files that output goes to as well.
            Step::UMask(mask) => spelled.mask = Some(*mask),
            Step::WorkingDirectory { path, optional } => cd(job, path.as_deref(), *optional, &mut spelled),
            Step::IgnoreSigpipe(true) => spelled.shell.push("trap '' PIPE".to_owned()),
            Step::IgnoreSigpipe(false) => {}
            Step::CoredumpFilter(mask) => spelled.shell.push(format!("echo 0x{mask:x} >/proc/self/coredump_filter")),
            Step::TimerSlack(slack) => spelled.shell.push(format!("echo {slack} >/proc/self/timerslack_ns")),
            Step::Environment(variables) => environment = Some(variables),
            Step::Capabilities(_) | Step::SecureBits(_) | Step::Identity(_) | Step::NoNewPrivileges => {
                setpriv.add(step);
            }
            Step::Limits(limits) => limit(job, limits, &mut spelled),
            Step::Directories(_) | Step::Mounts(_) => call_tool(job, step, privileges, &mut spelled),
            Step::OomScoreAdjust(_)
            | Step::Nice(_)
            | Step::CpuScheduling(_)
            | Step::CpuAffinity(_)
            | Step::Numa(_)
            | Step::IoScheduling(_)
            | Step::LeastLimits(_)
            | Step::Personality(_)
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
                    spelled.steps.push(literal(&tool));
                    chain::told(link, &mut job.fates);
                }
            }
        }
    }
    if setpriv.is_needed() {
        identity(&setpriv, &mut spelled);
    }
    if !spelled.shell.is_empty() {
        let commands = format!("{}; exec \"$0\" \"$@\"", spelled.shell.join("; "));
        spelled.steps.insert(0, literal(&["sh", "-c", &commands]));
    }
    if let Some(variables) = environment {
        environ(job, variables, passed, &mut spelled);
    }
    if let Some(mask) = spelled.mask {
        script.line(&format!("umask {mask:04o}"));
    }
    super::stream::append(job, script);
    for (line, name) in spelled.finds {
        let line = script.written(&line);
        script.substitute(&line, name);
    }
    for line in spelled.here.iter().chain(&spelled.steps).chain(&spelled.environment) {
        script.words(line);
    }
}

/// A command's own words.
pub(super) fn program(job: &Job, command: &Command) -> Vec<Word> {
    let expands = expands(job);
    let fixed = |bytes: &Bytes| if expands { doubled(bytes) } else { bytes.clone() };
    let mut words = Vec::new();
    let arguments = command.arguments.iter().map(|argument| match argument {
        Argument::Fixed(bytes) => fixed(bytes),
        Argument::Variable(bytes) => bytes.clone(),
    });
    if let Some(argv0) = &command.argv0 {
        words.extend([Word::Written("$exec".to_owned()), Word::Literal(b"-a".to_vec())]);
        words.extend([Word::Literal(fixed(argv0)), Word::Literal(fixed(&command.program))]);
    } else {
        // env would take it for a variable, and export would look for it on the path that holds before.
        if command.program.contains(&b'=') || !command.program.contains(&b'/') {
            words.extend(literal(&["nice", "-n", "0"]));
        }
        words.push(Word::Literal(fixed(&command.program)));
    }
    words.extend(arguments.map(Word::Literal));
    words
}

/// Appends what [`program`] needs to know of for any of `commands`.
pub(super) fn find_exec<'c>(script: &mut Script, commands: impl IntoIterator<Item = &'c Leaf<Command>>) {
    if commands.into_iter().any(|leaf| leaf.value.argv0.is_some()) {
        script.comment("execline's own exec, which isn't on the PATH of the program");
        let search = "IFS=:; for each in $PATH; do [ -x $each/exec ] && echo $each/exec && exit; done";
        script.substitute(format!("backtick -E exec {{ sh -c \"{search}\" }}").as_bytes(), "exec");
    }
}

/// Appends the steps and the words of `command`, which are all that it takes.
pub(super) fn inline(job: &mut Job, script: &mut Script, command: &Command) {
    append(job, script, command.privileges, &[], true);
    let program = program(job, command);
    script.words(&program);
}

/// `./data/chain` and the words of `command`.
pub(super) fn call(job: &mut Job, command: &Command) -> Vec<Word> {
    let name = match command.privileges {
        Privileges::Normal => "chain",
        Privileges::Full => "chain-full",
        Privileges::KeepUser | Privileges::AmbientOrKeepUser => "chain-keep-user",
    };
    let path = format!("data/{name}");
    if !job.directory.files.iter().any(|file| file.path == path) {
        // The path is taken first, as the steps may need files of their own.
        job.directory.script(&path, "");
        let mut script = job.script(Arguments::All, "what its processes go through before their program runs");
        if job.notifies() {
            script.line(&format!("fdclose {}", super::NOTIFICATION));
        }
        let sockets = job.connection || listen::has_sockets(job.together, job.plan.name());
        let sockets: &[&str] = if sockets { &listen::VARIABLES } else { &[] };
        let socket: &[&str] = if job.is_heard() { &[notify::VARIABLE] } else { &[] };
        append(job, &mut script, command.privileges, &[&PASSED, sockets, socket].concat(), true);
        script.line("$@");
        let text = script.finish();
        if let Some(file) = job.directory.files.iter_mut().find(|file| file.path == path) {
            file.content = Content::Script(text);
        }
    }
    let mut words = vec![Word::Written(format!("./{path}"))];
    words.extend(program(job, command));
    words
}

/// Appends commands that run one after the other until one fails.
pub(super) fn all(job: &mut Job, script: &mut Script, commands: &[Leaf<Command>]) {
    for (at, leaf) in commands.iter().enumerate() {
        job.fates.keep(leaf.at);
        let call = call(job, &leaf.value);
        if at + 1 < commands.len() {
            foreground(script, &call, leaf.value.ignore_failure);
        } else {
            script.words(&call);
        }
    }
}

/// Appends a command after which the script goes on, if it doesn't fail or may.
pub(super) fn foreground(script: &mut Script, call: &[Word], ignore_failure: bool) {
    let block = if ignore_failure { "foreground {" } else { "if {" };
    let mut words = vec![Word::Written(block.to_owned())];
    words.extend_from_slice(call);
    words.push(Word::Written("}".to_owned()));
    script.words(&words);
}

/// Whether any argument of any command depends on a variable.
pub(super) fn expands(job: &Job) -> bool {
    job.service.commands.all().any(|leaf| leaf.value.has_variables())
}

/// Enters the control group of the service.
fn control_group(job: &mut Job, group: &ControlGroup, spelled: &mut Spelled) {
    if !job.target.cgroups || !job.supervised {
        return;
    }
    let mut words = vec![Word::Written(job.tool(Tool::Cgroup))];
    words.extend(literal(&["enter", &job.directory.name]));
    words.extend(group.knobs.iter().map(|(file, value)| Word::Literal(format!("{file}={value}").into_bytes())));
    words.extend(literal(&["--"]));
    spelled.here.push(words);
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
    let mut words = literal(&before);
    words.push(Word::Written(job.tool(tool)));
    words.extend(literal(&arguments));
    spelled.steps.push(words);
}

fn cd(job: &Job, path: Option<&[u8]>, optional: bool, spelled: &mut Spelled) {
    let path = match (path, &job.service.identity.user) {
        (Some(path), _) => Word::Literal(path.to_vec()),
        (None, Some(user)) => {
            let mut words = literal(&["backtick", "-E", "home"]);
            words.extend(block(&["homeof".as_bytes(), &user.value]));
            spelled.finds.push((words, "home"));
            Word::Written("$home".to_owned())
        }
        (None, None) => Word::Literal(b"/root".to_vec()),
    };
    let mut words = match optional {
        true => literal(&["sh", "-c", "cd \"$0\" || cd /; exec \"$@\""]),
        false => literal(&["cd"]),
    };
    words.push(path);
    spelled.steps.push(words);
}

/// Words in braces.
fn block(words: &[&[u8]]) -> Vec<Word> {
    let mut all = vec![Word::Written("{".to_owned())];
    all.extend(literal(words));
    all.push(Word::Written("}".to_owned()));
    all
}

/// Limits: by s6's own tool where it knows them and they have an end.
fn limit(job: &mut Job, limits: &[Limit], spelled: &mut Spelled) {
    let finite = |limit: &&Limit| letter(limit.resource).is_some() && limit.hard != u64::MAX;
    let (own, others): (Vec<Limit>, Vec<Limit>) = limits.iter().partition(finite);
    let differ = own.iter().filter(|limit| limit.soft != limit.hard).collect::<Vec<_>>();
    let mut call = |option: &str, limits: &[(&Limit, u64)]| {
        if limits.is_empty() {
            return;
        }
        let mut words = literal(&["s6-softlimit"]);
        words.extend(literal(if option.is_empty() { &[] } else { std::slice::from_ref(&option) }));
        for (limit, value) in limits {
            words.extend(literal(&[letter(limit.resource).unwrap_or_default(), &value.to_string()]));
        }
        spelled.steps.push(words);
    };
    call("-H", &own.iter().map(|limit| (limit, limit.hard)).collect::<Vec<_>>());
    call("", &differ.iter().map(|limit| (*limit, limit.soft)).collect::<Vec<_>>());
    if !others.is_empty() {
        let native = others.iter().filter(|limit| letter(limit.resource).is_some()).map(|limit| limit.at);
        job.fates.set(native, &Fate::emulated("`prlimit`, as `s6-softlimit` has no word for infinity"));
        let step = Step::Limits(others);
        spelled.steps.extend(chain::words(&step).map(|words| literal(&words)));
    }
}

/// What `s6-softlimit` calls a limit.
fn letter(resource: &str) -> Option<&'static str> {
    Some(match resource {
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
        _ => return None,
    })
}

/// Who it runs as, and with what privileges.
fn identity(setpriv: &Setpriv, spelled: &mut Spelled) {
    let options = setpriv.options();
    let Some(Identity { user, group, supplementary, .. }) = &setpriv.identity else {
        let mut words = literal(&["setpriv"]);
        words.extend(literal(&options));
        words.extend(literal(&["--"]));
        spelled.steps.push(words);
        return;
    };
    let is_name = |name: &Bytes| !name.iter().all(u8::is_ascii_digit);
    if let (Some(user), None) = (user, group)
        && (options.is_empty() && supplementary.is_empty() && is_name(&user.value))
    {
        spelled.steps.push(literal(&[b"s6-setuidgid", &user.value[..]]));
        return;
    }
    let option = |name: &str, value: &[u8]| Word::Literal([name.as_bytes(), b"=", value].concat());
    let mut words = literal(&["setpriv"]);
    words.extend(user.as_ref().map(|user| option("--reuid", &user.value)));
    match (user, group) {
        (_, Some(group)) => words.push(option("--regid", &group.value)),
        (Some(user), None) => {
            let mut find = literal(&["backtick", "-E", "gid"]);
            find.extend(block(&[b"id", b"-g", &user.value]));
            spelled.finds.push((find, "gid"));
            words.push(Word::Written("--regid=$gid".to_owned()));
        }
        (None, None) => {}
    }
    let extra = supplementary.iter().map(|leaf| &leaf.value[..]).collect::<Vec<_>>().join(&b","[..]);
    match (user, group) {
        (Some(_), None) if extra.is_empty() => words.extend(literal(&["--init-groups"])),
        (Some(user), _) => {
            // The user's own group comes first; initgroups(3) is given the other one instead.
            let list: &[u8] = match group {
                Some(_) => b"group=$1; set -- $(id -G \"$0\"); shift; echo $group $* | tr ' ' ,",
                None => b"id -G \"$0\" | tr ' ' ,",
            };
            let names = [Some(&user.value), group.as_ref().map(|group| &group.value)];
            let mut call: Vec<&[u8]> = vec![b"sh", b"-c", list];
            call.extend(names.into_iter().flatten().map(|name| &name[..]));
            let mut find = literal(&["backtick", "-E", "groups"]);
            find.extend(block(&call));
            spelled.finds.push((find, "groups"));
            let more = if extra.is_empty() { Bytes::new() } else { [b",", &extra[..]].concat() };
            let mut written = Bytes::new();
            quote::execline::word(&[b"--groups=${groups}", &more[..]].concat(), &mut written);
            words.push(Word::Written(String::from_utf8_lossy(&written).into_owned()));
        }
        (None, _) if extra.is_empty() => words.extend(literal(&["--clear-groups"])),
        (None, _) => words.push(option("--groups", &extra)),
    }
    words.extend(literal(&options));
    words.extend(literal(&["--"]));
    spelled.steps.push(words);
}

/// The environment: emptied and made anew where all is known, else by the tool.
fn environ(job: &mut Job, environment: &Environment, passed: &[&str], spelled: &mut Spelled) {
    let Environment { inherits, assignments, files, passed: handed, unset, search_path: _ } = environment;
    let identity = &job.service.identity;
    let login = environment::login(identity);
    let path = environment::path(environment);
    let expands = expands(job);
    job.fates.keep(identity.login_environment.and_then(|leaf| leaf.at));
    if *inherits {
        let variables = environment::inherited(environment);
        // Shells leave it.
        spelled.environment.push(literal(&["unexport", "PWD"]));
        if listen::has_sockets(job.together, job.plan.name()) {
            spelled.environment.extend(listen::OF_SOCKETS.map(|name| literal(&["unexport", name])));
        }
        if !variables.is_empty() {
            spelled.environment.push([literal(&["env"]), literal(&variables)].concat());
        }
        return;
    }
    let simple = files.is_empty() && handed.is_empty() && unset.is_empty() && passed.is_empty() && login.is_none();
    let assigned = || assignments.iter().map(|leaf| &leaf.value);
    // Such a variable would change what the tools do that set the others.
    let meddles = assigned().any(|variable| variable.name.starts_with(b"LD_"));
    if simple && !expands && !meddles {
        let mut variables: Vec<(&[u8], &[u8])> = vec![(b"PATH", path)];
        for variable in assigned() {
            variables.retain(|(name, _)| *name != variable.name);
            variables.push((&variable.name, &variable.value));
        }
        // The tools are found by the old one.
        variables.sort_by_key(|(name, _)| *name == b"PATH");
        spelled.environment.push(literal(&["emptyenv", "-p"]));
        spelled.environment.extend(variables.iter().map(|(name, value)| literal(&[b"export", *name, *value])));
        return;
    }
    let Called { options, variables } = environment::called(environment, login, passed, expands);
    let mut words = vec![Word::Written(job.tool(Tool::Environment))];
    words.extend(literal(&options));
    words.extend(literal(&variables));
    // The tool runs first and sets the environment last, so that it sees files as root does,
    // and so that nothing in the environment meddles with the steps.
    let count = spelled.steps.iter().map(Vec::len).sum::<usize>();
    words.extend(literal(&["--", &count.to_string()]));
    spelled.here.push(words);
}
