//! The words for the tool `environment`, which are the same on every backend.

use super::chain::Words;
use crate::plan::{Assignment, DEFAULT_PATH, Environment, Identity, Leaf};

/// What the tool is called with.
pub(super) struct Called {
    /// Where variables come from, and which go.
    pub options: Words,
    /// `NAME=VALUE`, the first of which is `PATH`.
    pub variables: Words,
}

/// The words behind the tool's name, up to the `--`.
///
/// `passed` are variables that are set for the command: `MAINPID`; `expands`: whether
/// those in its arguments are replaced.
pub(super) fn called(environment: &Environment, login: Option<&[u8]>, passed: &[&str], expands: bool) -> Called {
    let Environment { inherits: _, assignments, files, passed: handed, unset, search_path: _ } = environment;
    let mut options = Words::new();
    let mut option = |flag: &str, value: &[u8]| options.extend([flag.as_bytes().to_vec(), value.to_vec()]);
    passed.iter().for_each(|name| option("-p", name.as_bytes()));
    handed.iter().for_each(|name| option("-p", &name.value));
    if let Some(user) = login {
        option("-u", user);
    }
    files.iter().for_each(|file| option(if file.value.optional { "-o" } else { "-f" }, &file.value.path));
    unset.iter().for_each(|name| option("-d", &name.value));
    if expands {
        options.push(b"-x".to_vec());
    }
    let mut variables = vec![[b"PATH=", path(environment)].concat()];
    variables.extend(assignments.iter().map(|leaf| [&leaf.value.name[..], b"=", &leaf.value.value].concat()));
    Called { options, variables }
}

/// `NAME=VALUE` of all that is set beside what the supervisor hands on; of several
/// with one name the last one counts.
pub(super) fn inherited(environment: &Environment) -> Words {
    let mut variables: Vec<&Assignment> = Vec::new();
    for Leaf { value, .. } in &environment.assignments {
        variables.retain(|known| known.name != value.name);
        variables.push(value);
    }
    variables.iter().map(|variable| [&variable.name[..], b"=", &variable.value].concat()).collect()
}

/// The `PATH` that holds unless it is assigned.
pub(super) fn path(environment: &Environment) -> &[u8] {
    environment.search_path.as_ref().map_or(DEFAULT_PATH.as_bytes(), |leaf| &leaf.value)
}

/// Whose `HOME`, `USER` and so on are set, if anybody's are.
pub(super) fn login(identity: &Identity) -> Option<&[u8]> {
    let user = identity.user.as_ref().map_or(&b"root"[..], |leaf| &leaf.value);
    identity.sets_login_environment().then_some(user)
}
