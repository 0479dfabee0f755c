//! `command=` (`Subprocess.get_execv_args`).

use super::lowering::Lowering;
use crate::plan::{Argument, Bytes, Command, Leaf};
use crate::units::supervisord::ProgramValues;
use crate::values::exec::Privileges;
use crate::values::supervisord::command;

/// The words of the command; a program with a slash that isn't absolute is run from `directory`.
pub(super) fn lower<'u>(
    low: &mut Lowering<'u>,
    values: &ProgramValues<'u>,
    directory: &Leaf<Bytes>,
) -> Vec<Leaf<Command>> {
    let Some(Leaf { value: text, at: Some(at) }) = low.optional(&values.command) else { return Vec::new() };
    let mut problems = Vec::new();
    let words = command::parse(&text, &mut problems);
    for problem in problems.into_iter().filter(|problem| problem.kind == crate::values::ProblemKind::Refused) {
        low.fault(at, problem.message);
    }
    let mut words = words.into_iter().map(|word| word.text.into_owned().into_bytes());
    let Some(program) = words.next() else { return Vec::new() };
    if program.contains(&b'/') && !program.starts_with(b"/") && !directory.is_set() {
        let message = "it is looked for where supervisord is started, which nobody knows here; set directory=";
        low.fault(at, message);
    }
    let arguments = words.map(Argument::Fixed).collect();
    let command = Command { program, argv0: None, arguments, ignore_failure: false, privileges: Privileges::Normal };
    vec![Leaf::new(command, at)]
}
