//! `svlsp.toml`: options for all who work on the same files.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Command};
use svlsp_core::backends::{Target, settings};
use svlsp_core::fate::Backend;
use svlsp_core::schema;
use svlsp_core::text::LineIndex;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::cli::convert::ConvertOptions;
use crate::cli::fmt::FmtOptions;
use crate::cli::options::Options;

/// What the file is called.
pub const NAME: &str = "svlsp.toml";

/// The nearest configuration file, from the directory of `start` upwards.
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = if start.as_os_str().is_empty() { Path::new(".") } else { start };
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

/// What a configuration file says.
#[derive(Clone, Debug)]
pub struct Config {
    /// The options of `svlsp check`.
    pub options: Options,
    /// The options of `svlsp convert`.
    pub convert: ConvertOptions,
    /// The options of `svlsp fmt`.
    pub fmt: FmtOptions,
    /// The supervisor whose fates an editor shows at the end of lines, or that it shows none; `None` if nothing is said.
    pub hints: Option<Option<Backend>>,
    /// Every supervisor's target.
    targets: [Target; Backend::ALL.len()],
}

impl Config {
    /// What the file says of a supervisor's target, or what may be expected of one.
    pub fn target(&self, backend: Backend) -> &Target {
        &self.targets[backend as usize]
    }
}

impl Default for Config {
    fn default() -> Self {
        let targets = Backend::ALL.map(Target::new);
        Config {
            options: Options::default(),
            convert: ConvertOptions::default(),
            fmt: FmtOptions::default(),
            hints: None,
            targets,
        }
    }
}

/// The configuration of a run: that of the file `given`, none at all, or that
/// of the nearest file from `start` upwards.
///
/// # Errors
///
/// As for [`read`].
pub fn of(given: Option<&Path>, none: bool, start: &Path) -> Result<Config, String> {
    let found = match given {
        Some(path) => Some(path.to_owned()),
        None if none => None,
        None => find(start),
    };
    found.map_or_else(|| Ok(Config::default()), |path| read(&path))
}

/// Reads a configuration file.
///
/// # Errors
///
/// One line that names the file, the line, what is wrong there and what was expected.
pub fn read(path: &Path) -> Result<Config, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let mut config = parse(&text, Config::default()).map_err(|(line, message)| format!("{shown}:{line}: {message}"))?;
    for relative in [&mut config.options.root, &mut config.convert.out] {
        if let (Some(relative), Some(folder)) = (relative, path.parent()) {
            *relative = folder.join(&*relative);
        }
    }
    Ok(config)
}

/// What an editor's settings say over `config`. They have the keys of the file, and
/// `server` and `trace`, which are the editor's own.
///
/// # Errors
///
/// One line that says what is wrong and what was expected.
pub fn over(config: Config, settings: &serde_json::Value) -> Result<Config, String> {
    let mut text = String::new();
    for (key, value) in settings.as_object().into_iter().flatten() {
        if !["server", "trace"].contains(&key.as_str()) && !value.is_null() {
            text.push_str(&format!("{} = {}\n", toml_text(&key.as_str().into()), toml_text(value)));
        }
    }
    let base = Config { targets: config.targets.clone(), ..Config::default() };
    let own = parse(&text, base).map_err(|(_, message)| message)?;
    Ok(Config {
        options: own.options.or(config.options),
        convert: own.convert.or(config.convert),
        fmt: own.fmt.or(config.fmt),
        hints: own.hints.or(config.hints),
        targets: own.targets,
    })
}

/// A JSON value as TOML has it; null, which TOML doesn't have, is left out.
fn toml_text(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter(|item| !item.is_null()).map(toml_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{} = {}", toml_text(&key.as_str().into()), toml_text(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        // JSON writes numbers, booleans and strings in a way that TOML reads; but it leaves DEL as it is.
        scalar => scalar.to_string().replace('\x7f', "\\u007f"),
    }
}

/// What is wrong, and on which line.
type Mistake = (usize, String);

fn parse(text: &str, mut config: Config) -> Result<Config, Mistake> {
    let file = Source { index: LineIndex::new(text) };
    let table = DeTable::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        (file.line(error.span().map_or(0, |span| span.start)), message)
    })?;
    let flags = Flags::of::<Options>(&["convert", "fmt", "hints", "target"]);
    for (key, value) in entries(table.get_ref()) {
        match &**key.get_ref() {
            "convert" => {
                let flags = Flags::of::<ConvertOptions>(&[]);
                for (key, value) in entries(file.table(key, value)?) {
                    config.convert = flags.read::<ConvertOptions>(&file, key, value)?.or(config.convert);
                }
            }
            "fmt" => {
                let flags = Flags::of::<FmtOptions>(&[]);
                for (key, value) in entries(file.table(key, value)?) {
                    config.fmt = flags.read::<FmtOptions>(&file, key, value)?.or(config.fmt);
                }
            }
            "hints" => {
                let Some(name) = value.get_ref().as_str() else {
                    return Err((file.at(value), wrong("hints", "the name of a supervisor, or \"off\"", value)));
                };
                let backend = |name| supervisor(name).map_err(|message| (file.at(value), message));
                config.hints = Some(if name == "off" { None } else { Some(backend(name)?) });
            }
            "target" => {
                for (key, value) in entries(file.table(key, value)?) {
                    let backend = supervisor(key.get_ref()).map_err(|message| (file.at(key), message))?;
                    read_target(&file, &mut config.targets[backend as usize], file.table(key, value)?)?;
                }
            }
            _ => config.options = config.options.or(flags.read(&file, key, value)?),
        }
    }
    Ok(config)
}

fn supervisor(name: &str) -> Result<Backend, String> {
    Backend::from_name(name).ok_or_else(|| unknown("supervisor", name, &Backend::ALL.map(Backend::name)))
}

fn read_target(file: &Source, target: &mut Target, table: &DeTable) -> Result<(), Mistake> {
    for (key, value) in entries(table) {
        let name: &str = key.get_ref();
        if let ("unit", DeValue::Table(units)) = (name, value.get_ref()) {
            for (unit, service) in entries(units) {
                let Some(text) = service.get_ref().as_str() else {
                    return Err((file.at(service), wrong(unit.get_ref(), "the name of a service", service)));
                };
                let text = Some(text).filter(|text| !text.is_empty());
                target.replace(unit.get_ref(), text).map_err(|message| (file.at(unit), message))?;
            }
            continue;
        }
        let text = match value.get_ref() {
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(on) => if *on { "yes" } else { "no" }.to_owned(),
            DeValue::Array(items) => {
                let words: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
                words.ok_or_else(|| (file.at(value), wrong(name, "an array of strings", value)))?.join(",")
            }
            _ => return Err((file.at(value), wrong(name, "a string", value))),
        };
        // An unknown key is a mistake in the key, anything else one in the value.
        let known = settings::KEYS.iter().any(|known| known.name == name);
        let at = if known { file.at(value) } else { file.at(key) };
        target.set(name, &text).map_err(|message| (at, message))?;
    }
    Ok(())
}

/// The text that positions are asked of.
struct Source {
    index: LineIndex,
}

impl Source {
    fn line(&self, offset: usize) -> usize {
        self.index.line(offset) + 1
    }

    /// The line of a key or value.
    fn at<T>(&self, part: &Spanned<T>) -> usize {
        self.line(part.span().start)
    }

    fn table<'t, 'i>(
        &self,
        key: &Spanned<DeString>,
        value: &'t Spanned<DeValue<'i>>,
    ) -> Result<&'t DeTable<'i>, Mistake> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| (self.at(value), wrong(key.get_ref(), "a table", value)))
    }
}

/// A command line of options alone, so that each key can be read as if it were a flag.
struct Flags {
    command: Command,
    /// The keys that are no flags.
    others: &'static [&'static str],
}

impl Flags {
    fn of<T: Args>(others: &'static [&'static str]) -> Self {
        let command = Command::new("svlsp").no_binary_name(true).disable_help_flag(true);
        Flags { command: T::augment_args(command), others }
    }

    /// Options of which one is set.
    fn read<T: Args>(&self, file: &Source, key: &Spanned<DeString>, value: &Spanned<DeValue>) -> Result<T, Mistake> {
        let name: &str = key.get_ref();
        let Some(flag) = self.command.get_arguments().find(|flag| flag.get_long() == Some(name)) else {
            let known = self.command.get_arguments().filter_map(|flag| flag.get_long());
            let known: Vec<&str> = known.chain(self.others.iter().copied()).collect();
            return Err((file.at(key), unknown("key", name, &known)));
        };
        let switch = matches!(flag.get_action(), ArgAction::SetTrue);
        let list = matches!(flag.get_action(), ArgAction::Append);
        let at = file.at(value);
        let args = arguments(name, value, switch, list).map_err(|expected| (at, wrong(name, expected, value)))?;
        let matches = self.command.clone().try_get_matches_from(args).map_err(|error| (at, refusal(name, &error)))?;
        T::from_arg_matches(&matches).map_err(|error| (at, refusal(name, &error)))
    }
}

/// In the order in which they are written.
fn entries<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match schema::nearest(name, known.iter().copied()) {
        Some(near) => format!("unknown {what} \"{name}\"; did you mean \"{near}\"?"),
        None => format!("unknown {what} \"{name}\"; there are {}", known.join(", ")),
    }
}

fn wrong(name: &str, expected: &str, value: &Spanned<DeValue>) -> String {
    format!("{name}: expected {expected}, found a value of type {}", value.get_ref().type_str())
}

/// A value as a flag's arguments; else what it should have been.
fn arguments(name: &str, value: &Spanned<DeValue>, switch: bool, list: bool) -> Result<Vec<String>, &'static str> {
    let flag = |text: &str| format!("--{name}={text}");
    match value.get_ref() {
        DeValue::Boolean(on) if switch => Ok(if *on { vec![format!("--{name}")] } else { Vec::new() }),
        _ if switch => Err("true or false"),
        DeValue::Array(items) if list => {
            let words: Option<Vec<String>> = items.iter().map(|item| item.get_ref().as_str().map(flag)).collect();
            words.ok_or("an array of strings")
        }
        _ if list => Err("an array of strings"),
        DeValue::String(text) => Ok(vec![flag(text)]),
        DeValue::Integer(number) => Ok(vec![flag(number.as_str())]),
        _ => Err("a string or a number"),
    }
}

/// Why a value isn't taken, in the file's terms instead of the command line's.
fn refusal(name: &str, error: &clap::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let text = lines.join(" ");
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    match text.split_once(&format!("'--{name}")) {
        Some((before, after)) => {
            let after = after.split_once('\'').map_or("", |(_, after)| after);
            format!("{before}{name}{after}")
        }
        None => text.to_owned(),
    }
}
