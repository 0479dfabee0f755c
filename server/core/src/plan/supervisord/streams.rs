//! Where input comes from and output goes (`ProcessConfig.make_dispatchers`, `POutputDispatcher`).

use super::chain::{home, of_supervisord};
use super::lowering::Lowering;
use crate::fate::Fate;
use crate::plan::{Input, Leaf, LogFile, Output, Streams};
use crate::schema::Key;
use crate::schema::supervisord::key::{fcgi_program, program as of};
use crate::units::supervisord::{self, Process, Stream};

/// The keys about the sizes of the log of standard output.
const OUTPUT: [Key; 2] = [of::stdout_logfile_maxbytes, of::stdout_logfile_backups];
/// The same of standard error.
const ERROR: [Key; 2] = [of::stderr_logfile_maxbytes, of::stderr_logfile_backups];

pub(super) fn lower<'u>(low: &mut Lowering<'u>, process: &'u Process<'u>) -> Streams {
    let values = &process.values;
    let input = match process.socket {
        Some(_) => Leaf { value: Input::Socket, at: low.at(fcgi_program::socket) },
        None => Leaf::default(Input::Silent),
    };
    let output = output(low, &values.stdout, OUTPUT);
    let redirect = low.leaf(&values.redirect_stderr);
    let error = if redirect.value {
        let why = "redirect_stderr=true sends it where standard output goes";
        low.void(&ERROR, why);
        low.void(&[of::stderr_logfile, of::stderr_syslog], why);
        Leaf { value: Output::Inherit, at: redirect.at }
    } else {
        low.settled.extend(redirect.at);
        self::output(low, &values.stderr, ERROR)
    };
    Streams { input, output, error }
}

fn output<'u>(low: &mut Lowering<'u>, stream: &Stream<'u>, sizes: [Key; 2]) -> Leaf<Output> {
    let Leaf { value: file, at } = low.leaf(&stream.logfile);
    let (max_bytes, backups) = (low.leaf(&stream.logfile_maxbytes), low.leaf(&stream.logfile_backups));
    let max_bytes = Leaf { value: max_bytes.value.max(0) as u64, at: max_bytes.at };
    let backups = Leaf { value: backups.value.clamp(0, u32::MAX.into()) as u32, at: backups.at };
    let syslog = low.leaf(&stream.syslog);
    let beside = match file {
        supervisord::LogFile::Path(_) => syslog.at.filter(|_| syslog.value),
        supervisord::LogFile::Auto | supervisord::LogFile::None | supervisord::LogFile::Syslog => None,
    };
    low.fated.extend(beside.map(|at| (at, Fate::lost("the log file has its lines, and nothing writes them twice"))));
    let (value, at) = match file {
        supervisord::LogFile::Auto if !syslog.value => {
            return Leaf { value: Output::Kept(LogFile { path: None, max_bytes, backups }), at };
        }
        // Of the automatic file, which goes at each start of supervisord, syslog has a copy.
        supervisord::LogFile::Auto | supervisord::LogFile::None | supervisord::LogFile::Syslog if syslog.value => {
            low.fated.extend(at.filter(|_| at != syslog.at).map(|at| (at, Fate::irrelevant("syslog has its lines"))));
            (Output::Log { word: "syslog" }, syslog.at)
        }
        supervisord::LogFile::Auto | supervisord::LogFile::None | supervisord::LogFile::Syslog => (Output::Null, at),
        supervisord::LogFile::Path(path) => {
            let value = match path.as_str() {
                "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" | "/proc/1/fd/1" => Output::Manager(1),
                "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" | "/proc/1/fd/2" => Output::Manager(2),
                "/dev/null" => Output::Null,
                path => {
                    let path = home(path);
                    let path = match path.starts_with('/') {
                        true => path.into_bytes(),
                        false => {
                            let base = of_supervisord(low).map_or(Vec::new(), |base| base.value);
                            [base.strip_suffix(b"/").unwrap_or(&base), b"/", path.as_bytes()].concat()
                        }
                    };
                    if max_bytes.value > 0 {
                        return Leaf { value: Output::Kept(LogFile { path: Some(path), max_bytes, backups }), at };
                    }
                    Output::Append(path)
                }
            };
            (value, at)
        }
    };
    low.void(&sizes, "nothing is rotated here");
    Leaf { value, at }
}
