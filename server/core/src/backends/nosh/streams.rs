//! Standard input, output and error.

use super::chain::Chain;
use super::{Job, socket};
use crate::backends::{listen, logs};
use crate::fate::Fate;
use crate::plan::{Input, Leaf, Output, Streams};

/// Opens what doesn't come from the service manager, whose log both outputs go to.
pub(super) fn spell(job: &mut Job, chain: &mut Chain) {
    let Streams { input, output, error } = &job.service.streams;
    let both_ways = matches!(output.value, Output::Inherit);
    let from_socket = job.connection && listen::is_input(job.service);
    let given = !job.connection && socket::any(job.plan, job.together);
    if job.connection && !from_socket {
        chain.own(&[b"fdmove", b"-c", b"3", b"0"]);
    }
    match &input.value {
        Input::Socket if from_socket => {}
        // The first of those that `run` has opened.
        Input::Socket if given => chain.own(&[b"fdmove", b"0", b"3"]),
        Input::File(path) if both_ways => chain.own(&[b"fdredir", b"--update", b"0", path]),
        Input::File(path) => chain.own(&[b"fdredir", b"--read", b"0", path]),
        Input::Data { bytes, from } => {
            job.directory.text("data/input", bytes.clone());
            job.fates.keep(from.iter().copied());
            chain.own(&[b"fdredir", b"--read", b"0", b"./data/input"]);
        }
        Input::Silent => {
            chain.foreground(&[b"sh", b"-c", b"[ -p supervise/silence ] || mkfifo -m 600 supervise/silence"]);
            chain.own(&[b"fdredir", b"--update", b"0", b"./supervise/silence"]);
        }
        Input::Null | Input::Terminal(_) | Input::Socket | Input::Descriptor(_) => {
            chain.own(&[b"fdredir", b"--read", b"0", b"/dev/null"]);
        }
    }
    match &input.value {
        Input::Socket if from_socket => job.fates.set(input.at, &Fate::emulated("the connection that is accepted")),
        Input::Socket if given => job.fates.keep(input.at),
        Input::Null | Input::Silent | Input::File(_) | Input::Data { .. } => job.fates.keep(input.at),
        Input::Terminal(_) | Input::Socket | Input::Descriptor(_) => {
            job.fates.set(input.at, &Fate::lost("nothing opens it for the service: it reads /dev/null"));
        }
    }
    match &output.value {
        // What is accepted is both.
        Output::Inherit | Output::Socket if from_socket => job.fates.keep(output.at),
        Output::Log { .. } | Output::Kept(_) | Output::Manager(_) | Output::Terminal | Output::Descriptor(_)
            if job.connection =>
        {
            chain.own(&[b"fdmove", b"-c", b"1", b"2"]);
            redirect(job, output, b"1", chain);
        }
        Output::Inherit if job.connection && !matches!(input.value, Input::File(_)) => {
            chain.own(&[b"fdredir", b"--write", b"1", b"/dev/null"]);
            job.fates.keep(output.at);
        }
        _ => redirect(job, output, b"1", chain),
    }
    if both_ways && matches!(input.value, Input::File(_)) {
        chain.own(&[b"fdmove", b"-c", b"1", b"0"]);
    }
    redirect(job, error, b"2", chain);
    let logged = logs::is_logged(&output.value);
    if matches!(error.value, Output::Inherit) && !logged {
        chain.own(&[b"fdmove", b"-c", b"2", b"1"]);
    }
}

/// Whether anything of it goes to the log.
pub(super) fn are_logged(streams: &Streams) -> bool {
    let Streams { input: _, output, error } = streams;
    [output, error].iter().any(|stream| logs::is_logged(&stream.value))
}

fn redirect(job: &mut Job, stream: &Leaf<Output>, number: &[u8], chain: &mut Chain) {
    match &stream.value {
        Output::Null => chain.own(&[b"fdredir", b"--write", number, b"/dev/null"]),
        Output::File(path) => chain.own(&[b"fdredir", b"--update", number, path]),
        Output::Append(path) => chain.own(&[b"fdredir", b"--append", number, path]),
        Output::Truncate(path) => chain.own(&[b"fdredir", b"--write", number, path]),
        // What is kept is up to the logger.
        Output::Kept(_) => return,
        Output::Manager(_) if are_logged(&job.service.streams) => {
            let loses = "it doesn't go where the supervisor's own output does";
            job.fates.set(stream.at, &Fate::approximated("the log", loses));
            return;
        }
        Output::Inherit | Output::Log { .. } | Output::Manager(_) => {}
        Output::Socket if job.connection => {
            let connection: &[u8] = if listen::is_input(job.service) { b"0" } else { b"3" };
            chain.own(&[b"fdmove", b"-c", number, connection]);
            job.fates.set(stream.at, &Fate::emulated("the connection that is accepted"));
            return;
        }
        Output::Terminal | Output::Socket | Output::Descriptor(_) => {
            job.fates.set(stream.at, &Fate::lost("nothing opens it for the service: it goes to the log"));
            return;
        }
    }
    job.fates.keep(stream.at);
}
