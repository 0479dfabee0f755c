//! `svlsp completions`

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Print what a shell needs to complete svlsp's arguments
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  svlsp completions bash > /usr/share/bash-completion/completions/svlsp
  svlsp completions fish > ~/.config/fish/completions/svlsp.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> io::Result<u8> {
    let mut script = Vec::new();
    generate(args.shell, &mut super::Cli::command(), "svlsp", &mut script);
    io::stdout().write_all(&script)?;
    Ok(0)
}
