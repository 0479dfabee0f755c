//! `svlsp man`

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

/// Print svlsp's manual page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  svlsp man | man -l -
  svlsp man check > /usr/share/man/man1/svlsp-check.1")]
pub(super) struct ManArgs {
    /// The subcommand whose page it shall be; the program's own page if left out
    #[arg(value_parser = ["check", "convert", "explain", "fmt", "lsp", "completions", "man"])]
    subcommand: Option<String>,
}

pub(super) fn run(args: &ManArgs) -> io::Result<u8> {
    let mut program = super::Cli::command();
    program.build();
    let command = match &args.subcommand {
        Some(name) => program.find_subcommand(name).cloned().unwrap_or(program),
        None => program,
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    io::stdout().write_all(&page)?;
    Ok(0)
}
