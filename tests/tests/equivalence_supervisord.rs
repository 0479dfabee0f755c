//! What is made of a configuration of supervisord does what supervisord does: see `svlsp_tests::equivalence`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use nix::unistd::Uid;
use svlsp_tests::equivalence::case::{self, Accepted, Case};
use svlsp_tests::equivalence::drive::MISSED;
use svlsp_tests::equivalence::job::Job;
use svlsp_tests::equivalence::proof::{self, Proof};
use svlsp_tests::equivalence::run::Results;
use svlsp_tests::equivalence::supervisord::{run, shown};

/// What is converted to.
const BACKENDS: &[&str] = &["runit", "s6", "systemd"];
/// Runs only the cases whose name has one of these in it, divided by commas.
const ONLY: &str = "SVLSP_EQUIVALENCE_CASE";
/// How many cases are run at a time in each world, and how many the second time.
const AT_ONCE: usize = 16;
const FEWER: usize = 4;
/// Lets the test pass where it can't be run.
const ALLOW_SKIPS: &str = "SVLSP_ALLOW_SKIPS";

#[test]
fn generated_directories_do_what_supervisord_does() {
    let modules = modules();
    if let Some(missing) = missing(&modules) {
        assert!(env::var_os(ALLOW_SKIPS).is_some(), "this test needs {missing}; {ALLOW_SKIPS}=1 does without it");
        println!("SKIPPED: equivalence_supervisord: no {missing}");
        return;
    }
    let only = env::var(ONLY).unwrap_or_default();
    let cases = case::read(Path::new("equivalence/supervisord"), "supervisord.conf").expect("the cases can be read");
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    let cases = cases.into_iter().map(|mut case| {
        case.accepted.retain(run_here);
        case
    });
    let cases: Vec<Arc<Case>> =
        cases.filter(|case| only.split(',').any(|part| case.name.contains(part))).map(Arc::new).collect();
    let jobs: Vec<Job> = cases.iter().map(Job::whole).collect();

    let everywhere = Path::new("equivalence/supervisord/everywhere.txt");
    let mut everywhere = case::read_accepted(everywhere).expect("it can be read");
    everywhere.retain(run_here);
    // It stays: people want to look at the directories.
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equivalence-supervisord");
    let attempt = |jobs: &[Job], at_once| {
        let _ = fs::remove_dir_all(&scratch);
        run::run(jobs, &modules, BACKENDS, &scratch, at_once).expect("the worlds can be made")
    };

    let mut results = attempt(&jobs, AT_ONCE);
    let mut found = Found::new(&jobs, &results, &everywhere);
    // The machine may have been busy: what isn't as it should be is tried once more, with less at a time.
    let again: Vec<Job> = jobs.iter().filter(|job| found.concerns(job)).cloned().collect();
    if !again.is_empty() {
        let names: Vec<&str> = again.iter().map(|job| job.name.as_str()).collect();
        println!("once more: {}", names.join(" "));
        let stale = found.proof.stale;
        results.replace(attempt(&again, FEWER));
        found = Found::new(&jobs, &results, &everywhere);
        found.proof.stale.retain(|missed| stale.contains(missed));
    }
    println!("{} cases", jobs.len());
    for log in &found.proof.logs {
        println!("PRINTED {log}");
    }
    for (name, fault) in &found.reference {
        println!("DIFFERS {name}: supervisord: {fault}");
        if let Some(Ok(transcript)) = results.reference.get(name) {
            println!("{}", transcript.log);
        }
    }
    for (fault, cases) in &found.proof.faults {
        println!("DIFFERS {fault} ({})", cases.join(" "));
    }
    let faults = found.reference.len() + found.proof.faults.len();
    assert_eq!(faults, 0, "differences that nobody accepted, see above");
    if only.is_empty() {
        assert!(found.proof.stale.is_empty(), "accepted, but not there:\n{:#?}", found.proof.stale);
    }
}

fn run_here(accepted: &Accepted) -> bool {
    BACKENDS.contains(&accepted.backend.as_str())
}

/// What isn't as it should be.
struct Found {
    /// Cases, and what supervisord itself doesn't do as they say.
    reference: Vec<(String, String)>,
    /// What the backends don't do.
    proof: Proof,
}

impl Found {
    fn new(jobs: &[Job], results: &Results, everywhere: &[Accepted]) -> Self {
        let reference = jobs.iter().flat_map(|job| of_reference(job, results)).collect();
        let mut proof = proof::judge(jobs, &[], results, everywhere);
        for (backend, transcripts) in &results.backends {
            for (job, transcript) in jobs.iter().filter_map(|job| Some((job, transcripts[&job.name].as_ref().ok()?))) {
                for fault in shown::untimely(&job.case, backend, transcript) {
                    proof.faults.entry(format!("{backend}: {fault}")).or_default().push(job.name.clone());
                }
            }
        }
        Self { reference, proof }
    }

    fn concerns(&self, job: &Job) -> bool {
        let stale = self.proof.stale.iter().any(|(block, _)| *block == job.case.block);
        let differs = self.proof.faults.values().flatten().any(|name| *name == job.name);
        stale || differs || self.reference.iter().any(|(name, _)| *name == job.name)
    }
}

/// What supervisord itself doesn't do as the case says.
fn of_reference(job: &Job, results: &Results) -> Vec<(String, String)> {
    let faults = match &results.reference[&job.name] {
        Ok(transcript) => {
            let notes = transcript.roles.get("driver").into_iter().flatten().map(|(_, note)| note.clone());
            let missed = notes.filter(|note| note.ends_with(MISSED));
            missed.chain(shown::missing(&job.case.shows, transcript)).collect()
        }
        Err(message) => vec![message.clone()],
    };
    faults.into_iter().map(|fault| (job.name.clone(), fault)).collect()
}

/// Where `cargo xtask tools` puts supervisord.
fn modules() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
    // It may be a link.
    let modules = target.join("tools/supervisor");
    fs::canonicalize(&modules).unwrap_or(modules)
}

/// What of this machine is not as it must be.
fn missing(modules: &Path) -> Option<&'static str> {
    let there = |path: &str| Path::new(path).exists();
    let needed = [
        (Uid::effective().is_root(), "root"),
        (modules.join("supervisor/supervisord.py").exists(), "supervisor (cargo xtask tools)"),
        (there("/usr/bin/python3"), "python3"),
        (there("/usr/bin/runsvdir"), "runit"),
        (there("/usr/bin/s6-svscan"), "s6"),
        (there("/usr/bin/nsenter"), "util-linux"),
    ];
    needed.into_iter().find(|(there, _)| !there).map(|(_, name)| name)
}
