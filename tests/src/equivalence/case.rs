//! The cases: units, what is done with them, and which differences are accepted.
//!
//! A file holds several, each from a line `=== NAME` to the next. The text behind
//! it is the unit `NAME.service`, up to a line `---`. Other parts begin with
//!
//! - `--- unit NAME`: one more unit, or instead of the first;
//! - `--- file PATH [MODE]`: a file that is there before the start;
//! - `--- options WORD…`: what `svlsp convert` is told about a configuration of supervisord;
//! - `--- processes NAME…`: what is started, for a configuration of supervisord; its programs if not said;
//! - `--- shows`: lines `PATH: PATTERN`, what the case is there to show;
//! - `--- shows BACKEND…`: the same of what is converted, where the original does something else;
//! - `--- drive`: the script, one [`Step`] a line; without it: `start`, `wait main`, `stop`, `down`;
//! - `--- differs`: lines `BACKEND DIRECTIVE=: PATH, PATH … (why)`, where the paths are those of
//!   [`super::compare::Difference`] and may end with `*`; `systemd=:` for what systemd 252 does
//!   wrong and later ones don't.
//!
//! The directive `systemd=`, or `supervisord=`, stands for what no directive is about: it is accepted whatever the fates are.
//!
//! `{case}` is the case's name. A line `for KEY: LABEL=TEXT | LABEL=TEXT | TEXT` right
//! behind the first one makes a case of each: `{KEY}` is the label in the name, the text elsewhere.
//! Programs are written `/probe ROLE WORD…`, and become `/srv/probe CASE ROLE WORD…`;
//! `{probe}` is the program alone.

use std::fs;
use std::path::Path;

/// One or more units and what is done with them.
#[derive(Clone, Debug)]
pub struct Case {
    /// Unique among all.
    pub name: String,
    /// The block of the file that it is made from: the same for all that `for` makes.
    pub block: String,
    /// File names and texts.
    pub units: Vec<(String, String)>,
    /// The instance to convert for, where the unit is a template.
    pub instance: Option<String>,
    /// Paths, modes and contents of the files that must be there.
    pub files: Vec<(String, u32, String)>,
    /// What is done, one step after the other.
    pub script: Vec<Step>,
    /// Whether the time between events is compared, and how many microseconds more than ever it may differ.
    pub timed: Option<i64>,
    /// Roles whose events may come at any time among those of other roles.
    pub unordered: Vec<String>,
    /// The processes of a configuration of supervisord; units have none.
    pub processes: Vec<String>,
    /// What the conversion is told beside what all are told.
    pub options: Vec<String>,
    /// What the reference must show: paths and patterns, see [`super::supervisord::shown`].
    pub shows: Vec<(String, String)>,
    /// Backends, and what must be shown there.
    pub shows_there: Vec<(String, (String, String))>,
    /// What may differ.
    pub accepted: Vec<Accepted>,
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `start`, `stop`, `reload`, `restart`, with units or for all.
    Act(Verb, Vec<String>),
    /// `wait ROLE[.EVENT [VALUE]] [COUNT] [or down]`: until that was seen so often.
    Wait(Awaited),
    /// `down [UNIT]`: until the unit is neither running nor about to be.
    Down(Vec<String>),
    /// `state`: whether all units are down is part of what is compared.
    State,
    /// `quiet MS`: nothing; what happens in the meantime is seen.
    Quiet(u64),
    /// `files PATH…`: what is there is part of what is compared.
    Files(Vec<String>),
    /// `survivors`: which processes of the case are left is part of what is compared.
    Survivors,
    /// `kill ROLE SIGNAL`: sends one to the process that started last in that role.
    Kill(String, String),
    /// `write PATH TEXT`.
    Write(String, String),
    /// `remove PATH`.
    Remove(String),
    /// `send unix:PATH|tcp:HOST:PORT TEXT`: to whoever listens there.
    Send(String, String),
    /// `logged PATH TEXT`: until that is in the log.
    Logged(String, String),
    /// `log PATH [BYTES]`: what was logged there, or the end of it, is part of what is compared.
    Log(String, usize),
    /// `printed TEXT`: until the supervisors have printed that.
    Printed(String),
    /// `kept PATH`: in how many files it is.
    Kept(String),
    /// `shared ROLE…`: whether their standard input is one socket is part of what is compared.
    Shared(Vec<String>),
    /// `again PATH`: where a service of its own keeps the socket PATH for others, that ends and comes back.
    Again(String),
}

/// What a script waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Whose event.
    pub role: String,
    /// `start` if not said.
    pub event: String,
    /// What one of its fields must be, if that isn't empty.
    pub value: String,
    /// How many such events.
    pub count: usize,
    /// Whether all units being down is as good.
    pub or_down: bool,
}

/// What a service manager is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Start.
    Start,
    /// Stop.
    Stop,
    /// Read the configuration again.
    Reload,
    /// Stop and start.
    Restart,
}

/// A difference that is accepted on a backend, and the directive whose fate says so.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// `runit` or `s6`.
    pub backend: String,
    /// The directive, without `=`.
    pub directive: String,
    /// The paths of the differences.
    pub paths: Vec<String>,
    /// Why, for people. One that begins with `sometimes: ` may also be missed.
    pub why: String,
}

impl Accepted {
    /// Whether it is about no directive, but about what the original does by itself.
    pub fn is_of_the_original(&self) -> bool {
        matches!(self.directive.as_str(), "systemd" | "supervisord")
    }

    /// Whether it is about `path` on `backend`.
    pub fn covers(&self, backend: &str, path: &str) -> bool {
        self.backend == backend && self.paths.iter().any(|pattern| matches(pattern, path))
    }
}

/// All cases in the files of `folder`, sorted by file and place.
///
/// The text behind a case's name is the file `main`.
pub fn read(folder: &Path, main: &str) -> Result<Vec<Case>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        cases.extend(parse(&text, main).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(cases)
}

/// Differences that are accepted in every case, a line each as in `--- differs`.
pub fn read_accepted(file: &Path) -> Result<Vec<Accepted>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for line in content(&lines) {
        all.extend(accepted(line).ok_or_else(|| format!("{}: no difference: {line}", file.display()))?);
    }
    Ok(all)
}

/// The cases in the text of one file.
pub fn parse(text: &str, main: &str) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("=== "), blocks.last_mut()) {
            (Some(name), _) => blocks.push(vec![name.trim()]),
            (None, Some(block)) => block.push(line),
            (None, None) if line.is_empty() || line.starts_with('#') => {}
            (None, None) => return Err(format!("before the first case: {line}")),
        }
    }
    for block in blocks {
        let (name, lines) = (block[0], &block[1..]);
        let variables = lines.iter().take_while(|line| line.starts_with("for ")).count();
        let (variables, body) = lines.split_at(variables);
        let mut variants = vec![(name.to_owned(), body.join("\n"))];
        for line in variables {
            let (key, values) = line[4..].split_once(':').ok_or_else(|| format!("{name}: {line}"))?;
            let values: Vec<(&str, &str)> = values
                .split(" | ")
                .map(|value| value.trim().split_once('=').unwrap_or((value.trim(), value.trim())))
                .collect();
            let mark = format!("{{{}}}", key.trim());
            variants = variants
                .iter()
                .flat_map(|(name, body)| {
                    let mark = &mark;
                    values.iter().map(move |(label, text)| (name.replace(mark, label), body.replace(mark, text)))
                })
                .collect();
        }
        for (variant, body) in variants {
            cases.push(one(&variant, name, &body, main).map_err(|error| format!("{variant}: {error}"))?);
        }
    }
    Ok(cases)
}

fn one(name: &str, block: &str, body: &str, main: &str) -> Result<Case, String> {
    let mut case = Case {
        name: name.to_owned(),
        block: block.to_owned(),
        units: Vec::new(),
        instance: None,
        files: Vec::new(),
        script: Vec::new(),
        timed: None,
        unordered: Vec::new(),
        processes: Vec::new(),
        options: Vec::new(),
        shows: Vec::new(),
        shows_there: Vec::new(),
        accepted: Vec::new(),
    };
    let main = format!("unit {main}");
    let mut parts: Vec<(&str, Vec<&str>)> = vec![(&main, Vec::new())];
    for line in body.lines() {
        match (line.strip_prefix("--- "), parts.last_mut()) {
            (Some(head), _) => parts.push((head.trim(), Vec::new())),
            (None, Some(part)) => part.1.push(line),
            (None, None) => {}
        }
    }
    for (head, lines) in parts {
        let mut words = head.split_whitespace();
        let (kind, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
        let text = || lines.join("\n").trim_matches('\n').to_owned() + "\n";
        match (kind, rest.as_slice()) {
            ("unit", [unit]) if lines.iter().any(|line| !line.trim().is_empty()) => {
                case.units.push(((*unit).to_owned(), text()));
            }
            ("unit", _) => {}
            ("instance", [instance]) => case.instance = Some((*instance).to_owned()),
            ("file", [path]) => case.files.push(((*path).to_owned(), 0o644, text())),
            ("file", [path, mode]) => {
                let mode = u32::from_str_radix(mode, 8).map_err(|error| format!("{head}: {error}"))?;
                case.files.push(((*path).to_owned(), mode, text()));
            }
            ("drive", []) => {
                for line in content(&lines) {
                    match line.split_once(' ').unwrap_or((line, "")) {
                        ("timed", "") => case.timed = Some(0),
                        ("timed", more) => {
                            let more: i64 = more.parse().map_err(|error| format!("{line}: {error}"))?;
                            case.timed = Some(more * 1000);
                        }
                        ("unordered", roles) => {
                            case.unordered = roles.split_whitespace().map(str::to_owned).collect();
                        }
                        _ => case.script.push(step(line).ok_or_else(|| format!("no step: {line}"))?),
                    }
                }
            }
            ("options", words) => case.options = words.iter().map(|word| (*word).to_owned()).collect(),
            ("processes", names) => case.processes = names.iter().map(|name| (*name).to_owned()).collect(),
            ("shows", backends) => {
                for line in content(&lines) {
                    let (path, value) = line.split_once(':').ok_or_else(|| format!("nothing shown: {line}"))?;
                    let shown = (path.to_owned(), value.trim_start().replace("{case}", name));
                    match backends {
                        [] => case.shows.push(shown),
                        _ => case.shows_there.extend(backends.iter().map(|to| ((*to).to_owned(), shown.clone()))),
                    }
                }
            }
            ("differs", []) => {
                for line in content(&lines) {
                    case.accepted.extend(accepted(line).ok_or_else(|| format!("no difference: {line}"))?);
                }
            }
            _ => return Err(format!("no such part: --- {head}")),
        }
    }
    if case.script.is_empty() {
        case.script = ["start", "wait main", "stop", "down"].iter().filter_map(|line| step(line)).collect();
    }
    if case.processes.is_empty() {
        let configurations = case.units.iter().filter(|(name, _)| name.ends_with(".conf"));
        case.processes = configurations.flat_map(|(_, text)| programs(text)).map(str::to_owned).collect();
    }
    if case.units.is_empty() { Err("no unit".to_owned()) } else { Ok(case) }
}

/// The names of the programs in a configuration of supervisord.
fn programs(text: &str) -> impl Iterator<Item = &str> {
    let headers = text.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    headers.filter_map(|header| header.strip_prefix("program:").or_else(|| header.strip_prefix("fcgi-program:")))
}

fn content<'a>(lines: &[&'a str]) -> impl Iterator<Item = &'a str> {
    lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn step(line: &str) -> Option<Step> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Some(match words.as_slice() {
        ["start", units @ ..] => Step::Act(Verb::Start, owned(units)),
        ["stop", units @ ..] => Step::Act(Verb::Stop, owned(units)),
        ["reload", units @ ..] => Step::Act(Verb::Reload, owned(units)),
        ["restart", units @ ..] => Step::Act(Verb::Restart, owned(units)),
        ["down", units @ ..] => Step::Down(owned(units)),
        ["state"] => Step::State,
        ["quiet", milliseconds] => Step::Quiet(milliseconds.parse().ok()?),
        ["files", paths @ ..] => Step::Files(owned(paths)),
        ["survivors"] => Step::Survivors,
        ["kill", role, signal] => Step::Kill((*role).to_owned(), (*signal).to_owned()),
        ["write", path, ..] => {
            let text = line.split_once(path).map_or("", |(_, text)| text.trim());
            Step::Write((*path).to_owned(), text.to_owned())
        }
        ["remove", path] => Step::Remove((*path).to_owned()),
        ["send", address, text] => Step::Send((*address).to_owned(), (*text).to_owned()),
        ["logged", path, ..] => {
            let text = line.split_once(path).map_or("", |(_, text)| text.trim());
            Step::Logged((*path).to_owned(), text.to_owned())
        }
        ["log", path] => Step::Log((*path).to_owned(), usize::MAX),
        ["log", path, last] => Step::Log((*path).to_owned(), last.parse().ok()?),
        ["printed", ..] => Step::Printed(line["printed ".len()..].to_owned()),
        ["shared", roles @ ..] => Step::Shared(roles.iter().map(|role| (*role).to_owned()).collect()),
        ["again", path] => Step::Again((*path).to_owned()),
        ["kept", path] => Step::Kept((*path).to_owned()),
        ["wait", what, rest @ ..] => {
            let (rest, or_down) = match rest {
                [rest @ .., "or", "down"] => (rest, true),
                _ => (rest, false),
            };
            let (role, event) = what.split_once('.').unwrap_or((what, "start"));
            let (value, count) = match rest {
                [] => ("", 1),
                [one] => one.parse().map_or((*one, 1), |count| ("", count)),
                [value, count] => (*value, count.parse().ok()?),
                _ => return None,
            };
            let (role, event, value) = (role.to_owned(), event.to_owned(), value.to_owned());
            Step::Wait(Awaited { role, event, value, count, or_down })
        }
        _ => return None,
    })
}

/// `runit,s6 Directive=: PATH, PATH (why)`.
fn accepted(line: &str) -> Option<Vec<Accepted>> {
    let (line, why) = match line.strip_suffix(')').and_then(|line| line.rsplit_once(" (")) {
        Some((line, why)) => (line, why),
        None => (line, ""),
    };
    let (head, paths) = line.split_once(": ")?;
    let (backends, directive) = head.split_once(' ')?;
    let directive = directive.strip_suffix('=')?;
    let paths: Vec<String> = paths.split(", ").map(|path| path.trim().to_owned()).collect();
    Some(
        backends
            .split(',')
            .map(|backend| Accepted {
                backend: backend.to_owned(),
                directive: directive.to_owned(),
                paths: paths.clone(),
                why: why.to_owned(),
            })
            .collect(),
    )
}

/// Whether `text` is as `pattern` says, where `*` is anything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            let Some(rest) = text.strip_prefix(head) else { return false };
            (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| matches(tail, &rest[at..]))
        }
    }
}
