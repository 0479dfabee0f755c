//! The command line: one file a subcommand.

pub mod check;
mod completions;
pub mod convert;
mod explain;
pub mod fmt;
mod lsp;
mod man;
pub mod options;
mod text;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks unit files and supervisord.conf as their readers do, formats and converts them, and serves editors
#[derive(Debug, Parser)]
#[command(
    name = "svlsp",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  svlsp check                      check every unit file below this directory
  svlsp check foo.service          check one
  svlsp check --fix units/         mend what can be mended for sure
  svlsp fmt units/                 lay them out alike
  svlsp convert foo.service --to runit --out sv
                                   make a service directory of it
  svlsp explain unknown-directive  say what a message means
  svlsp explain Restart=           say what a directive does"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(Box<check::CheckArgs>),
    Convert(Box<convert::ConvertArgs>),
    Explain(explain::ExplainArgs),
    Fmt(Box<fmt::FmtArgs>),
    Lsp(lsp::LspArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// The exit status when findings are at or above the level to fail on.
pub const FINDINGS: u8 = 1;

/// The exit status for usage that makes no sense, and files that can't be read.
pub const TROUBLE: u8 = 2;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless the variable NO_COLOR is set
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Nowhere
    Never,
}

/// Runs the program on its arguments, its own name first.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { TROUBLE } else { 0 });
        }
    };
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Lsp(args) => lsp::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match done {
        Ok(status) => ExitCode::from(status),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(TROUBLE)
        }
    }
}

/// Says on standard error what went wrong.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "svlsp: {message}");
}

impl Color {
    /// Whether to use colours on standard output.
    fn on_stdout(self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                io::stdout().is_terminal()
                    && !set("NO_COLOR")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}
