//! `svlsp.toml`: options for all who work on the same files.

use std::path::{Path, PathBuf};

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};
use svlsp_core::schema;
use svlsp_core::text::LineIndex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::cli::options::Options;

/// What the file is called.
pub const NAME: &str = "svlsp.toml";

/// The nearest configuration file, from the directory of `start` upwards.
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = if start.as_os_str().is_empty() { Path::new(".") } else { start };
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

/// Reads a configuration file.
///
/// # Errors
///
/// One line that names the file, the line, what is wrong there and what was expected.
pub fn read(path: &Path) -> Result<Options, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let mut options = parse(&text).map_err(|(line, message)| format!("{shown}:{line}: {message}"))?;
    if let (Some(root), Some(folder)) = (&mut options.root, path.parent()) {
        *root = folder.join(&*root);
    }
    Ok(options)
}

/// The options alone, so that each key can be read as if it were a flag.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Flags {
    #[command(flatten)]
    options: Options,
}

fn parse(text: &str) -> Result<Options, (usize, String)> {
    let index = LineIndex::new(text);
    let line = |offset: usize| index.line(offset) + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        (line(error.span().map_or(0, |span| span.start)), message)
    })?;
    let command = Flags::command();
    let mut options = Options::default();
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let name: &str = key.get_ref();
        let Some(flag) = command.get_arguments().find(|flag| flag.get_long() == Some(name)) else {
            let known = command.get_arguments().filter_map(|flag| flag.get_long());
            let message = match schema::nearest(name, known) {
                Some(near) => format!("unknown key \"{name}\"; did you mean \"{near}\"?"),
                None => {
                    let known = command.get_arguments().filter_map(|flag| flag.get_long()).collect::<Vec<_>>();
                    format!("unknown key \"{name}\"; there are {}", known.join(", "))
                }
            };
            return Err((line(key.span().start), message));
        };
        let switch = matches!(flag.get_action(), ArgAction::SetTrue);
        let list = flag.get_value_delimiter().is_some();
        let at = line(value.span().start);
        let args = arguments(name, value, switch, list).map_err(|expected| {
            (at, format!("{name}: expected {expected}, found a value of type {}", value.get_ref().type_str()))
        })?;
        let matches = command.clone().try_get_matches_from(args).map_err(|error| (at, refusal(name, &error)))?;
        let one = Options::from_arg_matches(&matches).map_err(|error| (at, refusal(name, &error)))?;
        options = options.or(one);
    }
    Ok(options)
}

/// A value as a flag's arguments; else what it should have been.
fn arguments(name: &str, value: &Spanned<DeValue>, switch: bool, list: bool) -> Result<Vec<String>, &'static str> {
    let flag = |text: &str| format!("--{name}={text}");
    match value.get_ref() {
        DeValue::Boolean(on) if switch => Ok(if *on { vec![format!("--{name}")] } else { Vec::new() }),
        _ if switch => Err("true or false"),
        DeValue::Array(items) if list => {
            let words: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
            let words = words.ok_or("an array of strings")?;
            Ok(if words.is_empty() { Vec::new() } else { vec![flag(&words.join(","))] })
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
