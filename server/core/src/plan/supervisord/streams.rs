//! Where input comes from and output goes (`ProcessConfig.make_dispatchers`, `POutputDispatcher`).

use super::chain::home;
use super::lowering::Lowering;
use crate::plan::{Input, Leaf, LogFile, Output, Streams};
use crate::schema::Key;
use crate::schema::supervisord::key::{fcgi_program, program as of};
use crate::units::supervisord::Process;
use crate::values::supervisord::{choice, file, number};

/// The keys about one of the two outputs.
struct Keys {
    file: Key,
    max_bytes: Key,
    backups: Key,
    syslog: Key,
}

const OUTPUT: Keys = Keys {
    file: of::stdout_logfile,
    max_bytes: of::stdout_logfile_maxbytes,
    backups: of::stdout_logfile_backups,
    syslog: of::stdout_syslog,
};
const ERROR: Keys = Keys {
    file: of::stderr_logfile,
    max_bytes: of::stderr_logfile_maxbytes,
    backups: of::stderr_logfile_backups,
    syslog: of::stderr_syslog,
};

/// How large a log gets by default, in bytes.
const MAX_BYTES: u64 = 50 << 20;
/// How many old ones are kept by default.
const BACKUPS: u32 = 10;

pub(super) fn lower(low: &mut Lowering, process: &Process) -> Streams {
    let input = match process.socket {
        Some(_) => Leaf { value: Input::Socket, at: low.at(fcgi_program::socket) },
        None => Leaf::default(Input::Silent),
    };
    let redirect = low.read(of::redirect_stderr, choice::parse_boolean);
    let output = output(low, &OUTPUT);
    let error = match redirect {
        Some(Leaf { value: true, at }) => {
            let Keys { file, max_bytes, backups, syslog } = ERROR;
            low.void(&[file, max_bytes, backups, syslog], "redirect_stderr=true sends it where standard output goes");
            Leaf { value: Output::Inherit, at }
        }
        _ => {
            low.settle(&[of::redirect_stderr]);
            self::output(low, &ERROR)
        }
    };
    Streams { input, output, error }
}

/// Where a log file is.
enum Place {
    Nowhere,
    Chosen,
    System,
    File(String),
}

fn output(low: &mut Lowering, keys: &Keys) -> Leaf<Output> {
    let place = low.read(keys.file, |text, context, problems| {
        Some(match file::parse_log(text, context, problems) {
            file::LogFile::None => Place::Nowhere,
            file::LogFile::Auto => Place::Chosen,
            file::LogFile::Syslog => Place::System,
            file::LogFile::Path(path) => Place::File(path.to_owned()),
        })
    });
    let Leaf { value: place, at } = place.unwrap_or(Leaf::default(Place::Chosen));
    let max_bytes = low.read(keys.max_bytes, number::parse_size);
    let max_bytes =
        max_bytes.map_or(Leaf::default(MAX_BYTES), |leaf| Leaf { value: leaf.value.max(0) as u64, at: leaf.at });
    let backups =
        low.read(keys.backups, |text, context, problems| number::parse(text, i64::MIN..=i64::MAX, context, problems));
    let backups = backups.map_or(Leaf::default(BACKUPS), |leaf| Leaf {
        value: leaf.value.clamp(0, u32::MAX.into()) as u32,
        at: leaf.at,
    });
    let system = Output::Log { word: "syslog" };
    let value = match place {
        Place::Nowhere => {
            let syslog = low.read(keys.syslog, choice::parse_boolean).filter(|leaf| leaf.value);
            if let Some(Leaf { at: says, .. }) = syslog {
                low.settled.extend(at);
                plain(low, keys);
                return Leaf { value: system, at: says };
            }
            Output::Null
        }
        Place::System => system,
        Place::Chosen => return Leaf { value: Output::Kept(LogFile { path: None, max_bytes, backups }), at },
        Place::File(path) => match path.as_str() {
            "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => Output::Manager(1),
            "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => Output::Manager(2),
            "/dev/null" => Output::Null,
            _ => {
                let path = home(&path);
                let path = if path.starts_with('/') { path } else { format!("/{path}") }.into_bytes();
                if max_bytes.value > 0 {
                    return Leaf { value: Output::Kept(LogFile { path: Some(path), max_bytes, backups }), at };
                }
                Output::Append(path)
            }
        },
    };
    plain(low, keys);
    Leaf { value, at }
}

/// Notes that nothing is rotated.
fn plain(low: &mut Lowering, keys: &Keys) {
    low.void(&[keys.max_bytes, keys.backups], "nothing is rotated here");
}
