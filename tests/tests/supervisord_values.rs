//! The values of supervisord.conf, read by svlsp and by supervisor's own functions: the same
//! values, and the same refused; see tests/supervisord/values.py.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use svlsp_core::schema::{Manager, Version, supervisord::key};
use svlsp_core::values::supervisord::choice::{self, Autorestart, LogLevel};
use svlsp_core::values::supervisord::expansion::{self, Value};
use svlsp_core::values::supervisord::file::{self, LogFile};
use svlsp_core::values::supervisord::{address, command, environment, name, number, signal};
use svlsp_core::values::{Context, Problem, ProblemKind};
use svlsp_tests::random::Random;

/// How a value of one type is read; `None` where it is refused for another reason than a problem.
type Read = fn(&str, &Context, &mut Vec<Problem>) -> Option<Json>;

struct Type {
    name: &'static str,
    read: Read,
    /// What texts are made of.
    pieces: &'static [&'static str],
    count: usize,
}

const TYPES: &[Type] = &[
    Type {
        name: "autorestart",
        read: |text, context, problems| {
            choice::parse_autorestart(text, context, problems).map(|value| match value {
                Autorestart::Always => json!("always"),
                Autorestart::Never => json!("never"),
                Autorestart::Unexpected => json!("unexpected"),
            })
        },
        pieces: &["true", "false", "unexpected", "Unexpected", "YES", "on", "0", "1", " ", "\n", "2"],
        count: 300,
    },
    Type {
        name: "boolean",
        read: |text, context, problems| choice::parse_boolean(text, context, problems).map(|value| json!(value)),
        pieces: &["true", "False", "yes", "NO", "oN", "off", "0", "1", "y", " ", "\n", "t"],
        count: 300,
    },
    Type {
        name: "command",
        read: |text, _, problems| {
            let words = command::parse(text, problems);
            problems.retain(|problem| problem.message != "the command is empty");
            Some(json!(words.iter().map(|word| &*word.text).collect::<Vec<_>>()))
        },
        pieces: &[
            "a", "/bin/b", " ", "  ", "\t", "\n", "\r", "'", "\"", "\\", "#", ";", "=", "é", "\u{a0}", "$A", "''",
            "\"\"", "\\\"", "\\'", "|", "%",
        ],
        count: 2000,
    },
    Type {
        name: "environment",
        read: |text, _, problems| {
            let mut variables: Vec<(String, String)> = Vec::new();
            for assignment in environment::parse(text, problems) {
                match variables.iter_mut().find(|(name, _)| *name == assignment.name) {
                    Some((_, value)) => *value = assignment.value,
                    None => variables.push((assignment.name.into_owned(), assignment.value)),
                }
            }
            Some(json!(variables))
        },
        pieces: &[
            "A",
            "B",
            "=",
            "=",
            ",",
            ",",
            "\"x y\"",
            "'q'",
            "\"",
            "'",
            " ",
            "\n",
            "#",
            "/a.b+-():",
            "1",
            "\\",
            "$",
            "é",
            ";",
            "A=1",
            ",B=\"2\"",
            "%",
        ],
        count: 4000,
    },
    Type {
        name: "events",
        read: |text, _, problems| {
            let events = name::parse_events(text, problems);
            (!events.is_empty() && events.iter().all(|(.., known)| known.is_some()))
                .then(|| json!(events.iter().map(|(name, ..)| name.to_uppercase()).collect::<Vec<_>>()))
        },
        pieces: &["EVENT", "PROCESS_STATE", "tick_5", "TICK_60", ",", ",", " ", "\n", "PROCESS_", "GROUP", "_ADDED"],
        count: 500,
    },
    Type {
        name: "exit-codes",
        read: |text, context, problems| number::parse_exit_codes(text, context, problems).map(|codes| json!(codes)),
        pieces: &["0", "2", "255", "256", "-1", ",", ",", " ", "\n", "+", "_", "a"],
        count: 1000,
    },
    Type {
        name: "expansion",
        read: |text, _, problems| match expansion::expand(text, lookup) {
            Ok(text) => Some(json!(text)),
            Err(problem) => {
                problems.push(Problem { kind: ProblemKind::Refused, ..problem });
                None
            }
        },
        pieces: &[
            "%",
            "%%",
            "%(here)s",
            "%(program_name)",
            "%(process_num)",
            "%(numprocs)02d",
            "%(letter)",
            "%(odd)",
            "%(",
            ")",
            "(",
            "0",
            "5",
            ".",
            "2",
            "-",
            "+",
            "#",
            " ",
            "s",
            "d",
            "i",
            "u",
            "x",
            "X",
            "o",
            "r",
            "a",
            "c",
            "l",
            "z",
            "é",
            "now",
            "*",
        ],
        count: 6000,
    },
    Type {
        name: "globs",
        read: |text, _, _| Some(json!(name::parse_globs(text).map(|(glob, _)| glob).collect::<Vec<_>>())),
        pieces: &["/etc/*.conf", "a", " ", "\n", "\t", "\u{a0}", "\u{1c}", "?"],
        count: 300,
    },
    Type {
        name: "integer",
        read: |text, context, problems| {
            number::parse(text, i64::MIN..=i64::MAX, context, problems).map(|number| json!(number))
        },
        pieces: NUMBERS,
        count: 2000,
    },
    Type {
        name: "log-file",
        read: |text, context, problems| {
            Some(match file::parse_log(text, context, problems) {
                LogFile::None => json!("none"),
                LogFile::Auto => json!("auto"),
                LogFile::Syslog => json!("syslog"),
                LogFile::Path(path) => json!(path),
            })
        },
        pieces: &["NONE", "none", "off", "Auto", "AUTO", "syslog", "/a", " ", "\n", "b"],
        count: 300,
    },
    Type {
        name: "log-level",
        read: |text, context, problems| {
            choice::parse_log_level(text, context, problems).map(|level| match level {
                LogLevel::Critical => json!("critical"),
                LogLevel::Error => json!("error"),
                LogLevel::Warn => json!("warn"),
                LogLevel::Info => json!("info"),
                LogLevel::Debug => json!("debug"),
                LogLevel::Trace => json!("trace"),
                LogLevel::Blather => json!("blather"),
            })
        },
        pieces: &["critical", "ERROR", "warn", "Info", "debug", "trace", "blather", "warning", "crit", " ", "\n"],
        count: 300,
    },
    Type {
        name: "octal-mode",
        read: |text, context, problems| number::parse_mode(text, context, problems).map(|mode| json!(mode)),
        pieces: &["0", "7", "22", "0o", "0O", "8", "_", "-", "+", " ", "\n", "755", "99", "0x"],
        count: 1500,
    },
    Type {
        name: "port",
        read: |text, context, problems| {
            address::parse_port(text, context, problems).map(|port| json!([port.host, port.port]))
        },
        pieces: &["9001", ":", "*", "127.0.0.1", "LocalHost", "[::1]", "0", "65535", "65536", " ", "\n", "-1", "_"],
        count: 1500,
    },
    Type {
        name: "process-name",
        read: |text, _, problems| name::parse_process(text, problems).map(|name| json!(name)),
        pieces: &["a", "é", " ", ":", "/", "\n", "\t", "%", "_01", "\u{a0}"],
        count: 500,
    },
    Type {
        name: "programs",
        read: |text, _, problems| {
            let names = name::parse_programs(text, problems);
            problems.clear();
            Some(json!(names.iter().map(|(name, _)| name).collect::<Vec<_>>()))
        },
        pieces: &["a", "b", ",", ",", " ", "\n", "\u{1d}"],
        count: 500,
    },
    Type {
        name: "signal",
        read: |text, context, problems| signal::parse(text, context, problems).map(|signal| json!(signal.0)),
        pieces: &[
            "SIG", "sig", "TERM", "hup", "Usr1", "KILL", "QUIT", "RTMIN", "RTMAX", "+1", "9", "0", "3", "4", "64", " ",
            "\n", "_DFL", "_BLOCK", "CLD", "IOT", "POLL", "STKFLT", "PWR", "SYS", "WINCH", "UNUSED", "-1", "_", "TREM",
        ],
        count: 3000,
    },
    Type {
        name: "size",
        read: |text, context, problems| number::parse_size(text, context, problems).map(|size| json!(size)),
        pieces: NUMBERS,
        count: 2000,
    },
    Type {
        name: "socket",
        read: |text, context, problems| {
            address::parse_socket(text, context, problems).map(|socket| match socket {
                address::Socket::Unix(path) => json!(path),
                address::Socket::Tcp(port) => json!([port.host, port.port]),
            })
        },
        pieces: &[
            "unix://",
            "tcp://",
            "/run/a",
            "localhost",
            "Host",
            ":",
            "9000",
            "0",
            "70000",
            " ",
            "\n",
            "b",
            "[::1]",
            "-",
        ],
        count: 2000,
    },
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "42",
    "-",
    "+",
    "_",
    " ",
    "\n",
    "\t",
    "kb",
    "MB",
    "Gb",
    "gb",
    "M",
    "b",
    "99999999999999999999",
    "0x",
    ".",
    "\u{1c}",
    "\u{a0}",
];

fn lookup(name: &str) -> Option<Value<'static>> {
    Some(match name {
        "here" => Value::Text("/etc/supervisor"),
        "program_name" => Value::Text("web"),
        "process_num" => Value::Number(7),
        "numprocs" => Value::Number(12),
        "letter" => Value::Text("x"),
        "odd" => Value::Text("a'b\né%"),
        _ => return None,
    })
}

#[test]
fn supervisor_reads_the_same() {
    let mut random = Random::new("values of supervisord.conf");
    let mut cases = Vec::new();
    for of in TYPES {
        cases.extend(of.pieces.iter().map(|piece| (of, (*piece).to_owned())));
        for _ in 0..of.count {
            let length = random.below(7);
            cases.push((of, (0..length).map(|_| *random.of(of.pieces)).collect::<String>()));
        }
    }
    let answers = answers(&cases);
    assert_eq!(answers.len(), cases.len());
    let mut taken = 0;
    let mut wrong = Vec::new();
    for ((of, text), theirs) in cases.iter().zip(answers) {
        let directive = key::program::stdout_logfile.directive();
        let context = Context { directive, version: Version::LATEST, manager: Manager::System, unit: None };
        let mut problems = Vec::new();
        let ours = (of.read)(text, &context, &mut problems);
        let ours = ours.filter(|_| problems.iter().all(|problem| problem.kind != ProblemKind::Refused));
        taken += usize::from(ours.is_some());
        if ours.as_ref() != theirs.get("value") {
            wrong.push(format!("{} {text:?}\n  ours:   {ours:?}\n  theirs: {theirs}", of.name));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(taken > cases.len() / 5, "only {taken} of {} values were taken", cases.len());
}

/// What supervisor's functions make of `cases`.
fn answers(cases: &[(&Type, String)]) -> Vec<Json> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
    let supervisor = target.join("tools/supervisor");
    assert!(supervisor.exists(), "{} is missing: `cargo xtask test` installs it", supervisor.display());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("supervisord/values.py");
    let mut python = Command::new("python3")
        .arg("-I")
        .arg(script)
        .arg(supervisor)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let lines: String = cases.iter().map(|(of, text)| format!("{}\n", json!([of.name, text]))).collect();
    let mut input = python.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = python.wait_with_output().expect("python3 ends");
    writer.join().expect("no panic").expect("python3 reads all");
    assert!(output.status.success(), "python3: {}", output.status);
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
