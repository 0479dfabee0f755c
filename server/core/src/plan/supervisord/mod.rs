//! From a part of supervisord's configuration to a [`Plan`] (`ServerOptions` of
//! `supervisor/options.py`, `Subprocess` of `supervisor/process.py`).

mod chain;
mod command;
mod environment;
mod lowering;
mod program;
mod relations;
mod restart;
mod socket;
mod stop;
mod streams;
#[cfg(test)]
mod tests;

use super::{Body, Facts, Leaf, Plan};
use crate::schema::Key;
use crate::schema::supervisord::key::supervisord as of;
use crate::units::Unit;
use crate::units::supervisord::{Part, PartKind, Program};

use lowering::Lowering;

/// What bears on an event listener, and on others where there are any.
const INHERITED: [Key; 7] =
    [of::directory, of::environment, of::minfds, of::minprocs, of::nodaemon, of::umask, of::user];

/// Lowers `unit`, which `part` is; what can't be read is a [`super::Fault`] and left out.
pub(super) fn lower<'u>(unit: &'u Unit<'u>, part: &'u Part<'u>, facts: &Facts) -> Plan<'u> {
    let mut low = Lowering::new(unit, part);
    let (mut relations, mut install) = (Vec::new(), Vec::new());
    let mut autostart = Leaf::default(true);
    let body = match &part.kind {
        // Nothing else speaks its protocol.
        PartKind::Process(process) if process.program == Program::Listener => {
            low.settle(&INHERITED);
            Body::Other
        }
        PartKind::Process(process) => {
            autostart = low.leaf(&process.values.autostart);
            relations = relations::of_process(&mut low, facts);
            install = relations::install(autostart);
            Body::Service(program::lower(&mut low, process))
        }
        PartKind::Group { members } => {
            relations = relations::of_group(&mut low, members);
            Body::Target
        }
        PartKind::Socket { processes, values, user } => {
            Body::Socket(socket::lower(&mut low, processes, values, user.as_deref()))
        }
        PartKind::Server => Body::Other,
    };
    let Lowering { faults, settled, fated, .. } = low;
    Plan {
        unit,
        body,
        relations,
        mounts: Vec::new(),
        default_dependencies: Leaf::default(true),
        conditions: Vec::new(),
        install,
        autostart,
        description: None,
        settled,
        fated,
        faults,
    }
}
