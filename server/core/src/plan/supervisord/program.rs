//! A process of a program.

use super::lowering::Lowering;
use super::{chain, command, environment, restart, stop, streams};
use crate::plan::{Commands, Directories, Leaf, Service, Type};
use crate::schema::supervisord::key::{fcgi_program, program as of};
use crate::units::supervisord::Process;
use crate::values::supervisord::choice;

pub(super) fn lower(low: &mut Lowering, process: &Process) -> Service {
    // What it is called, and how many there are.
    low.settle(&[of::process_name, of::numprocs, of::numprocs_start]);
    low.settle(&[fcgi_program::socket_backlog, fcgi_program::socket_mode, fcgi_program::socket_owner]);
    let environment = environment::lower(low, process);
    let identity = chain::identity(low);
    let directory = chain::directory(low);
    let sockets = process.socket.iter().map(|name| Leaf::default(name.as_str().to_owned())).collect();
    Service {
        kind: Leaf::default(Type::Simple),
        commands: Commands { start: command::lower(low, &directory), ..Commands::default() },
        chain: chain::lower(low, &identity, directory, &environment),
        identity,
        environment,
        directories: Directories::default(),
        streams: streams::lower(low, process),
        sockets,
        non_blocking: Leaf::default(false),
        permissions_start_only: Leaf::default(false),
        remain: Leaf::default(false),
        pid_file: None,
        guess_main_pid: Leaf::default(true),
        notify_access: Leaf::default("none"),
        reload_signal: Leaf::default(1),
        start_timeout: Leaf::default(u64::MAX),
        runtime_max: Leaf::default(u64::MAX),
        restart: restart::lower(low),
        stop: stop::lower(low),
    }
}

/// `autostart=`
pub(super) fn autostart(low: &mut Lowering) -> Leaf<bool> {
    low.read(of::autostart, choice::parse_boolean).unwrap_or(Leaf::default(true))
}
