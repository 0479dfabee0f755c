//! What the transcripts prove of each directive on each backend.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Accepted;
use super::compare::{Difference, differences};
use super::drive::MISSED;
use super::job::{Job, directives};
use super::run::Results;

/// What is known of one directive on one backend, from the worst to the best.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It stands in a case, but leaving it out makes no difference there.
    Silent,
    /// Some case shows a difference that is accepted because of it; which, and why.
    Differs(String),
    /// A case shows the same as under systemd, and systemd shows something else without it.
    Proven,
}

/// What came out of all cases.
#[derive(Debug, Default)]
pub struct Proof {
    /// By directive and backend; first whether it is one of `[Unit]`.
    pub verdicts: BTreeMap<(bool, String, &'static str), Verdict>,
    /// What differs though nobody said so, each with the cases that show it.
    pub faults: BTreeMap<String, Vec<String>>,
    /// What the supervisors printed in the cases with faults.
    pub logs: Vec<String>,
    /// What was said to differ and doesn't, by case.
    pub stale: Vec<(String, String)>,
}

/// Compares all `whole` jobs and judges by their `ablations`; `everywhere` is accepted in any case.
pub fn judge(whole: &[Job], ablations: &[Job], results: &Results, everywhere: &[Accepted]) -> Proof {
    let mut proof = Proof::default();
    let mut used: BTreeSet<(String, usize)> = BTreeSet::new();
    for job in whole {
        let expected = match &results.reference[&job.name] {
            Ok(expected) => expected,
            Err(message) => {
                proof.fault(&job.name, format!("systemd: {message}"));
                continue;
            }
        };
        let case = &job.case;
        for (_, note) in expected.roles.get("driver").into_iter().flatten().filter(|(_, note)| note.ends_with(MISSED)) {
            proof.fault(&job.name, format!("systemd: {note}"));
        }
        for (&backend, transcripts) in &results.backends {
            let found = match &transcripts[&job.name] {
                Ok(found) => found,
                Err(message) => {
                    proof.fault(&job.name, format!("{backend}: {message}"));
                    continue;
                }
            };
            let mut blamed: BTreeMap<&str, String> = BTreeMap::new();
            let mut faulty = false;
            for difference in differences(expected, found, case.timed, &case.unordered) {
                let everywhere = everywhere.iter().enumerate().map(|(at, accepted)| (String::new(), at, accepted));
                let here = case.accepted.iter().enumerate().filter(|(_, accepted)| concerns(accepted, job));
                let here = here.map(|(at, accepted)| (case.block.clone(), at, accepted));
                let reasons: Vec<_> = here
                    .chain(everywhere)
                    .filter(|(.., accepted)| accepted.covers(backend, &difference.path))
                    .collect();
                let fates = results.fates.get(&(backend, job.name.clone()));
                let admitted = |accepted: &Accepted| {
                    let admits = |(name, fate): &(String, String)| {
                        *name == accepted.directive && matches!(fate.as_str(), "approximated" | "lost")
                    };
                    accepted.is_of_the_original() || fates.is_some_and(|fates| fates.iter().any(admits))
                };
                match reasons.iter().find(|(.., accepted)| admitted(accepted)).or(reasons.first()) {
                    Some((block, at, accepted)) => {
                        if !block.is_empty() {
                            if !admitted(accepted) {
                                let directive = &accepted.directive;
                                let text = format!("{backend}: the fate of {directive}= hides that {difference}");
                                proof.fault(&job.name, text);
                            }
                            blamed.insert(&accepted.directive, format!("{}: {}", job.name, accepted.why));
                        }
                        used.insert((block.clone(), *at));
                    }
                    None => {
                        faulty = true;
                        proof.fault(&job.name, format!("{backend}: {difference}"));
                    }
                }
            }
            if faulty && !found.log.is_empty() {
                proof.logs.push(format!("{}: {backend}:\n{}", job.name, found.log));
            }
            for (section, directive) in job.units.iter().flat_map(|(_, text)| directives(text)) {
                let without = ablations.iter().find(|other| {
                    let same = |(of, name): &(String, String)| *of == section && *name == directive;
                    other.case.name == case.name && other.without.as_ref().is_some_and(same)
                });
                let shown = directive == "ExecStart"
                    || without.is_some_and(|without| {
                        let Ok(without) = &results.reference[&without.name] else { return false };
                        let theirs = differences(expected, without, case.timed, &case.unordered);
                        let blurred = |difference: &Difference| {
                            let here = case.accepted.iter().filter(|accepted| concerns(accepted, job));
                            here.chain(everywhere).any(|accepted| accepted.covers(backend, &difference.path))
                        };
                        theirs.iter().any(|difference| !blurred(difference))
                    });
                let verdict = match blamed.get(directive.as_str()) {
                    _ if faulty => continue,
                    Some(why) => Verdict::Differs(why.clone()),
                    None if shown => Verdict::Proven,
                    None => Verdict::Silent,
                };
                let known = proof.verdicts.entry((section == "Unit", directive, backend)).or_insert(Verdict::Silent);
                *known = verdict.max(known.clone());
            }
        }
    }
    let mut seen = BTreeSet::new();
    for job in whole.iter().filter(|job| seen.insert(job.case.block.clone())) {
        let unused = |at: &usize| {
            !used.contains(&(job.case.block.clone(), *at)) && !job.case.accepted[*at].why.starts_with("sometimes: ")
        };
        for at in (0..job.case.accepted.len()).filter(unused) {
            proof.stale.push((job.case.block.clone(), format!("{:?}", job.case.accepted[at])));
        }
    }
    for at in (0..everywhere.len()).filter(|at| !used.contains(&(String::new(), *at))) {
        proof.stale.push(("everywhere".to_owned(), format!("{:?}", everywhere[at])));
    }
    proof
}

impl Proof {
    fn fault(&mut self, case: &str, text: String) {
        self.faults.entry(text).or_default().push(case.to_owned());
    }
}

/// Whether it is about a directive that the job has: a block may make cases with different ones.
fn concerns(accepted: &Accepted, job: &Job) -> bool {
    let has = |text: &str| directives(text).iter().any(|(_, name)| *name == accepted.directive);
    accepted.is_of_the_original() || job.units.iter().any(|(_, text)| has(text))
}
