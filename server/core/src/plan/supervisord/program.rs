//! A process of a program.

use super::lowering::Lowering;
use super::{chain, command, environment, restart, stop, streams};
use crate::plan::{Commands, Directories, Leaf, Service, Type};
use crate::schema::supervisord::key::{fcgi_program, program as of};
use crate::units::supervisord::Process;

pub(super) fn lower<'u>(low: &mut Lowering<'u>, process: &'u Process<'u>) -> Service {
    let values = &process.values;
    // What it is called, and how many there are.
    low.settle(&[of::process_name, of::numprocs, of::numprocs_start]);
    low.settle(&[fcgi_program::socket_backlog, fcgi_program::socket_mode, fcgi_program::socket_owner]);
    if process.socket.is_none() {
        low.void(&[fcgi_program::socket], "in a group supervisord makes a plain program of it, without its socket");
    }
    let environment = environment::lower(low, process);
    let identity = chain::identity(low, values);
    let directory = chain::directory(low, values);
    let sockets = process.socket.iter().map(|name| Leaf::default(name.as_str().to_owned())).collect();
    Service {
        kind: Leaf::default(Type::Simple),
        commands: Commands { start: command::lower(low, values, &directory), ..Commands::default() },
        chain: chain::lower(low, values, &identity, directory, &environment),
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
        restart: restart::lower(low, values),
        stop: stop::lower(low, values),
    }
}
