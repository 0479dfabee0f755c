//! `command=`

use super::lowering::Lowering;
use crate::plan::{Argument, Bytes, Command, Leaf};
use crate::schema::supervisord::key::program as of;
use crate::values::exec::Privileges;
use crate::values::supervisord::command;

/// The words of the command; a program with a slash that isn't absolute is in `directory`.
pub(super) fn lower(low: &mut Lowering, directory: &Leaf<Bytes>) -> Vec<Leaf<Command>> {
    let words = low.read(of::command, |text, _, problems| {
        let words = command::parse(text, problems);
        Some(words.into_iter().map(|word| word.text.into_owned().into_bytes()).collect::<Vec<Bytes>>())
    });
    let Some(Leaf { value: mut words, at: Some(at) }) = words else { return Vec::new() };
    if words.is_empty() {
        return Vec::new();
    }
    let written = words.remove(0);
    let is_relative = written.contains(&b'/') && !written.starts_with(b"/");
    if is_relative && !directory.is_set() {
        low.fault(
            at,
            "the program is looked for where supervisord is started, which nobody knows here; set directory=",
        );
    }
    let (program, argv0) = match is_relative {
        true => ([&directory.value[..], b"/", &written].concat(), Some(written)),
        false => (written, None),
    };
    let arguments = words.into_iter().map(Argument::Fixed).collect();
    let command = Command { program, argv0, arguments, ignore_failure: false, privileges: Privileges::Normal };
    vec![Leaf::new(command, at)]
}
