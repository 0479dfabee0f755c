//! Logs that are rotated, which a supervisor with one log a service has in a directory.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Fates, Flavour, LogStyle, Target, directory_name};
use crate::fate::{Backend, Fate};
use crate::plan::{At, Body, Leaf, LogFile, Output, Plan, Streams};
use crate::units::Origin;

/// The plan with streams as they are where there is one log a service, and what becomes of
/// the assignments that are others by that.
///
/// Of two files that are rotated standard output's is the log. The other one is written
/// behind its end; if it is the supervisor's own choice, it goes where output goes.
pub(super) fn adapt<'p, 'u>(plan: Cow<'p, Plan<'u>>) -> (Cow<'p, Plan<'u>>, Vec<(At, Fate)>) {
    let Body::Service(service) = &plan.body else { return (plan, Vec::new()) };
    let Streams { output, error, input: _ } = &service.streams;
    let plain = match plan.unit.origin {
        Origin::Systemd => Vec::new(),
        Origin::Supervisord(_) => plain(&service.streams),
    };
    let Output::Kept(LogFile { path, max_bytes, backups }) = &error.value else { return (plan, plain) };
    let (becomes, fate, size) = match (&output.value, path) {
        (Output::Log { .. } | Output::Kept(_) | Output::Manager(_), Some(path)) => {
            let fate = Fate::approximated("appended to", "it isn't rotated");
            (Output::Append(path.clone()), fate, Fate::lost("the file is appended to and isn't rotated"))
        }
        (Output::Log { .. } | Output::Kept(_), None) => {
            let fate = Fate::approximated("the log of standard output", "it has none of its own");
            (Output::Inherit, fate.clone(), fate)
        }
        (Output::Manager(_), None) => {
            let fate = Fate::approximated("the supervisor's own standard error", "it has no file of its own");
            (Output::Manager(2), fate.clone(), fate)
        }
        _ => return (plan, plain),
    };
    let sizes = [max_bytes.at, backups.at].into_iter().flatten().map(|at| (at, size.clone()));
    let told = error.at.map(|at| (at, fate)).into_iter().chain(sizes).chain(plain).collect();
    let mut adapted = plan.into_owned();
    if let Body::Service(service) = &mut adapted.body {
        service.streams.error.value = becomes;
    }
    (Cow::Owned(adapted), told)
}

/// What is where supervisord has it: files that aren't rotated, and what the supervisor itself has.
fn plain(streams: &Streams) -> Vec<(At, Fate)> {
    let Streams { output, error, input: _ } = streams;
    let alone = !is_logged(&output.value) && !is_logged(&error.value);
    let fate = |output: &Output| match output {
        Output::Null => Some(Fate::native("`/dev/null`")),
        Output::Append(_) => Some(Fate::native("appended to")),
        Output::Manager(1) if alone => Some(Fate::native("the supervisor's own standard output")),
        Output::Manager(_) if alone => Some(Fate::native("the supervisor's own standard error")),
        _ => None,
    };
    [output, error].into_iter().filter_map(|leaf| Some((leaf.at?, fate(&leaf.value)?))).collect()
}

/// The target with syslog for the log where a program of supervisord asks for no other one; says what
/// becomes of the assignments.
pub(super) fn with_syslog<'t>(plan: &Plan, target: &'t Target, told: &mut Vec<(At, Fate)>) -> Cow<'t, Target> {
    let Body::Service(service) = &plan.body else { return Cow::Borrowed(target) };
    let Streams { output, error, input: _ } = &service.streams;
    let logged = || [output, error].into_iter().filter(|leaf| is_logged(&leaf.value));
    let places: Vec<At> = logged().filter(|leaf| is_syslog(&leaf.value)).filter_map(|leaf| leaf.at).collect();
    if !matches!(plan.unit.origin, Origin::Supervisord(_)) || places.is_empty() {
        return Cow::Borrowed(target);
    }
    let alone = logged().all(|leaf| is_syslog(&leaf.value));
    let (target, fate) = match target.log {
        LogStyle::None => {
            (Cow::Borrowed(target), Fate::approximated("the supervisor's own output", "syslog gets nothing"))
        }
        _ if !alone => {
            (Cow::Borrowed(target), Fate::approximated("in the log of the other one", "syslog gets nothing"))
        }
        _ if target.flavour == Flavour::Void && target.backend == Backend::Runit => {
            (Cow::Borrowed(target), Fate::emulated("`vlogger`"))
        }
        _ => {
            let name = directory_name(plan.name());
            (
                Cow::Owned(Target { log: LogStyle::Syslog, ..target.clone() }),
                Fate::emulated(format!("`logger -t {name}`")),
            )
        }
    };
    told.extend(places.into_iter().map(|at| (at, fate.clone())));
    target
}

fn is_syslog(output: &Output) -> bool {
    matches!(output, Output::Log { word: "syslog" })
}

/// Whether such an output goes to the log.
pub(super) fn is_logged(output: &Output) -> bool {
    matches!(output, Output::Log { .. } | Output::Kept(_))
}

/// How large a log gets, if the service says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// At what size a new file is begun, in bytes; 0: never.
    pub bytes: u64,
    /// How many old ones are kept.
    pub backups: u32,
}

/// The least and the greatest size that `s6-log` takes, in bytes.
const S6_LOG: RangeInclusive<u64> = 4096..=268_435_455;

impl Sizes {
    /// What the target's logger makes of the file that the log stands for, and what becomes
    /// of the assignments; `None` if it stands for none.
    pub(super) fn of(streams: &Streams, target: &Target, place: &str, fates: &mut Fates) -> Option<Self> {
        let (at, LogFile { path, max_bytes, backups }) = kept(streams)?;
        let logger = match target.log {
            LogStyle::Svlogd => "`svlogd`",
            LogStyle::S6Log => "`s6-log`",
            LogStyle::Cyclog => "`cyclog`",
            LogStyle::Syslog | LogStyle::None => {
                let fate = match target.log {
                    LogStyle::Syslog => Fate::approximated("`logger`", "syslog has its lines, no file of its own"),
                    _ => Fate::approximated("the supervisor's own output", "it has no file of its own"),
                };
                fates.set([at, max_bytes.at, backups.at].into_iter().flatten(), &fate);
                return None;
            }
        };
        let time = if target.log == LogStyle::Cyclog { ", and each line has its time in front" } else { "" };
        fates.set(
            at,
            &match path {
                Some(_) => Fate::approximated(
                    format!("{logger} in `{place}`"),
                    format!("the file is `current` there, the old ones have times for numbers{time}"),
                ),
                None if time.is_empty() => Fate::emulated(format!("{logger} in `{place}`")),
                None => Fate::approximated(format!("{logger} in `{place}`"), "each line has its time in front"),
            },
        );
        let bytes = match (target.log, max_bytes.value) {
            (LogStyle::S6Log, 0) => *S6_LOG.end(),
            (LogStyle::S6Log, bytes) => bytes.clamp(*S6_LOG.start(), *S6_LOG.end()),
            (_, bytes) => bytes,
        };
        fates.set(
            max_bytes.at,
            &match bytes == max_bytes.value {
                true => Fate::emulated(format!("{logger} begins a new file at that size")),
                false => Fate::approximated(logger, format!("a new file is begun at {bytes} bytes")),
            },
        );
        let least = if target.log == LogStyle::S6Log { 0 } else { 1 };
        let sizes = Sizes { bytes, backups: backups.value.max(least) };
        fates.set(
            backups.at,
            &match sizes.backups == backups.value {
                true => Fate::emulated(format!("{logger} keeps as many")),
                false => Fate::approximated(logger, "one old file is kept"),
            },
        );
        Some(sizes)
    }

    /// The lines of the file `config` of svlogd's directory.
    pub(super) fn config(self) -> [String; 2] {
        [format!("s{}", self.bytes), format!("n{}", self.backups)]
    }
}

/// The words of the logger that writes to `place`, in syslog under this name; `notify`: and `s6-log` says on
/// file descriptor 3 that it has started. Lines get a time in front unless sizes are said, as in a log of systemd's.
pub(super) fn words(style: LogStyle, sizes: Option<Sizes>, place: &str, notify: bool) -> Vec<String> {
    let word = str::to_owned;
    let mut words: Vec<String> = match (style, sizes) {
        (LogStyle::S6Log | LogStyle::None, sizes) => {
            let mut words = vec![word("s6-log")];
            if notify && style == LogStyle::S6Log {
                words.extend(["-d", "3"].map(word));
            }
            words.extend(match sizes {
                None => ["T", "n20", "s1000000"].map(word).to_vec(),
                Some(Sizes { bytes, backups }) => {
                    vec![word("-l"), word("0"), format!("n{backups}"), format!("s{bytes}")]
                }
            });
            words
        }
        (LogStyle::Syslog, _) => ["logger", "-t"].map(word).to_vec(),
        (LogStyle::Svlogd, None) => ["svlogd", "-tt"].map(word).to_vec(),
        (LogStyle::Svlogd, Some(sizes)) => {
            let line = "printf '%s\\n' \"$@\" >\"$0/config\" && exec svlogd \"$0\"";
            let words = ["sh", "-c", line, place].map(word);
            return words.into_iter().chain(sizes.config()).collect();
        }
        (LogStyle::Cyclog, None) => vec![word("cyclog")],
        (LogStyle::Cyclog, Some(Sizes { bytes: 0, backups: _ })) => vec![word("cyclog")],
        (LogStyle::Cyclog, Some(Sizes { bytes, backups })) => {
            let total = bytes.saturating_mul(u64::from(backups) + 1);
            let [bytes, total] = [bytes, total].map(|size| size.to_string());
            vec![word("cyclog"), word("--max-file-size"), bytes, word("--max-total-size"), total]
        }
    };
    words.push(place.to_owned());
    words
}

/// What is kept of a service, where that is one file: where it was assigned, and what it is.
fn kept(streams: &Streams) -> Option<(Option<At>, &LogFile)> {
    [&streams.output, &streams.error].into_iter().find_map(|leaf: &Leaf<Output>| match &leaf.value {
        Output::Kept(file) => Some((leaf.at, file)),
        _ => None,
    })
}
