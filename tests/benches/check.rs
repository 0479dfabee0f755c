//! How fast svlsp checks and converts, beside the bare tree-sitter parse, systemd-lsp and systemd-analyze.
//!
//! One table for each kind of input; a goal that is missed is marked. Goals
//! are for two cores.

mod convert;
mod input;
mod measure;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use svlsp_core::fate::Backend;
use svlsp_core::rules::{self, Selection, Target};
use svlsp_core::schema::{Manager, Version};
use svlsp_core::units::{Role, Unit};
use svlsp_core::{syntax, text};

use input::Input;
use measure::{Measured, Program};

fn main() {
    if measure::measure_for_parent() {
        return;
    }
    let input = Input::prepare();
    let svlsp = Program::svlsp();
    let lsp = Program::systemd_lsp();
    let systemd = Program::systemd_analyze();

    println!("\n{} real unit files, {:.1} MB", input.files.len(), input.bytes() as f64 / 1e6);
    header();
    let whole = svlsp.run(&[&input.tree], 5);
    row("svlsp check", &whole, input.files.len());
    goal("files/s", whole.rate(input.files.len()), 20_000.0, Want::More);
    goal("MiB", whole.mebibytes, 20.0, Want::Less);
    if let Some(lsp) = &lsp {
        row("systemd-lsp", &lsp.run(&[&input.tree], 3), input.files.len());
    }

    println!("\nthe {} of them that differ", input.unique.len());
    header();
    row("svlsp check", &svlsp.run(&[&input.unique_tree], 5), input.unique.len());
    if let Some(lsp) = &lsp {
        row("systemd-lsp", &lsp.run(&[&input.unique_tree], 3), input.unique.len());
    }
    let units: Vec<&Path> = input.unique.iter().map(|path| path.as_path()).collect();
    row("systemd-analyze", &systemd.run(&units, 1), input.unique.len());

    println!("\none small file, process start included");
    header();
    let small = svlsp.run(&[&input.small], 40);
    row("svlsp check", &small, 1);
    goal("ms", small.seconds * 1e3, 5.0, Want::Less);
    if let Some(lsp) = &lsp {
        row("systemd-lsp", &lsp.run(&[&input.small], 40), 1);
    }
    row("systemd-analyze", &systemd.run(&[&input.small], 5), 1);

    println!("\none file of 10,000 lines");
    header();
    let long = svlsp.run(&[&input.long], 20);
    row("svlsp check", &long, 1);
    goal("ms", long.seconds * 1e3, 15.0, Want::Less);
    if let Some(lsp) = &lsp {
        row("systemd-lsp", &lsp.run(&[&input.long], 10), 1);
    }
    row("systemd-analyze", &systemd.run(&[&input.long], 5), 1);

    println!("\n{} services converted and written", convert::MANY);
    header();
    let services = convert::prepare(&input.unique, input.small.ancestors().nth(2).expect("the scratch directory"));
    let [fresh, again] = convert::run(Backend::Runit, &services);
    row("svlsp convert", &fresh, convert::MANY);
    goal("ms", fresh.seconds * 1e3, 250.0, Want::Less);
    row("once more", &again, convert::MANY);

    println!("\nthe same bytes in memory, one thread");
    let texts = input.texts();
    let parse = best(5, || texts.iter().for_each(|(_, bytes)| parse(bytes)));
    let check = best(5, || texts.iter().for_each(|(path, bytes)| check(path, bytes)));
    let from_disk = best(3, || input.files.iter().for_each(|path| parse_file(path)));
    println!("bare tree-sitter parse {:8.1} ms", parse * 1e3);
    println!("scan, check, report    {:8.1} ms", check * 1e3);
    goal("times the parse", check / parse, 2.5, Want::Less);
    println!("read and parse         {:8.1} ms", from_disk * 1e3);
    goal("times reading and parsing, the whole process", whole.cpu / from_disk, 2.5, Want::Less);
}

enum Want {
    More,
    Less,
}

fn goal(unit: &str, value: f64, goal: f64, want: Want) {
    let met = match want {
        Want::More => value >= goal,
        Want::Less => value <= goal,
    };
    let (word, mark) =
        (if matches!(want, Want::More) { "at least" } else { "at most" }, if met { "" } else { "  MISSED" });
    println!("    {value:.2} {unit}; goal: {word} {goal}{mark}");
}

fn header() {
    println!("{:16} {:>10} {:>10} {:>10} {:>10}", "", "wall ms", "CPU ms", "MiB", "files/s");
}

fn row(name: &str, measured: &Measured, files: usize) {
    let Measured { seconds, cpu, mebibytes } = measured;
    let rate = measured.rate(files);
    println!("{name:16} {:10.2} {:10.1} {mebibytes:10.1} {rate:10.0}", seconds * 1e3, cpu * 1e3);
}

/// The shortest of some runs, in seconds.
fn best(runs: usize, mut task: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        task();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn parse_file(path: &Path) {
    parse(&std::fs::read(path).expect("a file can be read"));
}

fn parse(bytes: &[u8]) {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_svunit::LANGUAGE_SYSTEMD.into()).expect("the grammar fits");
    black_box(parser.parse(bytes, None));
}

/// All that is done to one file between reading it and printing what is found.
fn check(path: &Path, bytes: &[u8]) {
    let Some(role) = Role::of(&path.to_string_lossy()) else { return };
    let selection = Selection::default();
    let target = Target { version: Version::LATEST, manager: Manager::System };
    let decoded = text::decode(bytes);
    let files = [syntax::scan(&decoded.text)];
    let of_file = rules::check_file(&files[0], role.kind(), role.unit(), role.is_drop_in(), target, &selection);
    black_box(of_file);
    if let Role::Unit(name) = &role {
        black_box(rules::check_unit(&Unit::new(name, &files), target, &selection));
    }
}
