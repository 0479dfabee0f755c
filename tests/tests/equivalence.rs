//! The generated directories do what the units do: see `svlsp_tests::equivalence`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use nix::unistd::Uid;
use svlsp_tests::equivalence::case::{self, Case};
use svlsp_tests::equivalence::job::Job;
use svlsp_tests::equivalence::{proof, run, table};
use svlsp_tests::oracle;

/// Runs only the cases whose name has one of these in it, divided by commas.
const ONLY: &str = "SVLSP_EQUIVALENCE_CASE";
/// How many cases are run at a time in each world, and how many the second time.
const AT_ONCE: usize = 20;
const FEWER: usize = 5;
/// How many cases are named that show the same difference.
const SHOWN: usize = 4;
/// Lets the test pass where it can't be run.
const ALLOW_SKIPS: &str = "SVLSP_ALLOW_SKIPS";

#[test]
fn generated_directories_do_what_units_do() {
    if let Some(missing) = missing() {
        assert!(env::var_os(ALLOW_SKIPS).is_some(), "this test needs {missing}; {ALLOW_SKIPS}=1 does without it");
        println!("SKIPPED: equivalence: no {missing}");
        return;
    }
    let only = env::var(ONLY).unwrap_or_default();
    let cases = case::read(Path::new("equivalence/cases"), "{case}.service").expect("the cases can be read");
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    let cases: Vec<Arc<Case>> =
        cases.into_iter().filter(|case| only.split(',').any(|part| case.name.contains(part))).map(Arc::new).collect();
    let everywhere = case::read_accepted(Path::new("equivalence/everywhere.txt")).expect("it can be read");

    let whole: Vec<Job> = cases.iter().map(Job::whole).collect();
    let ablations: Vec<Job> = cases.iter().flat_map(Job::ablations).collect();
    // It stays: people want to look at the directories.
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equivalence");
    let _ = fs::remove_dir_all(&scratch);
    let mut results = run::run(&whole, &ablations, &scratch, AT_ONCE).expect("the worlds can be made");
    let mut proof = proof::judge(&whole, &ablations, &results, &everywhere);
    // Time is compared, and the machine may have been busy: what differs is tried once more, with less at a time.
    let differing: BTreeSet<&String> = proof.faults.values().flatten().collect();
    let stale = proof.stale.clone();
    let missed = |job: &Job| only.is_empty() && stale.iter().any(|(block, _)| *block == job.case.block);
    let again: Vec<Job> = whole.iter().filter(|job| differing.contains(&job.name) || missed(job)).cloned().collect();
    if !again.is_empty() {
        println!("{} cases once more", again.len());
        let _ = fs::remove_dir_all(&scratch);
        results.replace(run::run(&again, &[], &scratch, FEWER).expect("the worlds can be made"));
        proof = proof::judge(&whole, &ablations, &results, &everywhere);
        proof.stale.retain(|missed| stale.contains(missed));
    }

    let unproven = table::read_unproven(Path::new("equivalence/unproven.txt")).expect("it can be read");
    let table = table::table(&proof, &unproven, oracle::version().unwrap_or(0));
    println!("{}", table.text);
    println!("{} cases, {} runs without one of their directives", whole.len(), ablations.len());
    for log in &proof.logs {
        println!("PRINTED {log}");
    }
    for (fault, cases) in &proof.faults {
        let more = if cases.len() > SHOWN { format!(" and {} more", cases.len() - SHOWN) } else { String::new() };
        println!("DIFFERS {fault} ({}{more})", cases[..cases.len().min(SHOWN)].join(" "));
    }
    assert!(proof.faults.is_empty(), "{} differences that nobody accepted, see above", proof.faults.len());
    if only.is_empty() {
        assert!(table.faults.is_empty(), "promised, but not proven:\n{}", table.faults.join("\n"));
        assert!(
            proof.stale.is_empty(),
            "accepted, but not there:\n{}",
            proof.stale.iter().map(|(block, what)| format!("{block}: {what}")).collect::<Vec<_>>().join("\n")
        );
    }
}

/// What of this machine is not as it must be.
fn missing() -> Option<&'static str> {
    let there = |path: &str| Path::new(path).exists();
    let needed = [
        (Uid::effective().is_root(), "root"),
        (there("/lib/systemd/systemd"), "systemd"),
        (there("/usr/bin/runsvdir"), "runit"),
        (there("/usr/bin/s6-svscan"), "s6"),
        (there("/usr/bin/nsenter"), "util-linux"),
    ];
    needed.into_iter().find(|(there, _)| !there).map(|(_, name)| name)
}
