use super::given::{self, Given, LogFile};
use super::reading::Reading;
use super::{Expanded, Expansion, Expansions, Merged, Part, PartKind};
use crate::syntax::supervisord::is_blank;
use crate::values::signal::Signal;
use crate::values::supervisord::choice::{self, Autorestart};
use crate::values::supervisord::{name, number, signal};
use crate::values::{self, Context};

/// What a process of a program is like, after `ServerOptions._processes_from_section`.
#[derive(Clone, Debug)]
pub struct ProgramValues<'a> {
    /// `process_name`: its name in the group.
    pub process_name: Given<'a, String>,
    /// `command`: not yet cut into words. supervisord refuses a program without, so it is only `None` then.
    pub command: Given<'a, Option<String>>,
    /// `directory`: none, that of supervisord.
    pub directory: Given<'a, Option<String>>,
    /// `umask`: none, that of supervisord.
    pub umask: Given<'a, Option<i64>>,
    /// `user`, a name or number: none, that of supervisord.
    pub user: Given<'a, Option<String>>,
    /// `priority` in its group.
    pub priority: Given<'a, i64>,
    /// `numprocs`
    pub numprocs: Given<'a, i64>,
    /// `numprocs_start`
    pub numprocs_start: Given<'a, i64>,
    /// `autostart`
    pub autostart: Given<'a, bool>,
    /// `autorestart`
    pub autorestart: Given<'a, Autorestart>,
    /// `startsecs`
    pub startsecs: Given<'a, i64>,
    /// `startretries`
    pub startretries: Given<'a, i64>,
    /// `exitcodes`
    pub exitcodes: Given<'a, Vec<u8>>,
    /// `stopsignal`
    pub stopsignal: Given<'a, Signal>,
    /// `stopwaitsecs`
    pub stopwaitsecs: Given<'a, i64>,
    /// `stopasgroup`
    pub stopasgroup: Given<'a, bool>,
    /// `killasgroup`: what `stopasgroup` is where it isn't given.
    pub killasgroup: Given<'a, bool>,
    /// `redirect_stderr`
    pub redirect_stderr: Given<'a, bool>,
    /// What becomes of its standard output.
    pub stdout: Stream<'a>,
    /// What becomes of its standard error.
    pub stderr: Stream<'a>,
    /// `environment` of the program; it goes before that of `[supervisord]`.
    pub environment: Given<'a, Vec<(String, String)>>,
    /// `environment` of `[supervisord]`.
    pub inherited: Given<'a, Vec<(String, String)>>,
    /// `serverurl`: none, supervisord's own; also where it is `AUTO`.
    pub serverurl: Given<'a, Option<String>>,
}

/// What becomes of one of the streams of a process.
#[derive(Clone, Debug)]
pub struct Stream<'a> {
    /// `…_logfile`. Never [`LogFile::Syslog`], of which supervisord makes `…_syslog`; none for
    /// the standard error that goes where the output goes.
    pub logfile: Given<'a, LogFile>,
    /// `…_logfile_maxbytes`: 0, without an end.
    pub logfile_maxbytes: Given<'a, i64>,
    /// `…_logfile_backups`
    pub logfile_backups: Given<'a, i64>,
    /// `…_capture_maxbytes`
    pub capture_maxbytes: Given<'a, i64>,
    /// `…_events_enabled`
    pub events_enabled: Given<'a, bool>,
    /// `…_syslog`; also where the log file is `syslog`.
    pub syslog: Given<'a, bool>,
}

impl<'a> ProgramValues<'a> {
    /// Those of a process; nothing if the part is none.
    pub fn of<'p>(part: &'p Part<'a>) -> Option<&'p ProgramValues<'a>> {
        match &part.kind {
            PartKind::Process(process) => Some(&process.values),
            PartKind::Group { .. } | PartKind::Socket { .. } | PartKind::Server => None,
        }
    }

    /// The variables that the process has beside those that supervisord has, each once.
    pub fn variables(&self) -> impl Iterator<Item = &(String, String)> {
        let own = &self.environment.value;
        let hidden = move |name: &String| own.iter().any(|(other, _)| other == name);
        self.inherited.value.iter().filter(move |(name, _)| !hidden(name)).chain(own)
    }
}

/// A process with its number and the names that its values know.
pub(super) struct Made<'a> {
    pub(super) number: i64,
    pub(super) expansions: Expansions,
    pub(super) values: ProgramValues<'a>,
}

/// What the processes of a section have in common.
pub(super) struct Making<'r, 'm, 'a> {
    pub(super) reading: &'m mut Reading<'r, 'a>,
    pub(super) section: &'m Merged<'a>,
    /// What all values of the section know; what the processes know is added.
    pub(super) expansions: Expansions,
    /// `environment` of `[supervisord]`.
    pub(super) inherited: &'m Given<'a, Vec<(String, String)>>,
}

/// What the streams have in common.
struct Streams<'a> {
    capture_maxbytes: [Given<'a, i64>; 2],
    events_enabled: [Given<'a, bool>; 2],
}

const STREAMS: [&str; 2] = ["stdout", "stderr"];

impl<'a> Making<'_, '_, 'a> {
    /// The processes of the section, sorted as supervisord does.
    pub(super) fn processes(mut self) -> Vec<Made<'a>> {
        let common = self.common();
        let streams = Streams {
            capture_maxbytes: STREAMS.map(|it| self.get(&format!("{it}_capture_maxbytes"), 0, number::parse_size)),
            events_enabled: STREAMS.map(|it| self.get(&format!("{it}_events_enabled"), false, choice::parse_boolean)),
        };
        let (start, count) = (common.numprocs_start.value, common.numprocs.value);
        let pattern = self.section.text("process_name").unwrap_or("%(program_name)s").to_owned();
        self.check_name(&pattern, count);
        if common.stopasgroup.value && !common.killasgroup.value && common.killasgroup.unknown.is_empty() {
            self.refuse("killasgroup", "\"stopasgroup=true\" needs \"killasgroup=true\" too");
        }
        let most = self.reading.affords(1 + self.expansions.len());
        let count = if usize::try_from(count).is_ok_and(|count| count > most) {
            self.refuse("numprocs", "these are more processes than can be looked at");
            // What else is wrong, the first one tells.
            1
        } else {
            count
        };
        let mut made = Vec::new();
        for number in (0..count).map_while(|offset| start.checked_add(offset)) {
            if !self.reading.spend(1 + self.expansions.len()) {
                self.refuse("numprocs", "these are more processes than can be looked at");
                break;
            }
            let values = self.process(number, &pattern, &common, &streams);
            made.push(Made { number, expansions: self.expansions.clone(), values });
        }
        made.sort_by(|one, other| one.values.process_name.value.cmp(&other.values.process_name.value));
        made
    }

    /// What doesn't depend on the process.
    fn common(&mut self) -> ProgramValues<'a> {
        let stopasgroup = self.get("stopasgroup", false, choice::parse_boolean);
        let killasgroup = self.get("killasgroup", stopasgroup.value, choice::parse_boolean);
        let killasgroup = match killasgroup.from {
            Some(_) => killasgroup,
            None => stopasgroup.clone(),
        };
        let user = self.get("user", None, given::user);
        ProgramValues {
            process_name: Given::default_of(String::new()),
            command: Given::default_of(None),
            directory: Given::default_of(None),
            umask: self.get("umask", None, given::mode),
            user,
            priority: self.get("priority", 999, given::integer),
            numprocs: self.get("numprocs", 1, given::integer),
            numprocs_start: self.get("numprocs_start", 0, given::integer),
            autostart: self.get("autostart", true, choice::parse_boolean),
            autorestart: self.get("autorestart", Autorestart::Unexpected, choice::parse_autorestart),
            startsecs: self.get("startsecs", 1, given::integer),
            startretries: self.get("startretries", 3, given::integer),
            exitcodes: self.get("exitcodes", vec![0], number::parse_exit_codes),
            stopsignal: self.get("stopsignal", Signal(15), signal::parse),
            stopwaitsecs: self.get("stopwaitsecs", 10, given::integer),
            stopasgroup,
            killasgroup,
            redirect_stderr: self.get("redirect_stderr", false, choice::parse_boolean),
            stdout: Stream::default(),
            stderr: Stream::default(),
            environment: Given::default_of(Vec::new()),
            inherited: self.inherited.clone(),
            serverurl: self.get("serverurl", None, given::server_url),
        }
    }

    /// One process. The names it knows stay known to the next one.
    fn process(
        &mut self,
        number: i64,
        pattern: &str,
        common: &ProgramValues<'a>,
        streams: &Streams<'a>,
    ) -> ProgramValues<'a> {
        self.expansions.set("process_num", Expansion::Number(number));
        self.expansions.set("numprocs", Expansion::Number(common.numprocs.value));
        self.expansions.reset_environment();
        let environment = self.get("environment", Vec::new(), given::environment);
        self.expansions.extend_own(&environment);
        let directory = self.get("directory", None, given::text);
        let [stdout, mut stderr] = [0, 1].map(|at| self.stream(at, streams));
        if common.redirect_stderr.value {
            if matches!(stderr.logfile.value, LogFile::Path(_)) {
                self.warn("stderr_logfile", "\"redirect_stderr=true\" makes supervisord ignore this file".to_owned());
            }
            stderr.logfile.value = LogFile::None;
        }
        let command = self.get("command", None, given::text);
        if self.section.get("command").is_none() {
            self.refuse("command", "\"command\" is missing; supervisord refuses a program without it");
        }
        let process_name = self.name(pattern);
        ProgramValues { process_name, command, directory, stdout, stderr, environment, ..common.clone() }
    }

    fn stream(&mut self, at: usize, streams: &Streams<'a>) -> Stream<'a> {
        let name = STREAMS[at];
        let key = format!("{name}_logfile");
        let mut logfile = self.logfile(&key);
        let logfile_backups = self.get(&format!("{key}_backups"), 10, given::integer);
        let logfile_maxbytes = self.get(&format!("{key}_maxbytes"), 50 << 20, number::parse_size);
        let mut syslog = self.get(&format!("{name}_syslog"), false, choice::parse_boolean);
        if logfile.value == LogFile::Syslog {
            self.warn(&key, format!("\"syslog\" as a file is deprecated; write \"{name}_syslog=true\""));
            logfile.value = LogFile::None;
            syslog = Given { value: true, from: logfile.from, unknown: Vec::new() };
        }
        if logfile.value == LogFile::Auto && logfile.unknown.is_empty() && logfile_maxbytes.value == 0 {
            self.warn(
                &format!("{key}_maxbytes"),
                "an \"AUTO\" log file that isn't rotated fills the file system".to_owned(),
            );
        }
        Stream {
            logfile,
            logfile_maxbytes,
            logfile_backups,
            capture_maxbytes: streams.capture_maxbytes[at].clone(),
            events_enabled: streams.events_enabled[at].clone(),
            syslog,
        }
    }

    /// A log file. supervisord expands the names in it twice.
    fn logfile(&mut self, key: &str) -> Given<'a, LogFile> {
        let found = self.reading.expanded_twice(self.section, key, &self.expansions, &self.expansions);
        match found {
            Some(found) => self.reading.parsed(self.section, found, LogFile::Auto, given::log_file),
            None => Given::default_of(LogFile::Auto),
        }
    }

    /// Holds the pattern of the names against what supervisord wants of it before it expands them.
    fn check_name(&mut self, pattern: &str, count: i64) {
        let mut problems = Vec::new();
        name::parse_process(pattern, &mut problems);
        for problem in problems {
            self.refuse("process_name", &problem.message);
        }
        if count > 1 && !pattern.contains("%(process_num)") {
            let key = if self.section.get("process_name").is_some() { "process_name" } else { "numprocs" };
            self.refuse(key, "more than one process needs \"%(process_num)\" in \"process_name\"");
        }
    }

    fn name(&mut self, pattern: &str) -> Given<'a, String> {
        let pattern = pattern.trim_matches(is_blank);
        let Some(assignment) = self.section.get("process_name") else {
            return Given::default_of(self.expansions.expand(pattern).unwrap_or_default().text);
        };
        let from = self.section.setting(assignment);
        let expanded = self.reading.expand(assignment, pattern, &self.expansions);
        let Expanded { text, unknown } = expanded.unwrap_or_default();
        Given { value: text, from, unknown }
    }

    fn get<T>(
        &mut self,
        key: &str,
        default: T,
        parse: impl FnOnce(&str, &Context, &mut Vec<values::Problem>) -> Option<T>,
    ) -> Given<'a, T> {
        self.reading.value(self.section, key, &self.expansions, default, parse)
    }

    /// Says that supervisord refuses what is assigned to `key`.
    fn refuse(&mut self, key: &str, message: &str) {
        self.reading.refuse_key(self.section, key, message);
    }

    fn warn(&mut self, key: &str, message: String) {
        self.reading.warn(self.section, key, message);
    }
}

impl Default for Stream<'_> {
    fn default() -> Self {
        Stream {
            logfile: Given::default_of(LogFile::Auto),
            logfile_maxbytes: Given::default_of(50 << 20),
            logfile_backups: Given::default_of(10),
            capture_maxbytes: Given::default_of(0),
            events_enabled: Given::default_of(false),
            syslog: Given::default_of(false),
        }
    }
}
