//! The generated directories do what the units do: see `svlsp_tests::equivalence`.

use std::path::Path;
use std::sync::Arc;

use svlsp_tests::equivalence::case;
use svlsp_tests::equivalence::compare::differences;
use svlsp_tests::equivalence::job::Job;
use svlsp_tests::equivalence::run;

#[test]
fn generated_directories_do_what_units_do() {
    let cases = case::read(Path::new("equivalence/cases")).expect("the cases can be read");
    let cases: Vec<Arc<case::Case>> = cases.into_iter().map(Arc::new).collect();
    let whole: Vec<Job> = cases.iter().map(Job::whole).collect();
    let ablations: Vec<Job> = cases.iter().flat_map(Job::ablations).collect();
    let scratch = tempfile::tempdir().expect("there is a temporary directory");
    let results = run::run(&whole, &ablations, scratch.path()).expect("the worlds can be made");
    for job in &whole {
        println!("=== {}", job.name);
        let systemd = &results.systemd[&job.name];
        let expected = match systemd {
            Ok(t) => t,
            Err(error) => {
                println!("systemd: {error}");
                continue;
            }
        };
        println!("{:?}", expected.roles);
        for (backend, transcripts) in &results.backends {
            match &transcripts[&job.name] {
                Ok(found) => {
                    for difference in differences(expected, found, job.case.timed, &job.case.unordered) {
                        println!("{backend} {difference}")
                    }
                }
                Err(error) => println!("{backend} {error}"),
            }
        }
    }
    for job in &ablations {
        let (Ok(whole), Ok(without)) = (&results.systemd[&job.case.name], &results.systemd[&job.name]) else {
            continue;
        };
        println!("=== without {:?} of {}", job.without, job.case.name);
        for difference in differences(whole, without, job.case.timed, &job.case.unordered) {
            println!("{difference}")
        }
    }
}
