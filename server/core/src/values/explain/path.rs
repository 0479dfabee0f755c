//! Paths with prefixes and options, and directories that are made for a unit.

use super::super::words::{Style, Word, Words};
use super::super::{Context, ValueType, credential, device, exec_directory, io_device, mount, open_file, path};
use super::{Explanation, number, specifier, time};
use crate::schema::Manager;
use crate::text::Span;
use crate::text::markdown::code;

/// What the prefixes of a path may say.
const OPTIONAL: &str = "`-`: it may be missing";
const BELOW_ROOT: &str = "`+`: below the unit's own root directory, not the host's";

/// A path that may have a `-` in front, of which there is only one.
pub(super) fn optional(text: &str, context: &Context) -> Option<Explanation> {
    let rest = text.strip_prefix('-');
    let resolved = specifier::resolve(rest.unwrap_or(text), context);
    let mut parts = Vec::new();
    if resolved == "~" {
        parts.push("the home directory of the unit's user".to_owned());
    } else if rest.is_some() || resolved != text {
        parts.push(code(&resolved));
    }
    parts.extend(rest.map(|_| OPTIONAL.to_owned()));
    (!parts.is_empty()).then(|| Explanation::whole(text, parts.join("\n\n"))).flatten()
}

/// The path of a `PIDFile=`, which is below `/run` where it is a relative one.
pub(super) fn pid_file(text: &str, context: &Context) -> Option<Explanation> {
    let resolved = specifier::resolve(text, context);
    let full = if path::is_absolute(&resolved) { resolved.into_owned() } else { format!("/run/{resolved}") };
    (full != text).then(|| Explanation::whole(text, code(&full))).flatten()
}

/// A part of a list of paths that may have prefixes and options.
pub(super) fn of_list(text: &str, context: &Context, offset: u32) -> Option<Explanation> {
    let word = word_at(text, offset)?;
    let (own, problems) = (&text[word.span], &mut Vec::new());
    let markdown = match context.directive.value {
        ValueType::BindPaths => bind(mount::parse_binds(own, context, problems).first()?, context),
        ValueType::TemporaryFilesystems => {
            let file_system = mount::parse_temporary(own, context, problems).into_iter().next()?;
            let path = code(&specifier::resolve(&file_system.path, context));
            match &*file_system.options {
                "" => format!("an empty file system in memory at {path}"),
                options => format!("an empty file system in memory at {path}, mounted with {}", code(options)),
            }
        }
        ValueType::ExecDirectories => directory(exec_directory::parse(own, context, problems).first()?, context)?,
        _ => prefixed(&word, context)?,
    };
    Some(Explanation { span: word.span, markdown })
}

fn prefixed(word: &Word, context: &Context) -> Option<String> {
    let rest = word.text.trim_start_matches(['-', '+']);
    let prefixes = &word.text[..word.text.len() - rest.len()];
    let resolved = specifier::resolve(rest, context);
    if prefixes.is_empty() && resolved == rest {
        return None;
    }
    let mut parts = vec![code(&resolved)];
    parts.extend(prefixes.contains('-').then(|| OPTIONAL.to_owned()));
    parts.extend(prefixes.contains('+').then(|| BELOW_ROOT.to_owned()));
    Some(parts.join("\n\n"))
}

fn bind(bind: &mount::BindMount, context: &Context) -> String {
    let resolved = |path: &str| code(&specifier::resolve(path, context));
    let source = resolved(&bind.source);
    let destination = bind.destination.as_deref().map_or(source.clone(), resolved);
    let with = if bind.recursive { "with what is mounted below it" } else { "without what is mounted below it" };
    let read_only = if context.directive.name.contains("ReadOnly") { ", read-only" } else { "" };
    let optional = if bind.optional { format!("\n\n{OPTIONAL}") } else { String::new() };
    format!("{source} of the host is seen at {destination}, {with}{read_only}{optional}")
}

/// A directory that is made when the unit starts, and the variable that names it.
fn directory(directory: &exec_directory::Directory, context: &Context) -> Option<String> {
    let kind = context.directive.name.strip_suffix("Directory")?;
    let user = context.manager == Manager::User;
    let (system, users, variable) = match kind {
        "Runtime" => ("/run", "$XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY"),
        "State" => ("/var/lib", "$XDG_STATE_HOME", "STATE_DIRECTORY"),
        "Cache" => ("/var/cache", "$XDG_CACHE_HOME", "CACHE_DIRECTORY"),
        "Logs" => ("/var/log", "$XDG_STATE_HOME/log", "LOGS_DIRECTORY"),
        "Configuration" => ("/etc", "$XDG_CONFIG_HOME", "CONFIGURATION_DIRECTORY"),
        _ => return None,
    };
    let base = if user { users } else { system };
    let below = |path: &str| code(&format!("{base}/{}", specifier::resolve(path, context)));
    let path = below(&directory.path);
    let owner = match kind {
        "Configuration" => "",
        _ => ", owned by the unit's user",
    };
    let link = directory.link.as_deref().map_or(String::new(), |link| format!("\n\n{} is a link to it.", below(link)));
    let read_only = if directory.read_only { "\n\nThe unit may only read it." } else { "" };
    Some(format!("{path}: made when the unit starts{owner}; `${variable}` names it.{link}{read_only}"))
}

/// A device and what may be done with it.
pub(super) fn device(text: &str, context: &Context) -> Option<Explanation> {
    let allow = device::parse(text, context, &mut Vec::new())?;
    let name = specifier::resolve(&allow.device.text, context);
    let device = match name.split_once('-').filter(|_| !name.starts_with('/')) {
        Some(("char", group)) => format!("the character devices {}", code(group)),
        Some((_, group)) => format!("the block devices {}", code(group)),
        None => code(&name),
    };
    let access = if allow.access.is_empty() { "rwm" } else { allow.access };
    let names = [('r', "read"), ('w', "write"), ('m', "make its node")];
    let may: Vec<&str> = names.into_iter().filter(|(letter, _)| access.contains(*letter)).map(|it| it.1).collect();
    Explanation::whole(text, format!("{device}: the unit may {}", may.join(", ")))
}

/// A device and a weight, limit or latency for it.
pub(super) fn io_device(text: &str, context: &Context) -> Option<Explanation> {
    let problems = &mut Vec::new();
    let (path, value) = match context.directive.value {
        ValueType::IoDeviceWeight => {
            let device = io_device::parse_weight(text, context, problems)?;
            (device.path, number::weight_shown(device.value))
        }
        ValueType::IoDeviceLatency => {
            let device = io_device::parse_latency(text, context, problems)?;
            (device.path, format!("aims at a latency of {}", time::shown(device.value)))
        }
        _ => {
            let device = io_device::parse_limit(text, context, problems)?;
            let unit = if context.directive.name.contains("IOPS") { "operations" } else { "bytes" };
            let scaled = number::scaled(device.value, 1000, ["kB", "MB", "GB", "TB", "PB", "EB"]);
            let scaled = scaled.filter(|_| unit == "bytes").map_or(String::new(), |scaled| format!(" ({scaled})"));
            match device.value {
                u64::MAX => (device.path, "no limit".to_owned()),
                limit => (device.path, format!("{limit} {unit} a second{scaled} at the most")),
            }
        }
    };
    Explanation::whole(text, format!("the device of {}: {value}", code(&specifier::resolve(&path, context))))
}

/// A file that is opened for the unit.
pub(super) fn open_file(text: &str, context: &Context) -> Option<Explanation> {
    let file = open_file::parse(text, context, &mut Vec::new())?;
    let path = specifier::resolve(&file.path.text, context);
    let name = file.name.as_ref().map(|name| &*name.text).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default());
    let options =
        file.options.as_ref().map_or(String::new(), |options| format!("; {}", options.text.replace(',', ", ")));
    Explanation::whole(
        text,
        format!("{} is opened and passed as the file descriptor {}{options}", code(&path), code(name)),
    )
}

/// A credential and where the unit finds it.
pub(super) fn credential(text: &str, context: &Context) -> Option<Explanation> {
    let problems = &mut Vec::new();
    let credential = match context.directive.value {
        ValueType::LoadCredential => credential::parse_load(text, context, problems)?,
        _ => credential::parse_set(text, context, problems)?,
    };
    let name = specifier::resolve(&credential.name.text, context);
    let from = match (context.directive.value, &credential.rest) {
        (ValueType::LoadCredential, Some(rest)) => format!(", from {}", code(&specifier::resolve(&rest.text, context))),
        (ValueType::LoadCredential, None) => ", from the credential of this name that the manager got".to_owned(),
        _ => String::new(),
    };
    let file = code(&format!("$CREDENTIALS_DIRECTORY/{name}"));
    Explanation::whole(text, format!("the file {file} of the unit{from}"))
}

fn word_at(text: &str, offset: u32) -> Option<Word<'_>> {
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    Words::new(text, Style::TUPLES).map_while(Result::ok).find(|word| holds(word.span))
}
