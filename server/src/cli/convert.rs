//! `svlsp convert`

mod human;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use svlsp_core::backends::{Directory, Target};
use svlsp_core::fate::Backend;
use svlsp_core::rules::Selection;

use super::{Color, FINDINGS, TROUBLE, complain, options};
use crate::report::{Format, Report, escape};
use crate::workspace::convert::{Converted, Converter};
use crate::workspace::load::{Loaded, Request};
use crate::workspace::write;

/// Write the service directories of units for another supervisor
#[derive(Args, Debug)]
pub(super) struct ConvertArgs {
    /// Unit files, directories with such, and names of units
    #[arg(value_name = "UNIT", required = true)]
    units: Vec<PathBuf>,

    /// The supervisor: runit, s6, s6-rc, nosh
    #[arg(long, value_name = "BACKEND", value_parser = options::backend)]
    to: Backend,

    /// Where the service directories are made
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The instance of templates
    #[arg(short, long, value_name = "NAME")]
    instance: Option<String>,

    /// Take DIR for / when the name of a unit is looked up
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// List what would be written; write nothing
    #[arg(long)]
    dry_run: bool,

    /// Also list the settings that make no difference
    #[arg(short, long)]
    verbose: bool,

    /// Write nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    color: Color,
}

/// Runs the subcommand; the value is the exit status.
///
/// # Errors
///
/// When standard output can't be written to.
pub(super) fn run(args: &ConvertArgs) -> io::Result<u8> {
    let target = Target::new(args.to);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let root = args.root.as_deref();
    let mut loaded = Request { units: &args.units, instance: args.instance.as_deref(), root, threads }.load();
    let failures = std::mem::take(&mut loaded.failures);
    if !failures.is_empty() {
        for failure in &failures {
            complain(&format!("{}: {}", escape::path(&failure.path), escape::controls(&failure.message)));
        }
        return Ok(TROUBLE);
    }
    let selection = Selection::default();
    let converter = Converter { target: &target, selection: &selection, excerpts: true, threads };
    let converted = converter.run(&loaded);
    let color = args.color.on_stdout();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if !converted.findings.is_empty() {
        let report = Report { findings: &converted.findings, paths: &loaded, failures: &[], status: FINDINGS, color };
        Format::Human.write(&report, &mut out)?;
        out.flush()?;
        return Ok(FINDINGS);
    }
    if !args.quiet {
        show(args, &loaded, &converted, color, &mut out)?;
    }
    out.flush()?;
    if args.dry_run {
        return Ok(0);
    }
    let directories: Vec<&Directory> = converted.units.iter().flat_map(|unit| &unit.directories).collect();
    if let Err(failures) = write::write(&args.out, &directories, threads) {
        for failure in &failures {
            complain(&format!("{}: {}", escape::path(&failure.path), escape::controls(&failure.message)));
        }
        return Ok(TROUBLE);
    }
    Ok(0)
}

fn show(
    args: &ConvertArgs,
    loaded: &Loaded,
    converted: &Converted,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = human::Table { out: &args.out, loaded, color, verbose: args.verbose };
    converted.units.iter().try_for_each(|unit| table.write(unit, out))
}
