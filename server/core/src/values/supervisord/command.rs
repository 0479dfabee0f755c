//! `command=`: the words that `shlex.split` makes of it (`get_execv_args` of `process.py`).

use super::shlex;
pub use super::shlex::Word;
use crate::values::{Problem, whole};

/// The program and its arguments. One that can't be split, or is empty, isn't found
/// before the program is started: it ends up FATAL.
pub fn parse<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Word<'t>> {
    let before = problems.len();
    let words = shlex::split(text, problems);
    if words.is_empty() && problems.len() == before {
        problems.push(Problem::refused(whole(text), "the command is empty"));
    }
    words
}
