//! Development tasks; `cargo xtask help` lists them.

use std::process::ExitCode;

mod corpus;
mod fuzz;
mod grammar;
mod run;
mod test;
mod tools;
mod workbench;

const HELP: &str = "\
cargo xtask test                install what is missing, then run every test
cargo xtask tools               only install what the tests need beside Rust
cargo xtask corpus              only fetch the units of Debian packages that the corpus test reads
cargo xtask bench [FILTER]      run the benchmarks beside systemd-lsp and systemd-analyze
cargo xtask fuzz [--minutes N]  run each fuzz target for N minutes, 10 if not said
cargo xtask grammar [--check]     generate the parsers, or check that they are current";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => test::run(),
        ["tools"] => tools::install(),
        ["corpus"] => corpus::fetch(),
        ["bench", ref filter @ ..] => {
            tools::bench_peers().and_then(|()| run::cargo(&["bench", "--package", "svlsp-tests", "--"], filter))
        }
        ["fuzz"] => fuzz::run("10"),
        ["fuzz", "--minutes", minutes] => fuzz::run(minutes),
        ["grammar"] => grammar::generate(),
        ["grammar", "--check"] => grammar::check(),
        ["help" | "--help" | "-h"] | [] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("unknown task\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
