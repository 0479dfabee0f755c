use super::expansion::{self, Part, names};
use super::{Kind, address, choice, command, environment, file, name, number};
use crate::text::Span;
use crate::values::{Context, Problem, ProblemKind, shown};

/// Says what is wrong with `text`, as it is written, as a value of this kind.
///
/// Where it depends on what a name stands for, nothing is.
pub fn check(text: &str, kind: Kind, context: &Context, problems: &mut Vec<Problem>) {
    let before = problems.len();
    let Some(rough) = Rough::expand(text, context, problems) else { return expansions(&mut problems[before..]) };
    let mut again = None;
    if expansion::is_expanded_twice(context.directive) && rough.text.contains('%') {
        let before = problems.len();
        again = Rough::expand(&rough.text, context, problems);
        for problem in &mut problems[before..] {
            problem.span = rough.place(problem.span);
            problem.replacement = None;
            problem.message = "this is expanded twice: write \"%%%%\" for a percent sign".to_owned();
        }
        expansions(&mut problems[before..]);
        if again.is_none() {
            return;
        }
    }
    if rough.unknown && !kind.takes_anything_for_a_name() {
        return;
    }
    let mut found = Vec::new();
    read(again.as_ref().map_or(&rough.text, |again| &again.text), kind, context, &mut found);
    problems.extend(found.into_iter().map(|problem| {
        let span = again.as_ref().map_or(problem.span, |again| again.place(problem.span));
        Problem { span: rough.place(span), ..problem }
    }));
}

/// Tells what can't be expanded from what is no good value.
fn expansions(problems: &mut [Problem]) {
    let refused = problems.iter_mut().filter(|problem| problem.kind == ProblemKind::Refused);
    refused.for_each(|problem| problem.kind = ProblemKind::Expansion);
}

/// Reads an expanded value for its problems.
fn read(text: &str, kind: Kind, context: &Context, problems: &mut Vec<Problem>) {
    match kind {
        Kind::Autorestart => drop(choice::parse_autorestart(text, context, problems)),
        Kind::Backlog => drop(number::parse(text, 1..=65535, context, problems)),
        Kind::Boolean => drop(choice::parse_boolean(text, context, problems)),
        Kind::BufferSize => drop(number::parse(text, 1..=i64::MAX, context, problems)),
        Kind::Command => drop(command::parse(text, problems)),
        Kind::DaemonLogFile => drop(file::parse_daemon_log(text, problems)),
        Kind::EntryPoint => drop(name::parse_object(text, context, problems)),
        Kind::Environment => drop(environment::parse(text, problems)),
        Kind::EventTypes => drop(name::parse_events(text, problems)),
        Kind::ExitCodes => drop(number::parse_exit_codes(text, context, problems)),
        Kind::Integer => drop(number::parse(text, i64::MIN..=i64::MAX, context, problems)),
        Kind::LogFile => drop(file::parse_log(text, context, problems)),
        Kind::LogLevel => drop(choice::parse_log_level(text, context, problems)),
        Kind::OctalMode => drop(number::parse_mode(text, context, problems)),
        Kind::Owner => drop(name::parse_owner(text, problems)),
        Kind::Port => drop(address::parse_port(text, context, problems)),
        Kind::ProcessName => drop(name::parse_process(text, problems)),
        Kind::Programs => drop(name::parse_programs(text, problems)),
        Kind::Signal => drop(super::signal::parse(text, context, problems)),
        Kind::Size => drop(number::parse_size(text, context, problems)),
        Kind::Socket => drop(address::parse_socket(text, context, problems)),
        Kind::Url => drop(address::parse_url(text, context, problems)),
        Kind::User => drop(name::parse_user(text, problems)),
        Kind::Directory | Kind::Globs | Kind::Password | Kind::Path | Kind::Text => {}
    }
}

impl Kind {
    /// Whether it can be judged with a word in the place of a name.
    fn takes_anything_for_a_name(self) -> bool {
        matches!(self, Kind::Command | Kind::ProcessName | Kind::LogFile | Kind::DaemonLogFile)
    }
}

/// A value with words in the place of names.
struct Rough {
    text: String,
    /// Whether one of the names may stand for anything.
    unknown: bool,
    /// Where parts of it begin, and which parts of the value they come from.
    origins: Vec<(u32, Span, bool)>,
}

impl Rough {
    /// Expands as far as it is known; `None` if Python doesn't do it.
    fn expand(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut rough = Rough { text: String::with_capacity(text.len()), unknown: false, origins: Vec::new() };
        let known = names(context.directive);
        let mut good = true;
        for part in expansion::parts(text) {
            let start = rough.text.len() as u32;
            match part {
                Ok(Part::Plain(span)) => {
                    rough.origins.push((start, span, true));
                    rough.text.push_str(&text[span]);
                }
                Ok(Part::Percent(span)) => {
                    rough.origins.push((start, span, false));
                    rough.text.push('%');
                }
                Ok(Part::Named(named)) => {
                    rough.origins.push((start, named.span, false));
                    let is_known = known.contains(&named.name) || named.name == "here";
                    if !is_known && !named.name.starts_with("ENV_") {
                        problems.push(unknown(&named, known));
                        good = false;
                        continue;
                    }
                    rough.unknown = true;
                    let stand_in = match named.name {
                        "process_num" | "numprocs" => expansion::Value::Number(1),
                        _ => expansion::Value::Text("x"),
                    };
                    match named.write(stand_in, &mut rough.text) {
                        Ok(()) => {}
                        // A text of one letter may do.
                        Err(problem) if !is_known => drop(problem),
                        Err(problem) => {
                            problems.push(problem);
                            good = false;
                        }
                    }
                }
                Err(problem) => {
                    problems.push(lone_s(text, problem));
                    good = false;
                }
            }
        }
        good.then_some(rough)
    }

    /// Where in the value a place of the text comes from.
    fn place(&self, span: Span) -> Span {
        let origin = |at: u32| {
            let index = self.origins.partition_point(|(start, ..)| *start <= at).checked_sub(1)?;
            self.origins.get(index).map(|(start, from, plain)| (*from, plain.then_some(at - start)))
        };
        let start = origin(span.start).map_or(0, |(from, plain)| plain.map_or(from.start, |by| from.start + by));
        let end = match span.end.checked_sub(1).filter(|_| !span.is_empty()).and_then(origin) {
            Some((from, Some(by))) => from.start + by + 1,
            Some((from, None)) => from.end,
            None => start,
        };
        Span { start, end: end.max(start) }
    }
}

fn unknown(named: &expansion::Named, known: &[&str]) -> Problem {
    let mut all: Vec<&str> = known.to_vec();
    all.extend((!known.contains(&"here")).then_some("here"));
    let list = all.join("\", \"");
    let message = format!("nobody knows \"{}\" here; known are \"{list}\" and \"ENV_…\"", shown(named.name));
    Problem::refused(named.name_span, message).or_nearest(named.name, all.iter().copied())
}

/// Python takes one `%s` without a name, though what it writes is all names with their values.
fn lone_s(text: &str, problem: Problem) -> Problem {
    let first = problem.span.start as usize;
    let alone = text[first..].starts_with("%s") && !text[..first].contains("%(") && !text[first + 2..].contains('%');
    if !alone {
        return problem;
    }
    let message = "\"%s\" is replaced by all names with their values; write \"%%s\" for itself";
    Problem { kind: ProblemKind::Doubtful, message: message.to_owned(), ..problem }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schema::{Manager, Version, supervisord};
    use crate::values::testing::show;
    use crate::values::{self, Context};

    fn check(section: &str, name: &str, text: &str) -> String {
        let directive = supervisord::section_of_type(section).and_then(|section| section.get(name)).expect("a key");
        let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: None };
        let mut problems = Vec::new();
        values::check(text, &context, &mut problems);
        problems.iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_taken() {
        for (name, text) in [
            ("command", "/bin/sh -c \"echo %(ENV_HOME)s 100%%\""),
            ("process_name", "%(program_name)s_%(process_num)02d"),
            ("stdout_logfile", "/var/log/%(program_name)s-%(process_num)s.log"),
            ("stdout_logfile", "/a%%%%b"),
            ("environment", "A=\"%(ENV_PATH)s:/x\",B=1"),
            ("environment", "%(ENV_MORE)s"),
            ("priority", "%(ENV_PRIORITY)s"),
            ("stopsignal", "sigterm"),
            ("stopsignal", "9"),
            ("stdout_logfile_maxbytes", "10 mb"),
            ("umask", "022"),
            ("exitcodes", "0, 2"),
            ("exitcodes", ""),
            ("user", "33"),
            ("autorestart", "Unexpected"),
            ("serverurl", "AUTO"),
        ] {
            assert_eq!(check("program", name, text), "", "{name}={text}");
        }
    }

    #[test]
    fn what_is_not() {
        let mut out = String::new();
        for (section, name, text) in [
            ("program", "command", "a 'b"),
            ("program", "command", "date +%s"),
            ("program", "command", "date +%Y-%m"),
            ("program", "command", "%% '%(here)s"),
            ("program", "command", "%(progam_name)s"),
            ("program", "priority", "%(process_num)d"),
            ("program", "stdout_logfile", "/a%%b"),
            ("program", "stdout_logfile_maxbytes", "10M"),
            ("program", "stopsignal", "TREM"),
            ("program", "autostart", "ture"),
            ("program", "environment", "A=1 B=2"),
            ("program", "environment", "A=,B=1"),
            ("program", "environment", "A=1,B="),
            ("program", "environment", "A=a$b"),
            ("program", "exitcodes", "0,256"),
            ("program", "process_name", "a b"),
            ("program", "stderr_logfile", "syslog"),
            ("supervisord", "logfile", "NONE"),
            ("supervisord", "environment", "A=\"50%%\""),
            ("eventlistener", "events", "PROCESS_STATE,TICK_30"),
            ("fcgi-program", "socket", "unix://a"),
            ("inet_http_server", "port", "a:0"),
        ] {
            out.push_str(&format!("{name}={text}\n    {}\n", check(section, name, text)));
        }
        expect![[r#"
            command=a 'b
                refused 2-3 this quote is never closed
            command=date +%s
                doubtful 6-7 "%s" is replaced by all names with their values; write "%%s" for itself (perhaps: %%)
            command=date +%Y-%m
                expansion 6-7 a lone "%" can't be expanded; write "%%" for one (perhaps: %%)
            command=%% '%(here)s
                refused 3-4 this quote is never closed
            command=%(progam_name)s
                expansion 2-13 nobody knows "progam_name" here; known are "here", "program_name", "host_node_name", "group_name", "process_num", "numprocs" and "ENV_…" (perhaps: program_name)
            priority=%(process_num)d
                expansion 2-13 nobody knows "process_num" here; known are "here", "program_name", "host_node_name", "group_name" and "ENV_…"
            stdout_logfile=/a%%b
                expansion 2-4 this is expanded twice: write "%%%%" for a percent sign
            stdout_logfile_maxbytes=10M
                refused 0-3 stdout_logfile_maxbytes= takes a number of bytes, or one with KB, MB or GB, not "10M" (perhaps: 10MB)
            stopsignal=TREM
                refused 0-4 stopsignal= takes a signal such as TERM, not "TREM" (perhaps: TERM)
            autostart=ture
                refused 0-4 autostart= takes a boolean ("true" or "false"), not "ture" (perhaps: true)
            environment=A=1 B=2
                refused 4-5 the value of A is over here; put it in quotes
            environment=A=,B=1
                refused 2-3 this comma is the value of A; write "" for an empty one (perhaps: "",)
            environment=A=1,B=
                refused 4-6 the value is missing (perhaps: B="")
            environment=A=a$b
                refused 3-4 the value of A is over here; put it in quotes
            exitcodes=0,256
                refused 2-5 exitcodes= takes exit codes from 0 to 255 with commas between them, not "256"
            process_name=a b
                refused 1-2 ' ' can't be in the name of a process or group
            stderr_logfile=syslog
                deprecated 0-6 "syslog" as a file is deprecated; write stderr_syslog=true
            logfile=NONE
                doubtful 0-4 this is a file called "NONE": supervisord's own log always is a file or "syslog" (perhaps: /dev/null)
            environment=A="50%%"
                expansion 5-7 this is expanded twice: write "%%%%" for a percent sign
            events=PROCESS_STATE,TICK_30
                refused 14-21 supervisord itself has no event type "TICK_30" (perhaps: TICK_60)
            socket=unix://a
                refused 0-8 socket= takes unix:// and an absolute path, or tcp://HOST:PORT, not "unix://a"
            port=a:0
                refused 0-3 port= takes a port from 1 to 65535, or HOST:PORT, not "a:0"
        "#]].assert_eq(&out);
    }
}
