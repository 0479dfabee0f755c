//! `svlsp lsp`

use std::io;

use clap::Args;

use super::FINDINGS;
use crate::lsp::{Channel, serve};

/// Serve an editor: diagnostics, hover, completion, code actions and more
///
/// Editors start this by themselves; docs/editors.md says how each is set up.
/// It speaks the Language Server Protocol at standard input and output, and
/// writes its log to standard error.
#[derive(Args, Debug)]
pub(super) struct LspArgs {
    /// Speak at standard input and output; that is what it does anyway
    #[arg(long)]
    stdio: bool,

    /// Wait for a client at this port of 127.0.0.1 instead; 0 takes any that is free
    #[arg(long, value_name = "PORT", conflicts_with = "stdio")]
    socket: Option<u16>,
}

/// Runs the subcommand; the status is 1 if the client left without `shutdown`.
///
/// # Errors
///
/// When the port can't be listened at.
pub(super) fn run(args: &LspArgs) -> io::Result<u8> {
    let clean = serve(args.socket.map_or(Channel::Stdio, Channel::Socket))?;
    Ok(if clean { 0 } else { FINDINGS })
}
