//! Standard input, output and error.

use super::lower::Lowering;
use super::{At, Bytes, Leaf};
use crate::schema::{Key, key::exec as of};
use crate::values::exec_io::{self, Stream};

/// Where the three standard streams go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    /// `StandardInput=`
    pub input: Leaf<Input>,
    /// `StandardOutput=`
    pub output: Leaf<Output>,
    /// `StandardError=`
    pub error: Leaf<Output>,
}

/// Where input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nowhere.
    Null,
    /// A file, which is also open for output.
    File(Bytes),
    /// These bytes.
    Data {
        /// What is read.
        bytes: Bytes,
        /// The assignments of `StandardInputText=` and `StandardInputData=`.
        from: Vec<At>,
    },
    /// The terminal of `TTYPath=`.
    Terminal(&'static str),
    /// The socket that the service was started for.
    Socket,
    /// A named file descriptor.
    Descriptor(Bytes),
    /// A pipe that nobody writes to: who reads from it waits.
    Silent,
}

/// Where output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Output: where the input comes from, if that is a file, a terminal or a
    /// socket, else to the log; error: where the output goes.
    Inherit,
    /// Nowhere.
    Null,
    /// To the log; also to the console if so.
    Log {
        /// `journal`, `kmsg`, `syslog` …
        word: &'static str,
    },
    /// The terminal of `TTYPath=`.
    Terminal,
    /// The socket that the service was started for.
    Socket,
    /// A named file descriptor.
    Descriptor(Bytes),
    /// A file that is written from its start on.
    File(Bytes),
    /// A file that is written behind its end.
    Append(Bytes),
    /// A file that is emptied first.
    Truncate(Bytes),
    /// A log that is rotated.
    Kept(LogFile),
    /// Where the supervisor's own output goes: its file descriptor, 1 or 2.
    Manager(u8),
}

/// A log of lines as they are, none of which gets a time in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Its path; `None`: the supervisor's own choice.
    pub path: Option<Bytes>,
    /// At what size a new one is begun, in bytes; 0: never.
    pub max_bytes: Leaf<u64>,
    /// How many old ones are kept.
    pub backups: Leaf<u32>,
}

impl Streams {
    /// Whether one of them is the supervisor's own standard error.
    pub fn need_own_error(&self) -> bool {
        [&self.output, &self.error].iter().any(|leaf| leaf.value == Output::Manager(2))
    }

    pub(super) fn lower(low: &mut Lowering) -> Self {
        let input = input(low);
        // `service_fix_stdio`: output goes where input comes from only if that takes any.
        let both_ways = matches!(input.value, Input::Terminal(_) | Input::Socket | Input::Descriptor(_));
        let mut streams = Streams {
            input,
            output: output(low, of::StandardOutput, Output::Inherit),
            error: output(low, of::StandardError, Output::Inherit),
        };
        if streams.output.value == Output::Inherit && !both_ways {
            streams.output.value = Output::Log { word: "journal" };
        }
        streams
    }
}

fn input(low: &mut Lowering) -> Leaf<Input> {
    let mut from = Vec::new();
    let mut data = Bytes::new();
    for (at, setting) in low.unit.settings().iter().enumerate() {
        let at = At(at as u32);
        if setting.entry.key == of::StandardInputText {
            let Some(word) = low.parse(at, exec_io::parse_text) else { continue };
            let Some(text) = low.expand_at(at, word.bytes()) else { continue };
            data.extend(text);
            data.push(b'\n');
            from.push(at);
        } else if setting.entry.key == of::StandardInputData {
            let Some(decoded) = low.parse(at, |text, _, problems| exec_io::decode_data(text, problems)) else {
                continue;
            };
            data.extend(decoded);
            from.push(at);
        }
    }
    let Some(at) = low.last(of::StandardInput) else {
        return match from.first() {
            Some(at) => Leaf::new(Input::Data { bytes: data, from: from.clone() }, *at),
            None => Leaf::default(Input::Null),
        };
    };
    let input = match low.parse(at, exec_io::parse_input) {
        None => Input::Null,
        Some(Stream::Word("data")) => Input::Data { bytes: data, from },
        Some(Stream::Word("socket")) => Input::Socket,
        Some(Stream::Word("tty")) => Input::Terminal("tty"),
        Some(Stream::Word("tty-force")) => Input::Terminal("tty-force"),
        Some(Stream::Word("tty-fail")) => Input::Terminal("tty-fail"),
        Some(Stream::Word(_)) => Input::Null,
        Some(Stream::Descriptor(name)) => Input::Descriptor(low.expand_at(at, name.bytes()).unwrap_or_default()),
        Some(Stream::File(path) | Stream::Append(path) | Stream::Truncate(path)) => {
            low.expand_at(at, path.bytes()).map_or(Input::Null, Input::File)
        }
    };
    Leaf::new(input, at)
}

fn output(low: &mut Lowering, key: Key, default: Output) -> Leaf<Output> {
    let Some(at) = low.last(key) else { return Leaf::default(default) };
    let Some(stream) = low.parse(at, exec_io::parse_output) else { return Leaf::default(default) };
    let mut path = |path: &crate::values::words::Word| low.expand_at(at, path.bytes()).unwrap_or_default();
    let output = match stream {
        Stream::Word("inherit") => Output::Inherit,
        Stream::Word("null") => Output::Null,
        Stream::Word("tty") => Output::Terminal,
        Stream::Word("socket") => Output::Socket,
        Stream::Word(word) => {
            Output::Log { word: crate::schema::sets::EXEC_OUTPUT.get(word).map_or("journal", |word| word.text) }
        }
        Stream::Descriptor(name) => Output::Descriptor(path(&name)),
        Stream::File(file) => Output::File(path(&file)),
        Stream::Append(file) => Output::Append(path(&file)),
        Stream::Truncate(file) => Output::Truncate(path(&file)),
    };
    Leaf::new(output, at)
}
