//! The environment of a service.

use super::lower::Lowering;
use super::{At, Bytes, Leaf};
use crate::schema::key::exec as of;
use crate::values::{environment, path};

/// What the environment is made of.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Whether it begins with all that the supervisor itself has, else with nothing, as systemd does.
    pub inherits: bool,
    /// `Environment=`, in order; of several with one name the last one counts.
    pub assignments: Vec<Leaf<Assignment>>,
    /// `EnvironmentFile=`, in order; they win over the assignments.
    pub files: Vec<Leaf<EnvironmentFile>>,
    /// `PassEnvironment=`: names of variables that the manager's environment hands on.
    pub passed: Vec<Leaf<Bytes>>,
    /// `UnsetEnvironment=`: names, or assignments that are taken out only if they hold; after all others.
    pub unset: Vec<Leaf<Bytes>>,
    /// `ExecSearchPath=`, joined with colons; `PATH` if nothing else sets it.
    pub search_path: Option<Leaf<Bytes>>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its name.
    pub name: Bytes,
    /// Its value.
    pub value: Bytes,
}

/// A file of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentFile {
    /// Where it is; may be a pattern.
    pub path: Bytes,
    /// `-`: it may be missing.
    pub optional: bool,
}

/// What systemd puts into `PATH` if nobody says otherwise (`DEFAULT_PATH` of a `/usr` that isn't merged,
/// which is right everywhere: not all who run another supervisor have merged it).
pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Environment {
    pub(super) fn lower(low: &mut Lowering) -> Self {
        let mut environment = Environment::default();
        for at in low.all(of::Environment) {
            for assignment in low.parse(at, environment::parse) {
                let Some(name_length) = assignment.value().map(|_| assignment.name().len()) else { continue };
                let Some(mut name) = low.expand_at(at, assignment.word.bytes()) else { continue };
                // A specifier in the name would move the sign, but none can stand there.
                let value = name.split_off(name_length + 1);
                name.pop();
                environment.assignments.push(Leaf::new(Assignment { name, value }, at));
            }
        }
        for at in low.all(of::EnvironmentFile) {
            let Some(file) = low.parse(at, path::parse_optional) else { continue };
            let Some(path) = low.expand_at(at, file.path.bytes()) else { continue };
            environment.files.push(Leaf::new(EnvironmentFile { path, optional: file.optional }, at));
        }
        for at in low.all(of::PassEnvironment) {
            for name in low.parse(at, environment::parse_names) {
                environment.passed.extend(low.expand_at(at, name.bytes()).map(|name| Leaf::new(name, at)));
            }
        }
        for at in low.all(of::UnsetEnvironment) {
            for assignment in low.parse(at, environment::parse_unset) {
                environment.unset.extend(low.expand_at(at, assignment.word.bytes()).map(|word| Leaf::new(word, at)));
            }
        }
        environment.search_path = low.joined(of::ExecSearchPath);
        environment
    }

    /// Adds a variable that systemd sets and all others may replace.
    pub(super) fn first(&mut self, name: &str, value: &[u8]) {
        let assignment = Assignment { name: name.into(), value: value.to_vec() };
        self.assignments.insert(0, Leaf::default(assignment));
    }

    /// The assignments that it comes from.
    pub fn places(&self) -> Vec<At> {
        let Environment { inherits: _, assignments, files, passed, unset, search_path } = self;
        let mut all: Vec<At> = assignments.iter().filter_map(|leaf| leaf.at).collect();
        all.extend(files.iter().filter_map(|leaf| leaf.at));
        all.extend(passed.iter().chain(unset).filter_map(|leaf| leaf.at));
        all.extend(search_path.iter().filter_map(|leaf| leaf.at));
        all.dedup();
        all
    }
}
