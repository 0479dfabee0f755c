//! Runs configurations under supervisord, and what is made of them elsewhere.

use std::io;
use std::path::Path;

use super::super::job::Job;
use super::super::run::{each, probe};
use super::Supervisord;
use crate::equivalence::run::Results;

/// Runs all `jobs`, so many at a time. `modules` is where supervisord was installed to.
pub fn run(jobs: &[Job], modules: &Path, at_once: usize) -> io::Result<Results> {
    let supervisord = Supervisord::boot(&probe(), modules, jobs)?;
    let reference = each(&supervisord, jobs, at_once);
    Ok(Results { reference, ..Results::default() })
}
