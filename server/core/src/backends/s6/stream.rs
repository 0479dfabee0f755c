//! Where input comes from and output goes (`setup_input`, `setup_output` of `src/core/execute.c`).

use super::Job;
use super::script::{Script, Word, literal};
use crate::backends::{listen, logs};
use crate::fate::Fate;
use crate::plan::{At, Input, Leaf, Output, Streams};

/// Where the bytes of `StandardInputText=` and `StandardInputData=` lie.
const STDIN: &str = "data/stdin";

/// Appends the redirections; standard error already goes where output does.
pub(super) fn append(job: &mut Job, script: &mut Script) {
    let Streams { input, output, error } = &job.service.streams;
    let shared = listen::holder(job.together, job.plan.name(), job.target).is_some();
    let socket = job.connection || shared || listen::has_sockets(job.together, job.plan.name());
    let why = match input.value {
        Input::Socket if !socket => "no socket is opened for it here: it reads /dev/null",
        _ => "s6 has no such stream",
    };
    let mut fate = |place: Option<At>, known: bool| match known {
        true => job.fates.keep(place),
        false => job.fates.set(place, &Fate::lost(why)),
    };
    let file = |option: &str, number: &str, path: &[u8]| {
        let mut words = literal(&["redirfd", option, number]);
        words.push(Word::Literal(path.to_vec()));
        words
    };
    let from_socket = socket && listen::is_input(job.service);
    let given = if from_socket { "0" } else { "3" };
    if job.connection && !from_socket {
        script.line("fdmove 3 0");
    }
    match &input.value {
        Input::File(path) => script.words(&file("-r", "0", path)),
        Input::Data { bytes, from } if job.supervised => {
            from.iter().for_each(|at| fate(Some(*at), true));
            if !job.directory.files.iter().any(|file| file.path == STDIN) {
                job.directory.text(STDIN, bytes.clone());
            }
            script.line(&format!("redirfd -r 0 ./{STDIN}"))
        }
        Input::Silent => script
            .line("if { sh -c \"[ -p supervise/silence ] || mkfifo -m 600 supervise/silence\" }")
            .line("redirfd -u 0 supervise/silence"),
        Input::Socket if job.connection || shared => script,
        // The first of the sockets that `data/listen` has opened.
        Input::Socket if socket && job.service.environment.inherits => script.line("fdmove 0 3"),
        Input::Socket if socket => script.line("fdmove -c 0 3"),
        _ => script.words(&file("-r", "0", b"/dev/null")),
    };
    fate(
        input.at,
        match &input.value {
            Input::Null | Input::Silent | Input::File(_) => true,
            Input::Data { .. } => job.supervised,
            Input::Socket => socket,
            Input::Terminal(_) | Input::Descriptor(_) => false,
        },
    );
    let redirect = |number: &str, output: &Output| match output {
        Output::Null => Some(file("-w", number, b"/dev/null")),
        Output::File(path) => Some(file("-u", number, path)),
        Output::Append(path) => Some(file("-a", number, path)),
        Output::Truncate(path) => Some(file("-w", number, path)),
        Output::Manager(2) if number == "1" => Some(literal(&["fdmove", "-c", "1", "2"])),
        Output::Inherit if from_socket && number == "1" => Some(literal(&["fdmove", "-c", "1", "0"])),
        Output::Socket if socket => Some(literal(&["fdmove", "-c", number, given])),
        // A connection comes with its other end as standard output.
        Output::Log { .. } | Output::Kept(_) | Output::Manager(_) if job.connection && number == "1" => {
            Some(literal(&["fdmove", "-c", "1", "2"]))
        }
        Output::Inherit
        | Output::Log { .. }
        | Output::Kept(_)
        | Output::Manager(_)
        | Output::Terminal
        | Output::Socket
        | Output::Descriptor(_) => None,
    };
    let known = |output: &Output| match output {
        Output::Terminal | Output::Descriptor(_) => false,
        Output::Socket => socket,
        _ => true,
    };
    let moved = redirect("1", &output.value);
    // To be written from its beginning without being emptied, it must be there.
    for output in [&output.value, &error.value] {
        if let Output::File(path) = output {
            script.open("if {");
            script.words(&[file("-a", "1", path), literal(&["exit", "0"])].concat());
            script.close("}");
        }
    }
    if let Some(words) = &moved {
        script.words(words);
    }
    // What is kept is up to the logger.
    let place = |leaf: &Leaf<Output>| leaf.at.filter(|_| !matches!(leaf.value, Output::Kept(_)));
    fate(place(output), known(&output.value));
    if matches!(error.value, Output::Inherit) && moved.is_some() {
        script.words(&literal(&["fdmove", "-c", "2", "1"]));
    }
    if let Some(words) = redirect("2", &error.value) {
        script.words(&words);
    }
    if error.value == Output::Manager(1) && logs::is_logged(&output.value) {
        let loses = "it doesn't go where the supervisor's own output does";
        job.fates.set(error.at, &Fate::approximated("the log", loses));
    } else {
        fate(place(error), known(&error.value));
    }
}
