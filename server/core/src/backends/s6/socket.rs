//! Sockets: those of a service are opened by its `run`; where each connection
//! has a service, the socket has a directory of its own.

use super::Job;
use super::chain;
use super::script::{Arguments, Script, Word, literal};
use crate::backends::tools::Tool;
use crate::backends::{Directory, Target, directory_name, listen};
use crate::plan::{Plan, Socket};

/// The file descriptor on which it is told that a shared socket is kept; `data/listen` has 3.
const READY: &str = "4";

/// Makes the symbolic links to the sockets of a service.
pub(super) fn links(job: &Job, script: &mut Script) {
    for link in listen::links(job.together, job.plan.name(), job.target) {
        chain::foreground(script, &literal(&link), true);
    }
}

/// The words that open the sockets of a service before its main process; empty if it has none.
pub(super) fn prefix(job: &mut Job) -> Vec<Word> {
    let all = listen::words(job.together, job.plan, job.target);
    if all.is_empty() {
        return Vec::new();
    }
    let mut words = vec![Word::Written(job.tool(Tool::Listen))];
    words.extend(literal(&all));
    words.extend(literal(&["--"]));
    words
}

/// The words with which `run` gets a socket that other services have too, before all else.
pub(super) fn take(job: &mut Job, script: &mut Script) {
    let Some(holder) = listen::holder(job.together, job.plan.name(), job.target) else { return };
    let mut words = vec![Word::Written(job.tool(Tool::Hold))];
    words.extend(literal(&["take", &format!("../{holder}")]));
    script.words(&words);
}

/// Makes the directory of a socket that several services share; says whether there is one.
pub(in crate::backends) fn hold(plan: &Plan, socket: &Socket, target: &Target) -> Option<Directory> {
    let mut directory = Directory { name: directory_name(plan.name()), ..Directory::default() };
    directory.tool(Tool::Hold);
    directory.tool(Tool::Listen);
    directory.text("notification-fd", format!("{READY}\n"));
    let tool = format!("./{}", Tool::Hold.path());
    let mut script = Script::new(&target.execlineb, Arguments::None, "keeps the socket for its processes", plan);
    script.words(&[literal(&[&*tool, "open", READY]), literal(&listen::held(socket, target)?)].concat());
    directory.script("run", script.finish());
    let mut script = Script::new(&target.execlineb, Arguments::None, "what follows on its end", plan);
    script.words(&literal(&[&*tool, "end"]));
    directory.script("finish", script.finish());
    Some(directory)
}

/// `RemoveOnStop=`
pub(super) fn remove(job: &Job, script: &mut Script) {
    let paths = listen::removed(job.together, job.plan.name(), job.target);
    if !paths.is_empty() {
        let mut words = literal(&["rm", "-f", "--"]);
        words.extend(literal(&paths));
        chain::foreground(script, &words, true);
    }
}

/// Makes the directory of a socket with a service for each connection, whose `job` this is; says whether there is one.
pub(in crate::backends) fn render(job: &mut Job, plan: &Plan, socket: &Socket) -> bool {
    job.directory.name = directory_name(plan.name());
    let Some(accepting) = listen::accepting(socket, job.target) else { return false };
    let commands = job.service.commands.clone();
    let Some(command) = commands.start.first() else { return false };
    let mut connection = job.script(Arguments::None, "what happens for each connection");
    chain::find_exec(&mut connection, commands.start_pre.iter().chain([command]));
    for pre in &commands.start_pre {
        let call = chain::call(job, &pre.value);
        chain::foreground(&mut connection, &call, pre.value.ignore_failure);
    }
    if accepting.is_tcp {
        for (name, from) in [("REMOTE_ADDR", "TCPREMOTEIP"), ("REMOTE_PORT", "TCPREMOTEPORT")] {
            connection.line(&format!("importas -uD \"\" {name} {from} export {name} ${{{name}}}"));
        }
    }
    if !listen::is_input(job.service) {
        connection.line("export LISTEN_FDS 1 export LISTEN_FDNAMES connection getpid LISTEN_PID");
    }
    let call = chain::call(job, &command.value);
    connection.words(&call);
    job.directory.script("data/connection", connection.finish());
    let mut script = job.script(Arguments::None, "waits for connections");
    script.line("fdmove -c 2 1");
    script.line("redirfd -r 0 /dev/null");
    for command in &accepting.before {
        chain::foreground(&mut script, &literal(command), false);
    }
    let mut words = literal(&accepting.words);
    words.push(Word::Written("./data/connection".to_owned()));
    script.words(&words);
    job.directory.script("run", script.finish());
    if socket.remove.value {
        let mut finish = job.script(Arguments::None, "what follows on its end");
        remove(job, &mut finish);
        finish.line("exit 0");
        job.directory.script("finish", finish.finish());
    }
    true
}
