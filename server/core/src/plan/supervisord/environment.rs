//! The environment of a process (`Subprocess._spawn_as_child`).

use super::lowering::Lowering;
use crate::plan::{Assignment, Environment, Leaf};
use crate::units::supervisord::Process;

pub(super) fn lower<'u>(low: &mut Lowering<'u>, process: &'u Process<'u>) -> Environment {
    let values = &process.values;
    let inherited = low.leaf(&values.inherited);
    let own = low.leaf(&values.environment);
    let url = low.optional(&values.serverurl);
    let text = |name: &str, value: &str, at| {
        let value = Assignment { name: name.into(), value: value.into() };
        Leaf { value, at }
    };
    let mut assignments = vec![text("SUPERVISOR_ENABLED", "1", None)];
    assignments.extend(url.map(|url| text("SUPERVISOR_SERVER_URL", &url.value, url.at)));
    assignments.push(text("SUPERVISOR_PROCESS_NAME", &process.name, None));
    assignments.push(text("SUPERVISOR_GROUP_NAME", &process.group, None));
    assignments.extend(inherited.value.iter().map(|(name, value)| text(name, value, inherited.at)));
    assignments.extend(own.value.iter().map(|(name, value)| text(name, value, own.at)));
    Environment { inherits: true, assignments, ..Environment::default() }
}
