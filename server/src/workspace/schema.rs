//! What may stand in `svlsp.toml`, as a JSON schema: for editors of that file, and for the settings of editors.

use std::any::TypeId;

use clap::{Arg, ArgAction, Args, Command};
use serde_json::{Map, Value, json};
use svlsp_core::backends::settings::{KEYS, Key};
use svlsp_core::fate::Backend;
use svlsp_core::rules;

use crate::cli::convert::ConvertOptions;
use crate::cli::fmt::FmtOptions;
use crate::cli::options::Options;

/// What is about a run of the program and not about files: nothing that an editor could set.
const OF_A_RUN: [&str; 6] = ["color", "fail-on", "format", "quiet", "statistics", "threads"];

/// The schema of `svlsp.toml`.
pub fn of_file() -> Value {
    let mut properties = options::<Options>();
    properties.insert("convert".to_owned(), table("Options of `svlsp convert`", options::<ConvertOptions>()));
    properties.insert("fmt".to_owned(), table("Options of `svlsp fmt`", options::<FmtOptions>()));
    properties.insert("hints".to_owned(), hints());
    properties.insert("target".to_owned(), table("What is there where services are converted for", targets()));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "svlsp.toml",
        "description": "Options of svlsp for all who work on the same files",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The settings that an editor has for them, by name, each with its schema.
pub fn of_editor() -> Map<String, Value> {
    let mut settings: Map<String, Value> =
        options::<Options>().into_iter().filter(|(name, _)| !OF_A_RUN.contains(&name.as_str())).collect();
    let tables = [("convert", options::<ConvertOptions>()), ("fmt", options::<FmtOptions>())];
    for (table, options) in tables {
        settings.extend(options.into_iter().map(|(name, schema)| (format!("{table}.{name}"), schema)));
    }
    settings.insert("hints".to_owned(), hints());
    settings.insert("target".to_owned(), table("What is there where services are converted for", targets()));
    settings
}

fn table(doc: &str, properties: Map<String, Value>) -> Value {
    json!({"description": doc, "type": "object", "additionalProperties": false, "properties": properties})
}

fn hints() -> Value {
    let names: Vec<&str> = Backend::ALL.map(Backend::name).into_iter().chain(["off"]).collect();
    json!({"description": "The supervisor for which an editor says at the end of each line what becomes of it", "type": "string", "enum": names})
}

fn targets() -> Map<String, Value> {
    let of = |backend: Backend| {
        let keys = KEYS.iter().filter(|key| key.backends.contains(&backend));
        table(backend.name(), keys.map(|key| (key.name.to_owned(), target(key))).collect())
    };
    Backend::ALL.into_iter().map(|backend| (backend.name().to_owned(), of(backend))).collect()
}

fn target(key: &Key) -> Value {
    let doc = format!("{}: {}", key.doc, key.values);
    match key.name {
        "unit" => json!({"description": key.doc, "type": "object", "additionalProperties": {"type": "string"}}),
        "tools" => json!({"description": doc, "type": ["string", "array"], "items": {"type": "string"}}),
        "cgroups" => json!({"description": doc, "type": ["boolean", "string"]}),
        _ => json!({"description": doc, "type": "string"}),
    }
}

/// Every option of a subcommand under its long name.
fn options<T: Args>() -> Map<String, Value> {
    let command = T::augment_args(Command::new("svlsp"));
    let named = |arg: &Arg| Some((arg.get_long()?.to_owned(), option(arg)));
    command.get_arguments().filter_map(named).collect()
}

fn option(arg: &Arg) -> Value {
    let name = arg.get_long().unwrap_or_default();
    let words = words(arg, name);
    let mut schema = match arg.get_action() {
        ArgAction::SetTrue => json!({"type": "boolean"}),
        ArgAction::Append => json!({"type": "array", "uniqueItems": true, "items": one(words)}),
        _ if name == "indent" => json!({
            "type": ["string", "integer"], "pattern": "^(keep|align|[1-9]|1[0-6])$", "minimum": 1, "maximum": 16,
        }),
        _ if is_number(arg) => json!({"type": "integer", "minimum": 0}),
        _ => one(words),
    };
    let help = arg.get_long_help().or(arg.get_help());
    schema["description"] = help.map(|help| help.to_string().replace('\n', " ")).unwrap_or_default().into();
    schema
}

fn one(words: Option<Vec<String>>) -> Value {
    match words {
        Some(words) => json!({"type": "string", "enum": words}),
        None => json!({"type": "string"}),
    }
}

/// The words that an option takes, where these are all.
fn words(arg: &Arg, name: &str) -> Option<Vec<String>> {
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    match name {
        "backend" | "to" => return names(&Backend::ALL.map(Backend::name)),
        "select" | "ignore" => {
            let rules = rules::ALL.iter().map(|rule| rule.name);
            return names(&["all", "default", "advice"].into_iter().chain(rules).collect::<Vec<_>>());
        }
        _ => {}
    }
    let words: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    (!words.is_empty() && !matches!(arg.get_action(), ArgAction::SetTrue)).then_some(words)
}

fn is_number(arg: &Arg) -> bool {
    let of = arg.get_value_parser().type_id();
    of == TypeId::of::<u8>() || of == TypeId::of::<u16>()
}
