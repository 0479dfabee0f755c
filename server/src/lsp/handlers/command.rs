//! `workspace/executeCommand`

use std::path::Path;

use serde_json::{Value, json};
use svlsp_core::fate::Backend;
use svlsp_core::features::{Extent, Generated};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, MessageType, Uri};

use crate::lsp::elsewhere;
use crate::lsp::publish;
use crate::lsp::server::Server;
use crate::lsp::state::{State, lock};
use crate::report::escape;
use crate::workspace::write::{Action, Made, Writer};

/// Writes the directories of a unit: [uri, backend]; of a section of supervisord.conf: [uri, backend,
/// "program:web"].
pub(in crate::lsp) const GENERATE: &str = "svlsp.generate";

/// Says whose equivalents the inlay hints tell: [backend], or ["off"].
pub(in crate::lsp) const CHOOSE: &str = "svlsp.chooseBackend";

/// Every command of the server.
pub(in crate::lsp) const ALL: [&str; 2] = [GENERATE, CHOOSE];

pub(in crate::lsp) async fn execute(server: &Server, params: ExecuteCommandParams) -> Result<Option<Value>> {
    let ExecuteCommandParams { command, arguments, .. } = params;
    match command.as_str() {
        GENERATE => {
            let Wanted { uri, backend, section } = Wanted::read(&arguments)?;
            let (kind, message, answer) = match generate(&server.state, &uri, backend, section)? {
                Ok(Written { message, directories }) => {
                    (MessageType::INFO, message, json!({"directories": directories}))
                }
                Err(message) => (MessageType::WARNING, message, Value::Null),
            };
            server.client.show_message(kind, message).await;
            Ok(Some(answer))
        }
        CHOOSE => {
            let [Value::String(name)] = &*arguments else {
                return Err(Error::invalid_params(format!("{CHOOSE}: expected a backend or \"off\"")));
            };
            let chosen = if name == "off" { None } else { Some(elsewhere::backend(name)?) };
            *lock(&server.state.chosen) = Some(chosen);
            publish::refresh_hints(&server.client, &server.state.client());
            Ok(None)
        }
        _ => Err(Error::invalid_params(format!("no command {command:?}: expected {}", ALL.join(", ")))),
    }
}

/// What was done.
struct Written {
    message: String,
    /// The paths of the unit's directories.
    directories: Vec<String>,
}

/// What shall be generated.
struct Wanted<'a> {
    uri: Uri,
    backend: Backend,
    section: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn read(arguments: &'a [Value]) -> Result<Self> {
        let wrong = || Error::invalid_params(format!("{GENERATE}: expected the URI of a unit and a backend"));
        let (uri, backend, section) = match arguments {
            [Value::String(uri), Value::String(backend)] => (uri, backend, None),
            [Value::String(uri), Value::String(backend), Value::String(section)] => (uri, backend, Some(&**section)),
            _ => return Err(wrong()),
        };
        Ok(Wanted { uri: uri.parse().map_err(|_| wrong())?, backend: elsewhere::backend(backend)?, section })
    }
}

/// Writes all or nothing; the inner error says politely why nothing.
fn generate(
    state: &State,
    uri: &Uri,
    backend: Backend,
    only: Option<&str>,
) -> Result<std::result::Result<Written, String>> {
    let made = state.look(uri, |view| {
        let (generated, trouble) = elsewhere::generate(view, backend, Extent { only, sample: false })?;
        let out = trouble.map_or_else(|| state.out(view, backend), Err)?;
        Ok((generated, out))
    })?;
    let written = match made {
        Some(Ok((generated, out))) => write(backend, &generated, &out),
        Some(Err(why)) => Err(why),
        None => Err("it isn't a unit file, or too large a one".to_owned()),
    };
    Ok(written.map_err(|why| format!("nothing written for {}: {why}", backend.name())))
}

fn write(backend: Backend, generated: &Generated, out: &Path) -> std::result::Result<Written, String> {
    let units = generated.units.iter();
    let made: Vec<Made> = units.map(|(unit, directories)| Made { unit, from: unit.as_str(), directories }).collect();
    let survey = Writer { out, backend, force: false, threads: 1 }.survey(&made);
    let failures = match survey.refusals.is_empty() {
        true => survey.commit().err().unwrap_or_default(),
        false => survey.refusals.clone(),
    };
    if let Some(first) = failures.first() {
        // The hint is one for the command line.
        let why = first.message.replace("--force", "svlsp convert --force");
        return Err(format!("{} {}", escape::path(&first.path), escape::controls(&why)));
    }
    let directories: Vec<String> = survey
        .changes
        .iter()
        .filter(|change| change.action != Action::Remove)
        .map(|change| change.path.to_string_lossy().into_owned())
        .collect();
    let kept = survey.changes.iter().all(|change| change.action == Action::Keep);
    let message = match (&*directories, kept) {
        ([], _) => {
            let names: Vec<&str> = generated.units.iter().map(|(name, _)| name.as_str()).collect();
            format!("{} has nothing for {}", backend.name(), names.join(", "))
        }
        (all, true) => format!("{} is as it shall be", all.join(", ")),
        (all, false) => format!("{} written{}", all.join(", "), elsewhere::losses(generated.counts)),
    };
    Ok(Written { message, directories })
}
