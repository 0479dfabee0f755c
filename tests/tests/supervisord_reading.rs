//! Configurations of supervisord as supervisor's own code reads them, and as ours does.
//!
//! Made-up ones: `SVLSP_CONFIGS=20000` makes so many. Real ones: those that supervisor brings
//! along, and those of the directory `SVLSP_CONFIGS_DIR`.
//!
//! Left out on purpose: a lone `%s`, for which Python puts all names with their values; we call it
//! refused.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use svlsp_core::syntax::supervisord::scan_decoded;
use svlsp_core::text;
use svlsp_core::units::supervisord::{
    Address, Around, Config, Given, Http, LogFile, Part, PartKind, Process, ProgramValues, SocketValues, Stream,
    include_patterns,
};
use svlsp_core::values::ProblemKind;
use svlsp_core::values::supervisord::choice::{Autorestart, LogLevel};
use svlsp_core::values::supervisord::command;
use svlsp_tests::configurations::{configuration, modules, shipped};

/// How many are made up.
const CONFIGURATIONS: usize = 500;

/// The environment that read.py sets.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("PATH", "/usr/bin:/bin"),
    ("HOME", "/root"),
    ("USER", "root"),
    ("SIZE", "3MB"),
    ("BLANKS", "a b"),
    ("PERCENT", "%"),
];

#[test]
fn made_up_configurations_are_read_as_supervisor_reads_them() {
    let count = std::env::var("SVLSP_CONFIGS").ok().and_then(|count| count.parse().ok()).unwrap_or(CONFIGURATIONS);
    let folder = tempfile::tempdir().expect("there is a temporary directory");
    let mut paths = Vec::new();
    for number in 0..count {
        let here = folder.path().join(number.to_string());
        for (path, text) in configuration(number) {
            let path = here.join(path);
            fs::create_dir_all(path.parent().expect("it is in a directory")).expect("it can be made");
            fs::write(&path, text).expect("it can be written");
        }
        paths.push(here.join("supervisord.conf"));
    }
    let refused = compare(&paths);
    println!("{count} configurations, {refused} of them refused");
    assert!(refused * 3 >= count, "too few are refused to say anything about that: {refused}");
    assert!(refused * 4 <= count * 3, "too few are taken to say anything about that: {refused}");
}

#[test]
fn real_configurations_are_read_as_supervisor_reads_them() {
    let paths = shipped(env!("CARGO_TARGET_TMPDIR"));
    let refused = compare(&paths);
    println!("{} configurations, {refused} of them refused", paths.len());
    assert!(paths.len() > 5, "supervisor brings some along");
}

/// Compares what both make of these; says how many supervisor refuses.
fn compare(paths: &[PathBuf]) -> usize {
    let answers = oracle(paths);
    let mut faults = Vec::new();
    let mut refused = 0;
    for (path, answer) in paths.iter().zip(&answers) {
        let fault = check(path, answer);
        refused += usize::from(answer.get("error").is_some());
        if let Some(fault) = fault {
            let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            faults.push(format!("{}: {fault}\n{text}", path.display()));
        }
    }
    let shown = faults.iter().take(10).map(|fault| format!("{fault}\n")).collect::<String>();
    assert!(faults.is_empty(), "{} of {} are read otherwise:\n{shown}", faults.len(), paths.len());
    refused
}

/// What supervisor makes of each.
fn oracle(paths: &[PathBuf]) -> Vec<Value> {
    let modules = modules(env!("CARGO_TARGET_TMPDIR"));
    let mut child = Command::new("python3")
        .args(["-I", "-B", "-X", "utf8"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("supervisord/read.py"))
        .arg(modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let requests: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
    let mut stdin = child.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || stdin.write_all(requests.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it ends").expect("python3 reads all");
    assert!(output.status.success(), "read.py: {}", output.status);
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), paths.len());
    answers
}

/// How our reading of a configuration differs from supervisor's.
fn check(path: &Path, answer: &Value) -> Option<String> {
    let strings = |key: &str| -> Vec<String> {
        let items = answer[key].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let folder = path.parent().expect("it is in a directory");
    let bytes = |path: &Path| fs::read(path).ok();
    let mut contents = vec![(folder.display().to_string(), bytes(path)?)];
    for included in strings("included") {
        // What can't be opened is passed over.
        let Some(bytes) = bytes(Path::new(&included)) else { continue };
        let here = Path::new(&included).parent().expect("it is in a directory");
        contents.push((normal(here), bytes));
    }
    let decoded: Vec<_> = contents.iter().map(|(_, bytes)| text::decode(bytes)).collect();
    let files: Vec<_> = decoded.iter().map(scan_decoded).collect();
    let around = Around {
        here: contents.iter().map(|(here, _)| here.clone()).collect(),
        host: Some("host.example".to_owned()),
        environment: ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        whole_environment: true,
        partial: false,
        missing: Vec::new(),
    };
    let config = Config::new(&files, &around);
    let error = answer.get("error");
    if let (Some(error), true) = (error, config.problems.is_empty()) {
        return Some(format!("refused, but we take it: {error}"));
    }
    if let (None, [problem, ..]) = (error, &config.problems[..]) {
        return Some(format!("taken, but we refuse it: {problem:?}"));
    }
    let patterns = match include_patterns(&files[0], &around) {
        Ok(patterns) => patterns.iter().map(|pattern| join(folder, &pattern.text)).collect(),
        Err(_) => Vec::new(),
    };
    let theirs = strings("patterns");
    // supervisor stops where an included file is refused.
    if if error.is_some() { !patterns.starts_with(&theirs) && files[0].problems.is_empty() } else { patterns != theirs }
    {
        return Some(format!("includes {theirs:?}, ours {patterns:?}"));
    }
    if error.is_some() {
        return None;
    }
    let ours = of_config(&config);
    ["server", "http", "groups", "warnings"].iter().find_map(|key| difference(&ours[*key], &answer[*key], key))
}

/// `os.path.join`
fn join(folder: &Path, pattern: &str) -> String {
    if pattern.starts_with('/') { pattern.to_owned() } else { format!("{}/{pattern}", folder.display()) }
}

/// `os.path.abspath`
fn normal(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.to_str().expect("it is UTF-8").split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The first difference, if there is one.
fn difference(ours: &Value, theirs: &Value, at: &str) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys());
            keys.into_iter().find_map(|key| difference(&ours[key], &theirs[key], &format!("{at}.{key}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(n, (one, other))| difference(one, other, &format!("{at}[{n}]"))),
        (Value::Array(one), Value::Array(other)) if at == "groups" => {
            let names = |groups: &[Value]| groups.iter().map(|group| group["name"].to_string()).collect::<Vec<_>>();
            Some(format!("{at}: supervisor {:?}, we {:?}", names(other), names(one)))
        }
        (one, other) if one == other => None,
        (one, other) => Some(format!("{at}: supervisor {other}, we {one}")),
    }
}

/// The same as read.py says it.
fn of_config(config: &Config) -> Value {
    let server = &config.server;
    let level = match server.loglevel.value {
        LogLevel::Critical => 50,
        LogLevel::Error => 40,
        LogLevel::Warn => 30,
        LogLevel::Info => 20,
        LogLevel::Debug => 10,
        LogLevel::Trace => 5,
        LogLevel::Blather => 3,
    };
    let warning = |message: &str| match message {
        message if message.starts_with("\"syslog\"") => "syslog",
        message if message.contains("\"AUTO\"") => "auto",
        _ => "redirect",
    };
    let mut warnings: Vec<_> = config.warnings.iter().map(|problem| warning(&problem.message)).collect();
    warnings.sort_unstable();
    warnings.dedup();
    json!({
        "server": {
            "logfile": server.logfile.value,
            "pidfile": server.pidfile.value,
            "identifier": server.identifier.value,
            "nodaemon": server.nodaemon.value,
            "silent": server.silent.value,
            "nocleanup": server.nocleanup.value,
            "strip_ansi": server.strip_ansi.value,
            "directory": server.directory.value,
            "user": server.user.value,
            "logfile_maxbytes": server.logfile_maxbytes.value,
            "logfile_backups": server.logfile_backups.value,
            "minfds": server.minfds.value,
            "minprocs": server.minprocs.value,
            "umask": server.umask.value,
            "loglevel": level,
        },
        "http": server.http.iter().map(of_http).collect::<Vec<_>>(),
        "groups": of_groups(&config.parts),
        "warnings": warnings,
    })
}

fn of_http(http: &Http) -> Value {
    json!({
        "section": http.section,
        "address": of_address(&http.address),
        "username": http.username.value,
        "password": http.password.value,
        "chown": http.chown.value,
        "chmod": http.chmod.value,
    })
}

/// The groups that have processes; supervisor has the others too.
fn of_groups(parts: &[Part]) -> Value {
    let mut groups: Vec<Map<String, Value>> = Vec::new();
    for part in parts {
        let PartKind::Process(process) = &part.kind else { continue };
        let values = of_process(process);
        match groups.last_mut().filter(|group| group["name"] == process.group.as_str()) {
            Some(group) => group["processes"].as_array_mut().expect("it is a list").push(values),
            None => {
                let group = json!({
                    "name": process.group,
                    "priority": process.group_priority,
                    "listener": process.program == svlsp_core::units::supervisord::Program::Listener,
                    "processes": [values],
                    "socket": process.socket.as_ref().map(|name| of_socket(parts, name.as_str())),
                });
                groups.extend(group.as_object().cloned());
            }
        }
    }
    json!(groups)
}

fn of_socket(parts: &[Part], name: &str) -> Value {
    let values = parts.iter().find_map(|part| match &part.kind {
        PartKind::Socket { values, .. } if part.name.as_str() == name => Some(values),
        _ => None,
    });
    let Some(SocketValues { address, owner, mode, backlog }) = values.map(|values| &**values) else {
        return Value::Null;
    };
    let unix = matches!(address.value, Some(Address::Unix(_)));
    json!({
        "address": of_address(address),
        "owner": owner.value,
        "mode": mode.value.or(unix.then_some(0o700)),
        "backlog": backlog.value,
    })
}

fn of_address(address: &Given<Option<Address>>) -> Value {
    match &address.value {
        Some(Address::Unix(path)) => json!(path),
        Some(Address::Tcp(host, port)) => json!(format!("{host} {port}")),
        None => Value::Null,
    }
}

fn of_process(process: &Process) -> Value {
    let ProgramValues {
        process_name,
        command,
        directory,
        umask,
        user,
        priority,
        numprocs: _,
        numprocs_start: _,
        autostart,
        autorestart,
        startsecs,
        startretries,
        exitcodes,
        stopsignal,
        stopwaitsecs,
        stopasgroup,
        killasgroup,
        redirect_stderr,
        stdout,
        stderr,
        environment: _,
        inherited: _,
        serverurl,
    } = &process.values;
    let mut problems = Vec::new();
    let words = command::parse(command.value.as_deref().unwrap_or_default(), &mut problems);
    // That there are no words is nothing `shlex.split` minds.
    let split = command.value.as_deref().is_some_and(|text| text.trim().is_empty())
        || problems.iter().all(|problem| problem.kind != ProblemKind::Refused);
    let autorestart = match autorestart.value {
        Autorestart::Always => "always",
        Autorestart::Never => "never",
        Autorestart::Unexpected => "unexpected",
    };
    let environment: Map<_, _> = process.values.variables().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "name": process_name.value,
        "command": command.value,
        "words": split.then(|| words.iter().map(|word| word.text.to_string()).collect::<Vec<_>>()),
        "directory": directory.value,
        "umask": umask.value,
        "user": user.value,
        "priority": priority.value,
        "autostart": autostart.value,
        "autorestart": autorestart,
        "startsecs": startsecs.value,
        "startretries": startretries.value,
        "exitcodes": exitcodes.value,
        "stopsignal": stopsignal.value.0,
        "stopwaitsecs": stopwaitsecs.value,
        "stopasgroup": stopasgroup.value,
        "killasgroup": killasgroup.value,
        "redirect_stderr": redirect_stderr.value,
        "environment": environment,
        "serverurl": serverurl.value,
        "stdout": of_stream(stdout),
        "stderr": of_stream(stderr),
    })
}

fn of_stream(stream: &Stream) -> Value {
    let logfile = match &stream.logfile.value {
        LogFile::None | LogFile::Syslog => Value::Null,
        LogFile::Auto => json!("AUTO"),
        LogFile::Path(path) => json!(path),
    };
    json!({
        "logfile": logfile,
        "logfile_maxbytes": stream.logfile_maxbytes.value,
        "logfile_backups": stream.logfile_backups.value,
        "capture_maxbytes": stream.capture_maxbytes.value,
        "events_enabled": stream.events_enabled.value,
        "syslog": stream.syslog.value,
    })
}
