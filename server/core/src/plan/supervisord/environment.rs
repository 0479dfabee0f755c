//! The environment of a process (`Subprocess._spawn_as_child`).

use super::lowering::Lowering;
use crate::plan::{Assignment, Environment, Leaf};
use crate::schema::supervisord::key::{program as of, supervisord};
use crate::units::supervisord::Process;

pub(super) fn lower(low: &mut Lowering, process: &Process) -> Environment {
    let mut assignments = Vec::new();
    let mut assign = |name: &str, value: &str, at| {
        let value = Assignment { name: name.into(), value: value.into() };
        assignments.push(Leaf { value, at });
    };
    if let Some(at) = low.at(supervisord::environment) {
        low.variables(at).iter().for_each(|(name, value)| assign(name, value, Some(at)));
    }
    assign("SUPERVISOR_ENABLED", "1", None);
    let url = low.read(of::serverurl, |text, _, _| Some(text.to_owned()));
    if let Some(Leaf { value, at }) = url.filter(|url| !url.value.trim().eq_ignore_ascii_case("auto")) {
        assign("SUPERVISOR_SERVER_URL", &value, at);
    }
    assign("SUPERVISOR_PROCESS_NAME", &process.name, None);
    assign("SUPERVISOR_GROUP_NAME", &process.group, None);
    if let Some(at) = low.at(of::environment) {
        low.variables(at).iter().for_each(|(name, value)| assign(name, value, Some(at)));
    }
    Environment { inherits: true, assignments, ..Environment::default() }
}
