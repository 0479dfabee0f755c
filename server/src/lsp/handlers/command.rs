//! `workspace/executeCommand`

use std::path::Path;

use serde_json::{Value, json};
use svlsp_core::backends::Rendering;
use svlsp_core::fate::Backend;
use svlsp_core::units::UnitName;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, MessageType, Uri};

use crate::lsp::elsewhere;
use crate::lsp::publish;
use crate::lsp::server::Server;
use crate::lsp::state::{State, lock};
use crate::report::escape;
use crate::workspace::write::{Action, Made, Writer};

/// Writes the directories of a unit: [uri, backend].
pub(in crate::lsp) const GENERATE: &str = "svlsp.generate";

/// Says whose equivalents the inlay hints tell: [backend], or ["off"].
pub(in crate::lsp) const CHOOSE: &str = "svlsp.chooseBackend";

/// Every command of the server.
pub(in crate::lsp) const ALL: [&str; 2] = [GENERATE, CHOOSE];

pub(in crate::lsp) async fn execute(server: &Server, params: ExecuteCommandParams) -> Result<Option<Value>> {
    let ExecuteCommandParams { command, arguments, .. } = params;
    match command.as_str() {
        GENERATE => {
            let (uri, backend) = unit_and_backend(&arguments)?;
            let (kind, message, answer) = match generate(&server.state, &uri, backend)? {
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

fn unit_and_backend(arguments: &[Value]) -> Result<(Uri, Backend)> {
    let wrong = || Error::invalid_params(format!("{GENERATE}: expected the URI of a unit and a backend"));
    let [Value::String(uri), Value::String(backend)] = arguments else { return Err(wrong()) };
    Ok((uri.parse().map_err(|_| wrong())?, elsewhere::backend(backend)?))
}

/// Writes all or nothing; the inner error says politely why nothing.
fn generate(state: &State, uri: &Uri, backend: Backend) -> Result<std::result::Result<Written, String>> {
    let made = state.look(uri, |view| {
        let (rendering, trouble) = elsewhere::generate(view, backend)?;
        let out = trouble.map_or_else(|| state.out(view, backend), Err)?;
        let name = view.unit.whole.map(|whole| whole.unit.name.clone());
        Ok((name, rendering, out))
    })?;
    let written = match made {
        Some(Ok((Some(name), rendering, out))) => write(&name, backend, &rendering, &out),
        Some(Err(why)) => Err(why),
        Some(Ok((None, ..))) | None => Err("it isn't a unit file, or too large a one".to_owned()),
    };
    Ok(written.map_err(|why| format!("nothing written for {}: {why}", backend.name())))
}

fn write(name: &UnitName, backend: Backend, rendering: &Rendering, out: &Path) -> std::result::Result<Written, String> {
    let made = [Made { unit: name, directories: &rendering.directories }];
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
        ([], _) => format!("{} has nothing for {}", backend.name(), name.as_str()),
        (all, true) => format!("{} is as it shall be", all.join(", ")),
        (all, false) => format!("{} written{}", all.join(", "), elsewhere::losses(rendering)),
    };
    Ok(Written { message, directories })
}
