//! `svlsp fmt`

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use svlsp_core::features::format;
use svlsp_core::rules::MAX_FILE;

use super::{FINDINGS, TROUBLE, complain};
use crate::report::escape;
use crate::report::statistics::plural;
use crate::workspace::discover::Search;
use crate::workspace::format::{Change, Formatted, files, text};
use crate::workspace::supervisord::{Reading, inside};
use crate::workspace::{Failure, Reach, config};

/// Lay unit files and supervisord.conf out alike, without changing what they mean
///
/// Takes blanks away around keys, values and headers, puts one blank line
/// between sections and no more than one anywhere else, and ends the last line.
/// Values, comments and the order of lines stay as they are, and so does what
/// systemd or supervisord could not read.
///
/// The nearest svlsp.toml, looked for from the first PATH upwards, sets the
/// options that are listed last; its table fmt has their long names.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  svlsp fmt .                       every unit file below this directory
  svlsp fmt --check units/          which ones would change; for CI
  svlsp fmt --diff units/           how they would change
  svlsp fmt --indent 4 web.service  continued lines four columns in
  svlsp fmt - < a.service           what it would become, on standard output

Exit status: 0 done, or nothing to do; 1 with --check or --diff if something
would change; 2 wrong usage or a file that can't be read or written (the others
are still formatted).")]
pub struct FmtArgs {
    /// Files and directories; `-` is standard input, written to standard output
    #[arg(value_name = "PATH", required_unless_present = "stdin_filename")]
    paths: Vec<PathBuf>,

    /// Say which files would change; change nothing
    #[arg(long, conflicts_with = "diff")]
    check: bool,

    /// Show what would change; change nothing
    #[arg(long)]
    diff: bool,

    /// The name, and the place, of what comes on standard input
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,

    /// Read this file instead of looking for a svlsp.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Don't look for a svlsp.toml
    #[arg(long)]
    no_config: bool,

    /// Write nothing but errors, and what --check or --diff ask for
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten, next_help_heading = "Options that svlsp.toml can set")]
    options: FmtOptions,
}

/// What `[fmt]` in `svlsp.toml` may set too, under the same names.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct FmtOptions {
    /// How many blank lines stand between two sections [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=MAX_BLANK_LINES))]
    pub section_blank_lines: Option<u8>,

    /// How many blank lines may stand together anywhere else [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=MAX_BLANK_LINES))]
    pub max_blank_lines: Option<u8>,

    /// How a key, its `=` and its value are written [default: tight]
    #[arg(long, value_enum, value_name = "HOW")]
    pub equals: Option<Equals>,

    /// How far continued lines are indented: keep, align, or 1 to 16 spaces [default: keep]
    #[arg(long, value_name = "HOW", value_parser = indent)]
    pub indent: Option<Indent>,
}

const MAX_BLANK_LINES: i64 = 9;

const MAX_INDENT: u8 = 16;

/// How a key, its `=` and its value are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Equals {
    /// Key=value
    Tight,
    /// `Key  = value`, those that stand together below each other
    Aligned,
}

/// How far continued lines are indented.
pub type Indent = format::Indent;

impl FmtOptions {
    /// What is said here, completed by `other` where nothing is.
    pub fn or(self, other: FmtOptions) -> Self {
        FmtOptions {
            section_blank_lines: self.section_blank_lines.or(other.section_blank_lines),
            max_blank_lines: self.max_blank_lines.or(other.max_blank_lines),
            equals: self.equals.or(other.equals),
            indent: self.indent.or(other.indent),
        }
    }

    /// How files are laid out.
    pub fn options(self) -> format::Options {
        let usual = format::Options::default();
        format::Options {
            section_blank_lines: self.section_blank_lines.unwrap_or(usual.section_blank_lines),
            max_blank_lines: self.max_blank_lines.unwrap_or(usual.max_blank_lines),
            equals: match self.equals {
                None => usual.equals,
                Some(Equals::Tight) => format::Equals::Tight,
                Some(Equals::Aligned) => format::Equals::Aligned,
            },
            indent: self.indent.unwrap_or(usual.indent),
        }
    }
}

/// Runs the subcommand; the value is the exit status.
///
/// # Errors
///
/// When standard output can't be written to.
pub(super) fn run(args: &FmtArgs) -> io::Result<u8> {
    let config = match config::of(args.config.as_deref(), args.no_config, args.start()) {
        Ok(config) => config,
        Err(message) => {
            complain(&message);
            return Ok(TROUBLE);
        }
    };
    let options = args.options.or(config.fmt).options();
    if args.paths.is_empty() || args.paths.iter().any(|path| path == OsStr::new("-")) {
        return args.standard_input(&options);
    }
    let threads = config.options.threads();
    let mut found = Search { paths: &args.paths, root: None, threads }.run();
    // In a directory, the files that supervisord's include are meant too.
    let inside = inside(args.paths.iter().map(PathBuf::as_path).filter(|path| path.is_dir()));
    Reading { inside: Some(&inside), ..Reading::default() }.configurations(&mut found.files, |_| None);
    let outside = found.files.iter().filter(|file| file.reach == Reach::Outside).count();
    let mut formatted = files(&found.files, &options, threads);
    let count = formatted.changes.len() + formatted.fine;
    formatted.failures.extend(found.failures);
    if !args.check && !args.diff {
        let Formatted { changes, failures, .. } = &mut formatted;
        changes.retain(|change| change.write().map_err(|failure| failures.push(failure)).is_ok());
    }
    formatted.failures.sort();
    let status = match &formatted {
        Formatted { failures, .. } if !failures.is_empty() => TROUBLE,
        Formatted { changes, .. } if (args.check || args.diff) && !changes.is_empty() => FINDINGS,
        _ => 0,
    };
    match args.tell(&formatted.changes) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(status),
        other => other?,
    }
    for Failure { path, message } in &formatted.failures {
        complain(&format!("{}: {}", escape::path(path), escape::controls(message)));
    }
    if !args.quiet && !config.options.quiet {
        let _ = writeln!(io::stderr(), "{}", args.sum_up(&formatted, count, outside));
    }
    Ok(status)
}

impl FmtArgs {
    /// From where a svlsp.toml is looked for upwards.
    fn start(&self) -> &Path {
        match (self.paths.first(), &self.stdin_filename) {
            (Some(path), _) if path != OsStr::new("-") => path,
            (_, Some(name)) => name,
            _ => Path::new("."),
        }
    }

    /// Formats what comes on standard input.
    fn standard_input(&self, options: &format::Options) -> io::Result<u8> {
        if self.paths.len() > 1 {
            complain("standard input goes alone: `-` and no other path");
            return Ok(TROUBLE);
        }
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes);
        let trouble = match read {
            Err(error) => Some(error.to_string()),
            Ok(_) if bytes.len() as u64 > MAX_FILE => {
                Some(format!("has more than {MAX_FILE} bytes, which no unit file has"))
            }
            Ok(_) => None,
        };
        if let Some(trouble) = trouble {
            complain(&format!("standard input: {trouble}"));
            return Ok(TROUBLE);
        }
        let path = self.stdin_filename.as_deref().unwrap_or(Path::new("-"));
        let new = text(path, &bytes, options);
        if !self.check && !self.diff {
            io::stdout().lock().write_all(&new)?;
            return Ok(0);
        }
        match Change::of(path, bytes, new) {
            Some(change) => self.tell(&[change]).map(|()| FINDINGS),
            None => Ok(0),
        }
    }

    /// What is said on standard output.
    fn tell(&self, changes: &[Change]) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for change in changes {
            if self.diff {
                out.write_all(change.diff().as_bytes())?;
            } else if self.check {
                writeln!(out, "{}", escape::path(&change.path))?;
            }
        }
        out.flush()
    }

    /// `2 of 14 files formatted`, where `count` is how many could be read.
    fn sum_up(&self, formatted: &Formatted, count: usize, outside: usize) -> String {
        let changed = formatted.changes.len();
        let verb = if self.check || self.diff { "would be formatted" } else { "formatted" };
        let mut line = match count {
            0 => "no unit files found".to_owned(),
            _ if formatted.fine == count => format!("{}, nothing to format", plural(count, "file")),
            _ => format!("{changed} of {} {verb}", plural(count, "file")),
        };
        if formatted.foreign > 0 {
            line.push_str(&format!("; {} of another format left out", plural(formatted.foreign, "file")));
        }
        if outside > 0 {
            line.push_str(&format!("; {} to elsewhere not followed", plural(outside, "symbolic link")));
        }
        line
    }
}

fn indent(text: &str) -> Result<Indent, String> {
    match (text, text.parse()) {
        ("keep", _) => Ok(Indent::Keep),
        ("align", _) => Ok(Indent::Align),
        (_, Ok(count @ 1..=MAX_INDENT)) => Ok(Indent::Spaces(count)),
        _ => Err(format!("expected keep, align, or a number from 1 to {MAX_INDENT}")),
    }
}
