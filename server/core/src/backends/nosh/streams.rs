//! Standard input, output and error.

use super::Job;
use super::chain::Chain;
use crate::fate::Fate;
use crate::plan::{Input, Leaf, Output, Streams};

/// Opens what doesn't come from the service manager, whose log both outputs go to.
pub(super) fn spell(job: &mut Job, chain: &mut Chain) {
    let Streams { input, output, error } = &job.service.streams;
    let both_ways = matches!(output.value, Output::Inherit);
    match &input.value {
        Input::File(path) if both_ways => chain.own(&[b"fdredir", b"--update", b"0", path]),
        Input::File(path) => chain.own(&[b"fdredir", b"--read", b"0", path]),
        Input::Data { bytes, from } => {
            job.directory.text("data/input", bytes.clone());
            job.fates.keep(from.iter().copied());
            chain.own(&[b"fdredir", b"--read", b"0", b"./data/input"]);
        }
        Input::Null | Input::Terminal(_) | Input::Socket | Input::Descriptor(_) => {
            chain.own(&[b"fdredir", b"--read", b"0", b"/dev/null"]);
        }
    }
    match &input.value {
        Input::Null | Input::File(_) | Input::Data { .. } => job.fates.keep(input.at),
        Input::Terminal(_) | Input::Socket | Input::Descriptor(_) => {
            job.fates.set(input.at, &Fate::lost("nothing opens it for the service: it reads /dev/null"));
        }
    }
    redirect(job, output, b"1", chain);
    if both_ways && matches!(input.value, Input::File(_)) {
        chain.own(&[b"fdmove", b"-c", b"1", b"0"]);
    }
    redirect(job, error, b"2", chain);
    let logged = matches!(output.value, Output::Log { .. });
    if matches!(error.value, Output::Inherit) && !logged {
        chain.own(&[b"fdmove", b"-c", b"2", b"1"]);
    }
}

/// Whether anything of it goes to the log.
pub(super) fn are_logged(streams: &Streams) -> bool {
    let Streams { input: _, output, error } = streams;
    [output, error].iter().any(|stream| matches!(stream.value, Output::Log { .. }))
}

fn redirect(job: &mut Job, stream: &Leaf<Output>, number: &[u8], chain: &mut Chain) {
    match &stream.value {
        Output::Null => chain.own(&[b"fdredir", b"--write", number, b"/dev/null"]),
        Output::File(path) => chain.own(&[b"fdredir", b"--update", number, path]),
        Output::Append(path) => chain.own(&[b"fdredir", b"--append", number, path]),
        Output::Truncate(path) => chain.own(&[b"fdredir", b"--write", number, path]),
        Output::Inherit | Output::Log { .. } => {}
        Output::Terminal | Output::Socket | Output::Descriptor(_) => {
            job.fates.set(stream.at, &Fate::lost("nothing opens it for the service: it goes to the log"));
            return;
        }
    }
    job.fates.keep(stream.at);
}
