//! Where input comes from and output goes (`setup_input`, `setup_output` of `src/core/execute.c`).

use super::Job;
use super::script::{Script, Word, literal};
use crate::fate::Fate;
use crate::plan::{At, Input, Output, Streams};

/// Appends the redirections; standard error already goes where output does.
pub(super) fn append(job: &mut Job, script: &mut Script) {
    let Streams { input, output, error } = &job.service.streams;
    let mut fate = |place: Option<At>, known: bool| match known {
        true => job.fates.keep(place),
        false => job.fates.set(place, &Fate::lost("s6 has no such stream")),
    };
    let file = |option: &str, number: &str, path: &[u8]| {
        let mut words = literal(&["redirfd", option, number]);
        words.push(Word::Literal(path.to_vec()));
        words
    };
    let source: &[u8] = match &input.value {
        Input::File(path) => path,
        _ => b"/dev/null",
    };
    script.words(&file("-r", "0", source));
    fate(input.at, matches!(input.value, Input::Null | Input::File(_)));
    let inherits = matches!(input.value, Input::File(_));
    let redirect = |number: &str, output: &Output| match output {
        Output::Null => Some(file("-w", number, b"/dev/null")),
        Output::File(path) => Some(file("-x", number, path)),
        Output::Append(path) => Some(file("-a", number, path)),
        Output::Truncate(path) => Some(file("-w", number, path)),
        Output::Inherit if inherits && number == "1" => Some(literal(&["fdmove", "-c", "1", "0"])),
        Output::Inherit | Output::Log { .. } | Output::Terminal | Output::Socket | Output::Descriptor(_) => None,
    };
    let known = |output: &Output| !matches!(output, Output::Terminal | Output::Socket | Output::Descriptor(_));
    let moved = redirect("1", &output.value);
    if let Some(words) = &moved {
        script.words(words);
    }
    fate(output.at, known(&output.value));
    if matches!(error.value, Output::Inherit) && moved.is_some() {
        script.words(&literal(&["fdmove", "-c", "2", "1"]));
    }
    if let Some(words) = redirect("2", &error.value) {
        script.words(&words);
    }
    fate(error.at, known(&error.value));
}
